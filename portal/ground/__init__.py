"""The ground every concept stands on: database, words, errors, codes, time, text, files, ledger."""

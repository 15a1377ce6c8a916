"""Dossiers: their life, clock and papers. Knows the catalogue and accounts, nothing of money or post."""

"""Worklists: dossiers, money and post joined into what a desk has to do, and who goes on with it."""

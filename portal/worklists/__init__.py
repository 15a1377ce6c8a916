"""Worklists: dossiers, money and post joined into what a desk has to do. Writes nothing."""

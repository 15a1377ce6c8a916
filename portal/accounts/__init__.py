"""Accounts: people, offices, appointments and sessions. Knows nothing of procedures or dossiers."""

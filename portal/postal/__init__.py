"""The public post: orders, runs, envelopes and who holds them. Knows dossiers, nothing of pages."""

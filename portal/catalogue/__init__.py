"""The catalogue: procedures, their versions, levels and forms. Knows nothing of dossiers."""

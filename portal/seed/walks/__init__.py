"""The dossiers of the demonstration: stories as data, and one engine that plays them by the real actions."""

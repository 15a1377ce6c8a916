"""Views and forms, one package an audience; none imports another."""

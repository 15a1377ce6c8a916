"""Commands of `flask --app wsgi`, one module a subject."""

"""The WSGI application: `flask --app wsgi ...` and every WSGI server start here."""

from portal.app import create_app

app = create_app()

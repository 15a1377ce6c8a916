"""The WSGI application: `flask --app wsgi ...` and every WSGI server start here."""

import os
import sys

from portal.app import create_app
from portal.web.demonstration import obstacle

app = create_app()

if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # A server; the commands look for themselves.
    with app.app_context():
        disagreement = obstacle()
    if disagreement:
        sys.exit(disagreement)

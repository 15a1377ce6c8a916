"""The WSGI application: `flask --app wsgi ...` and every WSGI server start here."""

import os
import sys

from portal.app import create_app
from portal.ground.config import BadSetting
from portal.web.demonstration import obstacle

try:
    app = create_app()
except BadSetting as refusal:
    raise SystemExit(f"Không khởi động được: {refusal}.") from None

if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # A server; the commands look for themselves.
    with app.app_context():
        disagreement = obstacle()
    if disagreement:
        sys.exit(disagreement)

"""The WSGI application: `flask --app wsgi ...` and every WSGI server start here."""

from portal.app import create_app
from portal.ground.config import BadSetting

try:
    app = create_app()
except BadSetting as refusal:
    raise SystemExit(f"Không khởi động được: {refusal}.") from None

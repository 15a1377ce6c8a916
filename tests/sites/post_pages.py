"""A visitor of the post's pages who shares the database with the builders of a journey."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import SignIn
from tests.postal.journey import Journey


class Visitor:
    """A browser without JavaScript; what the journey made is committed before each request."""

    def __init__(self, client: FlaskClient, sign_in: SignIn, journey: Journey) -> None:
        self.client, self.sign_in, self.session = client, sign_in, journey.session

    def come_as(self, name: str) -> None:
        """Sign in as somebody else."""
        self.session.commit()
        self.sign_in(self.client, name)

    def get(self, address: str) -> TestResponse:
        """Open a page."""
        self.session.commit()
        return self.client.get(address)

    def post(self, address: str, data: dict[str, Any] | None = None) -> TestResponse:
        """Send a form; what the test reads next is what was just written."""
        self.session.commit()
        answer = self.client.post(address, data=data)
        self.session.expire_all()
        return answer

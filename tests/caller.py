"""A browser without script, for tests: keeps cookies, sends the CSRF token with every form."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from services.accounts.people import load_viewer
from services.session import reading

RAW_TOKEN = "0" * 40


class Caller:
    """Somebody at a browser. Errors inside the application reach the test as status 500."""

    def __init__(self, app: Flask, person_id: int | None = None) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        if person_id is not None:
            self.become(person_id)

    def become(self, person_id: int) -> None:
        """Sign in without a password."""
        with self.app.app_context(), reading() as session:
            viewer = load_viewer(session, person_id)
        assert viewer is not None
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = f"{viewer.id}.{viewer.epoch}"
            cookie["_fresh"] = True
            cookie["proved"] = int(datetime.now(UTC).timestamp())

    def get(self, url: str, **kwargs: Any) -> TestResponse:
        return self.client.get(url, **kwargs)

    def post(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form, with the token that the page would have carried."""
        return self.client.post(url, data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def post_json(self, url: str, body: Any, **kwargs: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.token(), "Accept": "application/json"}
        return self.client.post(url, json=body, headers=headers, **kwargs)

    def token(self) -> str:
        with self.client.session_transaction() as cookie:
            cookie["csrf_token"] = RAW_TOKEN
        signer = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token")
        return str(signer.dumps(RAW_TOKEN))

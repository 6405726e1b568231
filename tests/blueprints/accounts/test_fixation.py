"""A session that somebody else prepared is worth nothing once a person has signed in."""

from datetime import UTC, datetime

from flask import Flask

from blueprints.shared import proving
from services.accounts import signing_in
from services.actor import SYSTEM
from services.session import writing
from tests.building import CAST
from tests.caller import RAW_TOKEN, Caller
from tests.conftest import NOW, Cast

PASSWORD = "orange tram quietly sleeping"


def test_nothing_that_was_planted_outlives_the_sign_in(app: Flask, cast: Cast) -> None:
    """Whoever knew the token of the planted session knows nothing of the new one."""
    with app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.lin, PASSWORD, NOW)
    browser = Caller(app)
    with browser.client.session_transaction() as cookie:
        cookie["planted"] = "by eve"
        cookie["halfway"] = {"id": cast.eve, "epoch": 0, "at": 0, "remember": True, "next": None}
        cookie[proving.KEY] = 1
    answer = browser.post("/account/sign-in", {"email": CAST.email("lin"), "password": PASSWORD})
    assert answer.status_code == 303
    browser.get("/account/settings")  # a page with forms: it makes a token
    with browser.client.session_transaction() as cookie:
        kept = dict(cookie)
    assert kept["_user_id"].startswith(f"{cast.lin}.")
    assert not {"planted", "halfway"} & kept.keys()
    assert kept.get("csrf_token") != RAW_TOKEN
    assert abs(kept[proving.KEY] - datetime.now(UTC).timestamp()) < 60


def test_a_wrong_password_begins_no_session(app: Flask, cast: Cast) -> None:
    browser = Caller(app)
    answer = browser.post(
        "/account/sign-in", {"email": CAST.email("lin"), "password": "not the password at all"}
    )
    assert answer.status_code == 422
    with browser.client.session_transaction() as cookie:
        assert "_user_id" not in cookie
        assert proving.KEY not in cookie

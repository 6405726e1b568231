"""Before what matters a person shows once more who they are, and nothing they sent is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from blueprints.shared import proving
from services.accounts import people, signing_in
from services.actor import SYSTEM
from services.session import reading, writing
from tests.blueprints.accounts.test_factor import turn_on
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.accounts.test_second_factor import totp

PASSWORD = "orange tram quietly sleeping"
LATER = NOW + proving.WITHIN + timedelta(seconds=1)
Callers = Callable[..., Caller]


@pytest.fixture(autouse=True)
def _clock(app: Flask, cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW)
    with app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.anna, PASSWORD, NOW)


@pytest.fixture
def late(caller: Callers, _clock: None, time_machine: TimeMachineFixture) -> Caller:
    """Anna signed in ten minutes and a second ago."""
    anna = caller("anna")
    time_machine.move_to(LATER)
    return anna


def roles_of(app: Flask, person_id: int) -> frozenset[str]:
    with app.app_context(), reading() as session:
        viewer = people.load_viewer(session, person_id)
    assert viewer is not None
    return viewer.roles


def fields(page: str) -> dict[str, list[str]]:
    """Hidden fields of the page that asks, as a browser would send them again."""
    found: dict[str, list[str]] = {}
    form = page.partition("card--lit form")[2].partition("</form>")[0]
    for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form):
        if name != "csrf_token":
            found.setdefault(unescape(name), []).append(unescape(value))
    return found


def test_within_ten_minutes_nobody_asks(app: Flask, cast: Cast, caller: Callers) -> None:
    path = f"/admin/people/{cast.lin}/roles"
    assert caller("anna").post(path, {"roles": "trainer"}).status_code == 303
    assert roles_of(app, cast.lin) == {"trainer"}


def test_a_form_waits_and_goes_on_whole(app: Flask, cast: Cast, late: Caller) -> None:
    path, wanted = f"/admin/people/{cast.lin}/roles", ["learner", "trainer"]
    asked = late.post(path, {"roles": wanted, "odd": '"><b>&'})
    assert asked.status_code == 403
    assert roles_of(app, cast.lin) == {"learner"}
    assert f'action="{path}"' in asked.text
    kept = fields(asked.text)
    assert kept == {"roles": wanted, "odd": ['"><b>&']}
    wrong = late.post(path, kept | {proving.FIELD: "a guess"})
    assert wrong.status_code == 403
    assert "This is not your password." in wrong.text
    assert "a guess" not in wrong.text
    assert fields(wrong.text) == kept
    assert late.post(path, kept | {proving.FIELD: PASSWORD}).status_code == 303
    assert roles_of(app, cast.lin) == set(wanted)
    assert late.post(path, {"roles": "learner"}).status_code == 303, "for ten minutes more"


def test_a_page_is_come_back_to(caller: Callers, late: Caller) -> None:
    target = "/account/settings?a=b"
    page = late.get("/account/prove", query_string={"next": target})
    assert fields(page.text)["next"] == [target]
    proof = {"next": target, proving.FIELD: PASSWORD}
    assert late.post("/account/prove", proof | {proving.FIELD: "x"}).status_code == 422
    assert late.post("/account/prove", proof).location == target
    away = late.post("/account/prove", proof | {"next": "https://evil.example/"})
    assert away.location == "/"


def test_a_code_of_the_app_will_do(app: Flask, cast: Cast, late: Caller) -> None:
    secret, _ = turn_on(app, cast.anna, LATER)
    anna = Caller(app, cast.anna)
    with anna.client.session_transaction() as cookie:
        cookie["proved"] = int(NOW.timestamp())
    path = f"/admin/people/{cast.lin}/roles"
    form = {"roles": "trainer", proving.FIELD: totp(secret, LATER)}
    assert anna.post(path, form).status_code == 303


def test_a_time_to_come_is_no_proof(app: Flask, cast: Cast, caller: Callers) -> None:
    """A clock that went back must not keep a proof alive for longer."""
    anna = caller("anna")
    for odd in (int(LATER.timestamp()), "now", None, True):
        with anna.client.session_transaction() as cookie:
            cookie["proved"] = odd
        answer = anna.post(f"/admin/people/{cast.lin}/roles", {"roles": "trainer"})
        assert answer.status_code == 403, odd


def test_guesses_at_it_are_counted_apart_from_those_of_strangers(
    app: Flask, cast: Cast, caller: Callers, time_machine: TimeMachineFixture
) -> None:
    turn_on(app, cast.anna)
    anna = caller("anna")
    time_machine.move_to(LATER)
    path = f"/admin/people/{cast.lin}/roles"
    form = {"roles": "trainer", proving.FIELD: "000000"}
    assert [anna.post(path, form).status_code for _ in range(11)] == [403] * 10 + [429]
    stranger = caller()
    stranger.post("/account/sign-in", {"email": "anna@beilun.example", "password": PASSWORD})
    assert stranger.post("/account/sign-in/code", {"code": "000000"}).status_code == 422


def test_script_is_told_in_json(cast: Cast, late: Caller) -> None:
    answer = late.post_json(f"/admin/people/{cast.lin}/roles", {"roles": ["trainer"]})
    assert answer.status_code == 403
    assert answer.get_json()["error"]["message"]


def test_a_file_that_cannot_wait_is_said(app: Flask, cast: Cast, late: Caller) -> None:
    data = {"file": (BytesIO(b"x"), "a.csv"), "csrf_token": late.token()}
    answer = late.client.post("/account/data", data=data, content_type="multipart/form-data")
    assert answer.status_code == 403
    assert "choose it again" in answer.text

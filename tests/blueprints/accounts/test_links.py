"""Secret links over HTTP: looking is free, redeeming works once, and strangers learn nothing."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from models.accounts import Person, PersonRole
from models.journal import OutboxEntry
from services.accounts import links, settings, tokens
from services.accounts.limiter import PER_PERSON
from services.accounts.people import disable
from services.actor import SYSTEM
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast

PASSWORD = "orange tram quietly sleeping"
PURPOSES = sorted(links.PATHS)
FORMS = {
    "first_admin": {"name": "Ida Berg", "email": "ida@beilun.example", "password": PASSWORD},
    "join": {"password": PASSWORD},
    "reset": {"password": PASSWORD},
    "email": {},
}
Callers = Callable[..., Caller]
Issue = Callable[..., str]


@pytest.fixture
def issue(app: Flask, cast: Cast) -> Issue:
    """Make a link of Lin's and give back its path; `age` makes it older."""
    lin = cast.actor("lin")

    def make(purpose: str, age: timedelta = timedelta()) -> str:
        with app.app_context(), writing() as session:
            if purpose == "first_admin":
                session.execute(delete(PersonRole).where(PersonRole.role == "admin"))
            if purpose == "email":
                settings.ask_email_change(session, lin, "new.lin@beilun.example", NOW)
            bound = 0 if purpose == "first_admin" else cast.lin
            raw = tokens.issue(session, purpose, bound, NOW - age)
        return links.PATHS[purpose] + raw

    return make


def test_the_paths_in_mails_are_those_of_the_routes(app: Flask) -> None:
    endpoints = {"first_admin": "first", "join": "join", "reset": "reset", "email": "confirm_email"}
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    for purpose, endpoint in endpoints.items():
        assert rules[f"account.{endpoint}"] == f"{links.PATHS[purpose]}<token>"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_looking_is_free_and_the_post_works_once(
    caller: Callers, issue: Issue, purpose: str
) -> None:
    path = issue(purpose)
    for _ in range(3):
        assert caller().get(path).status_code == 200
    assert caller().post(path, FORMS[purpose]).status_code == 303
    for answer in (caller().post(path, FORMS[purpose]), caller().get(path)):
        assert answer.status_code == 410
        assert "This link has been used" in answer.text
        assert "How to get a new one" in answer.text


@pytest.mark.parametrize("purpose", PURPOSES)
def test_an_old_link_says_so(caller: Callers, issue: Issue, purpose: str) -> None:
    path = issue(purpose, tokens.LIFETIMES[purpose])
    for answer in (caller().get(path), caller().post(path, FORMS[purpose])):
        assert answer.status_code == 410
        assert "This link has expired" in answer.text


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_cut_and_foreign_links_are_one_identical_404(
    app: Flask, caller: Callers, issue: Issue, purpose: str, method: str
) -> None:
    path, foreign = issue(purpose), issue("reset" if purpose == "join" else "join")
    here, _, raw = path.rpartition("/")
    foreign = foreign.rpartition("/")[2]
    wrong = ["A" * 43, raw[:-1], raw + "A", raw.swapcase(), foreign, "中", "x" * 5000]
    pages = set()
    for token in wrong:
        stranger = caller()
        headers = {"X-Request-Id": "0123456789abcdef"}
        if method == "get":
            answer = stranger.get(f"{here}/{token}", headers=headers)
        else:
            answer = stranger.post(f"{here}/{token}", FORMS[purpose], headers=headers)
        assert answer.status_code == 404, token
        pages.add(_quiet(answer.text))
    assert len(pages) == 1
    assert caller().get(path).status_code == 200, "the real one still works"


def _quiet(page: str) -> str:
    """A page without its CSRF token and without the address that the caller knows anyway."""
    page = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", page)
    return re.sub(r'(name="next" value=")[^"]*', r"\1", page)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_links_address_goes_nowhere(caller: Callers, issue: Issue, purpose: str) -> None:
    headers = caller().get(issue(purpose)).headers
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("purpose", ["first_admin", "join", "reset"])
def test_a_weak_password_is_explained_and_the_link_stays(
    caller: Callers, issue: Issue, purpose: str
) -> None:
    path = issue(purpose)
    for weak, said in (("short", "this one has 5"), ("a" * 20, "anybody would try")):
        answer = caller().post(path, FORMS[purpose] | {"password": weak})
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{weak}"' not in answer.text
    assert caller().post(path, FORMS[purpose]).status_code == 303


def test_the_first_admin_is_let_in(caller: Callers, issue: Issue) -> None:
    ida, path = caller(), issue("first_admin")
    nonsense = {"name": " ", "email": "nobody", "password": PASSWORD}
    for fields in (nonsense, FORMS["first_admin"] | {"email": "lin@beilun.example"}):
        answer = ida.post(path, fields)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    assert ida.post(path, FORMS["first_admin"]).location == "/"
    assert "Ida Berg" in ida.get("/account/settings").text


def test_a_new_member_sees_their_name_and_is_let_in(caller: Callers, issue: Issue) -> None:
    lin, path = caller(), issue("join")
    assert "Welcome, Lin Yue" in lin.get(path).text
    assert lin.post(path, FORMS["join"]).location == "/"
    assert lin.get("/account/settings").status_code == 200


def test_a_reset_signs_out_everywhere_and_in_nowhere(caller: Callers, issue: Issue) -> None:
    elsewhere, here = caller("lin"), caller()
    assert here.post(issue("reset"), FORMS["reset"]).location == "/account/sign-in"
    assert "Your new password is set" in here.get("/account/sign-in").text
    for browser in (elsewhere, here):
        assert browser.get("/account/settings").status_code == 302
    signed_in = here.post("/account/sign-in", {"email": "lin@beilun.example", "password": PASSWORD})
    assert signed_in.status_code == 303


def test_links_of_a_disabled_person_are_taken_back(
    app: Flask, cast: Cast, caller: Callers, issue: Issue
) -> None:
    paths = [issue(purpose) for purpose in ("join", "reset", "email")]
    with app.app_context(), writing() as session:
        disable(session, SYSTEM, cast.lin, NOW)
    for path in paths:
        assert caller().get(path).status_code == 410


def test_the_new_address_is_shown_then_confirmed(
    app: Flask, cast: Cast, caller: Callers, issue: Issue
) -> None:
    path = issue("email")
    assert "new.lin@beilun.example" in caller().get(path).text
    caller().post(path)
    with app.app_context(), reading() as session:
        email = session.scalar(select(Person.email).where(Person.id == cast.lin))
    assert email == "new.lin@beilun.example"


def test_forgotten_says_the_same_to_everybody(app: Flask, caller: Callers) -> None:
    pages = {
        _quiet(caller().post("/account/forgotten", {"email": email}, headers=headers).text)
        for email in ("lin@beilun.example", "nobody@beilun.example", "nonsense", "a\0b")
        if (headers := {"X-Request-Id": "0123456789abcdef"})
    }
    assert len(pages) == 1
    assert "Ask an admin" in pages.pop(), "no mail server is set in the tests"
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(OutboxEntry.id)).all()) == 4


def test_forgotten_needs_an_address_and_bears_no_flood(caller: Callers) -> None:
    eve = caller()
    assert eve.post("/account/forgotten", {"email": ""}).status_code == 422
    lin = {"email": "lin@beilun.example"}
    assert {eve.post("/account/forgotten", lin).status_code for _ in range(PER_PERSON)} == {200}
    assert eve.post("/account/forgotten", lin).status_code == 429


def test_with_a_mail_server_forgotten_points_to_the_mailbox(
    app: Flask, caller: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = app.extensions["threshold.settings"]
    mailing = replace(here, smtp_url="smtp://localhost")
    monkeypatch.setitem(app.extensions, "threshold.settings", mailing)
    assert "outbox" not in caller().get("/account/forgotten").text
    answer = caller().post("/account/forgotten", {"email": "lin@beilun.example"})
    assert "Look into your mailbox" in answer.text

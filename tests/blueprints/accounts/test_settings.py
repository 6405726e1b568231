"""One's own account page and its forms."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from models.accounts import Person
from services.accounts import signing_in
from services.accounts.limiter import PER_PERSON
from services.actor import SYSTEM
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast

PASSWORD, NEW = "orange tram quietly sleeping", "violet lamp under bridges"
PAGE = "/account/settings"
Callers = Callable[..., Caller]


@pytest.fixture(autouse=True)
def _lin_has_a_password(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.lin, PASSWORD, NOW)


@pytest.mark.parametrize("name", ["lin", "tao", "min", "lei", "anna"])
def test_everybody_has_an_account_page(caller: Callers, name: str) -> None:
    answer = caller(name).get(PAGE)
    assert answer.status_code == 200
    assert f"{name}@beilun.example" in answer.text
    ids = re.findall(r'\sid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids)), "every id stands once"


def test_strangers_are_sent_to_the_door(caller: Callers) -> None:
    assert caller().get(PAGE).location == "/account/sign-in?next=/account/settings"
    for path in ("settings", "password", "email", "sign-out-everywhere"):
        assert caller().post(f"/account/{path}").status_code == 401


def test_name_language_and_theme_are_kept(caller: Callers) -> None:
    lin = caller("lin")
    fields = {"name": "林悦", "locale": "zh_Hans", "theme": "dark"}
    assert lin.post(PAGE, fields).location == PAGE
    page = caller("lin").get(PAGE).text
    assert '<html lang="zh-Hans" data-theme="dark">' in page
    assert 'value="林悦"' in page


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "", "locale": "", "theme": ""},
        {"name": "\0", "locale": "", "theme": ""},
        {"name": "x" * 201, "locale": "", "theme": ""},
        {"name": "Lin", "locale": "fr", "theme": ""},
        {"name": "Lin", "locale": "", "theme": "<script>"},
    ],
)
def test_nonsense_is_refused_beside_its_field(
    app: Flask, cast: Cast, caller: Callers, fields: dict[str, str]
) -> None:
    answer = caller("lin").post(PAGE, fields)
    assert answer.status_code == 422
    assert 'class="bad"' in answer.text
    with app.app_context(), reading() as session:
        assert session.scalar(select(Person.name).where(Person.id == cast.lin)) == "Lin Yue"


def test_a_name_is_only_ever_text(caller: Callers) -> None:
    hostile = '"><script>alert(1)</script>'
    lin = caller("lin")
    lin.post(PAGE, {"name": hostile, "locale": "", "theme": ""})
    assert "<script>alert" not in lin.get(PAGE).text


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(caller: Callers) -> None:
    here, elsewhere = caller("lin"), caller("lin")
    answer = here.post("/account/password", {"current": PASSWORD, "password": NEW})
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Your new password is set" in here.get(PAGE).text
    assert elsewhere.get(PAGE).status_code == 302
    sign_in = {"email": "lin@beilun.example", "password": PASSWORD}
    assert caller().post("/account/sign-in", sign_in).status_code == 422
    assert caller().post("/account/sign-in", sign_in | {"password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "said"),
    [
        ("not it", NEW, "This is not your password."),
        (PASSWORD, "short", "this one has 5"),
        ("", NEW, "Please fill this in."),
    ],
)
def test_a_refused_password_changes_nothing(
    caller: Callers, current: str, new: str, said: str
) -> None:
    here, elsewhere = caller("lin"), caller("lin")
    answer = here.post("/account/password", {"current": current, "password": new})
    assert answer.status_code == 422
    assert said in answer.text
    assert elsewhere.get(PAGE).status_code == 200


def test_guessing_ones_own_password_is_limited_too(caller: Callers) -> None:
    """A computer left signed in is no place to guess at its owner's password."""
    lin = caller("lin")
    guess = {"current": "a guess", "password": NEW}
    assert {lin.post("/account/password", guess).status_code for _ in range(PER_PERSON)} == {422}
    assert lin.post("/account/password", guess | {"current": PASSWORD}).status_code == 429


def test_without_mail_the_link_for_a_new_address_is_shown_to_who_asked(caller: Callers) -> None:
    lin = caller("lin")
    fields = {"email": "New.Lin@beilun.example", "own_password": PASSWORD}
    answer = lin.post("/account/email", fields)
    assert answer.status_code == 200
    link = re.search(r'href="http://localhost(/account/email/[\w-]+)"', answer.text)
    assert link is not None
    assert "waits to be confirmed" in lin.get(PAGE).text
    assert lin.post(link[1]).location == PAGE
    assert "new.lin@beilun.example" in lin.get(PAGE).text


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("nonsense", PASSWORD, "This is not a mail address."),
        ("eve@beilun.example", PASSWORD, "exists already"),
        ("new@beilun.example", "not it", "This is not your password."),
    ],
)
def test_a_refused_address_is_explained(
    caller: Callers, email: str, password: str, said: str
) -> None:
    answer = caller("lin").post("/account/email", {"email": email, "own_password": password})
    assert answer.status_code == 422
    assert said in answer.text
    assert "waits to be confirmed" not in answer.text


def test_sign_out_everywhere_means_here_too(caller: Callers) -> None:
    here, elsewhere = caller("lin"), caller("lin")
    assert here.post("/account/sign-out-everywhere").location == "/account/sign-in"
    assert "signed out on every device" in here.get("/account/sign-in").text
    for browser in (here, elsewhere):
        assert browser.get(PAGE).status_code == 302

"""The sign-in page, as a browser without script sees it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.accounts import FailedCheck, Person
from services.accounts import passwords, signing_in
from services.accounts.limiter import PER_PERSON
from services.actor import SYSTEM
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast

PASSWORD = "orange tram quietly sleeping"
PAGE = "/account/sign-in"
RIGHT = {"email": "lin@beilun.example", "password": PASSWORD}
WRONG = RIGHT | {"password": "a guess"}
Callers = Callable[..., Caller]


@pytest.fixture(autouse=True)
def _lin_has_a_password(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.lin, PASSWORD, NOW)


def test_a_member_comes_in_and_goes(caller: Callers) -> None:
    lin = caller()
    assert lin.get(PAGE).status_code == 200
    answer = lin.post(PAGE, RIGHT)
    assert (answer.status_code, answer.location) == (303, "/")
    assert lin.get("/account/settings").status_code == 200
    assert lin.get(PAGE).status_code == 302, "who is in need not sign in"
    assert lin.post("/account/sign-out").location == PAGE
    assert lin.get("/account/settings").location == f"{PAGE}?next=/account/settings"


def test_a_wrong_password_is_one_honest_error_and_keeps_the_mail(caller: Callers) -> None:
    answer = caller().post(PAGE, WRONG)
    assert answer.status_code == 422
    assert answer.text.count("do not belong together") == 1
    assert 'value="lin@beilun.example"' in answer.text
    assert "a guess" not in answer.text


def test_an_unknown_person_gets_the_same_answer(caller: Callers) -> None:
    known, unknown = (
        caller().post(PAGE, WRONG | {"email": email}).text.replace(email, "…")
        for email in ("lin@beilun.example", "nobody@beilun.example")
    )
    assert _without_tokens(known) == _without_tokens(unknown)


def _without_tokens(page: str) -> list[str]:
    """A page without what differs in every answer; the request id is given by the tests."""
    return [line for line in page.splitlines() if "csrf_token" not in line]


def test_failures_are_kept_although_nobody_came_in(app: Flask, caller: Callers) -> None:
    caller().post(PAGE, WRONG)
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(FailedCheck)) == 3


def test_too_many_guesses_have_to_wait(caller: Callers) -> None:
    eve = caller()
    assert {eve.post(PAGE, WRONG).status_code for _ in range(PER_PERSON)} == {422}
    answer = eve.post(PAGE, RIGHT)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_nobody_can_lock_lin_out_of_her_own_laptop(caller: Callers) -> None:
    laptop, eve = caller(), caller()
    laptop.post(PAGE, RIGHT)
    laptop.post("/account/sign-out")
    for _ in range(PER_PERSON + 1):
        answer = eve.post(PAGE, WRONG)
    assert answer.status_code == 429
    assert laptop.post(PAGE, RIGHT).status_code == 303
    assert caller().post(PAGE, RIGHT).status_code == 429, "an unknown device waits"


def test_nobody_waits_while_a_password_is_hashed(
    caller: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing is slow on purpose; an answer that is saved meanwhile must not queue behind it."""
    counted: list[int] = []

    def verify(stored: str | None, password: str) -> bool:
        with writing() as session:  # refuses to nest: so no transaction is open here
            counted.append(session.scalar(select(func.sum(FailedCheck.failures))) or 0)
        return True

    monkeypatch.setattr(passwords, "verify", verify)
    lin = caller()
    assert lin.post(PAGE, RIGHT).status_code == 303
    fields = {"current": PASSWORD, "password": "violet lamp under bridges"}
    assert lin.post("/account/password", fields).status_code == 303
    # Counted before it is made, under all its keys; given back when it fits. Then the known device.
    assert counted == [3, 2]


def test_the_device_cookie_is_signed_and_out_of_reach_of_scripts(caller: Callers) -> None:
    laptop = caller()
    cookie = next(
        c for c in laptop.post(PAGE, RIGHT).headers.getlist("Set-Cookie") if "device" in c
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    for forged in ("nonsense", cookie.split("=", 1)[1][:30], "W10.x"):
        stranger = caller()
        stranger.client.set_cookie("threshold_device", forged, path="/account")
        assert stranger.post(PAGE, WRONG).status_code == 422


@pytest.mark.parametrize("fields", [{}, {"email": ""}, {"email": "lin@beilun.example"}])
def test_an_empty_field_is_named(caller: Callers, fields: dict[str, str]) -> None:
    answer = caller().post(PAGE, fields)
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text


@pytest.mark.parametrize("nonsense", ["\0", "\ud800".encode("utf-8", "surrogatepass"), "x" * 9999])
def test_nonsense_is_only_wrong(caller: Callers, nonsense: str | bytes) -> None:
    assert caller().post(PAGE, {"email": nonsense, "password": nonsense}).status_code == 422


@pytest.mark.parametrize(
    "target", ["/account/settings", "/account/settings?a=b", "/learn/", "/?x=%E4%B8%AD"]
)
def test_one_comes_back_to_where_one_was(caller: Callers, target: str) -> None:
    assert caller().post(PAGE, RIGHT | {"next": target}).location == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2F/evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/learn/\r\nSet-Cookie: a=b",
        "/no/such/page",
        "account/settings",
        "/account/sign-out",  # a POST only
        "/?_external=1&_scheme=https",
        "http://[",
        "x" * 3000,
        "",
    ],
)
def test_nobody_is_sent_elsewhere(caller: Callers, target: str) -> None:
    answer = caller().post(PAGE, RIGHT | {"next": target})
    assert answer.status_code == 303
    assert answer.location in ("/", "/?_external=1&_scheme=https")
    page = caller().get(PAGE, query_string={"next": target}).text
    assert "evil" not in page


def test_the_session_lasts_only_where_it_was_asked_for(caller: Callers) -> None:
    def cookie(fields: dict[str, str]) -> str:
        cookies = caller().post(PAGE, fields).headers.getlist("Set-Cookie")
        return next(c for c in cookies if c.startswith("threshold="))

    assert "Expires" not in cookie(RIGHT)
    assert "Expires" in cookie(RIGHT | {"remember": "y"})


def test_a_form_without_its_token_changes_nothing(app: Flask, caller: Callers) -> None:
    for path in ("sign-in", "sign-out", "language", "settings", "password", "email", "forgotten"):
        answer = caller("lin").client.post(f"/account/{path}", data=RIGHT)
        assert answer.status_code == 400, path


def test_the_language_is_kept_and_one_stays_where_one_is(
    app: Flask, cast: Cast, caller: Callers
) -> None:
    stranger = caller()
    answer = stranger.post("/account/language", {"language": "zh_Hans", "next": PAGE})
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert '<html lang="zh-Hans"' in stranger.get(PAGE).text
    lin = caller("lin")
    here = {"Referer": "http://localhost/account/settings?a=1"}
    answer = lin.post("/account/language", {"language": "zh_Hans"}, headers=here)
    assert answer.location == "/account/settings?a=1"
    with app.app_context(), reading() as session:
        assert session.scalar(select(Person.locale).where(Person.id == cast.lin)) == "zh_Hans"
    assert '<html lang="zh-Hans"' in caller("lin").get("/account/settings").text


def test_the_language_switch_sends_nobody_elsewhere(caller: Callers) -> None:
    away = {"Referer": "https://evil.example/learn/"}
    answer = caller().post("/account/language", {"language": "en"}, headers=away)
    assert answer.location == "/"
    assert caller().post("/account/language", {"language": "fr"}).status_code == 422

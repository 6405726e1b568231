"""Two halves of a sign-in, and the pages of the second factor, as a browser without script."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from blueprints.shared.qr import QUIET, drawing
from services.accounts import second_factor, signing_in
from services.actor import SYSTEM, Actor
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.accounts.test_second_factor import HERE, STEP, totp

PASSWORD = "orange tram quietly sleeping"
PAGE, HALF, CODE = "/account/second-factor", "/account/sign-in", "/account/sign-in/code"
RIGHT = {"email": "lin@beilun.example", "password": PASSWORD}
Callers = Callable[..., Caller]


@pytest.fixture(autouse=True)
def _lin_has_a_password(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.lin, PASSWORD, NOW)


def turn_on(app: Flask, person_id: int, at: datetime = NOW) -> tuple[str, tuple[str, ...]]:
    """A person's secret and recovery codes; the code of one step before is used up."""
    who = Actor(person_id)
    with app.app_context(), writing() as session:
        second_factor.begin(session, who, at)
        secret = second_factor.page(session, who).secret or ""
        codes = second_factor.confirm(session, who, totp(secret, at - STEP), HERE, at)
    assert codes is not None
    return secret, codes


def test_a_password_alone_is_half_the_way(app: Flask, cast: Cast, caller: Callers) -> None:
    secret, _ = turn_on(app, cast.lin)
    lin = caller()
    answer = lin.post(HALF, RIGHT | {"next": "/learn/"})
    assert (answer.status_code, answer.location) == (303, CODE)
    assert lin.get("/account/settings").status_code == 302, "nobody is in yet"
    assert lin.get(CODE).status_code == 200
    wrong = lin.post(CODE, {"code": "000000"})
    assert wrong.status_code == 422
    assert lin.get("/account/settings").status_code == 302
    answer = lin.post(CODE, {"code": totp(secret, NOW)})
    assert (answer.status_code, answer.location) == (303, "/learn/")
    assert lin.get("/account/settings").status_code == 200


def test_a_recovery_code_is_the_other_half_too(app: Flask, cast: Cast, caller: Callers) -> None:
    _, codes = turn_on(app, cast.lin)
    lin = caller()
    lin.post(HALF, RIGHT)
    assert lin.post(CODE, {"code": codes[0]}).status_code == 303
    eve = caller()
    eve.post(HALF, RIGHT)
    assert eve.post(CODE, {"code": codes[0]}).status_code == 422, "it was used"


def test_without_the_first_half_there_is_no_second(
    app: Flask, cast: Cast, caller: Callers, time_machine: TimeMachineFixture
) -> None:
    secret, _ = turn_on(app, cast.lin)
    assert caller().get(CODE).location == HALF
    assert caller().post(CODE, {"code": totp(secret, NOW)}).location == HALF
    late = caller()
    late.post(HALF, RIGHT)
    time_machine.move_to(NOW + timedelta(minutes=11))
    assert late.post(CODE, {"code": totp(secret, NOW + timedelta(minutes=11))}).location == HALF


def test_a_new_password_ends_what_stood_halfway(app: Flask, cast: Cast, caller: Callers) -> None:
    secret, _ = turn_on(app, cast.lin)
    lin = caller()
    lin.post(HALF, RIGHT)
    with app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.lin, "violet lamp under bridges", NOW)
    assert lin.post(CODE, {"code": totp(secret, NOW)}).location == HALF


def test_eleven_guesses_wait(app: Flask, cast: Cast, caller: Callers) -> None:
    turn_on(app, cast.lin)
    lin = caller()
    lin.post(HALF, RIGHT)
    answers = [lin.post(CODE, {"code": f"{n:06d}"}).status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_setting_up_and_turning_off(app: Flask, cast: Cast, caller: Callers) -> None:
    lin, elsewhere = caller("lin"), caller("lin")
    assert lin.get(PAGE).status_code == 200
    assert lin.post(f"{PAGE}/begin").location == PAGE
    page = lin.get(PAGE).text
    spelled = re.search(r'factor__secret">([A-Z2-7 ]+)<', page)
    assert spelled is not None
    secret = spelled[1].replace(" ", "")
    assert "<svg" in page
    assert "style=" not in page
    assert lin.post(f"{PAGE}/confirm", {"code": "12"}).status_code == 422
    done = lin.post(f"{PAGE}/confirm", {"code": totp(secret, NOW)})
    codes = re.findall(r"<li>([2-9A-Z]{5}-[2-9A-Z]{5})</li>", done.text)
    assert len(codes) == 10
    assert elsewhere.get("/account/settings").status_code == 302, "other devices are out"
    assert secret not in lin.get(PAGE).text.replace(" ", "")
    fresh = re.findall(r"<li>([2-9A-Z]{5}-[2-9A-Z]{5})</li>", lin.post(f"{PAGE}/codes").text)
    assert not set(fresh) & set(codes)
    for wrong in (
        {"own_password": "no", "code": fresh[0]},
        {"own_password": PASSWORD, "code": "1"},
    ):
        assert lin.post(f"{PAGE}/off", wrong).status_code == 422
    right = {"own_password": PASSWORD, "code": fresh[1]}
    assert lin.post(f"{PAGE}/off", right).location == "/account/settings"
    assert caller().post(HALF, RIGHT).location == "/"


def test_the_picture_holds_what_the_text_says() -> None:
    """The strokes of the drawing, put back into modules, are those of an independent writer."""
    import segno

    text = "otpauth://totp/Threshold:lin%40beilun.example?secret=ABC&issuer=Threshold"
    made = drawing(text)
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", made.path):
        dark |= {(int(x) + n, int(y)) for n in range(int(length))}
    rows = list(segno.make_qr(text, error="l", boost_error=False).matrix_iter(border=QUIET))
    assert made.size == len(rows)
    assert dark == {(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell}


def required(app: Flask, monkeypatch: pytest.MonkeyPatch, *roles: str) -> None:
    settings = app.extensions["threshold.settings"]
    monkeypatch.setitem(
        app.extensions,
        "threshold.settings",
        replace(settings, require_second_factor=frozenset(roles)),
    )


def test_who_needs_one_goes_nowhere_without(
    app: Flask, cast: Cast, caller: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    required(app, monkeypatch, "recruiter", "admin")
    minh = caller("min")
    for path in ("/", "/hiring/", "/account/settings"):
        answer = minh.get(path)
        if path != "/":  # everybody's page
            assert (answer.status_code, answer.location) == (302, PAGE), path
    assert minh.post("/account/data").status_code == 403
    assert minh.get("/hiring/", headers={"Accept": "application/json"}).status_code == 403
    assert minh.get(PAGE).status_code == 200
    minh.post(f"{PAGE}/begin")
    with app.app_context(), reading() as session:
        secret = second_factor.page(session, Actor(cast.min)).secret or ""
    assert minh.post(f"{PAGE}/confirm", {"code": totp(secret, NOW)}).status_code == 200
    assert minh.get("/hiring/").status_code == 200
    assert caller("lin").get("/learn/").status_code == 200, "learners need none here"


def test_a_short_password_without_its_factor_leads_to_a_new_one(
    app: Flask, cast: Cast, caller: Callers
) -> None:
    turn_on(app, cast.lin)
    with app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.lin, "kite8moo", NOW)
    anna = caller("anna")
    answer = anna.post(f"/admin/people/{cast.lin}/second-factor")
    assert answer.location == f"/admin/people/{cast.lin}"
    lin = caller()
    assert lin.post(HALF, RIGHT | {"password": "kite8moo"}).status_code == 303
    assert lin.get("/learn/").location == PAGE


def test_the_own_data_are_whole_and_ones_own(app: Flask, cast: Cast, caller: Callers) -> None:
    answer = caller("lin").post("/account/data")
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    data: dict[str, Any] = answer.get_json()
    assert data["person"]["email"] == "lin@beilun.example"
    assert {"abilities", "attempts", "contests", "learning", "applications"} <= data.keys()
    assert "eve@" not in answer.text
    assert "argon2" not in answer.text

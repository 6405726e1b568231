"""A candidate erases themself, or a recruiter does: asked for the code or password again first."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from blueprints.shared import proving
from services.admin import erasing
from services.session import reading
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

LATER = NOW + proving.WITHIN + timedelta(seconds=5)
Callers = Callable[..., Caller]


@pytest.fixture(autouse=True)
def _clock(app: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW)


def test_a_candidate_gives_the_return_code_and_is_gone(
    app: Flask, cast: Cast, caller: Callers, time_machine: TimeMachineFixture
) -> None:
    position = opening.open_position(app, cast)
    done = opening.join_cast(cast, "sun", position)
    opening.begin(app, done)
    sun, recruiter = caller("sun"), caller("min")
    time_machine.move_to(LATER)
    path = "/candidate/erase"
    asked = sun.post(path)
    assert asked.status_code == 403
    assert "Return code" in asked.text
    assert sun.get("/candidate/data.json").location == "/account/prove?next=/candidate/data.json"
    wrong = sun.post(path, {proving.FIELD: "AAAAA-AAAAA"})
    assert wrong.status_code == 403
    assert "This is not your return code." in wrong.text
    assert sun.post(path, {proving.FIELD: done.code.lower()}).status_code == 200
    assert sun.get("/candidate/").status_code == 302
    with app.app_context():
        assert erasing.carry_out(Path(app.instance_path), cast.sun, LATER)
    for page in (f"/hiring/positions/{position}", f"/hiring/positions/{position}?q=sun"):
        shown = recruiter.get(page)
        assert shown.status_code == 200
        assert "Sun Yi" not in shown.text, "neither by name"
        assert "[erased]" not in shown.text, "nor without"


def test_a_recruiter_erases_and_a_manager_does_not(
    app: Flask, cast: Cast, caller: Callers, time_machine: TimeMachineFixture
) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    path = f"/hiring/candidates/{invited.application_id}/erase"
    assert caller("lei").post(path).status_code == 403
    assert caller("min").post(path).status_code == 303
    with app.app_context():
        person_id = opening.person_of(invited)
    with app.app_context(), reading() as session:
        assert erasing.standing(session, person_id) is not None

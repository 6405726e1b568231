"""Calibration from the ledger: rungs by answers, refusals, what goes live, and old numbers."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.competencies import Estimate, Evidence
from models.journal import OutboxEntry
from models.measuring import ItemParameters
from services.actor import SYSTEM
from services.assessment import scoring
from services.errors import Conflict, Forbidden
from services.library import catalogue
from services.measuring import asking, calibrating
from services.measuring.asking import RunLine
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.measuring.crowd import Crowd, gather

DAY = timedelta(days=1)


def ask(app: Flask) -> int:
    with app.app_context(), writing() as session:
        return asking.ask(session, SYSTEM, NOW)


def calibrate(app: Flask) -> int:
    """Ask, and carry out as the job does."""
    run_id = ask(app)
    with app.app_context():
        calibrating.run(run_id, lambda: NOW, lambda said: None)
    return run_id


def run_of(cast: Cast, run_id: int) -> RunLine:
    tao = cast.actor("tao")
    with cast.app.app_context(), reading() as session:
        return next(run for run in asking.runs(session, tao) if run.id == run_id)


def parameters(app: Flask, run_id: int) -> list[ItemParameters]:
    with app.app_context(), reading() as session:
        rows = session.scalars(select(ItemParameters).where(ItemParameters.run_id == run_id)).all()
        session.expunge_all()
        return list(rows)


def test_sixty_answers_earn_a_difficulty_of_their_own(any_app: Flask, cast: Cast) -> None:
    gather(any_app, Crowd(60, only=["C1", "C2"]))
    run_id = calibrate(any_app)
    run = run_of(cast, run_id)
    assert (run.state, run.live, run.ended_at) == ("finished", True, NOW)
    assert set(run.report["competencies"]) == {"C1", "C2"} | _others(any_app)
    told = run.report["competencies"]["C1"]
    assert (told["people"], told["converged"]) == (60, True)
    assert told["models"]["1PL"] == 6
    rows = [row for row in parameters(any_app, run_id) if row.competency == "C1"]
    assert {row.answers for row in rows} == {60}
    assert {row.model for row in rows} <= {"1pl", "grm"}
    assert len({row.a for row in rows}) == 1  # one discrimination for all of this rung
    assert all(row.thresholds == sorted(row.thresholds) for row in rows)
    assert all(error > 0 for row in rows for error in row.errors["thresholds"])


def _others(app: Flask) -> set[str]:
    """Competencies for which the same items are a little evidence."""
    with app.app_context(), reading() as session:
        return set(session.scalars(select(Evidence.competency).distinct()))


def test_six_hundred_answers_tell_how_well_an_item_tells_people_apart(
    app: Flask, cast: Cast
) -> None:
    gather(app, Crowd(600, only=["C2"]))
    run_id = calibrate(app)
    assert run_of(cast, run_id).report["competencies"]["C2"]["models"] == {"2PL": 6}
    rows = [row for row in parameters(app, run_id) if row.competency == "C2"]
    assert len({round(row.a, 6) for row in rows}) == 6
    assert {row.model for row in rows} <= {"2pl", "grm"}
    assert all(0 < row.errors["a"] < 1 for row in rows)


def test_forty_nine_answers_leave_the_author_s_difficulty(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(49, only=["C1"]))
    run_id = calibrate(app)
    run = run_of(cast, run_id)
    assert (run.state, run.live) == ("finished", False)
    assert parameters(app, run_id) == []
    assert "models" not in run.report["competencies"]["C1"]


def test_an_item_that_tells_nothing_is_left_out_and_named(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(60, only=["C1"], skipped=["C1-P02"]))
    run_id = calibrate(app)
    told = run_of(cast, run_id).report["competencies"]["C1"]
    assert [name for name, _ in told["refused"]] == ["C1-P02"]
    assert all(why for _, why in told["refused"])
    assert told["models"] == {"1PL": 5, "author": 1}
    with app.app_context(), reading() as session:
        revision_id = catalogue.published(session, "item", ["C1-P02"])[0].id
    rows = parameters(app, run_id)
    assert rows
    assert revision_id not in {row.revision_id for row in rows}


def test_numbers_are_final_where_every_item_has_parameters(app: Flask, cast: Cast) -> None:
    attempts = gather(app, Crowd(60, only=["C1", "C2"], scored=True))
    old = _estimates(app, attempts[0])
    assert all(row.provisional and row.calibration_id == 0 for row in old)
    run_id = calibrate(app)
    with app.app_context(), writing() as session:
        assert [d.where for d in scoring.rescore_check(session)] == []  # under the old run
        scoring.score(session, attempts[0], NOW)
    known = {(row.revision_id, row.competency) for row in parameters(app, run_id)}
    fresh = [row for row in _estimates(app, attempts[0]) if row.calibration_id == run_id]
    assert {row.competency for row in fresh} == {row.competency for row in old}
    for row in fresh:
        rests_on = _rests_on(app, attempts[0], row.competency)
        assert row.provisional == (not rests_on <= known)
    assert {row.competency: row.provisional for row in fresh}["C2"] is False
    plain = {row.competency: row for row in old}
    assert all(row.se < plain[row.competency].se for row in fresh if not row.provisional)
    with app.app_context(), reading() as session:
        assert [d.where for d in scoring.rescore_check(session)] == []


def _estimates(app: Flask, attempt_id: int) -> list[Estimate]:
    with app.app_context(), reading() as session:
        rows = session.scalars(select(Estimate).where(Estimate.scope_id == attempt_id)).all()
        session.expunge_all()
        return list(rows)


def _rests_on(app: Flask, attempt_id: int, code: str) -> set[tuple[int, str]]:
    with app.app_context(), reading() as session:
        subject = session.scalar(select(Estimate.subject).where(Estimate.scope_id == attempt_id))
        revisions = session.scalars(
            select(Evidence.item_revision_id).where(
                Evidence.subject == subject, Evidence.competency == code, Evidence.weight > 0
            )
        )
        return {(number, code) for number in revisions}


def test_parameters_of_a_run_never_change(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(60, only=["C1"]))
    first = calibrate(app)
    before = [(row.revision_id, row.a, row.thresholds) for row in parameters(app, first)]
    gather(app, Crowd(30, only=["C1"], seed=12))
    with app.app_context():
        calibrating.run(first, lambda: NOW + DAY, lambda said: None)  # its message came again
    assert [(row.revision_id, row.a, row.thresholds) for row in parameters(app, first)] == before
    second = calibrate(app)
    assert (run_of(cast, first).live, run_of(cast, second).live) == (False, True)


def test_one_at_a_time_and_a_lost_one_is_failed(any_app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    first = ask(any_app)
    with pytest.raises(Conflict):
        ask(any_app)
    with any_app.app_context(), pytest.raises(Forbidden), writing() as session:
        asking.ask(session, lin, NOW)
    with any_app.app_context(), writing() as session:
        second = asking.ask(session, SYSTEM, NOW + asking.LOST_AFTER + timedelta(seconds=1))
        tasks = session.execute(select(OutboxEntry.task, OutboxEntry.data)).all()
    assert [tuple(row) for row in tasks] == [
        (asking.TASK, {"run_id": first}),
        (asking.TASK, {"run_id": second}),
    ]
    lost = run_of(cast, first)
    assert (lost.state, lost.report) == ("failed", {"failed": "lost"})
    with any_app.app_context():
        calibrating.run(first, lambda: NOW, lambda said: None)  # too late: it changes nothing
    assert run_of(cast, first).state == "failed"


def test_the_house_calibrates_once_a_day_where_enough_is_new(app: Flask, cast: Cast) -> None:
    def due(at: Any) -> int | None:
        with app.app_context(), writing() as session:
            return asking.ask_when_due(session, at)

    assert due(NOW) is None
    gather(app, Crowd(60, only=["C1"]))
    first = due(NOW)
    assert first is not None
    assert due(NOW + 2 * DAY) is None  # it has not ended
    with app.app_context():
        calibrating.run(first, lambda: NOW, lambda said: None)
    assert due(NOW + 2 * DAY) is None  # nothing new
    gather(app, Crowd(60, only=["C1"], seed=12))
    assert due(NOW + DAY / 2) is None
    assert due(NOW + 1.1 * DAY) is not None

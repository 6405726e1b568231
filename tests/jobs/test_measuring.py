"""Calibration and statistics by the job: in a process of its own, end to end."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from jobs.worker import carry_out
from models.journal import OutboxEntry
from models.measuring import CalibrationRun, ItemParameters, Work
from services import outbox
from services.actor import SYSTEM
from services.measuring import asking
from services.measuring.newest import figures
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.measuring.crowd import Crowd, gather


@pytest.fixture
def same_place(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that a job starts finds this test's installation."""
    settings = app.extensions["threshold.settings"]
    for name in ("instance", "environment", "base_url", "company", "log_level"):
        monkeypatch.setenv(f"THRESHOLD_{name.upper()}", str(getattr(settings, name)))


def test_what_was_asked_for_is_worked_out(app: Flask, cast: Cast, same_place: None) -> None:
    gather(app, Crowd(55, only=["C1"]))
    now = datetime.now(UTC)
    with app.app_context():
        with writing() as session:
            run_id = asking.ask(session, SYSTEM, now)
            work_id = asking.ask_statistics(session, SYSTEM, now)
        with reading() as session:
            due = outbox.waiting(session, now)
        for entry in due:
            carry_out(entry.id, entry.task, entry.data)
        with reading() as session:
            run = session.get_one(CalibrationRun, run_id)
            work = session.get_one(Work, work_id)
            assert (run.state, work.state) == ("finished", "done")
            assert session.scalars(select(ItemParameters.run_id).distinct()).all() == [run_id]
            assert figures(session, "item")["C1-P01"].answers == 55
            assert None not in session.scalars(select(OutboxEntry.done_at)).all()

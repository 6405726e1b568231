"""Asking for calibrations and statistics, and what came of calibrations. Loads nothing heavy."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.competencies import Evidence
from models.measuring import CalibrationRun
from services import journal, outbox
from services.actor import SYSTEM, Actor
from services.errors import Conflict
from services.library import catalogue
from services.measuring import working
from services.roles import trainer

TASK, STATISTICS = "calibration.run", "statistics.run"
EVERY = timedelta(days=1)
FRESH_ANSWERS = 200  # fewer new answers move nothing that a reader could see
LOST_AFTER = timedelta(hours=2)
MOST_LISTED = 50


@frozen
class RunLine:
    """A calibration. live: numbers are drawn with it now; report: see calibrating.run."""

    id: int
    state: str
    started_at: datetime
    ended_at: datetime | None
    live: bool
    report: Mapping[str, Any]


def ask(session: Session, actor: Actor, now: datetime) -> int:
    """Ask for a calibration of the whole bank; raises Conflict while one is under way."""
    if actor != SYSTEM:
        trainer(actor)
    session.execute(
        update(CalibrationRun)
        .where(CalibrationRun.state == "running", CalibrationRun.started_at < now - LOST_AFTER)
        .values(state="failed", ended_at=now, report={"failed": "lost"})
    )
    under_way = select(CalibrationRun.id).where(CalibrationRun.state == "running")
    if session.scalar(under_way) is not None:
        raise Conflict("A calibration is under way.")
    run_id = session.execute(
        insert(CalibrationRun)
        .values(
            state="running",
            started_by=actor.person_id,
            started_at=now,
            report={"seen": _newest_evidence(session)},
        )
        .returning(CalibrationRun.id)
    ).scalar_one()
    outbox.ask(session, TASK, now, run_id=run_id)
    journal.append(session, actor, "calibration.asked", "calibration", run_id, now)
    return int(run_id)


def ask_when_due(session: Session, now: datetime) -> int | None:
    """Ask once a day, where enough was answered since the last calibration."""
    last = session.execute(
        select(CalibrationRun.state, CalibrationRun.started_at, CalibrationRun.report)
        .order_by(CalibrationRun.id.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and (last.state == "running" or last.started_at > now - EVERY):
        return None
    seen = last.report.get("seen", 0) if last is not None else 0
    if _newest_evidence(session) - seen < FRESH_ANSWERS:
        return None
    return ask(session, SYSTEM, now)


def ask_statistics(session: Session, actor: Actor, now: datetime) -> int:
    """Ask for the statistics of all items and forms; raises Conflict while they are under way."""
    if actor != SYSTEM:
        trainer(actor)
    seen = _newest_evidence(session)
    return working.ask(session, actor, STATISTICS, "bank", now, seen=seen)


def ask_statistics_when_due(session: Session, now: datetime) -> int | None:
    """Ask once a day, where enough was answered since the last statistics."""
    last = working.newest(session, STATISTICS)
    if last is not None and (last.is_open or last.asked_at > now - EVERY):
        return None
    seen = last.outcome.get("seen", 0) if last is not None else 0
    if _newest_evidence(session) - seen < FRESH_ANSWERS:
        return None
    return ask_statistics(session, SYSTEM, now)


def runs(session: Session, actor: Actor) -> tuple[RunLine, ...]:
    """The calibrations, newest first."""
    trainer(actor)
    live = catalogue.framework(session).calibration_id
    rows = session.scalars(
        select(CalibrationRun).order_by(CalibrationRun.id.desc()).limit(MOST_LISTED)
    )
    return tuple(
        RunLine(row.id, row.state, row.started_at, row.ended_at, row.id == live, row.report)
        for row in rows
    )


def _newest_evidence(session: Session) -> int:
    return session.scalar(select(func.max(Evidence.id))) or 0

"""An export whose job process is killed with -9: no half file is served, and it is taken up again.

Killed at its beginning, in its middle and while the file is written, on both databases.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from bench.crowd import crowd
from config import ROOT
from jobs import exporting
from models.journal import OutboxEntry
from models.measuring import Work
from services import outbox
from services.actor import Actor
from services.hiring import exports, positions
from services.hiring.positions import PositionDraft
from services.session import reading, writing
from tests.building import CAST
from tests.conftest import NOW
from tests.durability.site import Site
from tests.durability.test_kill import site

__all__ = ["site"]  # the fixture

MANY = 3 * exports.PIECE
LONGEST = 120.0


def recruiter() -> Actor:
    """Min Zhou, within the application's context."""
    return Actor(CAST.ids()["min"], "min", frozenset({"recruiter"}))


def asked_for(site: Site) -> tuple[int, int, int]:
    """A position with many candidates whose export was asked for: (position, entry, work)."""
    now = datetime.now(UTC)
    with site.app.app_context():
        lei = CAST.ids()["lei"]
        draft = PositionDraft("Sales", "sales", {}, {}, "hiring-a", 60, 180, "open", lei, ())
        who = recruiter()
        with writing() as session:
            position_id = positions.create(session, who, draft, NOW)
        with writing() as session:
            crowd(session, position_id, MANY, NOW)
            exports.ask(session, who, position_id, "xlsx", now)
        with reading() as session:
            entry = session.execute(
                select(OutboxEntry.id, OutboxEntry.data).where(OutboxEntry.task == exports.TASK)
            ).one()
    return position_id, entry.id, entry.data["work_id"]


def state_of(site: Site, work: int) -> tuple[str, int]:
    with site.app.app_context(), reading() as session:
        row = session.execute(select(Work.state, Work.done).where(Work.id == work)).one()
    return row.state, row.done


def begun(site: Site, entry: int, work: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.durability.exporter", str(entry), str(work)],
        cwd=ROOT,
        env={**os.environ, **site.env},
        start_new_session=True,
    )


def killed(site: Site, entry: int, work: int, after: int) -> None:
    """Begin, and kill -9 once so many rows are read."""
    process = begun(site, entry, work)
    until = time.monotonic() + LONGEST
    try:
        while process.poll() is None and time.monotonic() < until:
            state, done = state_of(site, work)
            if state == "running" and done >= after:
                break
            time.sleep(0.002)
        assert process.poll() is None, "it was quicker than the kill"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def served(site: Site, position_id: int) -> bytes | None:
    instance = Path(site.env["THRESHOLD_INSTANCE"])
    with site.app.app_context():
        who, now = recruiter(), datetime.now(UTC)
        with writing() as session:
            found = exports.newest_file(session, who, position_id, instance, now)
    return found.body if found else None


def due(site: Site, at: datetime) -> list[int]:
    with site.app.app_context(), reading() as session:
        return [work.id for work in outbox.waiting(session, at) if work.task == exports.TASK]


def release(site: Site, entry: int) -> None:
    """As if the time were over for which the killed process had claimed the entry."""
    now = datetime.now(UTC)
    assert due(site, now) == []
    assert due(site, now + exporting.LASTS + timedelta(seconds=1)) == [entry]
    with site.app.app_context(), writing() as session:
        session.execute(update(OutboxEntry).where(OutboxEntry.id == entry).values(due_at=now))


def test_a_killed_export_serves_nothing_and_is_taken_up_again(site: Site) -> None:
    position_id, entry, work = asked_for(site)
    for after in (0, exports.PIECE, MANY):  # after the last row the file is written
        killed(site, entry, work, after)
        assert state_of(site, work)[0] == "running"
        assert served(site, position_id) is None
        release(site, entry)
    assert begun(site, entry, work).wait(LONGEST) == 0
    assert state_of(site, work) == ("done", MANY)
    body = served(site, position_id)
    assert body is not None
    sheet = load_workbook(BytesIO(body), read_only=True).active
    assert sheet is not None
    assert sum(1 for _ in sheet.iter_rows()) == MANY + 1
    folder = Path(site.env["THRESHOLD_INSTANCE"]) / exports.FOLDER
    assert [path.name for path in folder.iterdir()] == [f"{work}.xlsx"]
    assert due(site, datetime.now(UTC) + 2 * exporting.LASTS) == []


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_half_a_file_is_never_under_its_name(site: Site) -> None:
    """What a kill leaves while the file is written is not served, and goes with the next run."""
    position_id, entry, work = asked_for(site)
    killed(site, entry, work, exports.PIECE)
    folder = Path(site.env["THRESHOLD_INSTANCE"]) / exports.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{work}.xlsx.part").write_bytes(b"PK half")
    assert served(site, position_id) is None
    release(site, entry)
    assert begun(site, entry, work).wait(LONGEST) == 0
    assert [path.name for path in folder.iterdir()] == [f"{work}.xlsx"]

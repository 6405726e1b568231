"""An import of a thousand questions whose process is killed with -9: all of it or nothing.

Killed at its beginning, in its middle, and again and again around its one writing transaction, on
both databases. What was killed is taken up again, or cancelled; either way once.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from config import ROOT
from models.importing import ImportBatch
from models.journal import JournalEntry
from models.library import Document, Revision
from models.measuring import Work
from models.search import SearchEntry
from services.actor import Actor
from services.authoring import importing
from services.session import reading, writing
from tests.building import CAST
from tests.durability.site import Site
from tests.durability.test_kill import site

__all__ = ["site"]  # the fixture

QUESTIONS = 1000
TEXT = "\n\n".join(
    f"::Q{n}::What is {n} and {n}? {{={2 * n}#Right. ~{n}#No. ~{3 * n + 1}#No.}}"
    for n in range(1, QUESTIONS + 1)
)
CHOSEN = {"subtopic": "C2:incoterms", "lesson": "trade-practice/who-pays-who-risks", "source": "Us"}
LONGEST = 60.0
COUNTED = (Document, Revision, SearchEntry, JournalEntry)


def trainer(site: Site) -> Actor:
    with site.app.app_context():
        return Actor(CAST.ids()["tao"], "tao", frozenset({"trainer"}))


def asked_for(site: Site) -> tuple[int, int]:
    """A file that was read and whose import was asked for: (batch, work)."""
    found, actor, now = importing.read_file(TEXT.encode(), ""), trainer(site), datetime.now(UTC)
    with site.app.app_context():
        with writing() as session:
            batch = importing.keep(session, actor, found, now)
        with writing() as session:
            return batch, importing.begin(session, actor, batch, CHOSEN, now)


def counts(site: Site) -> tuple[int, ...]:
    with site.app.app_context(), reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED
        )


def more(before: tuple[int, ...], after: tuple[int, ...]) -> list[int]:
    return [later - earlier for earlier, later in zip(before, after, strict=True)]


def work_of(site: Site, work: int) -> Any:
    with site.app.app_context(), reading() as session:
        return session.execute(
            select(Work.state, Work.done, Work.total).where(Work.id == work)
        ).one()


def begun(site: Site, work: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.durability.importer", str(work)],
        cwd=ROOT,
        env={**os.environ, **site.env},
        start_new_session=True,
    )


def killed(site: Site, work: int, after: int, wait: float = 0.0) -> bool:
    """Begin, and kill -9 once so many questions are prepared; False where it was done before."""
    process = begun(site, work)
    until = time.monotonic() + LONGEST
    try:
        while process.poll() is None and time.monotonic() < until:
            row = work_of(site, work)
            if row.state == "running" and row.total and row.done >= after:
                break
            time.sleep(0.005)
        time.sleep(wait)
    finally:
        done = process.poll() is not None
        if not done:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    return not done


def finished(site: Site, work: int) -> None:
    assert begun(site, work).wait(LONGEST) == 0


def test_a_killed_import_leaves_nothing_and_is_taken_up_again(site: Site) -> None:
    batch, work = asked_for(site)
    before = counts(site)
    for after in (0, QUESTIONS // 2):
        assert killed(site, work, after)
        assert counts(site) == before
        assert work_of(site, work).state == "running"
    finished(site, work)
    finished(site, work)  # a message that comes twice
    assert more(before, counts(site)) == [QUESTIONS] * 3 + [1]
    with site.app.app_context(), reading() as session:
        row = session.execute(
            select(ImportBatch.parsed, ImportBatch.outcome).where(ImportBatch.id == batch)
        ).one()
    assert (row.parsed, row.outcome["created"]) == ("", QUESTIONS)


@pytest.mark.proof
def test_killed_while_it_writes_it_is_all_or_nothing(site: Site) -> None:
    """Everything is prepared; the kills fall into the one transaction that keeps it."""
    _, work = asked_for(site)
    before = counts(site)
    for tenths in range(8):
        was_killed = killed(site, work, QUESTIONS, tenths / 20)
        found = counts(site)
        if work_of(site, work).state == "done":
            break
        assert was_killed
        assert found == before
    finished(site, work)
    assert more(before, counts(site)) == [QUESTIONS] * 3 + [1]


@pytest.mark.proof
def test_a_killed_import_can_be_cancelled_and_stays_so(site: Site) -> None:
    batch, work = asked_for(site)
    before = counts(site)
    assert killed(site, work, QUESTIONS // 4)
    with site.app.app_context(), writing() as session:
        assert importing.cancel(session, trainer(site), batch, datetime.now(UTC))
    finished(site, work)
    assert work_of(site, work).state == "failed"
    assert counts(site)[:3] == before[:3]
    _, again = asked_for(site)  # the same file can be sent anew
    finished(site, again)
    assert more(before, counts(site))[:3] == [QUESTIONS] * 3


def test_a_running_import_stops_when_it_is_cancelled(site: Site) -> None:
    """By a person, while the process works: it ends by itself and nothing of it stays."""
    batch, work = asked_for(site)
    before, process = counts(site), begun(site, work)
    until = time.monotonic() + LONGEST
    while work_of(site, work).done < 50 and time.monotonic() < until:
        time.sleep(0.005)
    with site.app.app_context(), writing() as session:
        assert importing.cancel(session, trainer(site), batch, datetime.now(UTC))
    assert process.wait(LONGEST) == 0
    assert work_of(site, work).state == "failed"
    assert counts(site)[:3] == before[:3]


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_the_look_sees_a_half_import(site: Site) -> None:
    """The planted flaw: a document more, as an import in steps would leave it."""
    before = counts(site)
    with site.app.app_context(), writing() as session:
        session.add(Document(kind="item", key="C2-I01", lang="en", path="items/C2/C2-I01.yaml",
                             created_at=datetime.now(UTC)))  # fmt: skip
    assert counts(site) != before

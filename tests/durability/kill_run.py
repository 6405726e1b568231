"""Several tabs at work on the same attempts while the whole server is killed with -9, and a look
whether everything that it said is so.

A kill cannot show what a power cut would lose; that is what synchronous=FULL is for, and
tests/services/test_session.py looks that it is set.
"""

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from domain.assessment.attempts import AttemptState
from models.assessment import Answer, Attempt, AttemptItem, AttemptOpening
from models.competencies import Evidence
from models.journal import JournalEntry
from models.library import Document, ItemFacts, Published
from services.assessment import expiry, scoring, starting
from services.library import catalogue
from services.session import reading, writing
from tests.durability.site import Site, life
from tests.durability.tab import Tab, Told

TABS = 4
LIVES = 2  # servers that follow each other over the same attempts
ATTEMPTS = 10
TIMED = 2  # of these, whose time is over about a second after they began
SAVES = 40  # a server lives until it has acknowledged so many more, or for LONGEST seconds
LONGEST = 8.0
QUESTIONS = 4


@dataclass
class Found:
    """What rounds gave: saves that were acknowledged, submits, openings, and what is not so."""

    saves: int = 0
    ends: int = 0
    openings: int = 0
    problems: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Found") -> "Found":
        self.saves += other.saves
        self.ends += other.ends
        self.openings += other.openings
        self.problems += other.problems
        return self


def run(site: Site, target: str, seeds: range) -> Found:
    """A round for each seed, and the proof that all scores follow from the answers."""
    found = Found()
    for seed in seeds:
        found += one_round(site, target, seed)
    with site.app.app_context(), reading() as session:
        found.problems += [f"scored wrong: {line}" for line in scoring.rescore_check(session)]
    return found


def one_round(site: Site, target: str, seed: int) -> Found:
    """Fresh attempts, some servers that are killed while tabs work on them, and the look after."""
    chance, told, attempts = random.Random(seed), Told(), list[int]()
    for number in range(LIVES):
        with life(site, target) as port:
            attempts = attempts or begin_attempts(site, seed)
            stop = threading.Event()
            tabs = [Tab(site, port, attempts, told, stop, seed * 100 + n) for n in range(TABS)]
            for tab in tabs:
                tab.start()
            if number:
                sweep(site)
            wait_for_saves(told, len(told.saves) + SAVES)
            time.sleep(chance.uniform(0, 0.4))
        stop.set()
        for tab in tabs:
            tab.join(30)
    return Found(len(told.saves), len(told.ended), len(told.openings), problems(site, told))


def wait_for_saves(told: Told, wanted: int) -> None:
    until = time.perf_counter() + LONGEST
    while len(told.saves) < wanted and time.perf_counter() < until:
        time.sleep(0.02)


def begin_attempts(site: Site, seed: int) -> list[int]:
    """Attempts of Lin's with a few questions each; the first ones are nearly over."""
    now = datetime.now(UTC)
    with site.app.app_context(), writing() as session:
        keys = session.scalars(
            select(Document.key)
            .join(Published, Published.document_id == Document.id)
            .join(ItemFacts, ItemFacts.revision_id == Published.revision_id)
            .where(ItemFacts.kind == "single", ItemFacts.pool == "practice")
            .order_by(Document.key)
            .limit(QUESTIONS)
        ).all()
        form = catalogue.form(session, "placement")
        found = []
        for number in range(ATTEMPTS):
            assert site.actor.person_id is not None
            attempt_id = starting.create_attempt(
                session,
                site.actor.person_id,
                "practice",
                f"kill-{seed}-{number}",
                "en",
                seed,
                now,
                limit_s=1 if number < TIMED else None,
                item_keys=keys,
                form_revision_id=form.id,
            )
            begun = now - timedelta(seconds=5) if number < TIMED else now
            starting.begin(session, site.actor, attempt_id, begun)
            found.append(attempt_id)
    return found


def sweep(site: Site) -> None:
    """What the job process does beside the servers."""
    with site.app.app_context(), writing() as session:
        expiry.expire_due(session, datetime.now(UTC))


def problems(site: Site, told: Told) -> list[str]:
    """What a server said and the database does not."""
    with site.app.app_context(), reading() as session:
        rows = session.execute(
            select(
                Answer.attempt_id, Answer.position, Answer.lease, Answer.sequence, Answer.response
            ).where(Answer.held.is_(None))
        )
        kept = {tuple(row[:4]): row.response for row in rows}
        opened = session.execute(select(AttemptOpening.attempt_id, AttemptOpening.lease)).all()
        states = {row.id: row for row in session.execute(select(Attempt.id, Attempt.state))}
        ends = {
            row[0]: row[1]
            for row in session.execute(
                select(JournalEntry.object_id, func.count())
                .where(
                    JournalEntry.object_kind == "attempt",
                    JournalEntry.event.in_(["attempt.submitted", "attempt.expired"]),
                )
                .group_by(JournalEntry.object_id)
            )
        }
        lines = {
            row[0]: row[1]
            for row in session.execute(
                select(AttemptItem.attempt_id, func.count(func.distinct(Evidence.source_id)))
                .join(Evidence, Evidence.source_id == AttemptItem.id)
                .where(Evidence.source_kind == scoring.SOURCE)
                .group_by(AttemptItem.attempt_id)
            )
        }
    found = [f"acknowledged and lost: {key}" for key in told.saves if key not in kept]
    found += [
        f"acknowledged and changed: {key}"
        for key, response in told.saves.items()
        if key in kept and kept[key] != response
    ]
    found += [f"lease lost: {key}" for key in told.openings - {tuple(row) for row in opened}]
    found += told.twice
    for attempt_id, row in states.items():
        is_over = row.state not in (AttemptState.CREATED, AttemptState.RUNNING)
        if attempt_id in told.ended and not is_over:
            found.append(f"handed in and still running: {attempt_id}")
        if ends.get(attempt_id, 0) != is_over:
            found.append(f"{row.state}, but {ends.get(attempt_id, 0)} ends noted: {attempt_id}")
        if is_over and lines.get(attempt_id, 0) != QUESTIONS:
            found.append(f"ended with {lines.get(attempt_id, 0)} questions marked: {attempt_id}")
    return found

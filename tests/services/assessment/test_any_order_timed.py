"""An exam with parts, a break and grants, in any order: it ends validly and loses nothing."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, func, select

from domain.assessment.attempts import GRACE
from models.accounts import FreeText
from models.assessment import (
    Answer,
    Attempt,
    AttemptGrant,
    AttemptItem,
    AttemptOpening,
    AttemptSection,
)
from models.competencies import Estimate, Evidence
from models.journal import JournalEntry
from services.assessment import breaks, delivery, expiry, scoring, supervising
from services.assessment.beats import Heard
from services.assessment.delivery import Outcome
from services.assessment.grants import Extra
from services.assessment.responding import counted_answers
from services.errors import Conflict
from services.session import writing
from tests.conftest import NOW, Cast
from tests.services.assessment import timed
from tests.services.assessment.sitting import right_payload

KEPT = (
    Estimate,
    Evidence,
    Answer,
    AttemptItem,
    AttemptOpening,
    AttemptSection,
    AttemptGrant,
    Attempt,
    JournalEntry,
    FreeText,
)
Key = tuple[int, int, int]  # position, lease, sequence


class TimedOrder(RuleBasedStateMachine):
    """Devices, breaks, parts, drops and grants, against what must hold whatever comes first."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        with self.cast.app.app_context(), writing() as session:
            for table in KEPT:
                session.execute(delete(table))
        self.sitting = timed.exam(self.cast)
        items = [question.item for question in self.sitting.asked()]
        self.right = {place: right_payload(item) for place, item in enumerate(items, 1)}
        self.leases = 1
        self.sent: dict[Key, dict[str, object]] = {}
        self.acknowledged: dict[Key, dict[str, object]] = {}
        self.given_up = timedelta()

    def quietly(self, deed: object, *arguments: object) -> bool:
        """Whether it was done; a Conflict is an answer like any other."""
        try:
            deed(*arguments)  # type: ignore[operator]
        except Conflict:
            return False
        return True

    def send(self, key: Key, response: dict[str, object]) -> None:
        position, lease, sequence = key
        saved = self.sitting.save(position, response, lease=lease, sequence=sequence)
        if saved.outcome is Outcome.RESTING:
            return
        if key not in self.sent:
            self.sent[key] = response
            if saved.outcome is Outcome.SAVED:
                self.acknowledged[key] = response
        elif self.sent[key] == response:
            assert (saved.outcome is Outcome.SAVED) == (key in self.acknowledged)
        else:
            assert saved.outcome is Outcome.TAKEN

    @rule(
        position=st.sampled_from([1, 2, 7, 8, 9, 14, 15, 16, 21]),
        sequence=st.integers(1, 8),
        right=st.booleans(),
        back=st.integers(0, 1),
    )
    def save(self, position: int, sequence: int, right: bool, back: int) -> None:
        key = (position, max(1, self.leases - back), sequence)
        self.send(key, self.right[position] if right else {})

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.sent)))
        self.send(key, self.sent[key])

    @rule(position=st.sampled_from([2, 16, 17]))
    def reach(self, position: int) -> None:
        """A plain form that goes on: the server counts its sequence."""
        sitting = self.sitting
        timed.write(
            sitting,
            lambda s: delivery.reach(
                s, sitting.actor, sitting.attempt_id, position, self.leases, sitting.now
            ),
        )
        for key, held in self.held().items():
            if key not in self.sent:
                self.sent[key] = {}
                if held is None:
                    self.acknowledged[key] = {}

    def held(self) -> dict[Key, str | None]:
        columns = (Answer.position, Answer.lease, Answer.sequence, Answer.held)
        found = timed.read(self.sitting, lambda s: s.execute(select(*columns)).all())
        return {(p, lease, sequence): held for p, lease, sequence, held in found}

    @rule()
    def double_tab(self) -> None:
        lease = self.sitting.open()
        if lease is not None:
            self.leases += 1
            assert lease == self.leases

    @rule(seconds=st.sampled_from([3, 15, 40, 200, 601, 850]))
    def wait(self, seconds: int) -> None:
        self.sitting.wait(seconds)

    @rule(back=st.integers(0, 1))
    def beat(self, back: int) -> None:
        heard = timed.beat(self.sitting, lease=max(1, self.leases - back)).heard
        assert heard is not Heard.STALE or back

    @rule()
    def rest(self) -> None:
        self.quietly(timed.rest, self.sitting)

    @rule()
    def back(self) -> None:
        timed.back(self.sitting)

    @rule(number=st.integers(1, 3))
    def section(self, number: int) -> None:
        before = timed.attempt(self.sitting).deadline
        self.quietly(timed.go_on, self.sitting, number)
        after = timed.attempt(self.sitting).deadline
        assert before is not None
        assert after is not None
        self.given_up += before - after

    @rule(minutes=st.integers(1, 3))
    def extra(self, minutes: int) -> None:
        tao, sitting = self.cast.actor("tao"), self.sitting
        seen = sum(kind == "extra" for kind, _ in timed.grants(sitting))
        self.quietly(
            timed.write,
            sitting,
            lambda s: supervising.extend_learner(
                s, tao, sitting.attempt_id, Extra(0, minutes), seen, sitting.now
            ),
        )

    @rule()
    def submit(self) -> None:
        self.quietly(self.sitting.submit)

    @rule()
    def sweep(self) -> None:
        timed.write(self.sitting, lambda s: breaks.end_due(s, self.sitting.now))
        timed.write(self.sitting, lambda s: expiry.expire_due(s, self.sitting.now))

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        newest = {key[0]: (key, self.acknowledged[key]) for key in sorted(self.acknowledged)}
        found = timed.read(self.sitting, lambda s: counted_answers(s, self.sitting.attempt_id))
        assert {
            place: ((a.position, a.lease, a.sequence), a.response) for place, a in found.items()
        } == newest
        total = timed.read(self.sitting, lambda s: s.scalar(select(func.count(Answer.id))))
        assert total == len(self.sent)

    @invariant()
    def the_deadline_moves_by_what_is_written_down(self) -> None:
        attempt = timed.attempt(self.sitting)
        granted = timed.grants(self.sitting)
        seconds = timed.EXAM_S + sum(seconds for _, seconds in granted)
        assert attempt.deadline == NOW + timedelta(seconds=seconds) - self.given_up
        spans = timed.spans(self.sitting)
        assert spans[-1].deadline == attempt.deadline
        assert sum(kind == "break" for kind, _ in granted) + bool(attempt.paused_at) <= 1
        assert sum(s for kind, s in granted if kind == "drop") <= 600

    @invariant()
    def it_ends_once_and_the_score_follows(self) -> None:
        attempt = timed.attempt(self.sitting)
        over = attempt.state in ("submitted", "expired")
        ends = JournalEntry.event.in_(["attempt.submitted", "attempt.expired"])
        count = timed.read(self.sitting, lambda s: s.scalar(select(func.count()).where(ends)))
        assert count == over
        assert (attempt.ended_at is not None) == over
        if over:
            assert attempt.paused_at is None
            assert attempt.ended_at is not None
            assert attempt.deadline is not None
            assert attempt.ended_at <= attempt.deadline + GRACE
            assert timed.read(self.sitting, scoring.rescore_check) == []


@pytest.mark.parametrize("runs", [5, pytest.param(500, marks=pytest.mark.proof)])
def test_any_order_ends_validly_and_loses_nothing(any_app: Flask, cast: Cast, runs: int) -> None:
    """The proof runs 500 interleavings on each database: 1,000 together."""

    class Here(TimedOrder):
        pass

    Here.cast = cast
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=runs,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

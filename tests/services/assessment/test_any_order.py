"""Whatever happens in whatever order: nothing acknowledged is lost, and an attempt ends once."""

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

from models.assessment import Answer, Attempt, AttemptItem, AttemptOpening
from models.competencies import Estimate, Evidence
from models.journal import JournalEntry
from services.assessment import expiry, scoring
from services.assessment.delivery import Outcome
from services.assessment.responding import counted_answers
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import Sitting, sit

LIMIT_S = 300
POSITIONS = st.integers(1, 3)
Key = tuple[int, int, int]  # position, lease, sequence


class AnyOrder(RuleBasedStateMachine):
    """Devices that open, save, repeat, come late and hand in, against a plain model of it."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.empty()
        self.sitting: Sitting = sit(self.cast, limit_s=LIMIT_S)
        self.letters = {q.position: q.option_order for q in self.sitting.asked()[:3]}
        self.kinds = {q.position: q.item.kind for q in self.sitting.asked()[:3]}
        self.leases = 1
        self.sent: dict[Key, dict[str, object]] = {}
        self.acknowledged: dict[Key, dict[str, object]] = {}
        self.over = False

    def empty(self) -> None:
        with self.cast.app.app_context(), writing() as session:
            for table in (Estimate, Evidence, Answer, AttemptItem, AttemptOpening, Attempt):
                session.execute(delete(table))
            session.execute(delete(JournalEntry))

    def response(self, position: int, pick: int) -> dict[str, object]:
        """One of several valid answers; an empty one clears."""
        letters = self.letters[position]
        match self.kinds[position]:
            case "single" | "sjt":
                return {"choice": letters[pick % len(letters)]}
            case "multiple":
                return {"choices": sorted(letters[: pick % (len(letters) + 1)])} if pick else {}
            case "numeric":
                return {"value": str(pick)}
            case "ordering":
                turn = pick % len(letters)
                return {"order": list(letters[turn:] + letters[:turn])}
            case _:
                return {"pairs": {"a": letters[pick % len(letters)]}}

    @property
    def time_is_over(self) -> bool:
        return self.sitting.now > NOW + timedelta(seconds=LIMIT_S + 5)

    def send(self, key: Key, response: dict[str, object]) -> None:
        position, lease, sequence = key
        saved = self.sitting.save(position, response, lease=lease, sequence=sequence)
        if key in self.sent:
            repeats = self.sent[key] == response
            assert (saved.outcome is Outcome.TAKEN) != repeats
            assert not repeats or (saved.outcome is Outcome.SAVED) == (key in self.acknowledged)
            self.over = self.over or self.time_is_over  # whoever comes late writes the end
            return
        self.sent[key] = response
        if self.over or self.time_is_over:
            assert saved.outcome is Outcome.LATE
            self.over = True
        elif lease < self.leases:
            assert saved.outcome is Outcome.STALE
        else:
            assert saved.outcome is Outcome.SAVED
            self.acknowledged[key] = response

    @rule(
        position=POSITIONS,
        sequence=st.integers(1, 6),
        pick=st.integers(0, 4),
        back=st.integers(0, 2),
    )
    def save(self, position: int, sequence: int, pick: int, back: int) -> None:
        lease = max(1, self.leases - back)
        self.send((position, lease, sequence), self.response(position, pick))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.sent)))
        self.send(key, self.sent[key])

    @rule()
    def open(self) -> None:
        lease = self.sitting.open()
        if self.over or self.time_is_over:
            assert lease is None
            self.over = True
        else:
            self.leases += 1
            assert lease == self.leases

    @rule(seconds=st.integers(1, 120))
    def wait(self, seconds: int) -> None:
        self.sitting.wait(seconds)

    @rule()
    def submit(self) -> None:
        self.sitting.submit()
        self.over = True

    @rule()
    def sweep(self) -> None:
        with self.cast.app.app_context(), writing() as session:
            ended = expiry.expire_due(session, self.sitting.now)
        assert ended == (self.time_is_over and not self.over)
        self.over = self.over or bool(ended)

    @invariant()
    def what_counts_is_the_highest_acknowledged(self) -> None:
        expected: dict[int, tuple[Key, dict[str, object]]] = {}
        for key in sorted(self.acknowledged):
            expected[key[0]] = (key, self.acknowledged[key])
        with self.cast.app.app_context(), reading() as session:
            found = counted_answers(session, self.sitting.attempt_id)
            rows = session.scalar(select(func.count(Answer.id)))
        assert {
            position: ((a.position, a.lease, a.sequence), a.response)
            for position, a in found.items()
        } == expected
        assert rows == len(self.sent)

    @invariant()
    def it_ends_once_and_the_score_follows_from_the_answers(self) -> None:
        with self.cast.app.app_context(), reading() as session:
            state = session.scalars(select(Attempt.state)).one()
            ends = session.scalars(
                select(JournalEntry.event).where(
                    JournalEntry.event.in_(["attempt.submitted", "attempt.expired"])
                )
            ).all()
            assert (state != "running") == self.over
            assert len(ends) == self.over
            assert scoring.rescore_check(session) == []


@pytest.mark.parametrize("runs", [8, pytest.param(200, marks=pytest.mark.proof)])
def test_nothing_acknowledged_is_ever_lost(app: Flask, cast: Cast, runs: int) -> None:
    class Here(AnyOrder):
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

"""Several requests at the same moment: one outcome, and no answer between the chairs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask
from sqlalchemy import func, select

from models.assessment import Answer, Attempt
from models.journal import JournalEntry
from services.assessment import expiry, scoring, starting
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import Sitting, right_payload, sit

T = TypeVar("T")


def at_once(deeds: list[Callable[[], T]]) -> list[T]:
    """Run every deed in a thread of its own, all from the same moment on."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], T]) -> T:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [done.result(60) for done in [pool.submit(run, deed) for deed in deeds]]


def events(cast: Cast, name: str) -> int:
    with cast.app.app_context(), reading() as session:
        found = select(func.count()).where(JournalEntry.event == name)
        return session.scalar(found) or 0


def test_five_starts_are_one(any_app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")

    def start() -> int:
        with cast.app.app_context(), writing() as session:
            return starting.start_form(session, lin, "placement", "en", 1, NOW)

    assert len(set(at_once([start] * 5))) == 1
    assert events(cast, "attempt.started") == 1


def test_saves_submits_and_the_sweeper_agree(any_app: Flask, cast: Cast) -> None:
    """Whatever comes in first: the score follows from exactly the answers that count."""
    sitting = sit(cast, limit_s=60)
    sitting.wait(50)
    asked = sitting.asked()
    late = Sitting(cast.app, sitting.actor, sitting.attempt_id, sitting.now, lease=1)
    late.wait(20)

    def save(position: int) -> object:
        payload = right_payload(asked[position - 1].item)
        return sitting.save(position, payload, sequence=position)

    def sweep() -> object:
        with cast.app.app_context(), writing() as session:
            return expiry.expire_due(session, late.now)

    deeds: list[Callable[[], object]] = [sitting.submit, sitting.submit, late.submit, sweep]
    deeds += [lambda n=n: save(n) for n in range(1, 9)]  # type: ignore[misc]
    at_once(deeds)
    assert events(cast, "attempt.submitted") + events(cast, "attempt.expired") == 1
    with cast.app.app_context(), reading() as session:
        assert scoring.rescore_check(session) == []
        assert session.scalar(select(func.count(Answer.id))) == 8
        assert session.scalars(select(Attempt.state)).one() in ("submitted", "expired")


def test_one_answer_sent_five_times_is_one_row(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    payload = right_payload(sitting.asked()[0].item)
    saved = at_once([lambda: sitting.save(1, payload, sequence=1)] * 5)
    assert len(set(saved)) == 1
    with cast.app.app_context(), reading() as session:
        assert session.scalar(select(func.count(Answer.id))) == 1

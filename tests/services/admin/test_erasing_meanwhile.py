"""Somebody is erased while requests of theirs are under way: nothing of them comes back."""

from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from jobs import erasing as jobs
from models.accounts import Person
from models.assessment import Answer
from models.competencies import Evidence
from models.journal import OutboxEntry
from services.accounts import settings
from services.accounts.people import end_sessions
from services.admin import erasing
from services.assessment import submission
from services.competencies import ledger
from services.errors import NotFound
from services.library import catalogue
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.admin import canary
from tests.services.assessment.sitting import right_payload, sit
from tests.services.assessment.test_at_once import at_once
from tests.services.competencies.samples import observations

TEXT = "Dear buyer, kestrel heron wagtail: we ship on Friday."


def erased(app: Flask, cast: Cast, name: str) -> None:
    with app.app_context(), writing() as session:
        erasing.ask_erasure(session, cast.actor("anna"), cast.ids[name], NOW)
    with app.app_context():
        assert erasing.carry_out(Path(app.instance_path), cast.ids[name], NOW)


def once_more(app: Flask) -> None:
    """Do what was left for later, as the job process does it."""
    with app.app_context(), reading() as session:
        waiting = session.execute(
            select(OutboxEntry.data, OutboxEntry.due_at).where(OutboxEntry.task == erasing.AGAIN)
        ).all()
    assert [row.due_at for row in waiting] == [NOW + erasing.AGAIN_AFTER]
    with app.app_context():
        for data, _ in waiting:
            jobs.TASKS[erasing.AGAIN](data)


def test_what_was_under_way_is_emptied_once_more(any_app: Flask, cast: Cast) -> None:
    """Requests that were let in before, and held up until the erasure was through."""
    sitting = sit(cast, "lin")
    words = next(
        (q for q in sitting.asked() if q.item.kind in ("short", "open")), sitting.asked()[0]
    )
    erased(any_app, cast, "lin")
    with any_app.app_context(), writing() as session:
        settings.save(session, sitting.actor, canary.NAME, "en", "dark", NOW)
    sitting.save(words.position, right_payload(words.item))
    with any_app.app_context(), reading() as session:
        assert "person" in canary.traced(canary.dumped(session.connection())), "it came in late"
    once_more(any_app)
    with any_app.app_context(), reading() as session:
        assert canary.traced(canary.dumped(session.connection())) == {}
        kept = session.get(Person, cast.lin)
        assert kept is not None
        assert (kept.name, kept.theme, kept.erased_at) == ("[erased]", None, NOW)


def test_once_more_is_for_those_who_were_erased(app: Flask, cast: Cast) -> None:
    with app.app_context():
        assert not erasing.once_more(cast.lin, NOW)
        assert not erasing.once_more(987_654_321, NOW)
    with app.app_context(), reading() as session:
        assert session.scalar(select(Person.name).where(Person.id == cast.lin)) == "Lin Yue"


def test_nothing_is_recorded_under_a_subject_that_is_gone(any_app: Flask, cast: Cast) -> None:
    subject = cast.actor("lin").subject
    erased(any_app, cast, "lin")
    with any_app.app_context(), reading() as session:
        rule = catalogue.framework(session).standard_id
        seen = observations(session, ("C1-P01",), (1,))
    with pytest.raises(NotFound), any_app.app_context(), writing() as session:
        ledger.record(session, subject, seen, rule, NOW)
    with any_app.app_context(), reading() as session:
        assert session.scalar(select(Evidence.id).where(Evidence.subject == subject)) is None


def test_handing_in_and_being_erased_at_once(any_app: Flask, cast: Cast) -> None:
    """Whatever comes first, all evidence stands under subjects that somebody has."""
    sitting = sit(cast, "lin")
    for question in sitting.asked()[:3]:
        sitting.save(question.position, right_payload(question.item))

    def hand_in() -> str:
        try:
            with any_app.app_context(), writing() as session:
                submission.submit(session, sitting.actor, sitting.attempt_id, sitting.now)
        except NotFound:
            return "gone"
        return "done"

    def erase() -> str:
        erased(any_app, cast, "lin")
        return "done"

    assert at_once([hand_in, erase])[1] == "done"
    with any_app.app_context(), reading() as session:
        subjects = set(session.scalars(select(Evidence.subject).distinct()))
        assert subjects <= set(session.scalars(select(Person.subject)))
        assert sitting.actor.subject not in subjects


class Slow(BytesIO):
    """A body whose sender waits with it until their sessions have ended."""

    def __init__(self, app: Flask, person_id: int, body: bytes) -> None:
        super().__init__(body)
        self._app, self._person_id, self._waits = app, person_id, True

    def _sign_out_first(self) -> None:
        if self._waits:
            self._waits = False
            thread = Thread(target=self._sign_out)
            thread.start()
            thread.join()

    def _sign_out(self) -> None:
        with self._app.app_context(), writing() as session:
            end_sessions(session, self._person_id)

    def read(self, size: int | None = -1) -> bytes:
        self._sign_out_first()
        return super().read(size)

    def readinto(self, buffer: object) -> int:
        self._sign_out_first()
        return super().readinto(buffer)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_slow_sender_acts_by_the_rights_of_the_end(kind: str, app: Flask, cast: Cast) -> None:
    sitting = sit(cast, "lin")
    body = b'{"position": 1, "lease": 1, "sequence": 1, "response": {}}'
    if "json" not in kind:
        body = b"position=1&lease=1&sequence=1"
    lin = Caller(app, cast.lin)
    answer = lin.client.post(
        f"/assess/attempts/{sitting.attempt_id}/answers",
        input_stream=Slow(app, cast.lin, body),
        headers={"X-CSRFToken": lin.token(), "Content-Length": str(len(body))},
        content_type=kind,
    )
    assert answer.status_code == 401
    with app.app_context(), reading() as session:
        assert session.scalar(select(Answer.id)) is None

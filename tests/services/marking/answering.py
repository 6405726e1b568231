"""Open answers to mark, and questions with a wrong key, for tests."""

from datetime import datetime
from typing import Any

import yaml
from flask import Flask
from sqlalchemy import func, insert, select

from domain.assessment.rubrics import Standing
from models.assessment import AttemptItem
from models.competencies import Evidence
from models.journal import JournalEntry, OutboxEntry
from models.library import Document, Revision
from services.accounts.people import add_member
from services.actor import SYSTEM
from services.assessment import scoring
from services.assessment.responding import Asked
from services.marking import contests, fixing, ratings
from services.marking.fixing import Outcome
from services.marking.ratings import RatingDraft
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.domain.assessment.samples import document, source
from tests.services.assessment.sitting import Sitting, sit
from tests.services.library.publishing import change, put

PATH = "items/C2/C2-W01.yaml"
TEXT = "Dear Ms Ortega, we quote FOB Ningbo at 3.60 a piece, valid until Friday."
RUBRIC = [
    {
        "criterion": "Says what the price covers",
        "points": 2,
        "levels": ["No rule is named", "A rule without a place", "Rule and place are named"],
    },
    {
        "criterion": "Says how long it holds",
        "points": 3,
        "levels": ["Not at all", "Soon", "A day without a year", "A full date"],
    },
]
REASON = "Another option is right as well, see the rule's article A9."
ANSWER = "Thank you: we looked at it again and decided this."


def put_open_item(app: Flask, **changes: Any) -> int:
    """Publish the open question, or a newer revision of it."""
    parts = {
        "id": "C2-W01",
        "rubric": RUBRIC,
        "words": {"least": 5, "most": 120},
        "why": "It quotes a price that somebody can accept.",
    }
    return put(app, PATH, source(document("open", **{**parts, **changes})))


def hand_in(cast: Cast, name: str = "lin", text: str = TEXT, now: datetime = NOW) -> int:
    """A placement with an open question at its end, handed in; the id of the open answer."""
    with cast.app.app_context(), reading() as session:
        revision_id = session.scalar(
            select(func.max(Revision.id))
            .join(Document, Document.id == Revision.document_id)
            .where(Document.key == "C2-W01")
        )
    if revision_id is None:
        revision_id = put_open_item(cast.app)
    sitting = sit(cast, name, now=now)
    position = len(sitting.asked()) + 1
    with cast.app.app_context(), writing() as session:
        answer_id = session.execute(
            insert(AttemptItem)
            .values(
                attempt_id=sitting.attempt_id,
                position=position,
                revision_id=revision_id,
                competency="C2",
                option_order=[],
            )
            .returning(AttemptItem.id)
        ).scalar_one()
    if text:
        sitting.save(position, {"text": text})
    sitting.submit()
    return int(answer_id)


def join_trainer(cast: Cast, key: str = "noor", name: str = "Noor Haan") -> None:
    """A third trainer joins the cast."""
    email = f"{key}@beilun.example"
    with cast.app.app_context(), writing() as session:
        cast.ids[key] = add_member(session, SYSTEM, name, email, ("trainer",), NOW)


def attempt_of(cast: Cast, answer_id: int) -> int:
    with cast.app.app_context(), reading() as session:
        statement = select(AttemptItem.attempt_id).where(AttemptItem.id == answer_id)
        return session.execute(statement).scalar_one()


def rate(
    cast: Cast, name: str, answer_id: int, marks: tuple[int, int], note: str = "", **more: Any
) -> Standing:
    """One rating of the two criteria. settling: sent from the page of a third rater."""
    scores = dict(zip("ab", marks, strict=True))
    draft = RatingDraft(scores, note, more.get("settling", False))
    with cast.app.app_context(), writing() as session:
        return ratings.rate(session, cast.actor(name), answer_id, draft, more.get("now", NOW))


def lines_of(cast: Cast, answer_id: int) -> list[tuple[int, int, float]]:
    """Mark, most and weight of everything that the ledger holds of an answer, oldest first."""
    columns = (Evidence.mark, Evidence.max_mark, Evidence.weight)
    with cast.app.app_context(), reading() as session:
        statement = select(*columns).where(Evidence.source_id == answer_id).order_by(Evidence.id)
        return [(mark, most, weight) for mark, most, weight in session.execute(statement)]


def differences(cast: Cast) -> list[scoring.Difference]:
    with cast.app.app_context(), reading() as session:
        return scoring.rescore_check(session)


def events(cast: Cast, name: str) -> int:
    with cast.app.app_context(), reading() as session:
        found = select(func.count()).where(JournalEntry.event == name)
        return session.scalar(found) or 0


def asked_for(cast: Cast, task: str) -> list[dict[str, Any]]:
    """The data of every piece of work of one kind that was left in the outbox."""
    with cast.app.app_context(), reading() as session:
        statement = select(OutboxEntry.data).where(OutboxEntry.task == task)
        return list(session.scalars(statement.order_by(OutboxEntry.id)))


def path_of(question: Asked) -> str:
    return f"items/{question.item.home}/{question.item.id}.yaml"


def single(sitting: Sitting) -> Asked:
    """The attempt's first single-choice question."""
    return next(question for question in sitting.asked() if question.item.kind == "single")


def rekeyed(app: Flask, question: Asked, place: int) -> int:
    """Publish a revision whose key is the option at a place from 0; gives back its id."""

    def edit(text: str) -> str:
        fields = yaml.safe_load(text)
        for number, option in enumerate(fields["options"]):
            option.pop("key", None)
            if number == place:
                option["key"] = True
        return source(fields)

    return change(app, path_of(question), edit)


def contest(cast: Cast, name: str, attempt_id: int, position: int, reason: str = REASON) -> str:
    with cast.app.app_context(), writing() as session:
        actor = cast.actor(name)
        return contests.contest(session, actor, attempt_id, position, reason, NOW)


def decide(
    cast: Cast,
    revision_id: int,
    outcome: Outcome,
    mending_id: int | None = None,
    name: str = "tao",
    answer: str = ANSWER,
) -> None:
    with cast.app.app_context(), writing() as session:
        actor = cast.actor(name)
        fixing.decide(session, actor, revision_id, outcome, mending_id, answer, NOW)

"""Marking an open answer: two raters blindly, a third where they are too far apart.

Nobody claims an answer before marking it. Two who send at once are put in order by a lock on the
answer, and UNIQUE rules keep doubles out whatever happens.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.items import Open
from domain.assessment.responses import Text, word_count
from domain.assessment.rubrics import Stage, Standing, standing, total
from domain.records import frozen
from models.accounts import FreeText
from models.assessment import Attempt, AttemptItem
from models.marking import Rating
from services import journal
from services.actor import Actor
from services.assessment.access import GREATEST_ID
from services.assessment.inserting import InsertOnce
from services.assessment.responding import Asked, asked
from services.assessment.scoring import ENDED, UNSCORED, score
from services.errors import Conflict, Invalid, NotFound
from services.marking import texts
from services.roles import trainer

MOST_NOTE = 2000
NOTE = "rating"
_insert_rating = InsertOnce(
    Rating,
    Rating.__table__.c.id,
    (
        "attempt_item_id",
        "item_revision_id",
        "rater_id",
        "round",
        "scores",
        "mark",
        "note_id",
        "rated_at",
    ),
)


@frozen
class RatingDraft:
    """Marks on their way in. scores: letter of a criterion -> points.

    settling: sent from a page that showed two marks too far apart, and not blindly.
    """

    scores: Mapping[str, int]
    note: str
    settling: bool


@frozen
class GivenRating:
    """One rating as it was given, without the rater's name. own: by the one who looks."""

    round: int
    scores: Mapping[str, int]
    mark: int
    note: str | None
    own: bool


@frozen
class OpenAnswer:
    """An answer that its raters may see: nothing of the person who gave it.

    ratings: what this actor may see of them: their own; all of them once they settle it, or once
    it is final.
    """

    id: int
    attempt_id: int
    question: Asked
    item: Open
    text: str
    standing: Standing
    ratings: tuple[GivenRating, ...]

    @property
    def words(self) -> int:
        return word_count(self.text)

    @property
    def may_rate(self) -> bool:
        """Whether this actor's marks are wanted."""
        return self.standing.stage is not Stage.FINAL and not any(r.own for r in self.ratings)


def open_answer(
    session: Session, actor: Actor, answer_id: int, *, lock: bool = False
) -> OpenAnswer:
    """The answer, for a trainer who did not give it; raises NotFound and Forbidden.

    lock: hold it until the transaction ends, so that ratings come one by one.
    """
    rater_id = trainer(actor)
    if answer_id > GREATEST_ID:
        raise NotFound
    statement = (
        select(AttemptItem.attempt_id, AttemptItem.position)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(
            AttemptItem.id == answer_id,
            Attempt.state.in_(ENDED),
            Attempt.purpose != UNSCORED,
            Attempt.person_id != rater_id,
        )
    )
    if lock:
        statement = statement.with_for_update(of=AttemptItem)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    question = asked(session, row.attempt_id, [row.position])[0]
    item, response = question.item, question.response
    if not isinstance(item, Open) or not isinstance(response, Text) or question.struck:
        raise NotFound
    given = _given(session, question, rater_id)
    found = standing({rating.round: rating.mark for rating in given})
    ratings = tuple(rating for rating in given if rating.own or _shown(found, given))
    return OpenAnswer(answer_id, row.attempt_id, question, item, response.text, found, ratings)


def _shown(found: Standing, given: list[GivenRating]) -> bool:
    """Others' marks are seen by those who settle and after the end, never by a blind rater."""
    settles = found.stage is Stage.THIRD and not any(rating.own for rating in given)
    return settles or found.stage is Stage.FINAL


def _given(session: Session, question: Asked, rater_id: int) -> list[GivenRating]:
    rows = session.execute(
        select(Rating.round, Rating.scores, Rating.mark, FreeText.body, Rating.rater_id)
        .outerjoin(FreeText, FreeText.id == Rating.note_id)
        .where(
            Rating.attempt_item_id == question.id,
            Rating.item_revision_id == question.revision_id,
        )
        .order_by(Rating.round)
    )
    return [
        GivenRating(row.round, row.scores, row.mark, row.body, row.rater_id == rater_id)
        for row in rows
    ]


def rate(
    session: Session, actor: Actor, answer_id: int, draft: RatingDraft, now: datetime
) -> Standing:
    """Keep one rating; where it makes the mark final, score the attempt in the same transaction.

    The same marks sent twice are one rating. Raises NotFound, Invalid naming `scores` or `note`,
    and Conflict where no such rating is wanted any more, with the OpenAnswer as it stands.
    """
    rater_id = trainer(actor)
    answer = open_answer(session, actor, answer_id, lock=True)
    scores = dict(draft.scores)
    note = texts.cleaned(draft.note, "note", 0, MOST_NOTE)
    own = next((rating for rating in answer.ratings if rating.own), None)
    if own is not None and (dict(own.scores), own.note or "") == (scores, note):
        return answer.standing
    settles = answer.standing.stage is Stage.THIRD
    if not answer.may_rate or settles is not draft.settling:
        raise Conflict(current=answer)
    try:
        mark = total(answer.item.rubric, scores)
    except ValueError as error:
        raise Invalid(fields={"scores": str(error)}) from None
    about = answer.standing.round
    row: dict[str, Any] = {
        "attempt_item_id": answer_id,
        "item_revision_id": answer.question.revision_id,
        "rater_id": rater_id,
        "round": about,
        "scores": scores,
        "mark": mark,
        "note_id": texts.keep(session, rater_id, NOTE, answer_id, note, now) if note else None,
        "rated_at": now,
    }
    if _insert_rating(session, **row) is None:
        raise Conflict(current=answer)
    return _settled(session, actor, answer, about, now)


def _settled(
    session: Session, actor: Actor, answer: OpenAnswer, about: int | None, now: datetime
) -> Standing:
    """Score the attempt where the mark is final now, and note what happened."""
    rater_id = trainer(actor)
    totals = {r.round: r.mark for r in _given(session, answer.question, rater_id)}
    found = standing(totals)
    if found.stage is Stage.FINAL:
        score(session, answer.attempt_id, now)
    journal.append(session, actor, "answer.rated", "answer", answer.id, now, round=about)
    if found.stage is Stage.FINAL:
        journal.append(session, actor, "answer.marked", "answer", answer.id, now)
    return found

"""Interviewers' scorecards: each rates alone, and sees the others' when their own is handed in.

What is handed in flows into the evidence ledger as rated (services/competencies/rated.py) and moves
no measured number.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import combinations

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.agreement import Agreement, agreement
from domain.records import frozen
from models.accounts import FreeText, Person
from models.selection import InterviewRating, Scorecard
from services import journal
from services.actor import Actor
from services.competencies import rated
from services.competencies.rated import Rating
from services.errors import Conflict, Invalid
from services.hiring import candidacies, interviewing
from services.hiring.deciding import MOST, insert_text
from services.hiring.interviewing import GuidePage, GuideQuestion

ABOUT = "scorecard"
LEVELS = (1, 2, 3, 4, 5)


@frozen
class Typed:
    """What an interviewer typed about one question. level: None where it was not asked."""

    level: int | None
    note: str


@frozen
class Given:
    """One interviewer's rating of one question."""

    by: str
    level: int | None
    note: str


@frozen
class Row:
    """A question with the reader's own rating, and others' once they may be seen."""

    question: GuideQuestion
    own: Typed
    others: tuple[Given, ...]


@frozen
class ScorecardPage:
    """The reader's scorecard. waiting: how many others have handed in and are still hidden.

    agreement: over all questions that two interviewers rated; None without any, or while hidden.
    """

    guide: GuidePage
    rows: tuple[Row, ...]
    submitted_at: datetime | None
    waiting: int
    agreement: Agreement | None


def scorecard_page(
    session: Session, actor: Actor, application_id: int, lang: str, now: datetime
) -> ScorecardPage:
    """The guide with blank or own ratings; raises NotFound. Needs a writing session."""
    guide = interviewing.guide_page(session, actor, application_id, lang, now)
    own = _card(session, actor, application_id)
    submitted_at = own.submitted_at if own else None
    mine = _ratings(session, [own.id]) if own else {}
    handed_in = [
        card
        for card in session.scalars(
            select(Scorecard)
            .where(Scorecard.application_id == application_id, Scorecard.submitted_at.is_not(None))
            .order_by(Scorecard.submitted_at, Scorecard.id)
        )
        if own is None or card.id != own.id
    ]
    seen = _ratings(session, [card.id for card in handed_in]) if submitted_at else {}
    rows = tuple(
        Row(
            question,
            _own(mine.get(question.key, [])),
            tuple(given for _, given in seen.get(question.key, [])),
        )
        for question in guide.questions
    )
    told = _agreement(mine, seen) if submitted_at else None
    return ScorecardPage(guide, rows, submitted_at, 0 if submitted_at else len(handed_in), told)


def keep(
    session: Session,
    actor: Actor,
    application_id: int,
    typed: Mapping[str, Typed],
    hand_in: bool,
    lang: str,
    now: datetime,
) -> None:
    """Keep what was rated so far, or hand it in: from then on it stands as it is.

    typed: key of a question -> what was typed. Raises NotFound, Conflict after handing in, and
    Invalid for a level that there is not, a text too long, or a card handed in without a rating.
    """
    found, _ = interviewing.ended(session, actor, application_id)
    candidacies.hold(session, [application_id])
    questions = {one.key: one for one in interviewing.questions(session, found, lang)}
    faults = {
        key: "rate from 1 to 5"
        for key, one in typed.items()
        if (one.level is not None and one.level not in LEVELS) or len(one.note) > MOST
    }
    if faults or not set(typed) <= set(questions):
        raise Invalid(fields=faults or {"ratings": "the guide has changed; reload the page"})
    if hand_in and all(one.level is None for one in typed.values()):
        raise Invalid(fields={"ratings": "rate at least one question"})
    card = _card(session, actor, application_id)
    if card is not None and card.submitted_at is not None:
        raise Conflict("This scorecard was handed in.")
    card_id = card.id if card else _insert(session, actor, application_id, now)
    made = _replace(session, actor, application_id, card_id, typed, questions, now)
    if not hand_in:
        return
    session.execute(update(Scorecard).where(Scorecard.id == card_id).values(submitted_at=now))
    lines = [
        Rating(rating_id, questions[key].competency, questions[key].revision_id, level, now)
        for key, rating_id in made.items()
        if (level := typed[key].level) is not None
    ]
    rated.record(session, found.subject, lines, now)
    journal.append(
        session, actor, "scorecard.handed_in", "application", application_id, now,
        ratings=len(lines),
    )  # fmt: skip


def _card(session: Session, actor: Actor, application_id: int) -> Scorecard | None:
    return session.scalar(
        select(Scorecard).where(
            Scorecard.application_id == application_id, Scorecard.person_id == actor.person_id
        )
    )


def _insert(session: Session, actor: Actor, application_id: int, now: datetime) -> int:
    made = session.execute(
        insert(Scorecard)
        .values(application_id=application_id, person_id=actor.person_id, begun_at=now)
        .returning(Scorecard.id)
    )
    return int(made.scalar_one())


def _replace(
    session: Session,
    actor: Actor,
    application_id: int,
    card_id: int,
    typed: Mapping[str, Typed],
    questions: Mapping[str, GuideQuestion],
    now: datetime,
) -> dict[str, int]:
    """Put the ratings of a draft in the place of those before; key -> number of the rating."""
    old = session.scalars(
        delete(InterviewRating)
        .where(InterviewRating.scorecard_id == card_id)
        .returning(InterviewRating.note_id)
    ).all()
    session.execute(delete(FreeText).where(FreeText.id.in_([one for one in old if one])))
    made = {}
    for key, one in typed.items():
        note = one.note.strip()
        if one.level is None and not note:
            continue
        note_id = insert_text(session, actor, ABOUT, application_id, note, now) if note else None
        made[key] = session.execute(
            insert(InterviewRating)
            .values(
                scorecard_id=card_id,
                competency=questions[key].competency,
                subtopic=questions[key].subtopic,
                guide_revision_id=questions[key].revision_id,
                level=one.level,
                note_id=note_id,
            )
            .returning(InterviewRating.id)
        ).scalar_one()
    return made


def _ratings(session: Session, card_ids: list[int]) -> dict[str, list[tuple[int, Given]]]:
    """Key of a question -> (card, rating) in the order of handing in."""
    rows = session.execute(
        select(
            InterviewRating.competency,
            InterviewRating.subtopic,
            InterviewRating.scorecard_id,
            Person.name,
            InterviewRating.level,
            FreeText.body,
        )
        .join(Scorecard, Scorecard.id == InterviewRating.scorecard_id)
        .join(Person, Person.id == Scorecard.person_id)
        .outerjoin(FreeText, FreeText.id == InterviewRating.note_id)
        .where(InterviewRating.scorecard_id.in_(card_ids))
        .order_by(Scorecard.submitted_at, Scorecard.id)
    )
    found: dict[str, list[tuple[int, Given]]] = {}
    for row in rows:
        given = Given(row.name, row.level, row.body or "")
        found.setdefault(f"{row.competency}-{row.subtopic}", []).append((row.scorecard_id, given))
    return found


def _own(mine: list[tuple[int, Given]]) -> Typed:
    return Typed(mine[0][1].level, mine[0][1].note) if mine else Typed(None, "")


def _agreement(
    mine: Mapping[str, list[tuple[int, Given]]], others: Mapping[str, list[tuple[int, Given]]]
) -> Agreement | None:
    """How far interviewers agree, over every question and every two of them who rated it."""
    pairs = []
    for key in {*mine, *others}:
        levels = [
            given.level
            for _, given in [*mine.get(key, []), *others.get(key, [])]
            if given.level is not None
        ]
        pairs += list(combinations(levels, 2))
    return agreement(pairs)

"""The page of quizzes and assessments: what is next, what is open, what has ended."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, is_late
from domain.records import frozen
from models.assessment import Attempt
from models.competencies import SelfRating
from models.library import Revision
from services.actor import Actor
from services.library import catalogue
from services.library.catalogue import RevisionText

MOST_LISTED = 100
QUIZZES = ("quiz", "unit")
RATED = 7  # the practices that a self-rating covers


@frozen
class AttemptLine:
    """An attempt in a list; titles: language -> title of its form or lesson."""

    id: int
    purpose: str
    form_key: str
    titles: dict[str, str]
    state: AttemptState
    started_at: datetime | None
    ended_at: datetime | None


@frozen
class FormCard:
    """A form that a learner may take, with the attempt at it, if there is one.

    parts: sections with clocks of their own, 0 without any.
    """

    key: str
    titles: dict[str, str]
    competency: str
    items: int
    minutes: int
    parts: int
    attempt_id: int | None
    state: AttemptState | None

    @property
    def ended(self) -> bool:
        return self.state in (AttemptState.SUBMITTED, AttemptState.EXPIRED)


@frozen
class IndexPage:
    """rated: practices with a self-rating, of 7; quizzes: open ones; ended: newest first.

    kinds: forms to practise the kinds of question with; exams: those with a clock, a retest only
    once an exam has ended.
    """

    rated: int
    placement: FormCard | None
    narrow: tuple[FormCard, ...]
    kinds: tuple[FormCard, ...]
    exams: tuple[FormCard, ...]
    quizzes: tuple[AttemptLine, ...]
    ended: tuple[AttemptLine, ...]

    @property
    def has_rated(self) -> bool:
        return self.rated >= RATED


def index_page(session: Session, actor: Actor, now: datetime) -> IndexPage:
    """Everything a learner can take or has taken; three statements however much it is."""
    rated = session.scalar(
        select(func.count(SelfRating.competency.distinct())).where(
            SelfRating.person_id == actor.person_id
        )
    )
    lines = _attempts(session, actor, now)
    forms = catalogue.published(session, "form")
    cards = {
        purpose: tuple(_card(form, lines) for form in forms if form.meta["purpose"] == purpose)
        for purpose in ("placement", "narrow", "practice", "exam", "retest")
    }
    ended = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
    return IndexPage(
        rated=rated or 0,
        placement=cards["placement"][0] if cards["placement"] else None,
        narrow=cards["narrow"],
        kinds=cards["practice"],
        exams=cards["exam"] + (cards["retest"] if any(c.ended for c in cards["exam"]) else ()),
        quizzes=tuple(a for a in lines if a.purpose in QUIZZES and a.state not in ended),
        ended=tuple(line for line in lines if line.state in ended),
    )


def _attempts(session: Session, actor: Actor, now: datetime) -> list[AttemptLine]:
    rows = session.execute(
        select(
            Attempt.id,
            Attempt.purpose,
            Attempt.form_key,
            Attempt.state,
            Attempt.deadline,
            Attempt.paused_at,
            Attempt.started_at,
            Attempt.ended_at,
            Revision.title,
            Revision.meta["title"].label("titles"),
        )
        .join(Revision, Revision.id == Attempt.form_revision_id)
        .where(Attempt.person_id == actor.person_id)
        .order_by(Attempt.id.desc())
        .limit(MOST_LISTED)
    )
    found = []
    for row in rows:
        state = AttemptState(row.state)
        resting = row.paused_at is not None
        if state is AttemptState.RUNNING and not resting and is_late(now, row.deadline):
            state = AttemptState.EXPIRED
        titles = row.titles if isinstance(row.titles, dict) else {"en": row.title}
        found.append(
            AttemptLine(
                row.id,
                row.purpose,
                row.form_key,
                titles,
                state,
                row.started_at,
                row.ended_at or row.deadline,
            )
        )
    return found


def _card(form: RevisionText, lines: list[AttemptLine]) -> FormCard:
    mine = next(
        (a for a in lines if a.form_key == form.key and a.purpose == form.meta["purpose"]), None
    )
    return FormCard(
        key=form.key,
        titles=form.meta["title"],
        competency=form.meta["items"][0].partition("-")[0],
        items=len(form.meta["items"]),
        minutes=form.meta["minutes"],
        parts=len(form.meta.get("sections", ())),
        attempt_id=mine.id if mine else None,
        state=mine.state if mine else None,
    )

"""What an ended attempt says: numbers as they were kept, what they added, and every answer.

All numbers of a page come from kept estimates or from the ledger as it stood then, so that the
page shows the same tomorrow.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import dropwhile, islice
from typing import TypedDict

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from domain.records import frozen
from models.assessment import Attempt, AttemptItem
from models.library import Document, Published
from services.actor import Actor
from services.assessment.access import OwnAttempt
from services.assessment.contested import Correction, contests_of, corrections
from services.assessment.effort import EffortLine, beside, rapid_ones
from services.assessment.responding import Asked, asked
from services.assessment.reviews import (
    OWN_PURPOSES,
    Counted,
    ItemReview,
    ended_attempt,
    reviews_of,
)
from services.assessment.scoring import SCOPE, SOURCE
from services.competencies import ledger, self_rating
from services.competencies.estimates import Kept, draw, kept_with_basis
from services.competencies.ledger import EvidenceLine
from services.competencies.presenting import (
    PracticeLine,
    ProfileView,
    practice_line,
    present,
)
from services.competencies.profile import Basis, Slice, lesson_for
from services.competencies.self_rating import Mirror
from services.library import catalogue
from services.library.catalogue import Framework, LessonLine, Outline

WHOLE = "placement"


@frozen
class Offer:
    """Six more questions on a practice. attempt_id, state: the sitting there is already, if any."""

    form_key: str
    code: str
    short: str
    se_points: float
    attempt_id: int | None
    state: str | None


@frozen
class Added:
    """What an attempt added to the whole profile: a practice before and after it."""

    before: PracticeLine
    after: PracticeLine
    counted: int
    met_before: int

    @property
    def moved(self) -> float:
        return self.after.points - self.before.points


@frozen
class ResultPage(Counted):
    """The result of an own ended attempt.

    view, mirror, offers: of a placement, else None and empty. added, reviews: of six more
    questions or a quiz. quiz_title: of the lesson or module that the quiz closes.
    effort: its own numbers without very fast answers, where there were some.
    corrections: of questions, by which its numbers changed afterwards.
    """

    attempt_id: int
    purpose: str
    form_key: str
    quiz_title: str | None
    ended_at: datetime
    expired: bool
    view: ProfileView | None
    mirror: Mirror | None
    added: tuple[Added, ...]
    offers: tuple[Offer, ...]
    next_lesson: LessonLine | None
    reviews: tuple[ItemReview, ...]
    effort: tuple[EffortLine, ...]
    corrections: tuple[Correction, ...]
    basis: Basis


def attempt_result(
    session: Session, actor: Actor, attempt_id: int, lang: str, now: datetime
) -> ResultPage:
    """The page of an own attempt that has ended; a constant number of statements.

    A placement's answers have a page of their own (`reviews.answers_page`), as they are many.
    Raises NotFound for another's attempt, a missing one, one that has not ended, and for purposes
    whose result is not the person's own page.
    """
    attempt, ended_at = ended_attempt(session, actor, attempt_id)
    framework = catalogue.framework(session)
    outline = catalogue.outline(session, lang)
    shown = kept_with_basis(session, SCOPE, [attempt_id]).get(attempt_id)
    as_of = shown.as_of if shown else ended_at
    end = _End(session, actor, attempt, shown, as_of, framework, outline, lang)
    parts = _whole(end) if attempt.purpose == WHOLE else _part(end)
    return ResultPage(
        attempt_id=attempt_id,
        purpose=attempt.purpose,
        form_key=attempt.form_key,
        ended_at=ended_at,
        expired=attempt.state is AttemptState.EXPIRED,
        corrections=corrections(session, attempt_id),
        basis=Basis(framework.standard.version, shown.ledger_id if shown else 0, as_of),
        **parts,
    )


@frozen
class _End:
    """An ended attempt with all that its page is made of. shown: None where nothing counted."""

    session: Session
    actor: Actor
    attempt: OwnAttempt
    shown: Kept | None
    as_of: datetime
    framework: Framework
    outline: Outline
    lang: str


class _Parts(TypedDict):
    quiz_title: str | None
    view: ProfileView | None
    mirror: Mirror | None
    added: tuple[Added, ...]
    offers: tuple[Offer, ...]
    next_lesson: LessonLine | None
    reviews: tuple[ItemReview, ...]
    effort: tuple[EffortLine, ...]


def _whole(end: _End) -> _Parts:
    """A placement: its own seven numbers, as they were kept."""
    questions = asked(end.session, end.attempt.id)
    found = end.shown.estimates if end.shown else {}
    levels = self_rating.levels(end.session, end.actor)
    view = present(found, end.framework, end.lang, levels)
    return {
        "quiz_title": None,
        "view": view,
        "mirror": self_rating.mirror(view, found, end.framework),
        "added": (),
        "offers": _offers(end.session, end.actor, view),
        "next_lesson": lesson_for(view.weakest, end.outline.open_lessons),
        "reviews": (),
        "effort": _effort(end, questions, rapid_ones(end.session, questions)),
    }


def _part(end: _End) -> _Parts:
    """A quiz or six more questions: the answers, and what they added to the whole profile."""
    questions = asked(end.session, end.attempt.id)
    contests = contests_of(end.session, end.attempt.id)
    rapid = rapid_ones(end.session, questions)
    reviews = reviews_of(
        questions, contests, rapid, end.framework, end.outline, end.lang, reveal=False
    )
    quiz = end.attempt.purpose == "quiz"
    titles = end.outline.quiz_titles(end.lang)
    key = end.attempt.form_key
    return {
        "quiz_title": titles.get(key),
        "view": None,
        "mirror": None,
        "added": _added(end, {question.id for question in questions}),
        "offers": (),
        "next_lesson": _following(key, end.outline) if quiz else _mending(reviews, end.outline),
        "reviews": reviews,
        "effort": _effort(end, questions, rapid),
    }


def _effort(end: _End, questions: Sequence[Asked], rapid: frozenset[int]) -> tuple[EffortLine, ...]:
    ids = [question.id for question in questions]
    subject, framework = end.actor.subject, end.framework
    return beside(end.session, subject, ids, rapid, end.shown, framework, end.lang)


def evidence_slice(session: Session, actor: Actor, attempt_id: int) -> Slice:
    """The part of the ledger that an own attempt's kept numbers rest on; raises NotFound."""
    _, ended_at = ended_attempt(session, actor, attempt_id)
    ids = session.scalars(select(AttemptItem.id).where(AttemptItem.attempt_id == attempt_id)).all()
    shown = kept_with_basis(session, SCOPE, [attempt_id]).get(attempt_id)
    if shown is None:
        return Slice(SOURCE, ids, 0, ended_at)
    return Slice(SOURCE, ids, shown.ledger_id, shown.as_of)


@frozen
class Source:
    """Where a line of evidence comes from: a question of an own attempt.

    quiz_title: of the lesson or module that a quiz closes.
    """

    attempt_id: int
    position: int
    purpose: str
    quiz_title: str | None


def sources(
    session: Session, actor: Actor, lines: Collection[EvidenceLine], lang: str
) -> dict[int, Source]:
    """The actor's own attempts behind lines of evidence, by the line's number."""
    by_source = {line.source_id: line.id for line in lines if line.source_kind == SOURCE}
    titles = catalogue.outline(session, lang).quiz_titles(lang)
    rows = session.execute(
        select(
            AttemptItem.id,
            AttemptItem.attempt_id,
            AttemptItem.position,
            Attempt.purpose,
            Attempt.form_key,
        )
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(
            AttemptItem.id.in_(list(by_source)),
            Attempt.person_id == actor.person_id,
            Attempt.purpose.in_(OWN_PURPOSES),
        )
    )
    return {
        by_source[row.id]: Source(
            row.attempt_id, row.position, row.purpose, titles.get(row.form_key)
        )
        for row in rows
    }


def _added(end: _End, own_ids: Collection[int]) -> tuple[Added, ...]:
    """Each practice that the attempt is evidence for, without it and with it, as it was then."""
    framework, lang, as_of = end.framework, end.lang, end.as_of
    up_to = end.shown.ledger_id if end.shown else None
    lines = ledger.evidence(end.session, end.actor.subject, as_of=as_of, up_to=up_to)
    own = [line for line in lines if line.source_kind == SOURCE and line.source_id in own_ids]
    codes = {line.competency for line in own}
    lines = [line for line in lines if line.competency in codes]
    after = draw(lines, framework, as_of)
    taken = {line.id for line in own}
    before = draw([line for line in lines if line.id not in taken], framework, as_of)
    weighed = Counter(line.competency for line in own if line.weight > 0)
    known = Counter(line.competency for line in own if line.weight == 0)
    return tuple(
        Added(
            practice_line(practice, before.get(practice.code), framework, lang),
            practice_line(practice, after.get(practice.code), framework, lang),
            weighed[practice.code],
            known[practice.code],
        )
        for practice in framework.competencies.values()
        if practice.code in codes
    )


_NARROW = (
    select(Document.key, Attempt.id, Attempt.state)
    .join(Published, Published.document_id == Document.id)
    .outerjoin(
        Attempt,
        and_(
            Attempt.form_key == Document.key,
            Attempt.person_id == bindparam("person"),
            Attempt.purpose == "narrow",
        ),
    )
    .where(
        Document.kind == "form",
        Document.key.in_(bindparam("keys", expanding=True)),
        Published.retired_at.is_(None),
    )
    .order_by(Attempt.id)
)


def _offers(session: Session, actor: Actor, view: ProfileView) -> tuple[Offer, ...]:
    """More questions per measured practice, the widest error first; one statement."""
    lines = {f"narrow-{line.code.lower()}": line for line in view.measured}
    rows = session.execute(_NARROW, {"person": actor.person_id, "keys": list(lines)})
    newest = {row.key: row for row in rows}
    offers = [
        Offer(key, lines[key].code, lines[key].short, lines[key].se_points, row.id, row.state)
        for key, row in newest.items()
    ]
    return tuple(sorted(offers, key=lambda offer: (-offer.se_points, offer.code)))


def _following(key: str, outline: Outline) -> LessonLine | None:
    """The lesson after the quiz's own."""
    later = dropwhile(lambda line: line.key != key, outline.open_lessons)
    return next(islice(later, 1, None), None)


def _mending(reviews: Sequence[ItemReview], outline: Outline) -> LessonLine | None:
    """The lesson that explains most of what went wrong; None where nothing did."""
    lost: Counter[str] = Counter()
    for review in reviews:
        lost[review.lesson_key] += review.max_mark - review.mark
    known = {line.key: line for line in outline.open_lessons}
    return next((known[key] for key, marks in lost.most_common() if marks and key in known), None)

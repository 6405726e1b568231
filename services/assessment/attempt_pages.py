"""The page of an attempt: the questions that may be seen now, the clock, and what helps there are.

Of a question no key and no reason is in it, but where its reasons were shown for good.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, remaining_seconds
from domain.assessment.clocks import current
from domain.records import frozen
from models.assessment import Answer, AttemptFlag, AttemptGrant
from services.actor import Actor
from services.assessment.access import OwnAttempt, own_attempt
from services.assessment.effort import rapid_ones
from services.assessment.grants import BREAK
from services.assessment.pages import Question, question_of
from services.assessment.responding import Asked, asked
from services.assessment.reviews import ItemReview, reviews_of
from services.assessment.rules import Chosen, Part, Rules, rules_of
from services.assessment.sections import spans_of
from services.library import catalogue


@frozen
class Aid:
    """What stands beside a question.

    hints: those that were opened; next_hint: number of the one that may be opened now, 0 for none;
    cost: its share of the evidence in per cent; may_check: whether reasons are shown at once;
    review: the answer with all reasons, once they were asked for: it is locked then.
    """

    flagged: bool
    hints: tuple[str, ...]
    next_hint: int
    cost: int
    may_check: bool
    review: ItemReview | None


@frozen
class Section:
    """The part that runs. number: counted from 1, of `count`; titles: language -> title."""

    number: int
    count: int
    titles: Mapping[str, str]

    @property
    def is_last(self) -> bool:
        return self.number == self.count


@frozen
class Leg:
    """How far an adaptive attempt is. number: of the part that runs, counted from 1, of `count`.

    titles: language -> the practice that it is about; least, most: how many questions a part has.
    """

    number: int
    count: int
    titles: Mapping[str, str]
    least: int
    most: int


@frozen
class AttemptPage:
    """An attempt as it stands.

    written: false while the deadline has passed and nobody has written the end yet;
    lease: the newest one; sequence: the highest that was used under it.
    questions: those that may be answered now; all, done: how many there are, and are answered, in
    the whole attempt; first, last: the bounds of
    the section, or of the attempt; forward: there is no way back among them.
    seconds_left: of the section, or of the attempt; whole_left: of the attempt.
    rests_until: the end of the break that runs; breaks_left: how many more may be taken.
    leg: of an adaptive attempt, whose `all` are the questions so far; None in a break.
    """

    id: int
    titles: Mapping[str, str]
    purpose: str
    state: AttemptState
    written: bool
    lease: int
    sequence: int
    deadline: datetime | None
    seconds_left: int | None
    whole_left: int | None
    section: Section | None
    forward: bool
    first: int
    last: int
    all: int
    done: int
    rests_until: datetime | None
    breaks_left: int
    break_minutes: int
    questions: tuple[Question, ...]
    aids: Mapping[int, Aid]
    leg: Leg | None = None

    @property
    def answered(self) -> int:
        return sum(question.answered for question in self.questions)

    @property
    def incomplete(self) -> tuple[Question, ...]:
        """Questions without an answer or with a part left open."""
        return tuple(question for question in self.questions if not question.complete)

    @property
    def flagged(self) -> tuple[Question, ...]:
        return tuple(
            question for question in self.questions if self.aids[question.position].flagged
        )

    @property
    def first_open(self) -> int:
        """The position to go on from: the first one left open, else the first."""
        found = self.questions if self.forward else self.incomplete or self.questions
        return found[0].position if found else 1

    def has(self, position: int | None) -> bool:
        """Whether a question is among those that may be answered now."""
        return any(question.position == position for question in self.questions)


def attempt_page(
    session: Session, actor: Actor, attempt_id: int, now: datetime, lang: str = "en"
) -> AttemptPage:
    """An attempt of the actor's, with its questions while it runs; seven statements at most,
    two more where reasons are shown, and one more where questions are chosen one by one.

    Past the deadline it reads as expired, although nobody may have written so yet; in a break
    there are no questions.
    """
    attempt = own_attempt(session, actor, attempt_id)
    rules = rules_of(session, attempt.form_revision_id)
    state = attempt.state_at(now)
    resting = attempt.paused_at is not None
    at_work = state is AttemptState.RUNNING and not resting
    moment = attempt.paused_at or now
    found = asked(session, attempt.id) if at_work else ()
    flags, breaks = _notes(session, attempt.id) if state is AttemptState.RUNNING else (set(), 0)
    part, ends_at = _part(session, attempt, rules, moment)
    shown, forward = _shown(found, rules, part)
    reviews = _reviews(session, shown, rules, lang)
    return AttemptPage(
        id=attempt.id,
        titles=rules.titles,
        purpose=attempt.purpose,
        state=state,
        written=state is attempt.state,
        lease=attempt.lease,
        sequence=_last_sequence(session, attempt) if at_work else 0,
        deadline=attempt.deadline,
        seconds_left=remaining_seconds(moment, ends_at),
        whole_left=remaining_seconds(moment, attempt.deadline),
        section=Section(part.number, len(rules.parts), part.titles) if part else None,
        forward=forward,
        first=part.first if part else 1,
        last=part.last if part else len(found),
        all=len(found),
        done=sum(bool(question.answer and question.answer.response) for question in found),
        rests_until=_rests_until(attempt, rules),
        breaks_left=max(0, rules.breaks - breaks) if attempt.deadline else 0,
        break_minutes=rules.break_minutes,
        questions=tuple(question_of(question) for question in shown),
        aids={q.position: _aid(q, rules, flags, reviews.get(q.position)) for q in shown},
        leg=_leg(session, found, rules.chosen) if rules.chosen and found else None,
    )


def _leg(session: Session, found: Sequence[Asked], chosen: Chosen) -> Leg:
    code = found[-1].competency
    number, titles = chosen.codes.index(code) + 1, catalogue.framework(session).competencies
    return Leg(number, len(chosen.codes), titles[code].short, chosen.least, chosen.most)


def _part(
    session: Session, attempt: OwnAttempt, rules: Rules, now: datetime
) -> tuple[Part | None, datetime | None]:
    """The section that runs now and its end; the attempt's own end where there is none."""
    if not rules.parts or attempt.started_at is None:
        return None, attempt.deadline
    spans = spans_of(session, attempt.id)
    # Between the end of the last section and the grace after it, the last is still shown.
    here = current(spans, now) or spans[-1]
    return rules.parts[here.number - 1], here.deadline


def _shown(found: Sequence[Asked], rules: Rules, part: Part | None) -> tuple[Sequence[Asked], bool]:
    """The questions of the section; without a way back, those from the last one reached on."""
    if part is not None:
        found = [question for question in found if part.first <= question.position <= part.last]
    forward = part.forward if part else rules.forward
    if forward:
        reached = max((q.position for q in found if q.answer is not None), default=0)
        found = [question for question in found if question.position >= reached]
    return found, forward


def _rests_until(attempt: OwnAttempt, rules: Rules) -> datetime | None:
    if attempt.paused_at is None or attempt.state is not AttemptState.RUNNING:
        return None
    return attempt.paused_at + timedelta(minutes=rules.break_minutes)


def _notes(session: Session, attempt_id: int) -> tuple[set[int], int]:
    """The questions that were flagged, and how many breaks were taken; one statement."""
    flags = select(AttemptFlag.position).where(AttemptFlag.attempt_id == attempt_id)
    breaks = select(-func.count(AttemptGrant.id)).where(
        AttemptGrant.attempt_id == attempt_id, AttemptGrant.kind == BREAK
    )
    numbers = session.scalars(union_all(flags, breaks)).all()
    return {n for n in numbers if n > 0}, -sum(n for n in numbers if n < 0)


def _last_sequence(session: Session, attempt: OwnAttempt) -> int:
    return int(
        session.scalar(
            select(func.coalesce(func.max(Answer.sequence), 0)).where(
                Answer.attempt_id == attempt.id, Answer.lease == attempt.lease
            )
        )
        or 0
    )


def _aid(question: Asked, rules: Rules, flags: set[int], review: ItemReview | None) -> Aid:
    item = question.item
    hints = () if item.is_secure else item.hints
    more = len(hints) > question.hints and review is None
    return Aid(
        flagged=question.position in flags,
        hints=tuple(hint.text for hint in hints[: question.hints]),
        next_hint=question.hints + 1 if more else 0,
        cost=round(100 * hints[question.hints].cost) if more else 0,
        may_check=rules.each and not item.is_secure and review is None,
        review=review,
    )


def _reviews(
    session: Session, questions: Sequence[Asked], rules: Rules, lang: str
) -> dict[int, ItemReview]:
    """The reasons of questions whose reasons were asked for; only where the form says so."""
    shown = [q for q in questions if rules.each and q.reasons and not q.item.is_secure]
    if not shown:
        return {}
    framework, outline = catalogue.framework(session), catalogue.outline(session, lang)
    rapid = rapid_ones(session, shown)
    found = reviews_of(shown, {}, rapid, framework, outline, lang, reveal=False)
    return {review.position: review for review in found}

"""Every answer of an ended attempt with its reasons: afterwards, and only to those who may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from domain.assessment.attempts import is_final
from domain.assessment.items import Hotspot, Item, Likert, way_of
from domain.assessment.marking import Feedback, feedback
from domain.assessment.places import numbered
from domain.assessment.responses import Ratings, Response
from domain.assessment.self_description import SelfProfile, self_profile
from domain.records import frozen
from services.actor import Actor
from services.assessment.access import OwnAttempt, own_attempt
from services.assessment.contested import Contested, Correction, contests_of, corrections
from services.assessment.effort import rapid_ones
from services.assessment.keys import Fix
from services.assessment.rated import Rated
from services.assessment.responding import Asked, asked
from services.competencies.presenting import localised
from services.competencies.profile import subtopic_name
from services.errors import NotFound
from services.library import catalogue
from services.library.catalogue import Framework, LessonLine, Outline

# Purposes whose result belongs to the person alone; candidates have a report of their own.
OWN_PURPOSES = (
    "placement",
    "narrow",
    "quiz",
    "unit",
    "practice",
    "exam",
    "adaptive",
    "retest",
)


@frozen
class ItemReview:
    """One question with its answer. mark of max_mark; seconds: as the browser counted them.

    For a secure question that may not be revealed, `title` is its subtopic, and `html`, `feedback`
    and `figure` are empty. way: as in services.assessment.pages.Question. figure: SVG with its
    areas numbered in the order of the feedback. profile: what a self-description says. waiting:
    people have not marked it yet; its marks are 0 of 0 until then. rated: how people marked it.
    fix: what became of a wrong key. contested: that the person contests it, and what was answered.
    """

    position: int
    competency: str
    subtopic: str
    kind: str
    way: str
    title: str
    html: str
    figure: str
    feedback: tuple[Feedback, ...]
    profile: SelfProfile | None
    answered: bool
    mark: int
    max_mark: int
    waiting: bool
    seconds: int | None
    lesson_key: str
    lesson_title: str | None
    lesson_lang: str | None
    revealed: bool
    attempt_id: int
    rated: Rated | None
    fix: Fix | None
    contested: Contested | None = None
    rapid: bool = False

    @property
    def reading(self) -> str:
        """right, part or off; waiting for a mark, or unmarked where there is none to be had."""
        if not self.max_mark:
            return "waiting" if self.waiting else "unmarked"
        if self.mark == self.max_mark:
            return "right"
        return "part" if self.mark else "off"


@frozen
class ReviewGroup:
    """The questions on one practice, in the order in which they were asked."""

    code: str
    name: str
    reviews: tuple[ItemReview, ...]

    @property
    def mark(self) -> int:
        return sum(review.mark for review in self.reviews)

    @property
    def max_mark(self) -> int:
        return sum(review.max_mark for review in self.reviews)


class Counted:
    """Counts over the questions of a page, which holds them as `reviews`."""

    __slots__ = ()
    reviews: tuple[ItemReview, ...]

    @property
    def answered(self) -> int:
        return sum(review.answered for review in self.reviews)

    @property
    def right(self) -> int:
        return sum(review.reading == "right" for review in self.reviews)

    @property
    def minutes(self) -> int | None:
        return minutes_of(self.reviews)


@frozen
class AnswersPage(Counted):
    """All answers of an own ended attempt, by practice."""

    attempt_id: int
    purpose: str
    ended_at: datetime
    groups: tuple[ReviewGroup, ...]
    reviews: tuple[ItemReview, ...]
    corrections: tuple[Correction, ...]


def ended_attempt(session: Session, actor: Actor, attempt_id: int) -> tuple[OwnAttempt, datetime]:
    """An own attempt whose result its person may see, and its end; raises NotFound otherwise."""
    attempt = own_attempt(session, actor, attempt_id)
    if not is_final(attempt.state) or attempt.purpose not in OWN_PURPOSES:
        raise NotFound
    if attempt.ended_at is None:
        raise NotFound
    return attempt, attempt.ended_at


def answers_page(session: Session, actor: Actor, attempt_id: int, lang: str) -> AnswersPage:
    """The answers of an own ended attempt; a constant number of statements. Raises NotFound."""
    attempt, ended_at = ended_attempt(session, actor, attempt_id)
    found = item_reviews(session, attempt_id, reveal=False, lang=lang)
    competencies = catalogue.framework(session).competencies
    ordered = sorted(found, key=lambda review: (review.competency, review.position))
    groups = tuple(
        ReviewGroup(
            code,
            localised(competencies[code].name, lang) if code in competencies else code,
            tuple(reviews),
        )
        for code, reviews in groupby(ordered, key=lambda review: review.competency)
    )
    corrected = corrections(session, attempt_id)
    return AnswersPage(attempt_id, attempt.purpose, ended_at, groups, tuple(ordered), corrected)


def item_reviews(
    session: Session, attempt_id: int, *, reveal: bool, lang: str = "en"
) -> tuple[ItemReview, ...]:
    """Every question of an attempt with its answer; the caller has guarded the attempt.

    reveal: show secure questions with their answers too, for those who may see them.
    """
    framework = catalogue.framework(session)
    outline = catalogue.outline(session, lang)
    questions = asked(session, attempt_id)
    contests = contests_of(session, attempt_id)
    rapid = rapid_ones(session, questions)
    return reviews_of(questions, contests, rapid, framework, outline, lang, reveal=reveal)


def reviews_of(
    questions: Sequence[Asked],
    contests: Mapping[int, Contested],
    rapid: Collection[int],
    framework: Framework,
    outline: Outline,
    lang: str,
    *,
    reveal: bool,
) -> tuple[ItemReview, ...]:
    """Questions with their answers; what is secure stays closed unless it is revealed.

    contests: of the same attempt, by position; rapid: see effort.rapid_ones.
    """
    lessons = {line.key: line for line in outline.lessons}
    found = (
        _review(question, framework, lessons, lang, reveal or not question.item.is_secure)
        for question in questions
    )
    return tuple(
        replace(line, contested=contests.get(line.position), rapid=question.id in rapid)
        for question, line in zip(questions, found, strict=True)
    )


def _review(
    question: Asked,
    framework: Framework,
    lessons: Mapping[str, LessonLine],
    lang: str,
    revealed: bool,
) -> ItemReview:
    item, response = question.item, question.response
    lesson = lessons.get(item.lesson)
    reached = question.mark
    subtopic = subtopic_name(framework, item.home, item.subtopic, lang)
    elapsed = question.answer.elapsed_ms / 1000 if question.answer else None
    return ItemReview(
        position=question.position,
        competency=question.competency,
        subtopic=subtopic,
        kind=item.kind,
        way=way_of(item),
        title=_first_words(item.stem) if revealed else subtopic,
        html=question.html if revealed else "",
        figure=_figure(item) if revealed else "",
        feedback=feedback(item, response) if revealed else (),
        profile=_profile(item, response),
        answered=response is not None,
        mark=reached.points if reached else 0,
        max_mark=reached.maximum if reached else 0,
        waiting=reached is None,
        seconds=None if elapsed is None else round(elapsed),
        lesson_key=item.lesson,
        lesson_title=lesson.title if lesson else None,
        lesson_lang=lesson.lang if lesson else None,
        revealed=revealed,
        attempt_id=question.attempt_id,
        rated=question.rated if revealed else None,
        fix=question.fix,
    )


def _figure(item: Item) -> str:
    if not isinstance(item, Hotspot):
        return ""
    return numbered(item, [area.letter for area in item.areas])


def _profile(item: Item, response: Response | None) -> SelfProfile | None:
    if not isinstance(item, Likert):
        return None
    return self_profile(item, response if isinstance(response, Ratings) else None)


def minutes_of(reviews: Sequence[ItemReview]) -> int | None:
    """The time on all questions together, as the browser counted it."""
    seconds = [review.seconds for review in reviews if review.seconds]
    return max(1, round(sum(seconds) / 60)) if seconds else None


def _first_words(stem: str) -> str:
    words = stem.split()
    return " ".join(words[:14]) + (" …" if len(words) > 14 else "")

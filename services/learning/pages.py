"""The reading side of the course: one function and one frozen record per page."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import URL, bindparam, func, literal, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.assessment import Attempt
from models.learning import LessonProgress
from services.actor import Actor
from services.errors import NotFound
from services.learning import prerequisites
from services.learning.prerequisites import Missing, Waiting
from services.library import catalogue
from services.library.asks import REREAD, RETEST, Ask, newest_ask
from services.library.catalogue import LessonLine, ModuleLine
from services.prepared import Prepared
from services.session import peek

QUIZ_PURPOSE, UNIT_PURPOSE = "quiz", "unit"


@frozen
class SectionLine:
    """A section in the lesson's own outline."""

    anchor: str
    title: str


@frozen
class LessonFrame:
    """What all readers of a lesson share; stays in memory until something is published.

    terms: how many words of the glossary its text links; stale: a translation whose source has
    changed since. ask: what its newest revisions ask of people who had finished an older one.
    """

    key: str
    revision_id: int
    title: str
    summary: str
    objective: str
    level: int
    minutes: int
    competencies: tuple[str, ...]
    html: str
    lang: str
    translated: bool
    revision: int
    sections: tuple[SectionLine, ...]
    sources: tuple[dict[str, Any], ...]
    review_by: date | None
    module: ModuleLine
    position: int
    before: LessonLine | None
    after: LessonLine | None
    quiz_items: int
    terms: int
    stale: bool
    library_version: int
    ask: Ask | None


@frozen
class LessonPage:
    """A lesson with the reader's place in it. overdue: its facts were due for a check.

    again: what is asked of somebody who had finished it before it changed: "reread", "retest", "".
    """

    frame: LessonFrame
    overdue: bool
    read: frozenset[str]
    resume: SectionLine | None
    finished: bool
    quiz_attempt_id: int | None
    quiz_state: str | None
    again: str = ""

    @property
    def minutes_left(self) -> int:
        """Reading time of the sections not read yet, at least a minute until all is read."""
        sections = len(self.frame.sections)
        left = sections - len(self.read)
        return max(1, round(self.frame.minutes * left / sections)) if left else 0


# One statement for all that changes: the library's version, the reader's place, their last quiz.
_progress, _attempt = LessonProgress.__table__.c, Attempt.__table__.c
_last_quiz = (
    select(func.max(_attempt.id))
    .where(
        _attempt.person_id == bindparam("person"),
        _attempt.purpose == QUIZ_PURPOSE,
        _attempt.form_key == bindparam("key"),
    )
    .scalar_subquery()
)
_READER_COLUMNS = (
    catalogue.VERSION.scalar_subquery().label("version"),
    _progress.sections,
    _progress.last_section,
    _progress.finished_at,
    _attempt.id.label("quiz_id"),
    _attempt.state.label("quiz_state"),
    _attempt.created_at.label("quiz_at"),
)
_READER = Prepared(
    select(*_READER_COLUMNS).select_from(
        select(literal(1).label("one"))
        .subquery()
        .outerjoin(
            LessonProgress.__table__,
            (_progress.person_id == bindparam("person"))
            & (_progress.lesson_key == bindparam("key")),
        )
        .outerjoin(Attempt.__table__, _attempt.id == _last_quiz)
    ),
    _READER_COLUMNS,
)
_frames: dict[tuple[URL, str, str], LessonFrame] = {}


def lesson_page(session: Session, actor: Actor, key: str, lang: str, now: datetime) -> LessonPage:
    """A published lesson for a reader; one statement once the lesson is in memory.

    Raises NotFound, also for a module that is closed to them, and Waiting.
    """
    row = peek(_READER, {"person": actor.person_id, "key": key})[0]
    frame = _frame(session, key, lang, row.version)
    _refuse_closed(session, actor, frame, lang)
    anchors = {section.anchor for section in frame.sections}
    read = frozenset(anchors.intersection(row.sections or ()))
    again = _again(frame.ask, row)
    finished = row.finished_at is not None and again != REREAD
    return LessonPage(
        frame=frame,
        overdue=bool(frame.review_by and frame.review_by < now.date()),
        read=read,
        resume=None if finished else _resume(frame.sections, read, row.last_section),
        finished=finished,
        quiz_attempt_id=row.quiz_id,
        quiz_state=row.quiz_state,
        again=again,
    )


def _refuse_closed(session: Session, actor: Actor, frame: LessonFrame, lang: str) -> None:
    """Keep readers out of what is closed to them, or waits for another module."""
    module = frame.module
    if not prerequisites.is_visible(module, actor.roles):
        raise NotFound
    if module.requires:
        outline = catalogue.outline(session, lang, frame.library_version)
        if module.key in prerequisites.missing(session, actor, outline):
            raise Waiting


def _again(ask: Ask | None, row: Any) -> str:
    """What the newest ask still asks of this reader."""
    if ask is None or row.finished_at is None:
        return ""
    if row.finished_at < ask.at:
        return REREAD
    return RETEST if ask.kind == RETEST and row.quiz_at and row.quiz_at < ask.at else ""


def _frame(session: Session, key: str, lang: str, version: int) -> LessonFrame:
    place = (catalogue.database_of(session), key, lang)
    frame = _frames.get(place)
    if frame is None or frame.library_version != version:
        frame = _frames[place] = _read_frame(session, key, lang, version)
    return frame


def _read_frame(session: Session, key: str, lang: str, version: int) -> LessonFrame:
    lesson = catalogue.lesson(session, key, lang)
    outline = catalogue.outline(session, lang, version)
    module, line = outline.find(key)
    open_ones = outline.open_lessons
    meta, lessons = lesson.meta, open_ones if line in open_ones else outline.lessons
    place = lessons.index(line)
    return LessonFrame(
        key=key,
        revision_id=lesson.revision_id,
        title=lesson.title,
        summary=meta["summary"],
        objective=meta["objective"],
        level=meta["level"],
        minutes=meta["minutes"],
        competencies=tuple(meta["competencies"]),
        html=lesson.html,
        lang=lesson.lang,
        translated=lesson.lang == lang,
        revision=lesson.number,
        sections=tuple(SectionLine(s["anchor"], s["title"]) for s in meta["sections"]),
        sources=tuple(meta["sources"]),
        review_by=date.fromisoformat(meta["review_by"]) if meta["review_by"] else None,
        module=module,
        position=next(i for i, line in enumerate(module.lessons, 1) if line.key == key),
        before=lessons[place - 1] if place else None,
        after=lessons[place + 1] if place + 1 < len(lessons) else None,
        quiz_items=len(meta["quiz"]),
        terms=len(meta.get("terms", ())),
        stale=_is_stale(session, lesson),
        library_version=version,
        ask=newest_ask(session, lesson.document_id),
    )


def _is_stale(session: Session, lesson: catalogue.LessonText) -> bool:
    """Whether a translation was made from an older text than the one that is published."""
    if lesson.lang == catalogue.SOURCE_LANG:
        return False
    digest = catalogue.digest_of_source(session, lesson.key)
    return not digest.startswith(lesson.meta["translation_of"])


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _frames.clear()


def _resume(
    sections: tuple[SectionLine, ...], read: frozenset[str], last: str | None
) -> SectionLine | None:
    """The first unread section from the last place on, for somebody who has begun."""
    if last is None:
        return None
    anchors = [section.anchor for section in sections]
    start = anchors.index(last) if last in anchors else 0
    return next((s for s in sections[start:] if s.anchor not in read), None)


@frozen
class LessonState:
    """A lesson in the contents with the reader's progress; state is open, begun or finished."""

    lesson: LessonLine
    state: str
    read: int
    last_section: str | None = None


@frozen
class QuizState:
    """A sitting of a module's quiz."""

    attempt_id: int
    ended: bool


@frozen
class ModuleState:
    """A module in the contents. quiz: the newest attempt at the quiz that closes it; missing: what
    must be finished before it opens."""

    module: ModuleLine
    lessons: tuple[LessonState, ...]
    quiz: QuizState | None
    missing: tuple[Missing, ...] = ()

    @property
    def finished(self) -> int:
        return sum(line.state == "finished" for line in self.lessons)


def contents(session: Session, actor: Actor, lang: str) -> tuple[ModuleState, ...]:
    """The whole course with the reader's progress; three statements however long it is."""
    outline = catalogue.outline(session, lang)
    rows = session.execute(
        select(
            LessonProgress.lesson_key,
            LessonProgress.sections,
            LessonProgress.last_section,
            LessonProgress.finished_at,
        ).where(LessonProgress.person_id == actor.person_id)
    )
    progress = {row.lesson_key: row for row in rows}
    sat = session.execute(
        select(Attempt.form_key, Attempt.id, Attempt.ended_at)
        .where(Attempt.person_id == actor.person_id, Attempt.purpose == UNIT_PURPOSE)
        .order_by(Attempt.id)
    )
    quizzes = {row.form_key: QuizState(row.id, row.ended_at is not None) for row in sat}
    lacks = prerequisites.missing(session, actor, outline)
    return tuple(
        ModuleState(
            module,
            tuple(_state(line, progress.get(line.key)) for line in module.lessons),
            quizzes.get(module.quiz_key),
            lacks.get(module.key, ()),
        )
        for module in outline.modules
        if prerequisites.is_visible(module, actor.roles)
    )


def _state(line: LessonLine, row: Any) -> LessonState:
    if row is None:
        return LessonState(line, "open", 0)
    state = "finished" if row.finished_at else "begun"
    return LessonState(line, state, len(row.sections), row.last_section)

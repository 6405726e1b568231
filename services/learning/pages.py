"""The reading side of the course: one function and one frozen record per page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.assessment import Attempt
from models.learning import LessonProgress
from services.actor import Actor
from services.library import catalogue
from services.library.catalogue import LessonLine, ModuleLine

QUIZ_PURPOSE = "quiz"


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section in the lesson's own outline."""

    anchor: str
    title: str
    read: bool


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson with the reader's place in it."""

    key: str
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
    overdue: bool
    module: ModuleLine
    position: int
    before: LessonLine | None
    after: LessonLine | None
    resume: SectionLine | None
    finished: bool
    quiz_items: int
    quiz_attempt_id: int | None
    quiz_state: str | None

    @property
    def read_sections(self) -> int:
        return sum(section.read for section in self.sections)

    @property
    def minutes_left(self) -> int:
        """Reading time of the sections not read yet, at least a minute until all is read."""
        left = len(self.sections) - self.read_sections
        return max(1, round(self.minutes * left / len(self.sections))) if left else 0


_PROGRESS = select(
    LessonProgress.sections, LessonProgress.last_section, LessonProgress.finished_at
).where(
    LessonProgress.person_id == bindparam("person"), LessonProgress.lesson_key == bindparam("key")
)
_QUIZ = (
    select(Attempt.id, Attempt.state)
    .where(
        Attempt.person_id == bindparam("person"),
        Attempt.purpose == QUIZ_PURPOSE,
        Attempt.form_key == bindparam("key"),
    )
    .order_by(Attempt.id.desc())
    .limit(1)
)


def lesson_page(session: Session, actor: Actor, key: str, lang: str, now: datetime) -> LessonPage:
    """A published lesson for a reader; three statements. Raises NotFound."""
    lesson = catalogue.lesson(session, key, lang)
    outline = catalogue.outline(session, lang, lesson.library_version)
    module, _ = outline.find(key)
    who = {"person": actor.person_id, "key": key}
    progress = session.execute(_PROGRESS, who).one_or_none()
    quiz = session.execute(_QUIZ, who).one_or_none()
    read = set(progress.sections) if progress else set()
    sections = tuple(
        SectionLine(s["anchor"], s["title"], s["anchor"] in read) for s in lesson.meta["sections"]
    )
    lessons = outline.lessons
    place = next(i for i, line in enumerate(lessons) if line.key == key)
    review_by = date.fromisoformat(lesson.meta["review_by"]) if lesson.meta["review_by"] else None
    finished = bool(progress and progress.finished_at)
    return LessonPage(
        key=key,
        title=lesson.title,
        summary=lesson.meta["summary"],
        objective=lesson.meta["objective"],
        level=lesson.meta["level"],
        minutes=lesson.meta["minutes"],
        competencies=tuple(lesson.meta["competencies"]),
        html=lesson.html,
        lang=lesson.lang,
        translated=lesson.lang == lang,
        revision=lesson.number,
        sections=sections,
        sources=tuple(lesson.meta["sources"]),
        review_by=review_by,
        overdue=bool(review_by and review_by < now.date()),
        module=module,
        position=next(i for i, line in enumerate(module.lessons, 1) if line.key == key),
        before=lessons[place - 1] if place else None,
        after=lessons[place + 1] if place + 1 < len(lessons) else None,
        resume=_resume(sections, progress.last_section if progress and not finished else None),
        finished=finished,
        quiz_items=len(lesson.meta["quiz"]),
        quiz_attempt_id=quiz.id if quiz else None,
        quiz_state=quiz.state if quiz else None,
    )


def _resume(sections: tuple[SectionLine, ...], last: str | None) -> SectionLine | None:
    """The first unread section from the last place on, for somebody who has begun."""
    if last is None:
        return None
    anchors = [section.anchor for section in sections]
    start = anchors.index(last) if last in anchors else 0
    after = [section for section in sections[start:] if not section.read]
    return after[0] if after else None


@dataclass(frozen=True, slots=True)
class LessonState:
    """A lesson in the contents with the reader's progress; state is open, begun or finished."""

    lesson: LessonLine
    state: str
    read: int
    last_section: str | None = None


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A module in the contents."""

    module: ModuleLine
    lessons: tuple[LessonState, ...]

    @property
    def finished(self) -> int:
        return sum(line.state == "finished" for line in self.lessons)


def contents(session: Session, actor: Actor, lang: str) -> tuple[ModuleState, ...]:
    """The whole course with the reader's progress; two statements however long it is."""
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
    return tuple(
        ModuleState(module, tuple(_state(line, progress.get(line.key)) for line in module.lessons))
        for module in outline.modules
    )


def _state(line: LessonLine, row: Any) -> LessonState:
    if row is None:
        return LessonState(line, "open", 0)
    state = "finished" if row.finished_at else "begun"
    return LessonState(line, state, len(row.sections), row.last_section)

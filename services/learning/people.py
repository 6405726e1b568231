"""Learners as their trainers see them: what they read, when they were last here, their levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Person, PersonRole
from models.learning import LessonProgress
from services.actor import Actor
from services.competencies import ledger
from services.competencies.estimates import draw
from services.competencies.presenting import PracticeLine, practice_line, present
from services.learning import prerequisites
from services.learning.assignments import AssignedModule, assigned, guard, is_done, learner
from services.library import catalogue
from services.library.catalogue import ModuleLine

PER_PAGE = 25


@frozen
class LearnerLine:
    """A learner in the list. levels: the seven practices, unmeasured ones among them."""

    id: int
    name: str
    invented: bool
    finished: int
    modules: int
    last_seen: datetime | None
    levels: tuple[PracticeLine, ...]
    assigned: tuple[AssignedModule, ...]

    def overdue(self, today: date) -> int:
        return sum(line.is_overdue(today) for line in self.assigned)


@frozen
class LearnersPage:
    """One page of the list. lessons, modules: how many the course has."""

    lines: tuple[LearnerLine, ...]
    found: int
    page: int
    pages: int
    lessons: int
    modules: int


@frozen
class ModuleProgress:
    """A module and how many of its lessons one learner has read. opened_at: when a trainer opened
    it for them, whatever comes first."""

    module: ModuleLine
    finished: int
    touched_at: datetime | None
    opened_at: datetime | None = None


@frozen
class LearnerPage:
    """One learner. applied: the applied competencies that are measured."""

    id: int
    name: str
    email: str
    invented: bool
    levels: tuple[PracticeLine, ...]
    applied: tuple[PracticeLine, ...]
    modules: tuple[ModuleProgress, ...]
    assigned: tuple[AssignedModule, ...]
    open_modules: tuple[ModuleLine, ...]


def learners_page(
    session: Session, actor: Actor, words: str, page: int, lang: str, now: datetime
) -> LearnersPage:
    """Learners by name; a constant number of statements however many there are."""
    guard(actor)
    wanted = [
        Person.kind == "member",
        Person.disabled_at.is_(None),
        Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == "learner")),
        *(Person.name.icontains(word, autoescape=True) for word in words.split()[:5]),
    ]
    found = session.scalar(select(func.count(Person.id)).where(*wanted)) or 0
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(1, page), pages)
    people = session.execute(
        select(Person.id, Person.subject, Person.name, Person.invented)
        .where(*wanted)
        .order_by(func.lower(Person.name), Person.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    ids = [person.id for person in people]
    outline = catalogue.outline(session, lang)
    read = _read(session, ids)
    levels = _levels(session, [person.subject for person in people], lang, now)
    tasks = assigned(session, ids, lang)
    return LearnersPage(
        tuple(
            LearnerLine(
                person.id,
                person.name,
                person.invented,
                sum(key in read[person.id].finished for key in (x.key for x in outline.lessons)),
                sum(is_done(module, read[person.id].finished) for module in outline.modules),
                read[person.id].last,
                levels[person.subject],
                tuple(tasks.get(person.id, ())),
            )
            for person in people
        ),
        found,
        page,
        pages,
        len(outline.lessons),
        len(outline.modules),
    )


def learner_page(
    session: Session, actor: Actor, person_id: int, lang: str, now: datetime
) -> LearnerPage:
    """One learner with every module; raises NotFound."""
    guard(actor)
    person = learner(session, person_id)
    framework = catalogue.framework(session)
    outline = catalogue.outline(session, lang)
    read = _read(session, [person_id])[person_id]
    estimates = draw(ledger.evidence(session, person.subject, as_of=now), framework, now)
    tasks = tuple(assigned(session, [person_id], lang).get(person_id, ()))
    taken = {line.module.key for line in tasks}
    opened = prerequisites.waived(session, person_id)
    return LearnerPage(
        person.id,
        person.name,
        person.email or "",
        person.invented,
        present(estimates, framework, lang, {}).lines,
        tuple(
            practice_line(competency, estimates[competency.code], framework, lang)
            for competency in framework.competencies.values()
            if competency.applied and competency.code in estimates
        ),
        tuple(_progress(module, read, opened.get(module.key)) for module in outline.modules),
        tasks,
        tuple(m for m in outline.modules if m.key not in taken and not is_done(m, read.finished)),
    )


@dataclass(slots=True)
class _Reading:
    """What one person has read: lesson -> last touched; the finished ones."""

    touched: dict[str, datetime]
    finished: set[str]

    @property
    def last(self) -> datetime | None:
        return max(self.touched.values(), default=None)


def _read(session: Session, ids: Sequence[int]) -> dict[int, _Reading]:
    found = {person_id: _Reading({}, set()) for person_id in ids}
    rows = session.execute(
        select(
            LessonProgress.person_id,
            LessonProgress.lesson_key,
            LessonProgress.touched_at,
            LessonProgress.finished_at,
        ).where(LessonProgress.person_id.in_(ids))
    )
    for row in rows:
        found[row.person_id].touched[row.lesson_key] = row.touched_at
        if row.finished_at:
            found[row.person_id].finished.add(row.lesson_key)
    return found


def _levels(
    session: Session, subjects: Sequence[str], lang: str, now: datetime
) -> dict[str, tuple[PracticeLine, ...]]:
    framework = catalogue.framework(session)
    lines = ledger.evidence_of(session, subjects, as_of=now)
    return {
        subject: present(draw(lines[subject], framework, now), framework, lang, {}).lines
        for subject in subjects
    }


def _progress(module: ModuleLine, read: _Reading, opened_at: datetime | None) -> ModuleProgress:
    keys = {line.key for line in module.lessons}
    touched = [at for key, at in read.touched.items() if key in keys]
    return ModuleProgress(module, len(keys & read.finished), max(touched, default=None), opened_at)

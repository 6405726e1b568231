"""Modules that trainers ask people to study by a day, and the one reminder before it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Person, PersonRole
from models.learning import Assignment, LessonProgress
from services import journal, outbox
from services.actor import Actor
from services.assessment.inserting import InsertOnce
from services.errors import Invalid, NotFound
from services.library import catalogue
from services.library.catalogue import ModuleLine
from services.roles import trainer
from services.session import changed_rows

REMIND_BEFORE = timedelta(days=2)
LONGEST = timedelta(days=730)
MOST_AT_ONCE = 200
_insert_assignment = InsertOnce(
    Assignment,
    Assignment.__table__.c.id,
    ("person_id", "module_key", "due_on", "assigned_by", "assigned_at"),
)


@frozen
class AssignedModule:
    """An assignment as its person and their trainers see it. done: all its lessons are read."""

    id: int
    module: ModuleLine
    due_on: date
    reminded: bool
    done: bool

    def is_overdue(self, today: date) -> bool:
        return not self.done and self.due_on < today


def guard(actor: Actor) -> None:
    """Raise Forbidden for everybody but trainers."""
    trainer(actor)


def learner(session: Session, person_id: int) -> Person:
    """A member who may study; raises NotFound for candidates, for others and for nobody."""
    person = session.scalar(
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.id == person_id,
            Person.kind == "member",
            Person.disabled_at.is_(None),
            PersonRole.role == "learner",
        )
    )
    if person is None:
        raise NotFound
    return person


def assign(
    session: Session, actor: Actor, person_id: int, module_key: str, due_on: date, now: datetime
) -> None:
    """Ask a learner to study a module by a day; doing it again moves the day.

    Raises NotFound for the learner, and Invalid naming `module` or `due_on`.
    """
    guard(actor)
    learner(session, person_id)
    if module_key not in {m.key for m in catalogue.outline(session, "en").modules}:
        raise Invalid(fields={"module": "there is no such module"})
    if not now.date() <= due_on <= (now + LONGEST).date():
        raise Invalid(fields={"due_on": "must be today or later, within two years"})
    added = _insert_assignment(
        session,
        person_id=person_id,
        module_key=module_key,
        due_on=due_on,
        assigned_by=actor.person_id,
        assigned_at=now,
    )
    if added is None:
        theirs = (Assignment.person_id == person_id, Assignment.module_key == module_key)
        session.execute(update(Assignment).where(*theirs).values(due_on=due_on))
    about = {"module": module_key, "due_on": due_on.isoformat()}
    journal.append(session, actor, "module.assigned", "person", person_id, now, **about)


def withdraw(
    session: Session, actor: Actor, person_id: int, assignment_id: int, now: datetime
) -> None:
    """Take an assignment back; raises NotFound where the person has no such one."""
    guard(actor)
    key = session.scalar(
        delete(Assignment)
        .where(Assignment.id == assignment_id, Assignment.person_id == person_id)
        .returning(Assignment.module_key)
    )
    if key is None:
        raise NotFound
    journal.append(session, actor, "module.withdrawn", "person", person_id, now, module=key)


def assigned(
    session: Session, person_ids: Iterable[int], lang: str
) -> dict[int, list[AssignedModule]]:
    """The assignments of people by day, in two statements; modules that are gone are left out."""
    ids = list(person_ids)
    modules = {module.key: module for module in catalogue.outline(session, lang).modules}
    finished: dict[int, set[str]] = {}
    for person_id, key in session.execute(
        select(LessonProgress.person_id, LessonProgress.lesson_key).where(
            LessonProgress.person_id.in_(ids), LessonProgress.finished_at.is_not(None)
        )
    ):
        finished.setdefault(person_id, set()).add(key)
    rows = session.scalars(
        select(Assignment)
        .where(Assignment.person_id.in_(ids))
        .order_by(Assignment.due_on, Assignment.id)
    )
    found: dict[int, list[AssignedModule]] = {}
    for row in rows:
        if (module := modules.get(row.module_key)) is None:
            continue
        read = finished.get(row.person_id, set())
        reminded, done = row.reminded_at is not None, is_done(module, read)
        line = AssignedModule(row.id, module, row.due_on, reminded, done)
        found.setdefault(row.person_id, []).append(line)
    return found


def is_done(module: ModuleLine, finished: Collection[str]) -> bool:
    """Whether a module is read: it has lessons, and all of them are finished; by their keys."""
    return bool(module.lessons) and all(line.key in finished for line in module.lessons)


def remind_due(session: Session, now: datetime) -> int:
    """Ask for the one reminder of each assignment that is due soon and not done; how many.

    The mark and the mail are one transaction, so that none is asked for twice.
    """
    rows = session.execute(
        select(Assignment.id, Assignment.person_id)
        .where(Assignment.reminded_at.is_(None), Assignment.due_on <= (now + REMIND_BEFORE).date())
        .order_by(Assignment.due_on, Assignment.id)
        .limit(MOST_AT_ONCE)
    ).all()
    theirs = assigned(session, {row.person_id for row in rows}, "en")
    done = {line.id for lines in theirs.values() for line in lines if line.done}
    known = {line.id for lines in theirs.values() for line in lines}
    asked = 0
    for row in rows:
        marked = session.execute(
            update(Assignment)
            .where(Assignment.id == row.id, Assignment.reminded_at.is_(None))
            .values(reminded_at=now)
        )
        if not changed_rows(marked):
            continue  # another sweeper was here first
        if row.id in known and row.id not in done:
            outbox.ask(session, "mail.assignment", now, assignment_id=row.id)
            asked += 1
    return asked

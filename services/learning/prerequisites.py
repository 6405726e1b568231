"""What must be done before a module is open: read, tested out of, or waived by a trainer."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from domain.library.courses import UNIT, is_open_to
from domain.records import frozen
from models.assessment import Attempt, AttemptItem
from models.competencies import Evidence
from models.learning import LessonProgress, ModulePass
from services import journal
from services.actor import Actor
from services.assessment.scoring import SOURCE
from services.errors import Forbidden, Invalid, NotFound
from services.learning.assignments import guard, is_done, learner
from services.library import catalogue
from services.library.catalogue import ModuleLine, Outline
from services.session import changed_rows

# Of the marks of a module's quiz: who has this much may leave the lessons out.
PASSED = 0.8


class Waiting(Forbidden):
    """Another module must be finished before this one opens."""


@frozen
class Missing:
    """A module that must be finished first."""

    module: ModuleLine


def is_visible(module: ModuleLine, roles: Collection[str]) -> bool:
    """Whether people with these roles see a module."""
    return is_open_to(module.gate, roles)


def refuse_closed(session: Session, actor: Actor, lesson_key: str) -> None:
    """Keep people from what a lesson asks of its readers while it is closed to them.

    Raises NotFound, also for a module that is closed to them, and Waiting.
    """
    outline = catalogue.outline(session, catalogue.SOURCE_LANG)
    module, _ = outline.find(lesson_key)
    if not is_visible(module, actor.roles):
        raise NotFound
    if module.requires and module.key in missing(session, actor, outline):
        raise Waiting


def missing(session: Session, actor: Actor, outline: Outline) -> dict[str, tuple[Missing, ...]]:
    """Module -> what is still to be finished before it; nothing for trainers.

    No statement for a course in which no module asks for another, four for one that does.
    """
    if "trainer" in actor.roles or not any(module.requires for module in outline.modules):
        return {}
    by_key = {module.key: module for module in outline.modules}
    read = set(
        session.scalars(
            select(LessonProgress.lesson_key).where(
                LessonProgress.person_id == actor.person_id,
                LessonProgress.finished_at.is_not(None),
            )
        )
    )
    done = {key for key, module in by_key.items() if is_done(module, read)}
    done |= _tested_out(session, actor)
    opened = waived(session, actor.person_id) if actor.person_id is not None else {}
    found = {
        module.key: tuple(
            Missing(by_key[key])
            for key in module.requires
            # Nobody can finish what is closed to them.
            if key in by_key and key not in done and is_visible(by_key[key], actor.roles)
        )
        for module in outline.modules
        if module.key not in opened and module.key not in done
    }
    return {key: lacks for key, lacks in found.items() if lacks}


def _tested_out(session: Session, actor: Actor) -> set[str]:
    """Modules whose quiz this person has passed in one sitting, counted once for each question."""
    rows = session.execute(
        select(Attempt.form_key, Attempt.id, func.sum(Evidence.mark), func.sum(Evidence.max_mark))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(
            Evidence,
            (Evidence.source_id == AttemptItem.id) & (Evidence.source_kind == SOURCE),
        )
        .where(
            Attempt.person_id == actor.person_id,
            Attempt.purpose == "unit",
            Attempt.ended_at.is_not(None),
        )
        .group_by(Attempt.form_key, Attempt.id)
    )
    return {
        key.removeprefix(UNIT) for key, _, marks, most in rows if most and marks / most >= PASSED
    }


def waive(session: Session, actor: Actor, person_id: int, module: str, now: datetime) -> None:
    """Open a module for one learner; a repeat changes nothing. For trainers; in the journal.

    Raises NotFound for nobody's learner and Invalid for a module that there is not.
    """
    guard(actor)
    learner(session, person_id)
    outline = catalogue.outline(session, catalogue.SOURCE_LANG)
    if module not in {line.key for line in outline.modules}:
        raise Invalid(fields={"module": "there is no such module"})
    mine = (ModulePass.person_id == person_id) & (ModulePass.module_key == module)
    if session.scalar(select(ModulePass.module_key).where(mine)):
        return
    session.execute(
        insert(ModulePass).values(
            person_id=person_id, module_key=module, given_by=actor.person_id, given_at=now
        )
    )
    journal.append(session, actor, "module.opened", "person", person_id, now, module=module)


def take_back(session: Session, actor: Actor, person_id: int, module: str, now: datetime) -> None:
    """The module asks this learner for its prerequisites again."""
    guard(actor)
    learner(session, person_id)
    mine = (ModulePass.person_id == person_id) & (ModulePass.module_key == module)
    done = session.execute(delete(ModulePass).where(mine))
    if changed_rows(done):
        journal.append(session, actor, "module.closed", "person", person_id, now, module=module)


def waived(session: Session, person_id: int) -> dict[str, datetime]:
    """The modules that trainers opened for one learner, and when."""
    rows = session.execute(
        select(ModulePass.module_key, ModulePass.given_at).where(ModulePass.person_id == person_id)
    )
    return {row.module_key: row.given_at for row in rows}

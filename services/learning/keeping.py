"""Where a person is in the course: given out to them, and dropped for good."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.learning import Assignment, LessonProgress, ModulePass, UnclearMark
from services.accounts.keeping import Leaving, moment


def erase(session: Session, who: Leaving) -> None:
    """Drop progress, assignments and marks; who assigned to others is no longer named."""
    for table in (LessonProgress, Assignment, ModulePass, UnclearMark):
        session.execute(delete(table).where(table.person_id == who.person_id))
    session.execute(
        update(Assignment).where(Assignment.assigned_by == who.person_id).values(assigned_by=None)
    )


def told(session: Session, person_id: int) -> dict[str, Any]:
    """Lessons that were opened, and modules that were asked for."""
    progress = session.scalars(
        select(LessonProgress)
        .where(LessonProgress.person_id == person_id)
        .order_by(LessonProgress.lesson_key)
    )
    assigned = session.scalars(
        select(Assignment).where(Assignment.person_id == person_id).order_by(Assignment.id)
    )
    passes = session.scalars(
        select(ModulePass.module_key)
        .where(ModulePass.person_id == person_id)
        .order_by(ModulePass.module_key)
    )
    unclear = session.execute(
        select(UnclearMark.document_id, UnclearMark.section, UnclearMark.marked_at)
        .where(UnclearMark.person_id == person_id)
        .order_by(UnclearMark.id)
    )
    return {
        "lessons": [
            {
                "lesson": row.lesson_key,
                "sections": row.sections,
                "started_at": moment(row.started_at),
                "last_opened_at": moment(row.touched_at),
                "finished_at": moment(row.finished_at),
            }
            for row in progress
        ],
        "assignments": [
            {"module": row.module_key, "due_on": row.due_on.isoformat()} for row in assigned
        ],
        "let_into_modules": list(passes),
        "marked_unclear": [
            {"document": document, "section": section, "at": moment(at)}
            for document, section, at in unclear
        ],
    }

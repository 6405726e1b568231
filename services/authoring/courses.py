"""Modules as trainers arrange them: order, lessons, prerequisites, state, audience."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.library.courses import CLOSED, OPEN, READERS, find_cycle
from domain.library.documents import DocumentError
from domain.library.module_text import as_list, with_fields
from domain.records import frozen
from models.library import Document, Published, Revision
from services.actor import Actor
from services.authoring import access
from services.authoring.access import LessonDocument
from services.errors import Conflict, Invalid, NotFound
from services.library import loading
from services.library.catalogue import SOURCE_LANG
from services.library.compiling import compile_one
from services.library.loading import digest_of


@frozen
class CourseModule:
    """A module with what may be changed of it; number: the revision that a save must name."""

    key: str
    titles: dict[str, str]
    order: int
    lessons: tuple[str, ...]
    requires: tuple[str, ...]
    state: str
    roles: tuple[str, ...]
    number: int
    document_id: int
    path: str
    source: str


@frozen
class Arranged:
    """What the form sent; texts are lists of names, separated by white space or commas."""

    order: str
    lessons: str
    requires: tuple[str, ...]
    state: str
    roles: tuple[str, ...]


def modules(session: Session, actor: Actor) -> tuple[CourseModule, ...]:
    """All published modules in their order, closed ones among them."""
    access.author(actor)
    rows: Any = session.execute(
        select(
            Document.id, Document.key, Document.path, Revision.meta, Revision.number,
            Revision.source,
        )
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Document.kind == "module", Published.retired_at.is_(None))
    )  # fmt: skip
    found = [
        CourseModule(
            key=row.key,
            titles=row.meta["title"],
            order=row.meta["order"],
            lessons=tuple(row.meta["lessons"]),
            requires=tuple(row.meta.get("requires", ())),
            state=row.meta.get("state", OPEN),
            roles=tuple(row.meta.get("roles", ())),
            number=row.number,
            document_id=row.id,
            path=row.path,
            source=row.source,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda module: (module.order, module.key)))


def module(session: Session, actor: Actor, key: str) -> CourseModule:
    """One module; raises NotFound."""
    for found in modules(session, actor):
        if found.key == key:
            return found
    raise NotFound


def arrange(
    session: Session, actor: Actor, key: str, given: Arranged, number: int, now: datetime
) -> bool:
    """Publish the module's file with these fields as a new revision; False where nothing changes.

    Raises NotFound, Conflict with the CourseModule that stands now, and Invalid by field.
    """
    access.author(actor)
    session.execute(select(Document.id).where(Document.kind == "module").with_for_update())
    every = {found.key: found for found in modules(session, actor)}
    if key not in every:
        raise NotFound
    current = every[key]
    if number != current.number:
        raise Conflict(current=current)
    source = with_fields(current.source, _changes(current, given))
    if digest_of(source) == digest_of(current.source):
        return False
    try:
        compiled = compile_one(current.path, source, {})
    except DocumentError as error:
        raise Invalid(fields={p.field or "module": p.message for p in error.problems}) from None
    _refuse_lost(session, key, compiled.meta, every)
    revision_id = loading.save_revision(session, current.document_id, compiled, actor, now)
    loading.publish(session, actor, current.document_id, revision_id, now)
    return True


def enlist(session: Session, actor: Actor, lesson: LessonDocument, now: datetime) -> None:
    """Put a lesson that is published for the first time at the end of its module's list.

    The same where it stands there already, is a translation, or its module is gone.
    """
    session.execute(select(Document.id).where(Document.kind == "module").with_for_update())
    found = [m for m in modules(session, actor) if m.key == lesson.module]
    if not found or lesson.lang != SOURCE_LANG or lesson.name in found[0].lessons:
        return
    (current,) = found
    source = with_fields(current.source, {"lessons": as_list((*current.lessons, lesson.name))})
    compiled = compile_one(current.path, source, {})
    revision_id = loading.save_revision(session, current.document_id, compiled, actor, now)
    loading.publish(session, actor, current.document_id, revision_id, now)


def _changes(current: CourseModule, given: Arranged) -> dict[str, str]:
    """Only what differs is written anew: the rest of the file stays as its author wrote it."""
    lessons = tuple(given.lessons.replace(",", " ").split())
    changes = {}
    if given.order.strip() != str(current.order):
        changes["order"] = given.order.strip() or "none"
    if lessons != current.lessons:
        changes["lessons"] = as_list(lessons) or "[]"
    if sorted(given.requires) != sorted(current.requires):
        changes["requires"] = as_list(given.requires)
    if given.state != current.state:
        changes["state"] = CLOSED if given.state == CLOSED else ""
    roles = tuple(role for role in READERS if role in given.roles)
    roles = () if roles == READERS else roles
    if roles != current.roles:
        changes["roles"] = as_list(roles)
    return changes


def _refuse_lost(
    session: Session, key: str, meta: dict[str, Any], every: dict[str, CourseModule]
) -> None:
    """Refuse lessons and modules that there are not, and a circle of prerequisites."""
    known = set(
        session.scalars(
            select(Document.key)
            .join(Published, Published.document_id == Document.id)
            .where(Document.kind == "lesson", Published.retired_at.is_(None))
        )
    )
    if lost := [name for name in meta["lessons"] if f"{key}/{name}" not in known]:
        raise Invalid(fields={"lessons": f"there is no lesson “{lost[0]}” in this module"})
    if strange := [name for name in meta["requires"] if name not in every]:
        raise Invalid(fields={"requires": f"there is no module “{strange[0]}”"})
    requires = {name: found.requires for name, found in every.items()}
    if circle := find_cycle(requires | {key: tuple(meta["requires"])}):
        raise Invalid(fields={"requires": f"goes round in a circle: {' → '.join(circle)}"})

"""The same tags for many items: shown first, then all in one transaction or none."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from domain.library.documents import Problem
from domain.library.module_text import with_fields
from domain.records import frozen
from services.actor import Actor
from services.authoring import access, item_checking, item_editing
from services.authoring.item_editing import ItemText
from services.errors import Conflict
from services.library import loading
from services.library.compiling import Compiled

FIELDS = ("subtopic", "difficulty", "lesson", "review_by", "pool")
MOST = 50


@frozen
class Change:
    """One item before and after; drafted: it has an open draft, which stays as it is."""

    text: ItemText
    document: Compiled
    drafted: bool


@frozen
class Plan:
    """changes: what would be published; same: items that have these tags; faults: by item."""

    changes: tuple[Change, ...]
    same: tuple[str, ...]
    faults: dict[str, tuple[Problem, ...]]
    keys: tuple[str, ...]


def plan(session: Session, actor: Actor, keys: tuple[str, ...], tags: Mapping[str, str]) -> Plan:
    """What the tags would change; an empty tag leaves the field alone. Raises NotFound."""
    access.author(actor)
    wanted = {name: value for name, value in tags.items() if name in FIELDS and value}
    changes: list[Change] = []
    same: list[str] = []
    faults: dict[str, tuple[Problem, ...]] = {}
    for key in dict.fromkeys(keys):
        text = item_editing.item_text(session, actor, key)
        source = with_fields(text.published, wanted) if wanted else text.published
        if source == text.published:
            same.append(key)
            continue
        checked = item_checking.check(session, text.path, key, source)
        if checked.document is None:
            faults[key] = checked.problems
        else:
            changes.append(Change(text, checked.document, bool(text.version)))
    return Plan(tuple(changes), tuple(same), faults, keys)


def carry_out(session: Session, actor: Actor, plan: Plan, now: datetime) -> int:
    """Publish every change of a plan; raises Conflict, with nothing done, where one is stale."""
    for change in plan.changes:
        stands = item_editing.item_text(session, actor, change.text.key, lock=True)
        if stands.number != change.text.number:
            raise Conflict(current=stands)
        revision_id = loading.save_revision(
            session, stands.document_id, change.document, actor, now
        )
        loading.publish(session, actor, stands.document_id, revision_id, now)
    return len(plan.changes)

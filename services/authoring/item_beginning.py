"""A question that begins in the browser: empty, of a kind, or as a copy of another one."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.items import KINDS, Likert
from domain.exchange.sources import to_source
from domain.library.module_text import with_fields
from models.library import Document, Published, Revision
from services import journal
from services.actor import Actor
from services.authoring import access, item_editing
from services.authoring.importing_work import Prepared, faults_in, free_ids, keep_drafts
from services.errors import Invalid
from services.library import catalogue
from services.library.compiling import normalised

LETTERS = "TUVWXYZ"  # of ids that begin in the browser; the course's authors and imports use others
_PARTS: dict[str, dict[str, Any]] = {
    "numeric": {"tolerance": 0, "unit": "", "decimals": 0},
    "table": {"columns": ["Question", "Answer"]},
    "open": {"words": {"least": 60, "most": 150}},
}


def begin(session: Session, actor: Actor, kind: str, home: str, now: datetime) -> str:
    """A draft of this kind for a competency; gives back its id. Raises Invalid.

    A repeat, or a second wish before anything was written, leads to the same empty draft.
    """
    person_id = access.author(actor)
    if kind not in KINDS or home not in catalogue.framework(session).competencies:
        raise Invalid(fields={"kind": "must be chosen"})
    weight = 0 if kind == Likert.kind else 1
    fields = {
        "kind": kind, "pool": "practice", "competencies": {home: weight}, "cognitive": "A",
        "difficulty": 3, "source": "", "stem": "", **_PARTS.get(kind, {}),
    }  # fmt: skip
    return _keep(session, actor, person_id, home, "", to_source({"id": "", **fields}), now)


def copy(session: Session, actor: Actor, key: str, now: datetime) -> str:
    """A draft that says what another item says; gives back its id. Raises NotFound."""
    person_id = access.author(actor)
    text = item_editing.item_text(session, actor, key, states=item_editing.STATES)
    home = key.partition("-")[0]
    return _keep(session, actor, person_id, home, text.title, text.source, now)


def _keep(
    session: Session,
    actor: Actor,
    person_id: int,
    home: str,
    title: str,
    source: str,
    now: datetime,
) -> str:
    # The framework's row stands for all ids: two trainers who begin at once take turns.
    turn = select(Document.id).where(Document.kind == "framework").order_by(Document.id).limit(1)
    session.execute(turn.with_for_update())
    for row in _untouched(session, person_id, title):
        if row.source == _named(source, row.key):
            return str(row.key)
    taken = set(session.scalars(select(Document.key).where(Document.kind == "item")))
    key = next(free_ids(home, taken, LETTERS))
    text = _named(source, key)
    prepared = Prepared(key, text, title, faults_in(text, key))
    [document_id] = keep_drafts(session, actor, [prepared], now)
    journal.append(session, actor, "item.begun", "document", document_id, now)
    return key


def _named(source: str, key: str) -> str:
    return normalised(with_fields(source, {"id": key}))


def _untouched(session: Session, person_id: int, title: str) -> list[Any]:
    """The person's newest drafts of this title that stand as they began."""
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    found = session.execute(
        select(Document.key, Revision.source)
        .join(Revision, Revision.document_id == Document.id)
        .outerjoin(Published, Published.document_id == Document.id)
        .where(
            Document.kind == "item",
            Published.document_id.is_(None),
            Revision.number == 1,
            Revision.title == title,
            Revision.author_id == person_id,
            Revision.id.in_(newest),
        )
        .order_by(Document.id.desc())
        .limit(20)
    )
    return list(found)

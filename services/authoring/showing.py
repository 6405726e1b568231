"""Who may see a picture: nobody sees what only a draft shows, or a question they were not asked."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.assessment import Attempt, AttemptItem
from models.library import Document, Publication, Published, Revision
from services.actor import Actor
from services.authoring import media
from services.authoring.access import AUTHORS
from services.authoring.media import SHOWN
from services.errors import NotFound
from services.learning.prerequisites import is_visible
from services.library import catalogue

# People who read what others answered meet every question that was ever asked.
READ_ANSWERS = ("manager", "recruiter", "admin")
MARK = "](media:"


@frozen
class _Uses:
    """modules: picture -> the modules whose published lessons show it; items: pictures of
    questions that were published once, since an attempt keeps the revision that it began with."""

    modules: Mapping[str, frozenset[str]]
    items: frozenset[str]


_kept: dict[tuple[int, URL], _Uses] = {}


def shown(session: Session, actor: Actor, key: str) -> tuple[str, str, bytes]:
    """(media type, digest, bytes) of a picture.

    Raises NotFound, also where nothing that this person may read shows it.
    """
    if not _may_see(session, actor, key):
        raise NotFound
    return media.shown(session, key)


def _may_see(session: Session, actor: Actor, key: str) -> bool:
    if actor.has(*AUTHORS):
        return True
    version = catalogue.version(session)
    uses = _uses(session, version)
    outline = catalogue.outline(session, catalogue.SOURCE_LANG, version)
    where = uses.modules.get(key, frozenset())
    if any(m.key in where and is_visible(m, actor.roles) for m in outline.modules):
        return True
    if key not in uses.items:
        return False
    return actor.has(*READ_ANSWERS) or _was_asked(session, actor, key)


def _uses(session: Session, version: int) -> _Uses:
    """What shows which picture; one statement where this process does not know it yet."""
    place = (version, catalogue.database_of(session))
    if place not in _kept:
        catalogue.drop_older(_kept, version)
        _kept[place] = _read(session)
    return _kept[place]


def _read(session: Session) -> _Uses:
    now = select(Published.revision_id).where(Published.retired_at.is_(None))
    rows = session.execute(
        select(Document.kind, Document.key, Revision.source)
        .join(Revision, Revision.document_id == Document.id)
        .where(
            Revision.source.contains(MARK),
            ((Document.kind == "lesson") & Revision.id.in_(now))
            | ((Document.kind == "item") & Revision.id.in_(select(Publication.revision_id))),
        )
    )
    modules: dict[str, set[str]] = defaultdict(set)
    items: set[str] = set()
    for kind, key, source in rows:
        for picture in SHOWN.findall(source):
            if kind == "lesson":
                modules[picture].add(key.partition("/")[0])
            else:
                items.add(picture)
    return _Uses({key: frozenset(found) for key, found in modules.items()}, frozenset(items))


def _was_asked(session: Session, actor: Actor, key: str) -> bool:
    """Whether a question of this person's own attempts shows the picture."""
    sources = session.scalars(
        select(Revision.source)
        .join(AttemptItem, AttemptItem.revision_id == Revision.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(
            Attempt.person_id == actor.person_id,
            Revision.source.contains(f"{MARK}{key}", autoescape=True),
        )
        .distinct()
    )
    return any(key in SHOWN.findall(source) for source in sources)


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()

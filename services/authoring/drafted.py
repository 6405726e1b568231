"""Items that nobody has published yet: what they lack, completing them, publishing them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.authored import parse_item
from domain.library.documents import DocumentError, Problem
from domain.library.pictures import missing_pictures
from domain.library.references import Entry, references_of
from domain.records import frozen
from gateways.rendering import RenderingRefused
from models.library import Document, Published, Revision
from services.actor import Actor
from services.authoring import access, media, previewing
from services.errors import Conflict, Invalid, NotFound
from services.library import catalogue, indexing, loading
from services.library.compiling import Compiled, normalised, title_of

PAGE = 50
MOST_SOURCE = 60_000


@frozen
class DraftLine:
    """A draft in the list; `problems` are what it lacks, none where it can be published."""

    key: str
    title: str
    problems: tuple[Problem, ...]


@frozen
class DraftsPage:
    lines: tuple[DraftLine, ...]
    page: int
    pages: int
    count: int


@frozen
class DraftPage:
    """One draft with its text; `number` is the revision that a save must name."""

    key: str
    title: str
    source: str
    number: int
    problems: tuple[Problem, ...]


def _unpublished() -> Any:
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    return (
        select(Document.id, Document.key, Document.path, Revision.title, Revision.source,
               Revision.number)
        .join(Revision, Revision.document_id == Document.id)
        .outerjoin(Published, Published.document_id == Document.id)
        .where(
            Document.kind == "item",
            Published.document_id.is_(None),
            Revision.id.in_(newest),
        )
    )  # fmt: skip


def drafts_page(session: Session, actor: Actor, page: int) -> DraftsPage:
    """Drafts of items in the order of their ids."""
    access.author(actor)
    total = count(session)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = session.execute(
        _unpublished().order_by(Document.key).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    pictures = media.keys(session)
    lines = tuple(
        DraftLine(row.key, row.title, tuple(problems_of(row.path, row.source, pictures)))
        for row in rows
    )
    return DraftsPage(lines, page, pages, total)


def count(session: Session) -> int:
    """How many items were never published."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Document)
            .outerjoin(Published, Published.document_id == Document.id)
            .where(Document.kind == "item", Published.document_id.is_(None))
        )
        or 0
    )


def problems_of(path: str, source: str, pictures: Iterable[str] = ()) -> list[Problem]:
    """What keeps an item from being published, as far as its own text tells."""
    try:
        parse_item(source, path)
    except DocumentError as error:
        return list(error.problems)
    return missing_pictures(path, source, frozenset(pictures))


def draft_page(session: Session, actor: Actor, key: str) -> DraftPage:
    """One draft; raises NotFound, also for an item that is published."""
    access.author(actor)
    row = session.execute(_unpublished().where(Document.key == key)).one_or_none()
    if row is None:
        raise NotFound
    problems = tuple(problems_of(row.path, row.source, media.keys(session)))
    return DraftPage(row.key, row.title, row.source, row.number, problems)


def save(session: Session, actor: Actor, key: str, number: int, source: str, now: datetime) -> int:
    """Keep a text as the draft's next revision and give back its number.

    The text may be faulty: it is on its way. Raises NotFound, Invalid (too long), and Conflict
    with the DraftPage that stands now where somebody saved since `number`.
    """
    access.author(actor)
    session.execute(select(Document.id).where(Document.key == key).with_for_update())
    current = draft_page(session, actor, key)
    source = normalised(source)
    if len(source.encode("utf-8", "replace")) > MOST_SOURCE:
        raise Invalid(fields={"source": "is longer than an item may be"})
    if source == current.source:
        return current.number
    if number != current.number:
        raise Conflict(current=current)
    row = session.execute(_unpublished().where(Document.key == key)).one()
    document = Compiled("item", key, "en", row.path, source, _title(source, row), {})
    loading.save_revision(session, row.id, document, actor, now)
    indexing.feed_draft(session, row.id, document.title, source)
    return current.number + 1


def _title(source: str, row: Any) -> str:
    try:
        return title_of(parse_item(source, row.path).stem)
    except DocumentError:
        return str(row.title)


def compile_ready(
    session: Session, actor: Actor, keys: Sequence[str]
) -> tuple[list[tuple[int, Compiled]], dict[str, tuple[Problem, ...]]]:
    """(revision number, document) of each draft that can be published, and what the others lack.

    The texts are rendered in the helper process, so call it before the writers' queue.
    """
    access.author(actor)
    rows = session.execute(
        _unpublished().where(Document.key.in_(keys)).order_by(Document.key)
    ).all()
    lessons = {
        key: Entry("", "lesson", key, {})
        for key in session.scalars(select(Document.key).where(Document.kind == "lesson"))
    }
    framework = catalogue.framework(session)
    subtopics = {
        code: frozenset(s.id for s in competency.subtopics)
        for code, competency in framework.competencies.items()
    }
    pictures, figures = media.keys(session), item_figures(session)
    ready: list[tuple[int, Compiled]] = []
    lacking: dict[str, tuple[Problem, ...]] = {}
    for row in rows:
        problems = problems_of(row.path, row.source, pictures)
        document = None
        if not problems:
            document, problems = _compiled(row, figures)
        if document is not None:
            entry = Entry(row.path, "item", row.key, document.meta)
            problems = references_of(entry, {"lesson": lessons}, subtopics)
        if document is None or problems:
            lacking[row.key] = tuple(problems)
        else:
            ready.append((row.number, document))
    return ready, lacking


def _compiled(row: Any, figures: dict[str, str]) -> tuple[Compiled | None, list[Problem]]:
    try:
        answer = previewing.rendered(row.path, row.source, figures)
    except RenderingRefused:
        return None, [Problem(row.path, None, "stem", "could not be rendered within two seconds")]
    if answer["document"] is None:
        return None, [Problem(*fields) for fields in answer["problems"]]
    return previewing.as_compiled(answer["document"]), []


def item_figures(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(Document.path, Revision.source)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Document.kind == "figure", Document.path.startswith("items/figures/"))
    )
    return dict(rows.all())


def publish(
    session: Session, actor: Actor, ready: Sequence[tuple[int, Compiled]], now: datetime
) -> int:
    """Publish drafts that were compiled before; gives back how many still stood as they were."""
    access.author(actor)
    count = 0
    for number, document in ready:
        row = session.execute(_unpublished().where(Document.key == document.key)).one_or_none()
        if row is None or row.number != number:
            continue
        revision_id = loading.save_revision(session, row.id, document, actor, now)
        loading.publish(session, actor, row.id, revision_id, now)
        indexing.forget_draft(session, row.id)
        count += 1
    return count

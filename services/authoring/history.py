"""All revisions of a lesson, and two of them compared: as text, side by side, or as the page."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FreeText, Person
from models.library import Publication, Revision
from services.actor import Actor
from services.authoring import access, previewing
from services.authoring.access import LessonDocument
from services.authoring.differences import Difference, DiffLine, difference, sides
from services.authoring.drafts import OpenDraft, open_draft
from services.authoring.rendered import Block, compared
from services.errors import NotFound

DRAFT = "draft"
VIEWS = ("lines", "sides", "page")


@frozen
class RevisionLine:
    """A revision in the history; `by` is None where it was loaded from the folder.

    asks: what people who had finished the lesson were asked to do; None where the revision never
    came to readers.
    """

    number: int
    title: str
    by: str | None
    at: datetime
    reason: str | None
    asks: str | None


@frozen
class HistoryPage:
    """All revisions of a lesson, newest first, and two of them compared.

    old, new: revision numbers as text, or "draft". view: how they are compared; `pairs` belongs to
    "sides" and `blocks` to "page".
    """

    document: LessonDocument
    draft: OpenDraft | None
    revisions: tuple[RevisionLine, ...]
    old: str
    new: str
    view: str
    difference: Difference | None
    pairs: tuple[tuple[DiffLine | None, DiffLine | None], ...] = ()
    blocks: tuple[Block, ...] = ()


def history_page(
    session: Session,
    actor: Actor,
    path: str,
    old: str | None,
    new: str | None,
    view: str | None = None,
) -> HistoryPage:
    """The history of a lesson; raises NotFound, also for a revision that does not exist.

    Without a choice the newest two stand against each other, or the draft against the published.
    """
    document = access.lesson_document(session, actor, path)
    draft = open_draft(session, document.id)
    revisions = _revisions(session, document.id)
    chosen = [DRAFT] if draft else []
    chosen += [str(line.number) for line in revisions]
    chosen_new = new or chosen[0]
    chosen_old = old or (chosen[1] if len(chosen) > 1 else chosen[0])
    if not {chosen_old, chosen_new} <= set(chosen):
        raise NotFound
    view = view if view in VIEWS else VIEWS[0]
    if chosen_old == chosen_new:
        return HistoryPage(document, draft, revisions, chosen_old, chosen_new, view, None)
    sources, pages = [], []
    for side in (chosen_old, chosen_new):
        source, html = _text(session, document, draft, side, rendered=view == "page")
        sources.append(source)
        pages.append(html)
    found = difference(*sources)
    return HistoryPage(
        document=document,
        draft=draft,
        revisions=revisions,
        old=chosen_old,
        new=chosen_new,
        view=view,
        difference=found,
        pairs=tuple(sides(found)) if view == "sides" else (),
        blocks=compared(*pages) if view == "page" else (),
    )


def _revisions(session: Session, document_id: int) -> tuple[RevisionLine, ...]:
    rows = session.execute(
        select(
            Revision.number,
            Revision.title,
            Person.name,
            Revision.created_at,
            FreeText.body,
            Publication.asks,
        )
        .outerjoin(Person, Person.id == Revision.author_id)
        .outerjoin(
            FreeText, and_(FreeText.about_kind == "revision", FreeText.about_id == Revision.id)
        )
        .outerjoin(Publication, Publication.revision_id == Revision.id)
        .where(Revision.document_id == document_id)
        .order_by(Revision.number.desc(), Publication.id)
    )
    lines: dict[int, RevisionLine] = {}
    for row in rows:  # a revision that was retired and came back was published twice
        lines.setdefault(row.number, RevisionLine(*row))
    return tuple(lines.values())


def _text(
    session: Session, document: LessonDocument, draft: OpenDraft | None, side: str, rendered: bool
) -> tuple[str, str]:
    """A side's text and, where the page is compared, how it looks."""
    if side == DRAFT and draft:
        if not rendered:
            return draft.source, ""
        return draft.source, previewing.check_all(session, [(document.path, draft.source)])[0].html
    row = session.execute(
        select(Revision.source, Revision.html).where(
            Revision.document_id == document.id, Revision.number == int(side)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.source, row.html

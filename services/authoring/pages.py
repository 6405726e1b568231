"""The reading side of authoring: one function and one frozen record per page."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from models.accounts import FreeText, Person
from models.authoring import Draft
from models.library import Document, Published, Revision
from services.actor import Actor
from services.authoring import access, previewing
from services.authoring.access import LessonDocument
from services.authoring.differences import Difference, difference
from services.authoring.drafts import OpenDraft, Typed, open_draft
from services.authoring.previewing import Checked
from services.errors import NotFound
from services.library import catalogue
from services.library.compiling import normalised

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list; problems: how many stand in the way of publishing it."""

    by: str
    at: datetime
    behind: bool
    problems: int


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson in the list; `by` is None where the revision was loaded from the folder."""

    module: str
    name: str
    lang: str
    title: str
    number: int
    by: str | None
    at: datetime
    review_by: date | None
    overdue: bool
    draft: DraftLine | None


@dataclass(frozen=True, slots=True)
class ModuleRows:
    """A module in the list; `titles` is empty for lessons that no module lists."""

    titles: dict[str, str]
    lessons: tuple[LessonRow, ...]


def index(session: Session, actor: Actor, lang: str, now: datetime) -> tuple[ModuleRows, ...]:
    """All lessons by module with their drafts; five statements however many there are."""
    access.author(actor)
    rows = session.execute(_index_rows()).all()
    drafted = [(row.path, row.draft_source) for row in rows if row.draft_source is not None]
    problems = {
        path: len(checked.problems)
        for (path, _), checked in zip(drafted, previewing.check_all(session, drafted), strict=True)
    }
    by_key: dict[str, list[LessonRow]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(_lesson_row(row, problems, now))
    modules = []
    for module in catalogue.outline(session, lang).modules:
        lines = [line for lesson in module.lessons for line in by_key.pop(lesson.key, [])]
        modules.append(ModuleRows(module.titles, tuple(lines)))
    if by_key:
        modules.append(ModuleRows({}, tuple(line for lines in by_key.values() for line in lines)))
    return tuple(modules)


def _index_rows() -> Any:
    editor = aliased(Person)
    return (
        select(
            Document.path,
            Document.key,
            Document.lang,
            Revision.id,
            Revision.title,
            Revision.number,
            Revision.created_at,
            Revision.meta["review_by"].as_string().label("review_by"),
            Person.name.label("by"),
            Draft.source.label("draft_source"),
            Draft.base_revision_id,
            Draft.edited_at,
            editor.name.label("editor"),
        )
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .outerjoin(Person, Person.id == Revision.author_id)
        .outerjoin(Draft, Draft.document_id == Document.id)
        .outerjoin(editor, editor.id == Draft.edited_by)
        .where(Document.kind == "lesson", Published.retired_at.is_(None))
        .order_by(Document.key, Document.lang)
    )


def _lesson_row(row: Any, problems: dict[str, int], now: datetime) -> LessonRow:
    review_by = date.fromisoformat(row.review_by) if row.review_by else None
    draft = None
    if row.draft_source is not None:
        behind = row.base_revision_id != row.id
        draft = DraftLine(row.editor, row.edited_at, behind, problems[row.path])
    module, _, name = row.path.removeprefix("courses/").removesuffix(".md").partition("/")
    return LessonRow(
        module=module,
        name=name,
        lang=row.lang,
        title=row.title,
        number=row.number,
        by=row.by,
        at=row.created_at,
        review_by=review_by,
        overdue=bool(review_by and review_by < now.date()),
        draft=draft,
    )


@dataclass(frozen=True, slots=True)
class EditorPage:
    """A lesson in the editor. `typed` is what stands in the form; `difference` runs from the
    published text to it. `saved` says whether the form's text is what is kept."""

    document: LessonDocument
    module_titles: dict[str, str]
    draft: OpenDraft | None
    typed: Typed
    saved: bool
    checked: Checked
    difference: Difference
    reason: str = ""

    @property
    def behind(self) -> bool:
        """Whether a newer revision was published since this text was begun."""
        return self.typed.base != self.document.number


def editor_page(
    session: Session,
    actor: Actor,
    path: str,
    lang: str,
    typed: Typed | None = None,
    revision: int | None = None,
) -> EditorPage:
    """The editor with the draft, or with the published text, or with what was typed just now.

    revision: begin from the text of that older revision instead. Raises NotFound.
    """
    document = access.lesson_document(session, actor, path)
    draft = open_draft(session, document.id)
    kept = Typed(
        draft.source if draft else document.source,
        draft.base if draft else document.number,
        draft.version if draft else 0,
    )
    if typed is None and revision is not None:
        old = _revision_source(session, document.id, revision)
        typed = replace(kept, source=old, base=document.number)
    typed = kept if typed is None else replace(typed, source=normalised(typed.source))
    checked = previewing.check_all(session, [(path, typed.source)])[0]
    titles = [
        m.titles for m in catalogue.outline(session, lang).modules if m.key == document.module
    ]
    return EditorPage(
        document=document,
        module_titles=titles[0] if titles else {"en": document.module},
        draft=draft,
        typed=typed,
        saved=typed.source == kept.source,
        checked=checked,
        difference=difference(document.source, typed.source),
    )


def _revision_source(session: Session, document_id: int, number: int) -> str:
    source = session.scalar(
        select(Revision.source).where(
            Revision.document_id == document_id, Revision.number == number
        )
    )
    if source is None:
        raise NotFound
    return source


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision in the history; `by` is None where it was loaded from the folder."""

    number: int
    title: str
    by: str | None
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """All revisions of a lesson, newest first, and two of them compared.

    old, new: revision numbers as text, or "draft".
    """

    document: LessonDocument
    draft: OpenDraft | None
    revisions: tuple[RevisionLine, ...]
    old: str
    new: str
    difference: Difference | None


def history_page(
    session: Session, actor: Actor, path: str, old: str | None, new: str | None
) -> HistoryPage:
    """The history of a lesson; raises NotFound, also for a revision that does not exist.

    Without a choice the newest two stand against each other, or the draft against the published.
    """
    document = access.lesson_document(session, actor, path)
    draft = open_draft(session, document.id)
    rows = session.execute(
        select(Revision.number, Revision.title, Person.name, Revision.created_at, FreeText.body)
        .outerjoin(Person, Person.id == Revision.author_id)
        .outerjoin(
            FreeText, and_(FreeText.about_kind == "revision", FreeText.about_id == Revision.id)
        )
        .where(Revision.document_id == document.id)
        .order_by(Revision.number.desc())
    )
    revisions = tuple(RevisionLine(*row) for row in rows)
    sides = [DRAFT] if draft else []
    sides += [str(line.number) for line in revisions]
    chosen_new = new or sides[0]
    chosen_old = old or (sides[1] if len(sides) > 1 else sides[0])
    if not {chosen_old, chosen_new} <= set(sides):
        raise NotFound
    texts = [_text(session, document, draft, side) for side in (chosen_old, chosen_new)]
    compared = difference(*texts) if chosen_old != chosen_new else None
    return HistoryPage(document, draft, revisions, chosen_old, chosen_new, compared)


def _text(session: Session, document: LessonDocument, draft: OpenDraft | None, side: str) -> str:
    if side == DRAFT and draft:
        return draft.source
    return _revision_source(session, document.id, int(side))

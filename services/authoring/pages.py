"""The reading side of authoring: one function and one frozen record per page."""

import secrets
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from domain.library.documents import DocumentError
from domain.library.facts import facts_of
from domain.records import frozen
from models.accounts import Person
from models.authoring import Draft, DuePublication, LineComment, Review
from models.library import Document, Published, Revision
from services.actor import Actor
from services.authoring import access, commenting, previewing, reviewing, scheduling, translating
from services.authoring.access import LessonDocument
from services.authoring.commenting import Comment
from services.authoring.differences import Difference, difference
from services.authoring.drafts import OpenDraft, Typed, open_draft, saved_text
from services.authoring.impact import Impact, impact_of
from services.authoring.previewing import Checked
from services.authoring.reviewing import Standing
from services.authoring.scheduling import Due
from services.authoring.translating import Beside
from services.errors import Conflict, NotFound
from services.library import catalogue
from services.library.compiling import normalised
from services.library.loading import digest_of


@frozen
class DraftLine:
    """A draft in the list; problems: how many stand in the way of publishing it; waits: for a
    review."""

    by: str
    at: datetime
    behind: bool
    problems: int
    waits: bool


@frozen
class LessonRow:
    """A lesson in the list; `by` is None where the revision was loaded from the folder.

    remarks: how many are open. due: "waiting" or "refused", of the newest plan to publish it.
    published: False where readers have never seen it.
    """

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
    remarks: int = 0
    due: str = ""
    published: bool = True


@frozen
class _Marks:
    """By document: open remarks, (document, digest) of texts that wait, state of the plan."""

    remarks: dict[int, int]
    asked: set[tuple[int, str]]
    due: dict[int, str]


@frozen
class ModuleRows:
    """A module in the list; `titles` is empty for lessons that no module lists."""

    titles: dict[str, str]
    lessons: tuple[LessonRow, ...]


def index(session: Session, actor: Actor, lang: str, now: datetime) -> tuple[ModuleRows, ...]:
    """All lessons by module with their drafts; five statements however many there are."""
    access.author(actor)
    version = catalogue.version(session)
    marks = _marks(session, now)
    rows = session.execute(_index_rows()).all()
    drafted = [(row.path, row.draft_source) for row in rows if row.draft_source is not None]
    checked = previewing.check_all(session, drafted, version)
    problems = {
        path: len(found.problems) for (path, _), found in zip(drafted, checked, strict=True)
    }
    by_key: dict[str, list[LessonRow]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(_lesson_row(row, problems, marks, now))
    modules = []
    for module in catalogue.outline(session, lang, version).modules:
        lines = [line for lesson in module.lessons for line in by_key.pop(lesson.key, [])]
        lines += _unpublished(by_key, module.key)
        modules.append(ModuleRows(module.titles, tuple(lines)))
    if by_key:
        modules.append(ModuleRows({}, tuple(line for lines in by_key.values() for line in lines)))
    return tuple(modules)


def _unpublished(by_key: dict[str, list[LessonRow]], module: str) -> list[LessonRow]:
    """The lessons of a module that are still being written, taken out of `by_key`."""
    new = [k for k, lines in by_key.items() if lines[0].module == module and not lines[0].published]
    return [line for key in new for line in by_key.pop(key)]


def _index_rows() -> Any:
    editor = aliased(Person)
    return (
        select(
            Document.id.label("document_id"),
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
            Published.document_id.is_not(None).label("published"),
        )
        .outerjoin(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == func.coalesce(Published.revision_id, access.BEGINNING))
        .outerjoin(Person, Person.id == Revision.author_id)
        .outerjoin(Draft, Draft.document_id == Document.id)
        .outerjoin(editor, editor.id == Draft.edited_by)
        .where(Document.kind == "lesson", Published.retired_at.is_(None))
        .order_by(Document.key, Document.lang)
    )


def _marks(session: Session, now: datetime) -> _Marks:
    """What stands at lessons beside their drafts."""
    remarks = session.execute(
        select(LineComment.document_id, func.count())
        .where(LineComment.resolved_at.is_(None))
        .group_by(LineComment.document_id)
    )
    asked = session.execute(
        select(Review.document_id, Review.digest).where(Review.state == "asked")
    )
    newest = select(func.max(DuePublication.id)).group_by(DuePublication.document_id)
    due = session.execute(
        select(DuePublication.document_id, DuePublication.state).where(
            DuePublication.id.in_(newest),
            DuePublication.state.in_(["waiting", "refused"]),
            DuePublication.due_at > now - scheduling.SHOWN_FOR,
        )
    )
    return _Marks(
        {row[0]: row[1] for row in remarks},
        {(row[0], row[1]) for row in asked},
        {row[0]: row[1] for row in due},
    )


def _lesson_row(row: Any, problems: dict[str, int], marks: _Marks, now: datetime) -> LessonRow:
    review_by = date.fromisoformat(row.review_by) if row.review_by else None
    draft = None
    if row.draft_source is not None:
        behind = row.base_revision_id != row.id
        waits = (row.document_id, digest_of(row.draft_source)) in marks.asked
        draft = DraftLine(row.editor, row.edited_at, behind, problems[row.path], waits)
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
        remarks=marks.remarks.get(row.document_id, 0),
        due=marks.due.get(row.document_id, ""),
        published=row.published,
    )


@frozen
class EditorPage:
    """A lesson in the editor. `typed` is what stands in the form; `difference` runs from the
    published text to it. `saved` says whether the form's text is what is kept.

    facts: the front matter as its form shows it; None while it cannot be read. comments stand at
    the lines of the kept text. touched: what publishing would touch. due: a plan to publish.
    beside: the English of a translation. to_translate: it is published English without a Chinese
    text. tab: the name of this very page, for its saves.
    """

    document: LessonDocument
    module_titles: dict[str, str]
    draft: OpenDraft | None
    typed: Typed
    saved: bool
    checked: Checked
    difference: Difference
    standing: Standing
    touched: Impact
    facts: dict[str, str] | None = None
    comments: tuple[Comment, ...] = ()
    due: Due | None = None
    beside: Beside | None = None
    reason: str = ""
    tab: str = ""
    to_translate: bool = False

    @property
    def behind(self) -> bool:
        """Whether a newer revision was published since this text was begun."""
        return self.typed.base != self.document.number


def editor_page(
    session: Session,
    actor: Actor,
    path: str,
    lang: str,
    now: datetime,
    typed: Typed | None = None,
    revision: int | None = None,
    save: int | None = None,
) -> EditorPage:
    """The editor with the draft, or with the published text, or with what was typed just now.

    revision, save: begin from the text of that older revision, or of that save of a draft, instead.
    Raises NotFound.
    """
    document = access.lesson_document(session, actor, path)
    draft = open_draft(session, document.id)
    kept = Typed(
        draft.source if draft else document.source,
        draft.base if draft else document.number,
        draft.version if draft else 0,
    )
    if typed is None and revision is not None:
        old = revision_source(session, document.id, revision)
        typed = replace(kept, source=old, base=document.number)
    if typed is None and save is not None:
        typed = replace(kept, source=saved_text(session, document.id, save))
    typed = kept if typed is None else replace(typed, source=normalised(typed.source))
    version = catalogue.version(session)
    checked = previewing.check_all(session, [(path, typed.source)], version)[0]
    facts = readable_facts(typed.source, path)
    modules = catalogue.outline(session, lang, version).modules
    titles = [module.titles for module in modules if module.key == document.module]
    return EditorPage(
        document=document,
        module_titles=titles[0] if titles else {"en": document.module},
        draft=draft,
        typed=typed,
        saved=typed.source == kept.source,
        checked=checked,
        difference=difference(document.source, typed.source),
        standing=reviewing.standing(session, actor, document.id, draft),
        touched=impact_of(session, document),
        facts=facts,
        comments=commenting.comments(session, document.id, kept.source),
        due=scheduling.of_document(session, document.id, now),
        beside=translating.beside(session, document, (facts or {}).get("translation_of", "")),
        tab=typed.tab or secrets.token_hex(8),
        to_translate=translating.is_missing(session, document),
    )


def readable_facts(source: str, path: str) -> dict[str, str] | None:
    """The front matter as its form shows it; None where it cannot be read."""
    try:
        return facts_of(source, path)
    except DocumentError:
        return None


def revision_source(session: Session, document_id: int, number: int) -> str:
    """The text of a revision as it was saved; raises NotFound."""
    source = session.scalar(
        select(Revision.source).where(
            Revision.document_id == document_id, Revision.number == number
        )
    )
    if source is None:
        raise NotFound
    return source


def facts_page(
    session: Session, actor: Actor, path: str, source: str
) -> tuple[dict[str, str] | None, Beside | None]:
    """The form of the front matter for a typed text; raises NotFound."""
    document = access.lesson_document(session, actor, path)
    facts = readable_facts(source, path)
    made_from = (facts or {}).get("translation_of", "")
    return facts, translating.beside(session, document, made_from)


def text_of_revision(session: Session, actor: Actor, path: str, number: int) -> str:
    """The text of an older revision; raises NotFound."""
    document = access.lesson_document(session, actor, path)
    return revision_source(session, document.id, number)


def kept_text(session: Session, actor: Actor, path: str, version: int) -> str:
    """The draft's text, or the published one for version 0.

    Raises NotFound, and Conflict where another version stands now.
    """
    document = access.lesson_document(session, actor, path, lock=True)
    draft = open_draft(session, document.id)
    if version != (draft.version if draft else 0):
        raise Conflict
    return draft.source if draft else document.source

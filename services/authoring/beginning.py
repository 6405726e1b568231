"""New lessons, translations and modules: in the site only, and unseen until they are published."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.library.beginnings import (
    is_name,
    lesson_source,
    module_source,
    name_for,
    translation_source,
)
from domain.library.courses import CLOSED
from domain.library.documents import DocumentError
from domain.records import frozen
from models.authoring import Draft, DraftSave, DuePublication, LineComment, Review
from models.library import Document, Publication, Revision
from services import journal
from services.actor import Actor
from services.authoring import access, courses
from services.authoring.previewing import MAX_BYTES
from services.authoring.translating import DIGITS
from services.errors import Conflict, Invalid, NotFound
from services.library import catalogue, indexing, loading
from services.library.compiling import Compiled, compile_one, normalised

TRANSLATED = "zh_Hans"
LONGEST_TITLE = 120
TAKEN = "Something has this name already. Choose another one."
BAD_NAME = "Use small Latin letters, digits and hyphens, up to 60 of them."


@frozen
class NewLesson:
    """What the form sent. facts: fields of the front matter as its form shows them; text: what was
    pasted to begin with, or nothing."""

    module: str
    title: str
    name: str
    facts: Mapping[str, str]
    text: str


@frozen
class NewModule:
    """What the form sent; texts by language, English among them."""

    name: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    competencies: tuple[str, ...]


@frozen
class Choices:
    """What the forms offer: (key, title) of modules, closed ones among them; (code, name)."""

    modules: tuple[tuple[str, str], ...]
    competencies: tuple[tuple[str, str], ...]


def choices(session: Session, actor: Actor, lang: str) -> Choices:
    """The modules and competencies that there are."""
    modules = courses.modules(session, actor)
    competencies = catalogue.framework(session).competencies
    return Choices(
        tuple((m.key, m.titles.get(lang, m.titles["en"])) for m in modules),
        tuple((code, c.name.get(lang, c.name["en"])) for code, c in competencies.items()),
    )


def begin_lesson(session: Session, actor: Actor, given: NewLesson, now: datetime) -> str:
    """Put a lesson there that only trainers see, and give back its path.

    Raises NotFound for others than authors, and Invalid by field.
    """
    access.author(actor)
    title = " ".join(given.title.split())
    name = given.name.strip() or name_for(title)
    if given.module not in {module.key for module in courses.modules(session, actor)}:
        raise Invalid(fields={"module": "Choose a module of the course."})
    _refuse_title(title)
    _refuse_name(name)
    path = access.path_of(given.module, name)
    text = normalised(given.text) if given.text.strip() else ""
    source = lesson_source(path, name, {**given.facts, "title": title}, text)
    if len(source.encode("utf-8", "replace")) > MAX_BYTES:
        raise Invalid(fields={"text": f"The text is longer than {MAX_BYTES // 1024} KB."})
    _keep(session, actor, f"{given.module}/{name}", "en", path, source, title, now)
    return path


def begin_translation(session: Session, actor: Actor, path: str, now: datetime) -> str:
    """Put the English text of a published lesson there once more, to be written over in Chinese.

    Gives back the path, also of a translation that is there already. Raises NotFound.
    """
    english = access.lesson_document(session, actor, path)
    if english.lang != catalogue.SOURCE_LANG or not english.published:
        raise NotFound
    translated = path.removesuffix(".md") + f".{TRANSLATED}.md"
    if session.scalar(select(Document.id).where(Document.path == translated)):
        return translated
    try:
        source = translation_source(english.source, translated, english.digest[:DIGITS])
    except DocumentError:
        raise NotFound from None
    _keep(session, actor, english.key, TRANSLATED, translated, source, english.title, now)
    return translated


def begin_module(session: Session, actor: Actor, given: NewModule, now: datetime) -> str:
    """Publish a module that is closed and has no lessons yet; gives back its key.

    Raises NotFound for others than authors, and Invalid by field.
    """
    access.author(actor)
    titles = {lang: " ".join(words.split()) for lang, words in given.titles.items()}
    summaries = {lang: " ".join(words.split()) for lang, words in given.summaries.items()}
    name = given.name.strip() or name_for(titles["en"])
    for words in titles.values():
        _refuse_title(words or titles["en"])
    _refuse_name(name)
    known = courses.modules(session, actor)
    order = min(999, max((module.order for module in known), default=0) + 1)
    source = module_source(name, titles, summaries, order, given.competencies)
    path = f"courses/{name}/module.yaml"
    try:
        compiled = compile_one(path, source, {})
    except DocumentError as error:
        fields = {
            (p.field or "name").partition(".")[0].partition("[")[0]: p.message
            for p in error.problems
        }
        raise Invalid(fields=fields) from None
    assert compiled.meta["state"] == CLOSED
    document_id = _insert(session, compiled, now)
    revision_id = loading.save_revision(session, document_id, compiled, actor, now)
    loading.publish(session, actor, document_id, revision_id, now)
    return name


def abandon(session: Session, actor: Actor, path: str, version: int, now: datetime) -> None:
    """Take a lesson away that was never published, with its drafts and remarks.

    Raises NotFound, and Conflict where it was published, or saved since the page was read.
    """
    document = access.lesson_document(session, actor, path, lock=True)
    mine = document.id
    if document.published or session.scalar(
        select(func.count()).select_from(Publication).where(Publication.document_id == mine)
    ):
        raise Conflict
    if version != (session.scalar(select(Draft.version).where(Draft.document_id == mine)) or 0):
        raise Conflict
    indexing.forget_draft(session, mine)
    for table in (LineComment, Review, DuePublication, DraftSave, Draft, Revision):
        session.execute(delete(table).where(table.document_id == mine))
    session.execute(delete(Document).where(Document.id == mine))
    journal.append(session, actor, "lesson.abandoned", "document", mine, now)


def _refuse_title(title: str) -> None:
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Invalid(fields={"title": "A title has 1 to 120 characters."})


def _refuse_name(name: str) -> None:
    if not is_name(name):
        raise Invalid(fields={"name": BAD_NAME})


def _keep(
    session: Session,
    actor: Actor,
    key: str,
    lang: str,
    path: str,
    source: str,
    title: str,
    now: datetime,
) -> None:
    """The first revision, which nobody has published: the ground that drafts grow on."""
    document = Compiled("lesson", key, lang, path, normalised(source), title, {})
    document_id = _insert(session, document, now)
    loading.save_revision(session, document_id, document, actor, now)
    indexing.feed_draft(session, document_id, title, source)
    journal.append(session, actor, "lesson.begun", "document", document_id, now)


def _insert(session: Session, document: Compiled, now: datetime) -> int:
    """The row of a new document; two people at one name get one lesson and one refusal."""
    try:
        return loading.new_document(session, document, now)
    except IntegrityError:
        raise Invalid(fields={"name": TAKEN}) from None

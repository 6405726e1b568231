"""Checking and rendering a text before it is kept: in the helper process, by the loader's code."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.library.documents import Problem
from domain.library.references import Entry, add_terms, references_of
from gateways.rendering import (
    MAX_SOURCE_BYTES,
    Renderer,
    RenderingProcess,
    RenderingRefused,
    TooLarge,
    TooSlow,
)
from models.library import Document, ItemFacts, Published, Revision
from services.actor import Actor
from services.authoring import access
from services.library import catalogue
from services.library.compiling import Compiled, normalised

WORDS_A_MINUTE = 130  # a reader for whom the language is not the first, with tables and questions
MAX_BYTES = MAX_SOURCE_BYTES
_render: Renderer = RenderingProcess("services.library.compiling:preview")


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as it would be published: what is wrong with it, and how it looks.

    document: what `publish` keeps; None while there is a problem.
    """

    source: str
    document: Compiled | None
    problems: tuple[Problem, ...]
    html: str
    words: int
    too_large: bool = False

    @property
    def minutes(self) -> int:
        """Reading time, at least one minute."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def sound(self) -> bool:
        return self.document is not None


def check(session: Session, actor: Actor, path: str, source: str) -> Checked:
    """Check and render the text of one lesson; raises NotFound.

    It may take two seconds, so never call it while others wait for the transaction to end.
    """
    access.lesson_document(session, actor, path)
    return check_all(session, [(path, source)])[0]


def check_all(session: Session, texts: Iterable[tuple[str, str]]) -> list[Checked]:
    """Check (path, text) pairs; three statements however many there are."""
    wanted = [(path, normalised(source)) for path, source in texts]
    if not wanted:
        return []
    figures = _figures(session, {path.split("/")[1] for path, _ in wanted})
    index = _index(session)
    return [_checked(path, source, figures, index) for path, source in wanted]


def _checked(
    path: str, source: str, figures: dict[str, str], index: dict[str, dict[str, Entry]]
) -> Checked:
    try:
        answer = _render({"path": path, "source": source, "figures": figures})
    except RenderingRefused as refusal:
        problem = Problem(path, None, None, _reason(refusal))
        return Checked(source, None, (problem,), "", 0, isinstance(refusal, TooLarge))
    problems = tuple(Problem(*fields) for fields in answer["problems"])
    document = Compiled(**answer["document"]) if answer["document"] else None
    if document is not None:
        entry = Entry(document.path, document.kind, document.key, document.meta, document.lang)
        problems = tuple(references_of(entry, index, {}))
    return Checked(
        source, None if problems else document, problems, answer["html"], answer["words"]
    )


def _reason(refusal: RenderingRefused) -> str:
    if isinstance(refusal, TooLarge):
        return f"is longer than {MAX_BYTES // 1024} KB; divide it into two lessons"
    if isinstance(refusal, TooSlow):
        return "takes longer than 2 seconds to render; take out what is deeply nested or repeated"
    return "could not be rendered; take out what you added last, or try again in a minute"


def _figures(session: Session, modules: set[str]) -> dict[str, str]:
    rows = session.execute(
        select(Document.path, Revision.source)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(
            Document.kind == "figure",
            Published.retired_at.is_(None),
            or_(*(Document.key.startswith(f"{module}/") for module in sorted(modules))),
        )
    )
    return dict(rows.all())


def _index(session: Session) -> dict[str, dict[str, Entry]]:
    """The lessons, terms and items that a lesson may name, with the items' pools."""
    rows = session.execute(
        select(Document.path, Document.kind, Document.key, ItemFacts.pool, Document.lang)
        .join(Published, Published.document_id == Document.id)
        .outerjoin(ItemFacts, ItemFacts.revision_id == Published.revision_id)
        .where(Document.kind.in_(["lesson", "item"]), Published.retired_at.is_(None))
    )
    index: dict[str, dict[str, Entry]] = {}
    for path, kind, key, pool, lang in rows:
        if lang == catalogue.SOURCE_LANG:
            index.setdefault(kind, {})[key] = Entry(path, kind, key, {"pool": pool})
    glossaries = catalogue.published(session, "glossary")
    add_terms((Entry(text.key, "glossary", text.key, text.meta) for text in glossaries), index)
    return index

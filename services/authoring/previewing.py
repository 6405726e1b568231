"""Checking and rendering a text before it is kept: in the helper process, by the loader's code."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from domain.library.documents import Problem
from domain.library.house_rules import lesson_problems
from domain.library.outline import Heading, headings
from domain.library.pictures import missing_pictures
from domain.library.references import Entry, references_of
from domain.records import frozen
from gateways.rendering import (
    MAX_SOURCE_BYTES,
    Renderer,
    RenderingProcess,
    RenderingRefused,
    TooLarge,
    TooSlow,
)
from services.actor import Actor
from services.authoring import access, media
from services.authoring.known import known
from services.library.compiling import Compiled, normalised

WORDS_A_MINUTE = 130  # a reader for whom the language is not the first, with tables and questions
MAX_BYTES = MAX_SOURCE_BYTES
_render: Renderer = RenderingProcess("services.library.compiling:preview")


@frozen
class Checked:
    """A text as it would be published: what is wrong with it, and how it looks.

    document: what `publish` keeps; None while there is a problem. advice: what a good lesson has
    beyond its format, as `content check` says it; it refuses nothing.
    """

    source: str
    document: Compiled | None
    problems: tuple[Problem, ...]
    html: str
    words: int
    too_large: bool = False
    advice: tuple[Problem, ...] = ()

    @property
    def outline(self) -> tuple[Heading, ...]:
        """The headings with their lines."""
        return headings(self.source)

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


def check_all(
    session: Session, texts: Iterable[tuple[str, str]], known_version: int | None = None
) -> list[Checked]:
    """Check (path, text) pairs; two statements at most, once what they may name is kept.

    known_version: the library's version where the caller has asked for it already.
    """
    wanted = [(path, normalised(source)) for path, source in texts]
    if not wanted:
        return []
    there = known(session, known_version)
    figures = there.figures_of({path.split("/")[1] for path, _ in wanted})
    shown = any("](media:" in source for _, source in wanted)
    pictures = media.keys(session) if shown else frozenset()
    return [_checked(path, source, figures, there.index, pictures) for path, source in wanted]


def rendered(path: str, source: str, figures: dict[str, str]) -> dict[str, Any]:
    """What the helper process says of one document, see `compiling.preview`."""
    return _render({"path": path, "source": source, "figures": figures})


def as_compiled(stored: dict[str, Any]) -> Compiled:
    """The document that the helper process answered with, its date a date again."""
    facts = stored.get("item") or {}
    if facts.get("review_by"):
        facts["review_by"] = date.fromisoformat(facts["review_by"])
    return Compiled(**stored)


def _checked(
    path: str,
    source: str,
    figures: dict[str, str],
    index: dict[str, dict[str, Entry]],
    pictures: frozenset[str],
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
        problems += tuple(missing_pictures(path, source, pictures))
    advice = tuple(lesson_problems(path, source, document.meta)) if document else ()
    return Checked(
        source=source,
        document=None if problems else document,
        problems=problems,
        html=answer["html"],
        words=answer["words"],
        advice=advice,
    )


def _reason(refusal: RenderingRefused) -> str:
    if isinstance(refusal, TooLarge):
        return f"is longer than {MAX_BYTES // 1024} KB; divide it into two lessons"
    if isinstance(refusal, TooSlow):
        return "takes longer than 2 seconds to render; take out what is deeply nested or repeated"
    return "could not be rendered; take out what you added last, or try again in a minute"

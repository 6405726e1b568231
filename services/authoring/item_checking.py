"""An item's text looked at before it is kept: faults, both views, twins, cues in its form."""

import random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.compiled import from_dict
from domain.assessment.drawing import drawn, drawn_stem
from domain.assessment.form_cues import cue_rates
from domain.assessment.items import Item, Numeric
from domain.assessment.presentation import option_order
from domain.library.documents import Problem
from domain.library.likeness import Twin, twins
from domain.library.references import Entry, references_of
from domain.records import frozen
from gateways.rendering import RenderingRefused
from models.library import Document, Published, Revision
from services.assessment.pages import Question, question_of
from services.assessment.responding import Asked
from services.authoring import drafted, media, previewing
from services.library import catalogue
from services.library.compiling import Compiled, normalised

SEEDS = (1, 2, 3, 4, 5)
SURE = 0.999  # a blind strategy that takes this item's point for certain


@frozen
class Shown:
    """The item under one seed: as a candidate sees it, and with the numbers of the draw."""

    seed: int
    question: Question
    item: Item
    html: str


@frozen
class CheckedItem:
    """A text as it would be published. document: None while there is a problem.

    shown: under five seeds where chance decides numbers or orders; cues: blind strategies that win
    this item; twins: published items much like it.
    """

    source: str
    document: Compiled | None
    problems: tuple[Problem, ...]
    shown: tuple[Shown, ...] = ()
    cues: tuple[str, ...] = ()
    twins: tuple[Twin, ...] = ()

    @property
    def varies(self) -> bool:
        """Whether the numbers of the question are drawn."""
        return (
            bool(self.shown)
            and isinstance(self.shown[0].item, Numeric)
            and (bool(self.shown[0].item.parameters))
        )


def check(session: Session, path: str, key: str, source: str) -> CheckedItem:
    """Check and show an item's text; it may take two seconds, so call it outside the queue."""
    source = normalised(source)
    problems = drafted.problems_of(path, source, media.keys(session))
    if problems:
        return CheckedItem(source, None, tuple(problems))
    try:
        answer = previewing.rendered(path, source, drafted.item_figures(session))
    except RenderingRefused:
        fault = Problem(path, None, "stem", "could not be rendered within two seconds")
        return CheckedItem(source, None, (fault,))
    if answer["document"] is None:
        return CheckedItem(source, None, tuple(Problem(*p) for p in answer["problems"]))
    document = previewing.as_compiled(answer["document"])
    lost = _lost(session, path, key, document)
    item = from_dict(document.meta)
    cues = tuple(r.strategy for r in cue_rates([item]) if r.scope != item.home and _is_cue(r))
    return CheckedItem(
        source=source,
        document=None if lost else document,
        problems=tuple(lost),
        shown=tuple(_shown(item, document.html, seed) for seed in SEEDS),
        cues=cues,
        twins=twins(_words(document.meta), _others(session, key)),
    )


def _is_cue(rate: Any) -> bool:
    """The longest and the most hedged option are advice; a position in the file is none."""
    return not rate.strategy.startswith("position") and rate.rate > SURE


def _lost(session: Session, path: str, key: str, document: Compiled) -> list[Problem]:
    """What the item names and the course does not have."""
    lessons = {
        name: Entry("", "lesson", name, {})
        for name in session.scalars(select(Document.key).where(Document.kind == "lesson"))
    }
    framework = catalogue.framework(session)
    subtopics = {
        code: frozenset(s.id for s in competency.subtopics)
        for code, competency in framework.competencies.items()
    }
    entry = Entry(path, "item", key, document.meta)
    return list(references_of(entry, {"lesson": lessons}, subtopics))


def _shown(item: Item, html: str, seed: int) -> Shown:
    order = option_order(item, random.Random(seed))
    draw = order if isinstance(item, Numeric) else ()
    one = drawn(item, draw)
    stem = drawn_stem(item, html, draw)
    asked = Asked(
        id=0, attempt_id=0, position=seed, revision_id=0, document_id=0, competency=item.home,
        option_order=order, item=one, html=stem, answer=None,
    )  # fmt: skip
    return Shown(seed, question_of(asked), one, stem)


def _others(session: Session, key: str) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Document.key, Revision.meta)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Document.kind == "item", Document.key != key, Published.retired_at.is_(None))
    )
    return [(row.key, _words(row.meta)) for row in rows]


def _words(meta: dict[str, Any]) -> str:
    """What makes two items the same question: the stem and the options, without the reasons."""
    parts = [meta.get("stem", "")]
    for name in ("options", "actions", "steps", "lefts", "statements"):
        parts += [entry.get("text", "") for entry in meta.get(name) or ()]
    return " ".join(parts)

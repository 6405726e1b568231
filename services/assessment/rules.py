"""How a form is delivered: sections, navigation, breaks, reasons at once.

A revision never changes, so a process reads its rules once. A lesson's quiz has none.
"""

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import codes_of, is_adaptive
from domain.assessment.forms import TIMED
from domain.records import frozen
from models.library import Document, Revision
from services.library.catalogue import database_of

MOST = 1000  # forms and lessons that a process remembers

_kept: dict[tuple[URL, int], "Rules"] = {}


@frozen
class Part:
    """A section of a form: the questions from first to last, counted from 1."""

    number: int
    titles: Mapping[str, str]
    first: int
    last: int
    minutes: int
    forward: bool


@frozen
class Chosen:
    """Questions that are chosen one by one: on which competencies, in the order of the parts, and
    from least to most of them on each.
    """

    codes: tuple[str, ...]
    least: int
    most: int


@frozen
class Rules:
    """titles: language -> title; parts: of the form, empty without sections.

    forward: no way back, in a form without sections; each: reasons at once; limit_s: None without a
    clock; breaks, break_minutes: how many times, and how long each. chosen: of an adaptive form.
    """

    titles: Mapping[str, str]
    parts: tuple[Part, ...] = ()
    forward: bool = False
    each: bool = False
    limit_s: int | None = None
    breaks: int = 0
    break_minutes: int = 0
    chosen: Chosen | None = None

    @property
    def plain(self) -> bool:
        """Whether any question may be answered at any time while the attempt runs."""
        return not (self.parts or self.forward or self.each)

    def part_of(self, position: int) -> Part | None:
        """The section that a question stands in; None without sections."""
        return next((part for part in self.parts if part.first <= position <= part.last), None)

    def passing(self, position: int) -> int:
        """The last question that, once reached, closes this one; the question itself for none."""
        part = self.part_of(position)
        if part is not None:
            return part.last if part.forward else position
        return 2**31 - 1 if self.forward else position


def rules_of(session: Session, revision_id: int) -> Rules:
    """The rules of a form's or a lesson's revision; a statement when this process met it first."""
    place = (database_of(session), revision_id)
    if place not in _kept:
        row = session.execute(
            select(Document.kind, Revision.title, Revision.meta)
            .join(Document, Document.id == Revision.document_id)
            .where(Revision.id == revision_id)
        ).one()
        if len(_kept) >= MOST:
            _kept.clear()
        is_form = row.kind == "form"
        _kept[place] = _rules(row.meta) if is_form else Rules({"en": row.title})
    return _kept[place]


def _rules(meta: Mapping[str, Any]) -> Rules:
    """From a compiled form; one compiled before there were such rules has none of the fields."""
    sections = meta.get("sections", ())
    lasts = list(accumulate(len(section["items"]) for section in sections))
    parts = tuple(
        Part(
            number,
            section["title"],
            last - len(section["items"]) + 1,
            last,
            section["minutes"],
            section["navigation"] == "forward",
        )
        for number, (section, last) in enumerate(zip(sections, lasts, strict=True), start=1)
    )
    breaks = meta.get("breaks") or {"count": 0, "minutes": 0}
    return Rules(
        titles=meta["title"],
        parts=parts,
        forward=meta.get("navigation") == "forward",
        each=meta.get("feedback") == "each" and meta["pool"] == "practice",
        limit_s=60 * meta["minutes"] if meta["purpose"] in TIMED else None,
        breaks=breaks["count"],
        break_minutes=breaks["minutes"],
        chosen=Chosen(codes_of(meta), meta["least"], meta["most"])
        if is_adaptive(meta["id"])
        else None,
    )


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()

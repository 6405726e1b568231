"""What is known of the bank as files: statistics of items and forms, and live parameters.

Keys and figures only: no question's text, no name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from gateways import sheets
from gateways.sheets import Cell
from models.library import Document, ItemFacts, Published
from models.measuring import CalibrationRun, ItemParameters
from services import journal
from services.actor import Actor
from services.errors import NotFound
from services.library import catalogue
from services.measuring import access
from services.measuring.newest import figures

FORMATS = ("csv", "xlsx")
ITEM_FIGURES = (
    "exposure",
    "facility",
    "rest_correlation",
    "discrimination",
    "efficiency",
    "median_seconds",
    "rapid_share",
)
FORM_FIGURES = ("items", "most", "alpha", "omega", "mean", "deviation", "error")


@frozen
class Sheet:
    """A table to hand out; the first row of the file is `head`."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def csv(self) -> Iterator[str]:
        return sheets.csv_lines(self.head, self.rows)

    def xlsx(self) -> bytes:
        return sheets.xlsx_file(self.name, self.head, self.rows)


def sheet(session: Session, actor: Actor, what: str, form: str, now: datetime) -> Sheet:
    """One of WHAT, for a file of one of FORMATS; journaled. Raises NotFound for other words."""
    access.trainer(actor)
    if what not in WHAT or form not in FORMATS:
        raise NotFound
    found = WHAT[what](session)
    journal.append(
        session, actor, "statistics.exported", "export", 0, now,
        what=what, format=form, rows=len(found.rows),
    )  # fmt: skip
    return found


def _items(session: Session) -> Sheet:
    facts = {
        row.key: row
        for row in session.execute(
            select(
                Document.key,
                ItemFacts.kind,
                ItemFacts.pool,
                ItemFacts.competency,
                ItemFacts.subtopic,
                ItemFacts.difficulty,
                ItemFacts.review_by,
            )
            .join(Published, Published.document_id == Document.id)
            .join(ItemFacts, ItemFacts.revision_id == Published.revision_id)
            .where(Document.kind == "item", Published.retired_at.is_(None))
        )
    }
    known = ("kind", "pool", "competency", "subtopic", "difficulty", "review_by")
    head = ("item", *known, "answers", *ITEM_FIGURES, "dif", "flags", "choices", "computed_at")
    rows = [
        (
            key,
            *(getattr(facts[key], name) for name in known),
            found.answers,
            *(found.data.get(name) for name in ITEM_FIGURES),
            _words(f"{d['name']} {d['dif_class']}" for d in found.data["dif"] if d["dif_class"]),
            _words(found.data["flags"]),
            _words(_choice(choice) for choice in found.data["choices"]),
            found.computed_at,
        )
        for key, found in figures(session, "item").items()
        if key in facts
    ]
    return Sheet("item statistics", head, tuple(rows))


def _choice(choice: Mapping[str, Any]) -> str:
    mark = "*" if choice["key"] else ""
    share, correlation = choice["share"], choice["correlation"]
    told = "" if share is None else f" {share:.3f}"
    return f"{choice['letter']}{mark}{told}" + (
        "" if correlation is None else f" r {correlation:.3f}"
    )


def _words(words: Iterable[str]) -> str:
    return "; ".join(words)


def _forms(session: Session) -> Sheet:
    parts = ("alpha", "omega")
    head = ("form", "part", "people", *FORM_FIGURES, "score_distribution", "computed_at")
    rows: list[tuple[Cell, ...]] = []
    for key, found in figures(session, "form").items():
        data = found.data
        counts = " ".join(map(str, data["counts"]))
        rows.append(
            (key, "", found.answers, *(data[n] for n in FORM_FIGURES), counts, found.computed_at)
        )
        for code, part in data["groups"].items():
            told = (part["items"], None, *(part[name] for name in parts), None, None, None)
            rows.append((key, code, found.answers, *told, "", found.computed_at))
    return Sheet("form statistics", head, tuple(rows))


def _parameters(session: Session) -> Sheet:
    """Of the live calibration, one row an item and competency: all its revisions share them."""
    live = catalogue.framework(session).calibration_id
    rows = session.execute(
        select(ItemParameters, Document.key, CalibrationRun.live_at)
        .join(CalibrationRun, CalibrationRun.id == ItemParameters.run_id)
        .join(ItemFacts, ItemFacts.revision_id == ItemParameters.revision_id)
        .join(Document, Document.id == ItemFacts.document_id)
        .join(Published, Published.revision_id == ItemParameters.revision_id)
        .where(ItemParameters.run_id == live)
        .order_by(Document.key, ItemParameters.competency)
    ).all()
    most = max((len(row.ItemParameters.thresholds) for row in rows), default=1)
    steps = [f"{word}{n}" for n in range(1, most + 1) for word in ("b", "se_b")]
    head = ("item", "competency", "model", "answers", "a", "se_a", "c", "se_c", *steps)
    return Sheet(
        "parameters",
        (*head, "calibration", "live_at"),
        tuple((row.key, *_line(row.ItemParameters, most), live, row.live_at) for row in rows),
    )


def _line(found: ItemParameters, most: int) -> tuple[Cell, ...]:
    errors = found.errors
    thresholds = [*found.thresholds, *[None] * (most - len(found.thresholds))]
    errors_of = [*errors["thresholds"], *[None] * (most - len(errors["thresholds"]))]
    steps = [cell for pair in zip(thresholds, errors_of, strict=True) for cell in pair]
    head = (found.competency, found.model, found.answers)
    return (*head, found.a, errors["a"], found.c, errors["c"], *steps)


WHAT: Mapping[str, Callable[[Session], Sheet]] = {
    "items": _items,
    "forms": _forms,
    "parameters": _parameters,
}

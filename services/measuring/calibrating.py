"""Calibrating the bank from the ledger. Loads numpy: for commands and benches only."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.item_models import ItemModel, spread_thresholds
from domain.assessment.statistics.calibration import (
    CalibratedItem,
    Calibration,
    CalibrationRefused,
    Candidate,
    calibrate,
)
from domain.assessment.statistics.ladder import Rung, guessing_matters, rung_for
from domain.records import frozen
from models.competencies import Evidence
from models.library import Document, ItemFacts, Revision
from models.measuring import CalibrationRun, ItemParameters
from services import journal
from services.actor import SYSTEM
from services.assessment.adaptive_bank import EXPOSURE
from services.competencies.carrying import SOURCE as CARRIED
from services.library import catalogue
from services.measuring import exposing
from services.session import changed_rows, reading, writing

NAMES = {Rung.ONE: "1pl", Rung.TWO: "2pl", Rung.THREE: "3pl"}
GRADED = "grm"


@frozen
class AskedItem:
    """An item as its newest revision has it. options: to choose from, 0 where none are."""

    document_id: int
    key: str
    kind: str
    max_mark: int
    difficulty: int
    options: int


@frozen
class Answered:
    """The marks of one competency: people x items, -1 where not seen."""

    competency: str
    items: tuple[AskedItem, ...]
    marks: np.ndarray[Any, np.dtype[np.int16]]


Found = dict[str, tuple[Answered, Calibration]]


def run(run_id: int, now: Callable[[], datetime], say: Callable[[str], object]) -> None:
    """Carry out one calibration that was asked for; a second time changes nothing.

    Opens its own transactions: the work between them may take seconds.
    """
    with reading() as session:
        state = session.scalar(select(CalibrationRun.state).where(CalibrationRun.id == run_id))
        if state != "running":
            return
        standard = catalogue.framework(session).standard
        tables = list(_tables(session))
    found: Found = {}
    report: dict[str, Any] = {}
    for table in tables:
        say(f"{table.competency}: {len(table.marks)} people, {len(table.items)} items")
        candidates = [_candidate(item, column, standard) for item, column in _columns(table)]
        calibration, refused = _calibrated(table, candidates)
        report[table.competency] = _report(table, calibration, refused)
        if calibration is not None:
            found[table.competency] = table, calibration
    with reading() as session:
        large = exposing.pools(session, _models(session, found), found)
    say(f"chances of being asked in hiring: {len(large)} competencies")
    exposure = exposing.chances(large, run_id)
    with writing() as session:
        _keep(session, run_id, found, {"competencies": report, EXPOSURE: exposure}, now())


def _tables(session: Session) -> Iterable[Answered]:
    """One table per competency, from the lines that count; of each source the newest line."""
    rows = session.execute(
        select(
            Evidence.competency,
            Evidence.subject,
            Evidence.source_kind,
            Evidence.source_id,
            Evidence.mark,
            Evidence.max_mark,
            Evidence.weight,
            ItemFacts.document_id,
        )
        .join(ItemFacts, ItemFacts.revision_id == Evidence.item_revision_id)
        .where(Evidence.source_kind != CARRIED)  # a copy: its answer stands there already
        .order_by(Evidence.id)
    )
    newest = {(row.competency, row.source_kind, row.source_id): row for row in rows}
    facts = _facts(session)
    by_competency: dict[str, list[Any]] = {}
    for row in newest.values():
        item = facts.get(row.document_id)
        if row.weight > 0 and item is not None and item.max_mark == row.max_mark:
            by_competency.setdefault(row.competency, []).append(row)
    for code in sorted(by_competency):
        yield _table(code, by_competency[code], facts)


def _facts(session: Session) -> dict[int, AskedItem]:
    """Every item by its document, as its newest revision has it."""
    rows = session.execute(
        select(
            ItemFacts.document_id,
            Document.key,
            ItemFacts.kind,
            ItemFacts.max_mark,
            ItemFacts.difficulty,
            Revision.meta,
        )
        .join(Revision, Revision.id == ItemFacts.revision_id)
        .join(Document, Document.id == ItemFacts.document_id)
        .order_by(ItemFacts.revision_id)
    )
    return {
        row.document_id: AskedItem(
            row.document_id,
            row.key,
            row.kind,
            row.max_mark,
            row.difficulty,
            len(row.meta.get("options", ())),
        )
        for row in rows
    }


def _table(code: str, rows: Sequence[Any], facts: dict[int, AskedItem]) -> Answered:
    people = {subject: place for place, subject in enumerate(sorted({r.subject for r in rows}))}
    documents = sorted({row.document_id for row in rows})
    place_of = {document: place for place, document in enumerate(documents)}
    marks = np.full((len(people), len(documents)), -1, np.int16)
    for row in rows:
        marks[people[row.subject], place_of[row.document_id]] = row.mark
    return Answered(code, tuple(facts[document] for document in documents), marks)


def _columns(table: Answered) -> Iterable[tuple[AskedItem, Any]]:
    return zip(table.items, table.marks.T, strict=True)


def _candidate(item: AskedItem, column: Any, standard: Any) -> Candidate:
    """The item on the rung that its answers allow."""
    guessable = guessing_matters(item.kind, item.max_mark) and item.options > 1
    rung = rung_for(int((column >= 0).sum()), guessable)
    b = standard.b_of_difficulty[item.difficulty - 1]
    thresholds = spread_thresholds(b, item.max_mark, standard.threshold_spread)
    chance = 1 / item.options if rung is Rung.THREE else 0.0
    return Candidate(item.key, rung, ItemModel(standard.discrimination, thresholds), chance)


def _calibrated(
    table: Answered, candidates: list[Candidate]
) -> tuple[Calibration | None, list[tuple[str, str]]]:
    """The calibration, with items that tell nothing left at their author's difficulty."""
    refused: list[tuple[str, str]] = []
    while any(candidate.rung is not Rung.AUTHOR for candidate in candidates):
        try:
            return calibrate(table.marks, candidates), refused
        except CalibrationRefused as refusal:
            refused += refusal.problems
            named = {name for name, _ in refusal.problems}
            if "" in named:
                return None, refused
            candidates = [
                Candidate(c.name, Rung.AUTHOR, c.model) if c.name in named else c
                for c in candidates
            ]
    return None, refused


def _report(
    table: Answered, calibration: Calibration | None, refused: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """What people read about one competency."""
    report: dict[str, Any] = {
        "people": len(table.marks),
        "items": len(table.items),
        "answers": int((table.marks >= 0).sum()),
        "refused": [list(problem) for problem in refused],
    }
    if calibration is not None:
        report |= {
            "models": dict(Counter(item.rung.value for item in calibration.items)),
            "converged": calibration.converged,
            "iterations": calibration.iterations,
            "log_likelihood": round(calibration.log_likelihood, 3),
        }
    return report


def _keep(
    session: Session,
    run_id: int,
    found: Found,
    report: dict[str, Any],
    now: datetime,
) -> None:
    rows = [{"run_id": run_id, **row} for row in _rows(session, found)]
    ended = session.execute(
        update(CalibrationRun)
        .where(CalibrationRun.id == run_id, CalibrationRun.state == "running")
        .values(
            state="finished",
            ended_at=now,
            live_at=now if rows else None,
            report=_seen(session, run_id) | report,
        )
    )
    if not changed_rows(ended):
        return
    if rows:
        session.execute(insert(ItemParameters), rows)
    about = {"items": len({row["revision_id"] for row in rows})}
    journal.append(session, SYSTEM, "calibration.finished", "calibration", run_id, now, **about)


def _rows(session: Session, found: Found) -> list[dict[str, Any]]:
    """The parameters of every item that has left its author's difficulty."""
    return [
        row
        for code, (table, calibration) in found.items()
        for asked, item in zip(table.items, calibration.items, strict=True)
        if item.rung is not Rung.AUTHOR
        for row in _parameters(session, code, asked, item)
    ]


def _models(session: Session, found: Found) -> dict[tuple[int, str], ItemModel]:
    """The same as the models that numbers will be drawn with."""
    return {
        (row["revision_id"], row["competency"]): ItemModel(
            row["a"], tuple(row["thresholds"]), row["c"]
        )
        for row in _rows(session, found)
    }


def _parameters(
    session: Session, code: str, asked: AskedItem, item: CalibratedItem
) -> Iterable[dict[str, Any]]:
    """The same parameters for every revision of the item that is worth as many points."""
    revisions = session.scalars(
        select(ItemFacts.revision_id).where(
            ItemFacts.document_id == asked.document_id, ItemFacts.max_mark == asked.max_mark
        )
    )
    errors = {"a": item.a_se, "thresholds": list(item.threshold_ses), "c": item.c_se}
    for revision_id in revisions:
        yield {
            "revision_id": revision_id,
            "competency": code,
            "model": NAMES[item.rung] if asked.max_mark == 1 else GRADED,
            "a": item.model.a,
            "thresholds": list(item.model.thresholds),
            "c": item.model.c,
            "errors": errors,
            "answers": item.answers,
        }


def _seen(session: Session, run_id: int) -> dict[str, Any]:
    report = session.scalar(select(CalibrationRun.report).where(CalibrationRun.id == run_id))
    return {"seen": (report or {}).get("seen", 0)}

"""A bank of secure questions that is large enough for adaptive hiring: copies of the real ones."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import cycle, islice
from statistics import NormalDist
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.hiring.profiles import SEVEN
from models.library import Document, ItemFacts, Publication, Published, Revision
from models.measuring import CalibrationRun, ItemParameters
from services.assessment.adaptive_bank import HIRING_NEEDS
from services.assessment.adaptive_cards import UNMARKED
from tests.conftest import NOW

FACTS = ("kind", "pool", "competency", "subtopic", "difficulty", "max_mark", "review_by")


def grow(
    session: Session,
    a: float = 2.2,
    short: Mapping[str, int] | None = None,
    exposure: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, list[int]]:
    """Publish copies until each practice has as many as it takes, and make a calibration live.

    a: the discrimination of all; short: practice -> how many it is to lack; exposure: see
    adaptive_bank. Gives back practice -> revisions that may be asked.
    """
    found = {
        code: _grown(session, code, HIRING_NEEDS - (short or {}).get(code, 0)) for code in SEVEN
    }
    calibrate(session, found, a, exposure)
    return found


def _grown(session: Session, code: str, wanted: int) -> list[int]:
    rows = session.execute(
        select(Document.key, Revision.meta, Revision.html, Revision.source, ItemFacts)
        .join(Revision, Revision.document_id == Document.id)
        .join(Published, Published.revision_id == Revision.id)
        .join(ItemFacts, ItemFacts.revision_id == Revision.id)
        .where(
            ItemFacts.competency == code,
            ItemFacts.pool == "secure",
            ItemFacts.max_mark > 0,
            ItemFacts.kind.not_in(UNMARKED),
            Published.retired_at.is_(None),
        )
        .order_by(Document.key)
    ).all()
    revisions = [row.ItemFacts.revision_id for row in rows][:wanted]
    by_subtopic = defaultdict(list)
    for row in rows:
        by_subtopic[row.ItemFacts.subtopic].append(row)
    # In turn from each subtopic, so that none is short of questions.
    turns = zip(*(cycle(group) for group in by_subtopic.values()), strict=False)
    models = (row for turn in turns for row in turn)
    for number, row in enumerate(islice(models, wanted - len(revisions)), start=1):
        revisions.append(_copy(session, row, f"{code}-S{200 + number}"))
    return revisions


def _copy(session: Session, row: Any, key: str) -> int:
    document_id = session.execute(
        insert(Document)
        .values(
            kind="item", key=key, path=f"items/{key[:2]}/{key}.yaml", disk_digest=None,
            created_at=NOW,
        )
        .returning(Document.id)
    ).scalar_one()  # fmt: skip
    revision_id = session.execute(
        insert(Revision)
        .values(
            document_id=document_id, number=1, source=row.source, digest="0" * 64, title=key,
            meta=dict(row.meta) | {"id": key}, html=row.html, created_at=NOW,
        )
        .returning(Revision.id)
    ).scalar_one()  # fmt: skip
    facts = {name: getattr(row.ItemFacts, name) for name in FACTS}
    about = {"document_id": document_id, "revision_id": revision_id}
    session.execute(insert(ItemFacts).values(**about, **facts))
    session.execute(insert(Published).values(**about))
    session.execute(insert(Publication).values(**about, published_at=NOW))
    return int(revision_id)


def calibrate(
    session: Session,
    bank: Mapping[str, list[int]],
    a: float,
    exposure: Mapping[str, Mapping[str, float]] | None = None,
) -> int:
    """A live run in which the questions of each practice cover the range of people evenly."""
    run_id = session.execute(
        insert(CalibrationRun)
        .values(
            state="finished", started_at=NOW, ended_at=NOW, live_at=NOW,
            report={"exposure": exposure} if exposure else {},
        )
        .returning(CalibrationRun.id)
    ).scalar_one()  # fmt: skip
    normal = NormalDist()
    facts = session.execute(select(ItemFacts.revision_id, ItemFacts.max_mark))
    marks = {row.revision_id: row.max_mark for row in facts}
    session.execute(
        insert(ItemParameters),
        [
            {
                "run_id": run_id,
                "revision_id": revision_id,
                "competency": code,
                "model": "2pl" if marks[revision_id] == 1 else "grm",
                "a": a,
                # 37 has no factor in common with the number: neighbours lie far apart.
                "thresholds": [
                    normal.inv_cdf((place * 37 % len(ids) + 0.5) / len(ids)) + 0.3 * step
                    for step in range(marks[revision_id])
                ],
                "c": 0.0,
                "errors": {},
                "answers": 900,
            }
            for code, ids in bank.items()
            for place, revision_id in enumerate(ids)
        ],
    )
    return int(run_id)

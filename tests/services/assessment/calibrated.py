"""A live calibration of chosen questions, and questions taken away, for tests."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, select, update

from models.library import Document, ItemFacts, Publication, Published
from models.measuring import CalibrationRun, ItemParameters
from services.session import writing
from tests.conftest import NOW


def calibrate_all(app: Flask, competency: str, pool: str, a: float) -> int:
    """Make a run live that gives every published question of a pool the discrimination `a`.

    Thresholds lie around the author's difficulty. Gives back the run.
    """
    with app.app_context(), writing() as session:
        run_id = session.execute(
            insert(CalibrationRun)
            .values(state="finished", started_at=NOW, ended_at=NOW, live_at=NOW, report={})
            .returning(CalibrationRun.id)
        ).scalar_one()
        rows = session.execute(
            select(ItemFacts.revision_id, ItemFacts.difficulty, ItemFacts.max_mark)
            .join(Published, Published.revision_id == ItemFacts.revision_id)
            .where(
                ItemFacts.competency == competency,
                ItemFacts.pool == pool,
                ItemFacts.max_mark > 0,
            )
        )
        session.execute(
            insert(ItemParameters),
            [
                {
                    "run_id": run_id,
                    "revision_id": row.revision_id,
                    "competency": competency,
                    "model": "2pl" if row.max_mark == 1 else "grm",
                    "a": a,
                    "thresholds": [row.difficulty - 3 + 0.3 * k for k in range(row.max_mark)],
                    "c": 0.0,
                    "errors": {},
                    "answers": 600,
                }
                for row in rows
            ],
        )
    return int(run_id)


def retire(app: Flask, revision_id: int) -> None:
    """Take a question's document away, as a load without its file does an hour after the start."""
    later = NOW + timedelta(hours=1)
    with app.app_context(), writing() as session:
        document_id = session.scalars(
            select(Document.id)
            .join(Published, Published.document_id == Document.id)
            .where(Published.revision_id == revision_id)
        ).one()
        session.execute(
            update(Published).where(Published.document_id == document_id).values(retired_at=later)
        )
        session.execute(
            insert(Publication).values(
                document_id=document_id, revision_id=revision_id, published_at=later
            )
        )

"""flask measure fairness: whether questions are harder for one group than for equals in another."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from services.hiring import harder_run


@click.command()
@click.argument("work_id", type=int)
@with_appcontext
def fairness(work_id: int) -> None:
    """Carry out a look at the questions that was asked for in the browser."""
    questions = current_app.extensions["threshold.settings"].voluntary_questions
    harder_run.run(work_id, questions, lambda: datetime.now(UTC))

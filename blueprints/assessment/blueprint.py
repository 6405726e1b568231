"""The blueprint that the modules of this street hang their routes on."""

from flask import Blueprint, url_for

from blueprints.shared.guards import actor

bp = Blueprint("assessment", __name__, url_prefix="/assess")
TAKERS = ("learner", "trainer", "candidate")  # whose attempts they are, the service asks


def end_url(attempt_id: int) -> str:
    """Where an attempt leads when it is over: the result, or the candidate's own page."""
    if actor().has("candidate"):
        return url_for("candidate.home")
    return url_for("assessment.result", attempt_id=attempt_id)

"""Hiring: positions, candidates, results and decisions; and the candidate's own pages."""

from blueprints.hiring.blueprint import bp
from blueprints.hiring.candidate import bp as candidate_bp

# Routes are declared where they are written; importing the files puts them on the blueprint.
from blueprints.hiring import (  # isort: skip
    about_you,
    candidates,
    deciding,
    erasing,
    fairness,
    importing,
    interviews,
    inviting,
    own,
    pipeline,
    positions,
    preparing,
    prints,
)

__all__ = [
    "about_you",
    "bp",
    "candidate_bp",
    "candidates",
    "deciding",
    "erasing",
    "fairness",
    "importing",
    "interviews",
    "inviting",
    "own",
    "pipeline",
    "positions",
    "preparing",
    "prints",
]

"""Hiring: positions, candidates, results and decisions; and the candidate's own pages."""

from blueprints.hiring.blueprint import bp
from blueprints.hiring.candidate import bp as candidate_bp

# Routes are declared where they are written; importing the files puts them on the blueprint.
from blueprints.hiring import candidates, positions  # isort: skip

__all__ = ["bp", "candidate_bp", "candidates", "positions"]

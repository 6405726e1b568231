"""Positions, candidates, results, decisions; the candidate's own pages."""

from blueprints.hiring.routes import bp

__all__ = ["bp"]

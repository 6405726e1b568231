"""The profile: estimates, evidence, self-rating."""

from blueprints.competencies.routes import bp

__all__ = ["bp"]

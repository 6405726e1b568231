"""Quizzes and assessments: starting, answering, results."""

from blueprints.assessment.routes import bp

__all__ = ["bp"]

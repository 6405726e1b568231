"""Quizzes and assessments: starting, answering, results."""

from blueprints.assessment import answering, results, starting
from blueprints.assessment.blueprint import bp

__all__ = ["answering", "bp", "results", "starting"]

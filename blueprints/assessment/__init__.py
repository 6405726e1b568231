"""Quizzes and assessments: starting, answering, what happens around it, results."""

from blueprints.assessment import (
    adaptive,
    answering,
    contesting,
    marking,
    results,
    sitting,
    starting,
    supervising,
)
from blueprints.assessment.blueprint import bp

__all__ = [
    "adaptive",
    "answering",
    "bp",
    "contesting",
    "marking",
    "results",
    "sitting",
    "starting",
    "supervising",
]

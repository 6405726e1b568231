"""Floor 2, what is kept: one file per area, SQLAlchemy 2 typed.

Columns and constraints only: models neither send, render nor decide. Foreign keys point left along
the street; `relationship()` stays inside one area and is never lazy.
"""

from models import (
    accounts,
    assessment,
    authoring,
    competencies,
    fairness,
    hiring,
    importing,
    integration,
    journal,
    learning,
    library,
    marking,
    measuring,
    media,
    search,
    selection,
)
from models.base import Base, db

__all__ = [
    "Base",
    "accounts",
    "assessment",
    "authoring",
    "competencies",
    "db",
    "fairness",
    "hiring",
    "importing",
    "integration",
    "journal",
    "learning",
    "library",
    "marking",
    "measuring",
    "media",
    "search",
    "selection",
]

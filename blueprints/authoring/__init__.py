"""Drafts, preview, publishing, and what trainers know of the bank."""

from blueprints.authoring import (
    beginning,
    calibration,
    contests,
    courses,
    exchange,
    exports,
    forms_pages,
    health,
    item_lists,
    items,
    lessons,
    media,
    norms,
    problem_words,
    publications,
    quality,
    remarks,
)
from blueprints.authoring.media import media_bp
from blueprints.authoring.routes import bp

__all__ = [
    "beginning",
    "bp",
    "calibration",
    "contests",
    "courses",
    "exchange",
    "exports",
    "forms_pages",
    "health",
    "item_lists",
    "items",
    "lessons",
    "media",
    "media_bp",
    "norms",
    "problem_words",
    "publications",
    "quality",
    "remarks",
]

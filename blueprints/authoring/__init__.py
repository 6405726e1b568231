"""Drafts, preview, publishing, and what trainers know of the bank."""

from blueprints.authoring import (
    calibration,
    contests,
    courses,
    exchange,
    exports,
    forms_pages,
    health,
    items,
    lessons,
    media,
    norms,
    publications,
    quality,
    remarks,
)
from blueprints.authoring.media import media_bp
from blueprints.authoring.routes import bp

__all__ = [
    "bp",
    "calibration",
    "contests",
    "courses",
    "exchange",
    "exports",
    "forms_pages",
    "health",
    "items",
    "lessons",
    "media",
    "media_bp",
    "norms",
    "publications",
    "quality",
    "remarks",
]

"""Drafts, preview, publishing, and what trainers know of the bank."""

from blueprints.authoring import calibration, contests, exports, forms_pages, norms, quality
from blueprints.authoring.routes import bp

__all__ = ["bp", "calibration", "contests", "exports", "forms_pages", "norms", "quality"]

"""Drafts, preview, publishing."""

from blueprints.authoring.routes import bp

__all__ = ["bp"]

"""The course: contents, lessons, progress."""

from blueprints.learning.routes import bp

__all__ = ["bp"]

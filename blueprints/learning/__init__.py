"""The course: contents, lessons, progress, and the trainers' view of learners."""

from blueprints.learning import people
from blueprints.learning.routes import bp

__all__ = ["bp", "people"]

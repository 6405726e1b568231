"""People, audit log, mail, backup."""

from blueprints.admin.routes import bp

__all__ = ["bp"]

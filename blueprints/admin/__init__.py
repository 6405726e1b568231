"""People, audit log, mail, backups, system."""

from blueprints.admin import people, routes
from blueprints.admin.blueprint import bp

__all__ = ["bp", "people", "routes"]

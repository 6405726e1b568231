"""Sign-in, joining, passwords, the person's own settings."""

from blueprints.accounts.routes import bp

__all__ = ["bp"]

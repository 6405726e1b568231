"""All routes of the accounts, joined in one place."""

from blueprints.accounts import factor, links, settings, signing
from blueprints.accounts.blueprint import bp

__all__ = ["bp", "factor", "links", "settings", "signing"]

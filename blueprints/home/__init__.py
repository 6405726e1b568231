"""The front door: what the site is for visitors, Today for members."""

from blueprints.home.routes import bp

__all__ = ["bp"]

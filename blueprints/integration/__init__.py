"""Health, metrics and the API's description."""

from blueprints.integration.routes import bp

__all__ = ["bp"]

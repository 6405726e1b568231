"""What other programs use: health, metrics, the API and its description."""

from blueprints.integration.blueprint import bp

# Routes are declared where they are written; importing the files puts them on the blueprint.
from blueprints.integration import api, exports, keys, routes, webhooks  # isort: skip

__all__ = ["api", "bp", "exports", "keys", "routes", "webhooks"]

"""Who may see and change the installation: admins, and the house itself."""

from services.actor import SYSTEM_ROLE, Actor
from services.errors import Forbidden


def guard(actor: Actor) -> None:
    """Raise Forbidden for everybody else."""
    if not actor.has("admin", SYSTEM_ROLE):
        raise Forbidden

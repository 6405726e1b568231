"""Who marks answers and decides about contested questions."""

from services.actor import Actor
from services.errors import Forbidden


def trainer(actor: Actor) -> int:
    """The id of a trainer; raises Forbidden for everybody else."""
    if actor.person_id is None or not actor.has("trainer"):
        raise Forbidden
    return actor.person_id

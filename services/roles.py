"""Who may do a thing at all, whatever it is about: asked before anything is loaded.

What may be done with one object is asked where that is loaded, in the area's own access.py.
"""

from services.actor import Actor
from services.errors import Forbidden, NotFound


def require(
    actor: Actor, *roles: str, otherwise: type[Forbidden] | type[NotFound] = Forbidden
) -> int:
    """The id of a person who has one of the roles; raises `otherwise` for everybody else.

    The house itself is nobody in this sense: where jobs may do the same, ask only of people.
    """
    if actor.person_id is None or not actor.has(*roles):
        raise otherwise
    return actor.person_id


def trainer(actor: Actor) -> int:
    """The id of a trainer; raises Forbidden for everybody else."""
    return require(actor, "trainer")

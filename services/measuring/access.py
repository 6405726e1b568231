"""Who sees what answers say about questions: trainers, and never with a name."""

from services import roles
from services.actor import Actor
from services.errors import NotFound


def trainer(actor: Actor) -> None:
    """Raises NotFound for everybody else."""
    roles.require(actor, "trainer", otherwise=NotFound)

"""The one guard of roles: an id for who has it, a refusal for everybody else."""

import pytest

from services import roles
from services.actor import SYSTEM, Actor
from services.errors import Forbidden, NotFound

TRAINER = Actor(7, roles=frozenset({"learner", "trainer"}))
LEARNER = Actor(8, roles=frozenset({"learner"}))
NOBODY = Actor(None, roles=frozenset({"trainer"}))


def test_who_has_the_role_is_known_by_id() -> None:
    assert roles.trainer(TRAINER) == 7
    assert roles.require(LEARNER, "trainer", "learner") == 8


@pytest.mark.parametrize("actor", [LEARNER, NOBODY, SYSTEM], ids=["learner", "nobody", "house"])
def test_everybody_else_is_refused_as_asked(actor: Actor) -> None:
    with pytest.raises(Forbidden):
        roles.trainer(actor)
    with pytest.raises(NotFound):
        roles.require(actor, "trainer", otherwise=NotFound)

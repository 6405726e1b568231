"""Who is asking. Every service that guards something takes an Actor."""

from dataclasses import field

from domain.records import frozen

SYSTEM_ROLE = "system"


@frozen
class Actor:
    """A signed-in person, a candidate on their link, or the house itself (jobs, commands)."""

    person_id: int | None
    subject: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    request_id: str | None = None

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(person_id=None, roles=frozenset({SYSTEM_ROLE}))

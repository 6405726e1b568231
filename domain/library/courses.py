"""Modules: a title, a place in the order and a list of lessons."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from domain.library.documents import load_yaml
from domain.library.fields import COMPETENCY, SLUG, Fields
from domain.records import frozen

UNIT = "unit-"  # the form that closes a module is named after it: unit-<module>


READERS = ("learner", "trainer")
OPEN, CLOSED = "open", "closed"


@frozen
class Module:
    """title and summary: language to text, English always among them.

    requires: modules to finish first; state: closed while only trainers see it; roles: who may
    read it, everybody who studies where none is named.
    """

    id: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    order: int
    competencies: tuple[str, ...]
    lessons: tuple[str, ...]
    requires: tuple[str, ...] = ()
    state: str = OPEN
    roles: tuple[str, ...] = ()


def parse_module(source: str, path: str) -> Module:
    """Read `.../<module>/module.yaml`. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    module = Module(
        id=fields.text("id", most=80, pattern=SLUG),
        title=fields.localised("title", most=120),
        summary=fields.localised("summary", most=600),
        order=fields.integer("order", 0, 999),
        competencies=fields.texts("competencies", COMPETENCY, most=9),
        lessons=fields.texts("lessons", SLUG, least=0),
        requires=fields.texts("requires", SLUG, most=20) if fields.has("requires") else (),
        state=fields.one_of("state", (OPEN, CLOSED)) if fields.has("state") else OPEN,
        roles=fields.texts("roles", "|".join(READERS)) if fields.has("roles") else (),
    )
    folder = PurePosixPath(path).parent.name
    if module.id and module.id != folder:
        fields.problem("id", f"must equal the folder's name, “{folder}”")
    if not module.lessons and module.state == OPEN and fields.has("lessons"):
        fields.problem("lessons", "a module without lessons stays closed")
    if module.id in module.requires:
        fields.problem("requires", "a module cannot come before itself")
    fields.finish()
    return module


def is_open_to(meta: Mapping[str, Any], roles: Collection[str]) -> bool:
    """Whether people with these roles may read a module, by what was kept of it."""
    wanted = meta.get("roles") or READERS
    if "trainer" in roles:
        return True  # who writes a module sees it
    return meta.get("state", OPEN) == OPEN and not set(wanted).isdisjoint(roles)


def find_cycle(requires: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A way from a module back to itself along what modules require, () where there is none.

    requires: module -> the modules to finish before it; unknown names are passed over.
    """
    done: set[str] = set()
    for start in sorted(requires):
        path: list[str] = []
        if found := _walk(start, requires, path, done):
            return found
    return ()


def _walk(
    at: str, requires: Mapping[str, Sequence[str]], path: list[str], done: set[str]
) -> tuple[str, ...]:
    if at in path:
        return (*path[path.index(at) :], at)
    if at in done:
        return ()
    path.append(at)
    for before in requires.get(at, ()):
        if found := _walk(before, requires, path, done):
            return found
    path.pop()
    done.add(at)
    return ()

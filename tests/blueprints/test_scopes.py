"""Own, another's and a missing object, for every route that declares a scope and takes an id.

Another's object must look exactly like a missing one: the same status and the same bytes, but for
what differs from request to request anyway.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from blueprints.shared.guards import access_of
from services.assessment import starting
from services.session import writing
from tests.blueprints.test_routes import MISSING, UNSAFE, Call, calls
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

CHANGING = re.compile(rb'value="[^"]*"|[0-9a-f]{16}|/\d+(?=[/"?])')


@dataclass(frozen=True)
class Objects:
    """Who asks, which object is theirs, which is somebody else's (None: they may see all)."""

    who: str
    own: int
    other: int | None


def own_attempts(app: Flask, cast: Cast) -> Objects:
    def placement(name: str) -> int:
        with app.app_context(), writing() as session:
            return starting.start_form(session, cast.actor(name), "placement", "en", 7, NOW)

    return Objects("lin", placement("lin"), placement("eve"))


def positions(app: Flask, cast: Cast) -> Objects:
    own = opening.open_position(app, cast)
    other = opening.open_position(app, cast, title="Operations", owner_id=cast.omar)
    return Objects("lei", own, other)


def applications(app: Flask, cast: Cast) -> Objects:
    theirs = positions(app, cast)
    assert theirs.other is not None
    own = opening.invite(app, cast, theirs.own)
    other = opening.invite(app, cast, theirs.other, "Ida Brandt")
    return Objects("lei", own.application_id, other.application_id)


def members(app: Flask, cast: Cast) -> Objects:
    """An admin sees every member; a candidate is no member."""
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    with app.app_context():
        candidate = opening.person_of(invited)
    return Objects("anna", cast.lin, candidate)


BUILDERS: dict[str, Callable[[Flask, Cast], Objects]] = {
    "own attempt": own_attempts,
    "position": positions,
    "application": applications,
    "member": members,
}
# The candidate's own application has no id in its address: the session names it.
WITHOUT_ID = {"own application"}


def scoped(app: Flask) -> list[tuple[str, Call]]:
    found = []
    for call in calls(app):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        if access.scope and access.scope not in WITHOUT_ID:
            found.append((access.scope, call))
    return found


def test_every_scope_has_its_objects(app: Flask) -> None:
    assert {scope for scope, _ in scoped(app)} == set(BUILDERS)
    with_ids = {c.rule.endpoint for c in calls(app) if str(MISSING) in c.url}
    declared = {c.rule.endpoint for _, c in scoped(app)}
    assert with_ids <= declared, f"take an id and declare no scope: {with_ids - declared}"


@pytest.mark.parametrize("scope", BUILDERS)
def test_own_other_and_missing(
    scope: str, app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    objects = BUILDERS[scope](app, cast)
    wrong = []
    for _, call in [pair for pair in scoped(app) if pair[0] == scope]:
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        roles = cast.actor(objects.who).roles
        who = objects.who if roles & access.roles else "min"
        answers = {
            name: ask(caller(who), call, object_id)
            for name, object_id in (
                ("own", objects.own),
                ("other", objects.other if who == objects.who else None),
                ("missing", MISSING),
            )
            if object_id is not None
        }
        missing = answers["missing"]
        if missing[0] not in (404, 422):  # 422: the empty form is refused before anything is loaded
            wrong.append(f"{call.name}: a missing one gives {missing[0]}")
        alone = call.url.count(str(MISSING)) == 1  # else the second id leads to nothing
        if alone and answers["own"][0] in (403, 404, 500):
            wrong.append(f"{call.name}: their own gives {answers['own'][0]}")
        if "other" in answers and answers["other"] != missing:
            wrong.append(f"{call.name}: another's differs from a missing one")
    assert not wrong, "\n".join(wrong)


def ask(caller: Caller, call: Call, object_id: int) -> tuple[int, bytes]:
    url = call.url.replace(str(MISSING), str(object_id), 1)
    answer = caller.post(url) if call.method in UNSAFE else caller.get(url)
    return answer.status_code, CHANGING.sub(b"", answer.data)

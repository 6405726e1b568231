"""Every route, every role: generated from the application's own map."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from app import make_app
from blueprints.shared import guards
from blueprints.shared.guards import access_of
from models.base import db
from tests.building import settings_for
from tests.caller import Caller
from tests.conftest import Cast

MISSING = 987_654_321
ROLE_OF = {
    "learner": "lin",
    "trainer": "tao",
    "recruiter": "min",
    "manager": "lei",
    "admin": "anna",
}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Call:
    """A route with a method and an address that leads to nothing in particular."""

    rule: Rule
    method: str
    url: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"


def calls(app: Flask) -> list[Call]:
    """Every (route, method); ids that do not exist, words that mean nothing."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            values = {
                name: MISSING
                if type(rule._converters[name]).__name__ == "IntegerConverter"
                else "x"
                for name in rule.arguments
            }
            url = adapter.build(rule.endpoint, values, method=None)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found += [Call(rule, method, url) for method in sorted(methods)]
    return found


def send(caller: Caller, call: Call) -> int:
    if call.method in UNSAFE:
        return caller.post(call.url).status_code
    return caller.get(call.url).status_code


def test_an_undeclared_route_stops_the_start(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    app_with_a_hole = make_app(settings_for(tmp_path))  # type: ignore[arg-type]
    app_with_a_hole._got_first_request = False
    app_with_a_hole.add_url_rule("/hole", "hole", lambda: "anybody may read this")
    with pytest.raises(RuntimeError, match="hole"):
        guards.require_declarations(app_with_a_hole)


def test_strangers_get_in_nowhere(app: Flask, caller: Callable[..., Caller]) -> None:
    """Without a session: public pages, or a way to the sign-in page, or a refusal."""
    wrong = []
    for call in calls(app):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        status = send(caller(), call)
        if access.public:
            fine = status not in (401, 403, 500) or call.rule.endpoint == "integration.metrics"
        else:
            fine = status == 401 if call.method in UNSAFE else status == 302
        if not fine:
            wrong.append(f"{call.name}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLE_OF)
def test_a_role_gets_in_only_where_it_is_named(
    role: str, app: Flask, caller: Callable[..., Caller]
) -> None:
    wrong = []
    for call in calls(app):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        if access.public or "sign-out" in call.url:
            continue
        status = send(caller(ROLE_OF[role]), call)
        fine = status not in (401, 403, 500) if role in access.roles else status == 403
        if not fine:
            wrong.append(f"{call.name}: {status}")
    assert not wrong, "\n".join(wrong)


def test_every_unsafe_route_wants_a_token(app: Flask, caller: Callable[..., Caller]) -> None:
    wrong = []
    for call in calls(app):
        if call.method in UNSAFE:
            status = caller("lin").client.open(call.url, method=call.method).status_code
            if status != 400:
                wrong.append(f"{call.name}: {status}")
    assert not wrong, "\n".join(wrong)


def test_get_changes_nothing(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    """No GET route writes: each is asked for by everybody, and the journal does not move."""
    written: list[str] = []
    with app.app_context():
        engine = db.engine

    def watch(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if statement.split(None, 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement[:80])

    event.listen(engine, "before_cursor_execute", watch)
    try:
        for name in ("lin", "tao", "min", "lei", "anna"):
            for call in calls(app):
                if call.method == "GET":
                    caller(name).get(call.url)
    finally:
        event.remove(engine, "before_cursor_execute", watch)
    assert not written

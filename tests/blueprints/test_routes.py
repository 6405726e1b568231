"""Every route, every role: generated from the application's own map."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from app import make_app
from blueprints.shared import guards
from blueprints.shared.guards import access_of
from tests.building import settings_for
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.hiring import opening
from tests.statements import written

MISSING = 987_654_321
NO_KEYS = (2**63, int("9" * 4000))
ROLE_OF = {
    "learner": "lin",
    "trainer": "tao",
    "recruiter": "min",
    "manager": "lei",
    "admin": "anna",
    "candidate": "sun",
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


@pytest.fixture(autouse=True)
def sun(cast: Cast) -> None:
    """A candidate who consented joins the cast."""
    opening.join_cast(cast, "sun", opening.open_position(cast.app, cast))


def calls(app: Flask, number: int = MISSING, word: str = "x") -> list[Call]:
    """Every (route, method); ids that do not exist, words that mean nothing."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            access = access_of(app, rule.endpoint)
            if access is not None and access.key_scope:
                continue  # for programs: tests/blueprints/test_api.py
            values = {
                name: number if isinstance(rule._converters[name], IntegerConverter) else word
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


@pytest.mark.parametrize("number", [MISSING, *NO_KEYS], ids=["missing", "beyond", "endless"])
@pytest.mark.parametrize("role", ROLE_OF)
def test_a_role_gets_in_only_where_it_is_named(
    role: str, number: int, app: Flask, caller: Callable[..., Caller]
) -> None:
    wrong = []
    for call in calls(app, number):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        if access.public or "sign-out" in call.url or call.url == "/candidate/erase":
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


# They are about the whole company or about oneself, so always there; who saw them is written down.
LOGGED_VIEWS = {
    "hiring.company_fairness",
    "hiring.company_audit",
    "candidate.data",
    "candidate.data_file",
}


def test_get_changes_nothing(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    """No GET route writes for what is missing; test_scopes.py asks for what is there."""
    with written(app) as sent:
        for name in ROLE_OF.values():
            for call in calls(app):
                if call.method == "GET" and call.rule.endpoint not in LOGGED_VIEWS:
                    caller(name).get(call.url)
    assert not sent


def test_a_nul_in_an_address_is_no_error(
    any_app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    """PostgreSQL keeps no NUL in a text: nothing has it, and nothing breaks."""
    wrong = []
    for call in calls(any_app, word="\0"):
        if "%00" in call.url:
            access = access_of(any_app, call.rule.endpoint)
            assert access is not None
            wrong += [
                f"{role}: {call.name}: {status}"
                for role in access.roles or {"public"}
                if (status := send(caller(ROLE_OF.get(role)), call)) not in (400, 404, 410, 422)
            ]
    assert not wrong, "\n".join(wrong)


LESSON = "/author/lessons/trade-practice/who-pays-who-risks"
QUESTIONS = (
    ("tao", f"{LESSON}?revision="),
    ("tao", f"{LESSON}/history?new=1&old="),
    ("tao", f"{LESSON}/history?old=1&new="),
    ("tao", "/author/items?page="),
    ("tao", "/author/items?competency="),
    ("tao", "/author/items?pool="),
    ("tao", "/author/items?kind="),
    ("tao", "/learn/people?page="),
    ("tao", "/learn/people?q="),
    ("lin", "/learn/glossary?q="),
    ("lin", "/learn/search?q="),
    ("tao", "/learn/search?q="),
    ("lin", "/profile/evidence/C1?page="),
    ("lin", "/profile/evidence/C1?attempt="),
    ("min", "/hiring/positions/1?page="),
    ("min", "/hiring/positions/1?q="),
    ("min", "/hiring/positions/1/compare?a=1&a="),
    ("min", "/hiring/positions/1/fairness?by="),
    ("min", "/hiring/fairness?small="),
    ("lin", "/account/prove?next="),
    ("anna", "/admin/?q="),
    ("anna", "/admin/audit?before="),
    ("anna", "/admin/audit?event="),
    ("anna", "/admin/audit?person="),
    ("anna", "/admin/audit?object="),
)


@pytest.mark.parametrize("odd", ["%00", "-1", "x", str(2**31), str(2**63), "9" * 19, "9" * 5000])
def test_odd_words_after_the_question_mark_are_no_error(
    odd: str, any_app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    answers = {url: caller(name).get(f"{url}{odd}").status_code for name, url in QUESTIONS}
    assert not {url: status for url, status in answers.items() if status >= 500}

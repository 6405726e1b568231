"""The API: who gets in, what comes out, and that both are as the OpenAPI document says."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from blueprints.integration.operations import ERROR, OPERATIONS, PREFIX
from domain.integration.shapes import faults
from models.hiring import Application
from models.journal import JournalEntry
from services.accounts.people import disable
from services.errors import Invalid
from services.integration import keys
from services.integration.keys import SCOPES, KeyDraft
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.hiring import opening

DAY = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
BODY = {"name": "Noor Haan", "email": "noor@mail.example", "by_mail": True, "lang": "en"}


@dataclass
class Program:
    """A program with a key."""

    app: Flask
    key: str

    def get(self, path: str) -> TestResponse:
        return self.app.test_client().get(PREFIX + path, headers=self._head())

    def post(self, path: str, body: Any, once: str = "one") -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = {**self._head(), "Idempotency-Key": once, "Content-Type": "application/json"}
        return self.app.test_client().post(PREFIX + path, data=raw, headers=head)

    def _head(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def program(
    cast: Cast, who: str = "min", scopes: tuple[str, ...] = SCOPES, position: int | None = None
) -> Program:
    keys.flood.forget()
    with cast.app.app_context(), writing() as session:
        draft = KeyDraft("Applicant tracking", scopes, 30, position)
        made = keys.make(session, cast.actor(who), draft, datetime.now(UTC))
    return Program(cast.app, made.key)


@dataclass(frozen=True)
class Desk:
    """Two positions, each with somebody who finished."""

    own: int
    other: int
    done: int
    others: int


@pytest.fixture
def desk(request: pytest.FixtureRequest, cast: Cast) -> Desk:
    app = cast.app
    own = opening.open_position(app, cast)
    other = opening.open_position(app, cast, title="Operations", owner_id=cast.omar)
    done = opening.sit(app, opening.invite(app, cast, own), keyed=8)
    invited = opening.invite(app, cast, other, "Ida Brandt")
    return Desk(own, other, done, invited.application_id)


def paths(desk: Desk) -> dict[str, str]:
    """Each operation that takes no body, with ids that are there."""
    ids = {"<int:position_id>": str(desk.own), "<int:application_id>": str(desk.done)}
    found = {}
    for one in OPERATIONS:
        path = one.path
        for name, number in ids.items():
            path = path.replace(name, number)
        found[one.name] = path
    return found


def test_every_answer_is_as_declared(any_app: Flask, cast: Cast, desk: Desk) -> None:
    asks, where = program(cast), paths(desk)
    for one in OPERATIONS:
        if one.method == "GET":
            answer = asks.get(where[one.name])
        else:
            answer = asks.post(where[one.name], {**BODY, "expires": DAY})
        assert answer.status_code == one.status, (one.name, answer.data)
        assert faults(one.answer, answer.json) == {}, one.name
    report = asks.get(where["report"]).get_json()
    assert report["result"]["answers"]
    assert report["result"]["practices"]


def test_a_wrong_shape_is_noticed(app: Flask, cast: Cast, desk: Desk) -> None:
    """The check of the test above: a flaw that is planted in an answer is found."""
    one = next(one for one in OPERATIONS if one.name == "application")
    answer = program(cast).get(paths(desk)["application"]).get_json()
    assert faults(one.answer, {**answer, "secret": 1})
    assert faults(one.answer, {**answer, "stage": "vanished"})
    assert faults(one.answer, {**answer, "fit": {**answer["fit"], "points": "much"}})
    assert faults(one.answer, {key: answer[key] for key in answer if key != "name"})


def test_the_document_lists_what_there_is(app: Flask) -> None:
    told = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    assert told["openapi"] == "3.1.0"
    routes = {
        (str(rule).replace("<int:", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if str(rule).startswith(PREFIX) and not str(rule).endswith("openapi.json")
    }
    listed = {
        (path, method)
        for path, item in told["paths"].items()
        for method in item
        if path.startswith(PREFIX)
    }
    assert listed == routes
    assert told["paths"]["/healthz"]


def test_a_key_does_only_what_its_scopes_name(app: Flask, cast: Cast, desk: Desk) -> None:
    where = paths(desk)
    for one in (one for one in OPERATIONS if one.scope):
        scope = one.scope or ""
        asks = program(cast, scopes=tuple(s for s in SCOPES if s != scope))
        path = where[one.name]
        answer = (
            asks.get(path) if one.method == "GET" else asks.post(path, {**BODY, "expires": DAY})
        )
        assert answer.status_code == 403
        assert scope in answer.get_json()["error"]["message"]
        assert faults(ERROR, answer.get_json()) == {}


def test_no_key_and_no_session_opens_anything(
    app: Flask, cast: Cast, desk: Desk, caller: Callable[..., Any]
) -> None:
    for one in (one for one in OPERATIONS if one.scope):
        url = PREFIX + paths(desk)[one.name]
        for who in (None, "min", "anna"):
            answer = caller(who).client.open(url, method=one.method)
            assert answer.status_code == 401
            assert "Bearer" in answer.headers["WWW-Authenticate"]
            assert faults(ERROR, answer.get_json()) == {}


def test_a_bound_key_knows_its_position_only(app: Flask, cast: Cast, desk: Desk) -> None:
    """Everything else looks exactly like what is missing."""
    asks = program(cast, position=desk.own)
    listed = asks.get("/positions").get_json()
    assert [one["id"] for one in listed["items"]] == [desk.own]
    for one in (one for one in OPERATIONS if "<int:" in one.path):
        answers = []
        for position, application in ((desk.other, desk.others), (987_654_321, 987_654_321)):
            path = one.path.replace("<int:position_id>", str(position))
            path = path.replace("<int:application_id>", str(application))
            if one.method == "GET":
                answers.append(asks.get(path))
            else:
                answers.append(asks.post(path, {**BODY, "expires": DAY}))
        assert [answer.status_code for answer in answers] == [404, 404], one.name
        assert answers[0].data == answers[1].data
        path = paths(desk)[one.name]
        own = asks.get(path) if one.method == "GET" else asks.post(path, {**BODY, "expires": DAY})
        assert own.status_code == one.status


def test_a_key_ends(app: Flask, cast: Cast) -> None:
    """By hand, by date, and with its maker."""
    revoked, shut = program(cast), program(cast)
    assert revoked.get("/positions").status_code == 200
    now = datetime.now(UTC)
    with app.app_context(), writing() as session:
        (_, older) = keys.lines(session, cast.actor("min"), now)
        assert older.last_used_at is not None
        keys.revoke(session, cast.actor("min"), older.id, now)
    assert revoked.get("/positions").status_code == 401
    with app.app_context(), reading() as session:
        assert keys.client(session, shut.key, now + timedelta(days=31)) is None
        assert keys.client(session, shut.key, now + timedelta(days=29)) is not None
    with app.app_context(), writing() as session:
        disable(session, cast.actor("anna"), cast.min, now)
    assert shut.get("/positions").status_code == 401


def test_an_admins_key_shows_no_candidate(app: Flask, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        program(cast, "anna")
    assert "scopes" in refused.value.fields
    assert program(cast, "anna", ("positions:read",)).get("/positions").status_code == 200


def test_wrong_keys_are_counted_and_right_ones_go_on(app: Flask, cast: Cast) -> None:
    right, wrong = program(cast), Program(app, "thr_" + "x" * 43)
    statuses = [wrong.get("/positions").status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert right.get("/positions").status_code == 200


def test_a_program_that_runs_wild_is_held_up(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = program(cast)
    monkeypatch.setattr(keys.flood, "most", 3)
    monkeypatch.setattr(keys.flood, "window_s", 3600)
    answers = [asks.get("/positions") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_the_same_key_invites_once(any_app: Flask, cast: Cast, desk: Desk) -> None:
    asks, path = program(cast), f"/positions/{desk.own}/invitations"
    first, again = (asks.post(path, {**BODY, "expires": DAY}) for _ in range(2))
    assert first.get_json()["application"] == again.get_json()["application"]
    another = asks.post(path, {**BODY, "email": "n@mail.example", "expires": DAY}, once="two")
    assert another.get_json()["application"] != first.get_json()["application"]
    taken = asks.post(path, {**BODY, "expires": DAY}, once="three")
    assert taken.status_code == 409
    with any_app.app_context(), reading() as session:
        count = select(func.count(Application.id)).where(Application.position_id == desk.own)
        assert session.scalar(count) == 3


def test_a_list_goes_on_by_its_cursor(app: Flask, cast: Cast, desk: Desk) -> None:
    for number in range(4):
        opening.invite(app, cast, desk.own, f"Person {'ABCD'[number]}")
    asks, seen, after = program(cast), [], ""
    while True:
        answer = asks.get(f"/positions/{desk.own}/applications?limit=2{after}").get_json()
        seen += [one["id"] for one in answer["items"]]
        if answer["next"] is None:
            break
        after = f"&after={answer['next']}"
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_a_report_that_was_fetched_stands_in_the_journal(
    app: Flask, cast: Cast, desk: Desk
) -> None:
    program(cast).get(paths(desk)["report"])
    with app.app_context(), reading() as session:
        events = set(session.scalars(select(JournalEntry.event)))
    assert {"result.viewed", "report.exported", "api_key.made"} <= events


BAD = (
    (b"", 400),
    (b"{", 400),
    (b'{"name": NaN}', 400),
    (b'{"name": "\\u0000"}', 400),
    (b'{"name": "\\ud800"}', 400),
    (b'{"name": "a", "name": "b"}', 400),
    (b"[" * 30_000 + b"]" * 30_000, 400),
    (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, 400),
    (b'"' + b"x" * 70_000 + b'"', 400),
    (b"\xff", 400),
    (b"[]", 422),
    (b"null", 422),
)


@pytest.mark.parametrize(("raw", "status"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_odd_bodies(raw: bytes, status: int, app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    answer = program(cast).post(f"/positions/{position_id}/invitations", raw)
    assert answer.status_code == status
    assert faults(ERROR, answer.get_json()) == {}


def test_a_wrong_field_is_named(app: Flask, cast: Cast, desk: Desk) -> None:
    asks, path = program(cast), f"/positions/{desk.own}/invitations"
    wrong = {
        "name": {"name": 7},
        "email": {"email": "nobody"},
        "lang": {"lang": "fr"},
        "expires": {"expires": "31.12.2027"},
        "salary": {"salary": 1},
    }
    for field, change in wrong.items():
        answer = asks.post(path, {**BODY, "expires": DAY, **change})
        assert answer.status_code == 422
        assert field in answer.get_json()["error"]["fields"]
    missing = asks.post(path, {**BODY, "expires": DAY}, once="")
    assert "Idempotency-Key" in missing.get_json()["error"]["fields"]
    for query in (
        "limit=0",
        "limit=x",
        "limit=1&limit=2",
        "odd=1",
        "after=-1",
        "limit=" + "9" * 99,
    ):
        answer = asks.get(f"/positions?{query}")
        assert answer.status_code == 422
        assert query.partition("=")[0] in answer.get_json()["error"]["fields"]


WORDS = st.one_of(st.text(max_size=30), st.integers().map(str), st.sampled_from(["", "\0", "1e9"]))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nothing_that_is_sent_breaks_it(
    data: st.DataObject, app: Flask, cast: Cast, desk: Desk
) -> None:
    """Whatever the declared parameters are given: the answer or the refusal is as declared."""
    asks = Program(app, _key(cast))
    one = data.draw(st.sampled_from(OPERATIONS))
    path = paths(desk)[one.name]
    names = [*one.query, "odd"]
    query = data.draw(st.dictionaries(st.sampled_from(names), WORDS, max_size=3))
    if one.method == "GET":
        url = app.test_client().get(
            PREFIX + path, query_string=query, headers={"Authorization": f"Bearer {asks.key}"}
        )
    else:
        known = st.sampled_from([*one.body["properties"], "odd"])  # type: ignore[index]
        body = data.draw(ANYTHING | st.dictionaries(known, ANYTHING))
        url = asks.post(path, body, once=data.draw(st.sampled_from(["a", "b", "\t"])))
    assert url.status_code in {one.status, 400, 404, 409, 422}, url.data
    shape = one.answer if url.status_code == one.status else ERROR
    assert faults(shape, url.get_json()) == {}


_KEYS: dict[int, str] = {}


def _key(cast: Cast) -> str:
    """One key for all examples of a test."""
    if id(cast) not in _KEYS:
        _KEYS.clear()
        _KEYS[id(cast)] = program(cast).key
    keys.flood.forget()
    return _KEYS[id(cast)]

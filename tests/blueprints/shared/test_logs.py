"""What stands in the logs: ids and kinds; no name, no address, no answer, no secret."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from blueprints.shared import logs
from blueprints.shared.guards import access_of
from models.accounts import Person
from services.accounts import tokens
from services.session import writing
from tests.blueprints.test_routes import ROLE_OF, UNSAFE, calls
from tests.caller import Caller
from tests.conftest import NOW, Cast

NAME, MAIL, TYPED = "Zora Quillfinch", "zora.quillfinch@mail.example", "plover-and-heron"
TRACES = ("Quillfinch", "quillfinch", TYPED, "@mail.example", "@beilun.example", "Lin Yue")


@pytest.fixture
def all_logs(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Everything that is logged at the most talkative level, by whomever."""
    settings, heard = cast.app.extensions["threshold.settings"], StringIO()
    root, was = logging.getLogger(), logging.getLogger().level
    spoken = logging.StreamHandler(heard)
    root.addHandler(spoken)
    root.setLevel(logging.DEBUG)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", heard)
        logs.install(replace(settings, log_level="debug"))
    yield heard.getvalue
    root.removeHandler(spoken)
    root.setLevel(was)
    logs.install(settings)


def no_trace(text: str) -> None:
    assert not [trace for trace in TRACES if trace in text]


def test_a_tour_of_every_route_leaves_ids_only(
    app: Flask, cast: Cast, caller: Callable[..., Caller], all_logs: Callable[[], str]
) -> None:
    form = dict.fromkeys(
        ("name", "email", "password", "note", "reason", "source", "answer", "code", "remark"), TYPED
    ) | {"email": MAIL, "name": NAME}
    for call in calls(app, word=TYPED):
        if "sign-out" in call.url:
            continue
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        name = {"min", "tao", "lin", "anna"} & {ROLE_OF[role] for role in access.roles}
        someone = caller(min(name, default="lin"))
        if call.method in UNSAFE:
            someone.post(call.url, form)
        else:
            someone.get(f"{call.url}?q={TYPED}&name={MAIL}")
    text = all_logs()
    assert text.count('"event": "answered"') > 200, "the log was listened to"
    no_trace(text)


def test_a_row_that_a_database_refuses_is_not_quoted(
    any_app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, all_logs: Callable[[], str]
) -> None:
    """PostgreSQL says "Key (email)=(...) already exists", and the toolkit lists parameters."""

    def broken() -> str:
        with writing() as session:
            for _ in range(2):
                session.execute(
                    insert(Person).values(
                        subject=TYPED, kind="member", name=NAME, email=MAIL, session_epoch=0,
                        invented=False, created_at=NOW,
                    )
                )  # fmt: skip
        return "not reached"

    view = any_app.view_functions["integration.health"]
    broken.access = view.access  # type: ignore[attr-defined]
    monkeypatch.setitem(any_app.view_functions, "integration.health", broken)
    page = Caller(any_app).get("/healthz", headers={"Accept": "text/html"})
    assert page.status_code == 500
    no_trace(page.text)
    text = all_logs()
    no_trace(text)
    (line,) = (json.loads(one) for one in text.splitlines() if '"unforeseen"' in one)
    assert line["exception"][0]["kind"] == "sqlalchemy.exc.IntegrityError"
    assert any(" broken" in place for place in line["exception"][0]["at"]), "where it came from"
    if any_app.extensions["threshold.settings"].is_sqlite:
        return
    assert line["exception"][1]["constraint"] in ("uq_person_subject", "uq_person_member_email")


def test_the_toolkit_hides_what_a_statement_was_sent_with(any_app: Flask, cast: Cast) -> None:
    """For what is said outside of our own log: a command that ends with a trace."""
    with pytest.raises(IntegrityError) as caught, any_app.app_context(), writing() as session:
        session.execute(insert(Person).values(subject=TYPED, kind="nobody", name=NAME))
    assert NAME not in str(caught.value).partition("DETAIL")[0]


def test_a_secret_link_is_in_no_line(app: Flask, cast: Cast, all_logs: Callable[[], str]) -> None:
    with app.app_context(), writing() as session:
        raw = tokens.issue(session, "reset", cast.lin, NOW)
    stranger = Caller(app)
    stranger.get(f"/account/reset/{raw}")
    stranger.post(f"/account/reset/{raw}", {"password": TYPED, "again": TYPED})
    stranger.get(f"/invite/{raw}")
    stranger.get("/api/v1/positions", headers={"Authorization": f"Bearer thr_{raw}"})
    text = all_logs()
    assert raw not in text
    no_trace(text)


def test_an_error_that_leads_in_a_circle_ends(app: Flask, all_logs: Callable[[], str]) -> None:
    one, other = ValueError(NAME), KeyError(MAIL)
    one.__cause__, other.__cause__ = other, one
    told = logs._tell_error(None, "error", {"exc_info": one})
    assert [part["kind"] for part in told["exception"]] == [
        "builtins.ValueError",
        "builtins.KeyError",
    ]

"""Webhooks: what is told, in which order, how often, how it is signed, and when it stops."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from models.integration import Webhook, WebhookDelivery
from models.journal import JournalEntry, OutboxEntry
from services import journal
from services.actor import SYSTEM
from services.hiring import deciding
from services.integration import delivering, webhooks
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.hiring import opening
from tests.services.integration.listening import SECRET, Ear, ear, hook


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Ear]:
    with ear(tmp_path) as found:
        yield found


def collect(app: Flask, at: datetime | None = None) -> int:
    with app.app_context(), writing() as session:
        return delivering.collect(session, at or now())


def deliver(app: Flask, hook_id: int, server: Ear) -> int:
    """As the job does, but with this machine let through."""
    with app.app_context():
        return delivering.deliver(hook_id, now, lambda address: True, server.trust)


def told(server: Ear) -> list[tuple[str, int]]:
    bodies = [json.loads(body) for _, body in server.heard]
    return [(body["type"], body["application"]) for body in bodies]


def decide(app: Flask, cast: Cast, application_id: int) -> None:
    with app.app_context(), writing() as session:
        deciding.decide(
            session, cast.actor("min"), application_id, "hold", "evidence", "Wait.", now()
        )


def test_a_story_is_told_in_order_and_signed(any_app: Flask, cast: Cast, server: Ear) -> None:
    app = any_app
    position_id = opening.open_position(app, cast)
    hook_id = hook(cast, server.url)
    invited = opening.invite(app, cast, position_id)
    application_id = opening.sit(app, invited, keyed=1)
    decide(app, cast, application_id)
    with app.app_context():
        person_id = opening.person_of(invited)
        with writing() as session:  # the line that an erasure leaves
            journal.append(session, SYSTEM, "person.erased", "person", person_id, now())
    assert collect(app) == 5
    assert collect(app) == 0
    assert deliver(app, hook_id, server) == 5
    words = ("invited", "started", "finished", "decided", "erased")
    assert told(server) == [(f"application.{word}", application_id) for word in words]
    for head, body in server.heard:
        assert set(json.loads(body)) == {"id", "type", "at", "application", "position"}
        assert json.loads(body)["id"] == head["Threshold-Id"]
        wanted = delivering.signature(
            SECRET, head["Threshold-Id"], int(head["Threshold-Timestamp"]), body
        )
        assert head["Threshold-Signature"] == f"v1={wanted}"


def test_what_fails_is_tried_again_under_the_same_id(app: Flask, cast: Cast, server: Ear) -> None:
    position_id = opening.open_position(app, cast)
    hook_id = hook(cast, server.url, position_id)
    first = opening.invite(app, cast, position_id).application_id
    opening.invite(app, cast, opening.open_position(app, cast), "Not Told")
    second = opening.invite(app, cast, position_id, "Ida Brandt").application_id
    server.answers = [500, 302]
    assert collect(app) == 2
    assert deliver(app, hook_id, server) == 0
    assert deliver(app, hook_id, server) == 0  # a redirect is an answer, and no way
    with app.app_context(), reading() as session:
        rows = session.execute(select(WebhookDelivery).order_by(WebhookDelivery.id)).scalars().all()
        assert [(one.state, one.status, one.tries) for one in rows] == [
            ("waiting", 302, 2),
            ("waiting", None, 0),
        ]
        assert session.get_one(Webhook, hook_id).retry_at is not None
    assert deliver(app, hook_id, server) == 2
    assert [number for _, number in told(server)] == [first, first, first, second]
    ids = [head["Threshold-Id"] for head, _ in server.heard]
    assert ids[0] == ids[1] == ids[2] != ids[3]


def test_it_is_switched_off_after_many_failures(
    app: Flask, cast: Cast, server: Ear, caller: Callable[..., Caller]
) -> None:
    position_id = opening.open_position(app, cast)
    hook_id = hook(cast, server.url)
    opening.invite(app, cast, position_id)
    collect(app)
    server.answers = [500] * 8
    for _ in range(9):
        deliver(app, hook_id, server)
    assert len(server.heard) == 8
    page = caller("min").get(f"/integration/webhooks/{hook_id}").get_data(as_text=True)
    assert "eight messages in a row failed" in page
    with app.app_context(), reading() as session:
        events = session.scalars(select(JournalEntry.event)).all()
        assert "webhook.given_up" in events
    caller("min").post(f"/integration/webhooks/{hook_id}/on")
    assert deliver(app, hook_id, server) == 1


def test_one_that_was_sent_can_be_sent_again(
    app: Flask, cast: Cast, server: Ear, caller: Callable[..., Caller]
) -> None:
    hook_id = hook(cast, server.url)
    opening.invite(app, cast, opening.open_position(app, cast))
    collect(app)
    deliver(app, hook_id, server)
    with app.app_context(), reading() as session:
        (number,) = session.scalars(select(WebhookDelivery.id)).all()
    answer = caller("min").post(f"/integration/webhooks/{hook_id}/deliveries/{number}/replay")
    assert answer.status_code == 303
    deliver(app, hook_id, server)
    assert server.heard[0][0]["Threshold-Id"] == server.heard[1][0]["Threshold-Id"]


def test_an_answer_without_end_is_not_read(app: Flask, cast: Cast, server: Ear) -> None:
    hook_id = hook(cast, server.url)
    opening.invite(app, cast, opening.open_position(app, cast))
    collect(app)
    server.large = 3 * 1024 * 1024
    assert deliver(app, hook_id, server) == 0
    with app.app_context(), reading() as session:
        assert session.scalars(select(WebhookDelivery.error)).all() == ["answer too long"]


def test_the_rule_is_asked_again_when_sending(app: Flask, cast: Cast, server: Ear) -> None:
    """A name that was public when it was saved may lead to this machine by now."""
    hook_id = hook(cast, server.url)
    opening.invite(app, cast, opening.open_position(app, cast))
    collect(app)
    with app.app_context():
        assert delivering.deliver(hook_id, now, trust=server.trust) == 0
    assert not server.heard
    with app.app_context(), reading() as session:
        assert session.scalars(select(WebhookDelivery.error)).all() == ["not a public address"]


def test_due_work_is_asked_for_once(app: Flask, cast: Cast) -> None:
    hook_id = hook(cast, "https://hooks.example/in")
    opening.invite(app, cast, opening.open_position(app, cast))
    at = now()
    collect(app, at)
    collect(app, at + timedelta(seconds=30))
    with app.app_context(), reading() as session:
        asked = session.scalars(
            select(OutboxEntry.data).where(OutboxEntry.task == delivering.TASK)
        ).all()
    assert asked == [{"webhook_id": hook_id}]


def test_the_page_refuses_a_private_address(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    for url in ("https://127.0.0.1/x", "https://169.254.169.254/", "http://93.184.216.34/"):
        answer = caller("min").post(
            "/integration/webhooks", {"url": url, "events": webhooks.EVENTS[0]}
        )
        assert answer.status_code == 422
        assert "begins with https://" in answer.get_data(as_text=True)
    good = {"url": "https://93.184.216.34/x", "events": webhooks.EVENTS[0]}
    answer = caller("min").post("/integration/webhooks", good)
    assert answer.status_code == 200
    assert "whsec_" in answer.get_data(as_text=True)
    with app.app_context(), reading() as session:
        kept = session.scalars(select(Webhook.secret)).one()
        assert "whsec_" not in kept


def test_one_that_is_off_collects_nothing(app: Flask, cast: Cast, server: Ear) -> None:
    hook_id = hook(cast, server.url)
    with app.app_context(), writing() as session:
        session.execute(update(Webhook).values(disabled_at=now(), disabled_why="by_hand"))
    opening.invite(app, cast, opening.open_position(app, cast))
    assert collect(app) == 0
    assert deliver(app, hook_id, server) == 0

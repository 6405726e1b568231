"""Reminders: on their day, once with two sweepers, and none where nothing waits."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.hiring.pipeline import Filters
from jobs import inviting
from models.hiring import InvitationReminder
from models.journal import OutboxEntry
from services.errors import Conflict
from services.hiring import bulk, invitations, mails, refusals, reminding
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

DUE = NOW + timedelta(days=11, hours=1)  # three days before the last one


def position(app: Flask, cast: Cast) -> int:
    return opening.open_position(app, cast, before=(3,), silence=(11,))


def asked(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).where(OutboxEntry.task == "mail.reminder")) or 0


def sweep(app: Flask, now: datetime) -> None:
    with app.app_context():
        inviting.sweep(now)


def test_two_rules_of_one_day_make_one_mail_however_often_it_is_swept(
    any_app: Flask, cast: Cast
) -> None:
    opening.invite(any_app, cast, position(any_app, cast))
    sweep(any_app, NOW + timedelta(days=9))
    assert asked(any_app) == 0
    threads = [threading.Thread(target=sweep, args=(any_app, DUE)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked(any_app) == 1
    sweep(any_app, DUE + timedelta(days=1))
    assert asked(any_app) == 1


def test_both_sweepers_saw_it_and_one_asks(app: Flask, cast: Cast) -> None:
    opening.invite(app, cast, position(app, cast))
    with app.app_context(), reading() as session:
        due = reminding.due_now(session, DUE)
    counts = []
    for _ in range(2):
        with app.app_context(), writing() as session:
            counts.append(reminding.ask(session, due, DUE))
    assert counts == [1, 0]


def test_nobody_is_reminded_of_what_has_begun_ended_or_bounced(app: Flask, cast: Cast) -> None:
    position_id = position(app, cast)
    begun, revoked, bounced, longer = (
        opening.invite(app, cast, position_id, name) for name in ("An", "Bo", "Cy", "Di")
    )
    opening.begin(app, opening.consent(app, begun))
    recruiter = cast.actor("min")
    with app.app_context(), writing() as session:
        invitations.revoke(session, recruiter, revoked.application_id, NOW)
        refusals.note(session, bounced.application_id, 550, NOW)
        invitations.extend(session, recruiter, longer.application_id, NOW + timedelta(days=30), NOW)
    with app.app_context(), reading() as session:
        due = reminding.due_now(session, DUE)
    assert [one.application_id for one in due] == [longer.application_id]
    assert [one.rule for one in due[0].due] == ["silence"]  # the last day has moved away


def test_by_hand_once_a_day_and_never_after_the_start(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    who, about = cast.actor("min"), invited.application_id
    with app.app_context(), writing() as session:
        assert reminding.remind(session, who, about, NOW)
        assert not reminding.remind(session, who, about, NOW + timedelta(minutes=1))
        message = mails.compose_reminder(session, about, NOW, opening.BASE)
    assert message is not None
    assert "/invite/" in message.text
    opening.begin(app, opening.consent(app, invited))
    with app.app_context(), writing() as session, pytest.raises(Conflict):
        reminding.remind(session, who, about, NOW + timedelta(days=1))
    with app.app_context(), writing() as session:
        assert mails.compose_reminder(session, about, NOW, opening.BASE) is None


def test_a_reminder_by_hand_stands_for_the_rule_of_that_day(app: Flask, cast: Cast) -> None:
    """By hand alone and in bulk: the sweeper sends no second one, that day or later."""
    position_id = position(app, cast)
    first, second = (opening.invite(app, cast, position_id, name) for name in ("An", "Bo"))
    with app.app_context(), writing() as session:
        assert reminding.remind(session, cast.actor("min"), first.application_id, DUE)
    order = bulk.Order("remind", None, Filters())
    with app.app_context(), writing() as session:
        details = bulk.Details("once-and-only-once")
        done = bulk.act(session, cast.actor("min"), position_id, order, details, "en", DUE)
    assert done.count == 1  # the first one was reminded today already
    assert asked(app) == 2
    with app.app_context(), reading() as session:
        rows = select(InvitationReminder.rule).where(InvitationReminder.rule == "by_hand")
        assert len(session.scalars(rows).all()) == 2
    for later in (timedelta(), timedelta(days=1)):
        sweep(app, DUE + later)
    assert asked(app) == 2
    assert second.application_id

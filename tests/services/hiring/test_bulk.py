"""Steps for many at once: whom they concern, that they are done once, and taking them back."""

import secrets
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from bench.crowd import crowd
from domain.hiring.pipeline import Column, Filters
from models.hiring import Decision, Invitation
from models.journal import JournalEntry, OutboxEntry
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.hiring import bulk, deciding, pages, undoing
from services.hiring.bulk import Details, Done, Order
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening
from tests.statements import counted

LATER = NOW + timedelta(hours=2)
ALL = Filters()


@pytest.fixture
def many(any_app: Flask, cast: Cast) -> tuple[int, list[int]]:
    """A position with nine candidates: three invited, three working, three finished."""
    position_id = opening.open_position(any_app, cast)
    with any_app.app_context(), writing() as session:
        return position_id, crowd(session, position_id, 9, NOW)


def do(
    app: Flask,
    cast: Cast,
    position_id: int,
    action: str,
    chosen: tuple[int, ...] | None = None,
    who: str = "min",
    now: datetime = LATER,
    **details: object,
) -> Done:
    given = {"once": secrets.token_hex(16), **details}
    with app.app_context(), writing() as session:
        return bulk.act(session, cast.actor(who), position_id, Order(action, chosen, ALL),
                        Details(**given), "en", now)  # type: ignore[arg-type]  # fmt: skip


def counts(app: Flask, cast: Cast, position_id: int) -> dict[Column, int]:
    with app.app_context(), reading() as session:
        return pages.position_page(session, cast.actor("min"), position_id, ALL, "en", LATER).counts


def undo(app: Flask, cast: Cast, position_id: int, action_id: int, who: str = "min",
         now: datetime = LATER) -> undoing.Undone:  # fmt: skip
    with app.app_context(), writing() as session:
        return undoing.undo(session, cast.actor(who), position_id, action_id, now)


def kept(app: Flask, statement: object) -> object:
    with app.app_context(), reading() as session:
        return session.scalar(statement)  # type: ignore[call-overload]


def test_only_finished_ones_are_moved_to_review_and_back(
    any_app: Flask, cast: Cast, many: tuple[int, list[int]]
) -> None:
    position_id, ids = many
    done = do(any_app, cast, position_id, "review", who="lei")
    assert done.count == 3
    assert counts(any_app, cast, position_id)[Column.REVIEW] == 3
    # Somebody has decided about one since: it stays decided, and leaves review all the same.
    with any_app.app_context(), writing() as session:
        deciding.decide(session, cast.actor("lei"), ids[2], "offer", "fit", "Good", LATER)
    assert undo(any_app, cast, position_id, done.action_id) == undoing.Undone(3, 0)
    assert undo(any_app, cast, position_id, done.action_id) == undoing.Undone(0, 0)
    after = counts(any_app, cast, position_id)
    assert (after[Column.REVIEW], after[Column.FINISHED], after[Column.DECISION]) == (0, 2, 1)
    events = select(func.count(JournalEntry.id)).where(JournalEntry.event == "bulk.undone")
    assert kept(any_app, events) == 1


def test_a_refusal_is_a_decision_a_person_and_taking_it_back_is_another(
    any_app: Flask, cast: Cast, many: tuple[int, list[int]]
) -> None:
    position_id, ids = many
    with any_app.app_context(), writing() as session:
        deciding.decide(session, cast.actor("lei"), ids[5], "advance", "fit", "Good", NOW)
    with pytest.raises(Invalid) as refused:
        do(any_app, cast, position_id, "reject", tuple(ids))
    assert set(refused.value.fields) == {"reason_code", "reason"}
    once = secrets.token_hex(16)
    said = {"reason_code": "position_closed", "reason": "Filled.", "once": once}
    done = do(any_app, cast, position_id, "reject", (ids[2], ids[5], ids[8]), **said)
    assert do(any_app, cast, position_id, "reject", (ids[2],), **said) == done  # sent twice
    assert kept(any_app, select(func.count(Decision.id))) == 4
    with any_app.app_context(), writing() as session:
        deciding.decide(session, cast.actor("lei"), ids[8], "hold", "other", "Later", LATER)
    assert undo(any_app, cast, position_id, done.action_id) == undoing.Undone(2, 1)
    with any_app.app_context(), reading() as session:
        lines = [deciding.decisions(session, one) for one in (ids[2], ids[5], ids[8])]
    assert [[line.outcome for line in one] for one in lines] == [
        ["reopened", "reject"], ["advance", "reject", "advance"], ["hold", "reject"],
    ]  # fmt: skip
    for one in lines:  # each entry names the one that it corrects
        assert [line.replaces for line in one] == [*(line.id for line in one[1:]), None]
    assert counts(any_app, cast, position_id)[Column.DECISION] == 2


def test_invitations_are_ended_moved_and_brought_back(
    any_app: Flask, cast: Cast, many: tuple[int, list[int]]
) -> None:
    position_id, ids = many
    day = LATER + timedelta(days=30)
    moved = do(any_app, cast, position_id, "extend", expires_at=day)
    ended = do(any_app, cast, position_id, "revoke")
    assert (moved.count, ended.count) == (3, 3)  # what has begun is stopped by nobody
    with any_app.app_context(), writing() as session:
        session.execute(
            update(Invitation)
            .where(Invitation.application_id == ids[0])
            .values(expires_at=day + timedelta(days=1))
        )
    assert undo(any_app, cast, position_id, ended.action_id) == undoing.Undone(3, 0)
    assert undo(any_app, cast, position_id, moved.action_id) == undoing.Undone(2, 1)
    assert kept(any_app, select(func.count()).where(Invitation.revoked_at.is_not(None))) == 0
    with pytest.raises(Invalid):
        do(any_app, cast, position_id, "extend", expires_at=LATER - timedelta(days=1))


def test_mail_goes_to_those_who_wait_and_cannot_be_taken_back(
    any_app: Flask, cast: Cast, many: tuple[int, list[int]]
) -> None:
    position_id, ids = many
    with any_app.app_context(), writing() as session:
        session.execute(
            update(Invitation)
            .where(Invitation.application_id == ids[0])
            .values(refused_at=NOW, refused_code=550)
        )
    for action, task in (("remind", "mail.reminder"), ("resend", "mail.invitation")):
        done = do(any_app, cast, position_id, action, tuple(ids))
        assert done.count == 2
        assert kept(any_app, select(func.count()).where(OutboxEntry.task == task)) == 2
        with pytest.raises(Conflict):
            undo(any_app, cast, position_id, done.action_id)


def test_a_day_later_nothing_is_taken_back(
    any_app: Flask, cast: Cast, many: tuple[int, list[int]]
) -> None:
    position_id, _ = many
    done = do(any_app, cast, position_id, "review")
    with pytest.raises(Conflict):
        undo(any_app, cast, position_id, done.action_id, now=LATER + undoing.UNDO_FOR)


def test_who_may_do_what(any_app: Flask, cast: Cast, many: tuple[int, list[int]]) -> None:
    position_id, ids = many
    other = opening.open_position(any_app, cast, owner_id=cast.omar)
    done = do(any_app, cast, position_id, "revoke")
    with pytest.raises(Forbidden):
        undo(any_app, cast, position_id, done.action_id, "lei")
    for position, who, action, error in (
        (position_id, "lei", "revoke", Forbidden),
        (position_id, "omar", "review", NotFound),
        (position_id, "lin", "review", NotFound),
        (position_id, "min", "erase", NotFound),
        (other, "omar", "review", Invalid),  # strangers' numbers concern nobody here
    ):
        with pytest.raises(error):
            do(any_app, cast, position, action, tuple(ids), who)
    with pytest.raises(NotFound):
        undo(any_app, cast, other, done.action_id)


def test_a_plan_says_whom_it_leaves_out_and_changes_nothing(
    any_app: Flask, cast: Cast, many: tuple[int, list[int]]
) -> None:
    position_id, ids = many
    with any_app.app_context(), reading() as session:
        plan = bulk.plan(session, cast.actor("min"), position_id,
                         Order("review", tuple(ids), ALL), "en", LATER)  # fmt: skip
    assert (plan.concerned, plan.left_out, plan.can_be_undone) == (3, 6, True)
    assert len(plan.names) == 3
    assert counts(any_app, cast, position_id)[Column.REVIEW] == 0


def test_hundreds_cost_as_many_statements_as_nine(
    any_app: Flask, cast: Cast, many: tuple[int, list[int]]
) -> None:
    position_id, _ = many
    costs = []
    for more in (1, 300):
        with any_app.app_context(), writing() as session:
            crowd(session, position_id, more, NOW)
        with counted(any_app) as sent:
            done = do(any_app, cast, position_id, "hold", reason_code="other", reason="Later")
        costs.append(len(sent))
    assert done.count == 300
    assert costs[1] <= costs[0] + 6  # rows go in packets

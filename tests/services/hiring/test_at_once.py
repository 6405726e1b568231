"""Several people at one application at the same moment: one order of deeds, and nothing twice."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.hiring.pipeline import NO_DECISION, Filters
from models.accounts import Person
from models.hiring import Application, Decision
from models.journal import OutboxEntry
from models.selection import BulkAction, Candidacy, Hire, Letter, SavedView
from services.actor import Actor
from services.hiring import bulk, deciding, invitations, letters, undoing, views, welcoming
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.test_at_once import at_once
from tests.services.hiring import opening

HANDS = 4


@pytest.fixture
def sun(any_app: Flask, cast: Cast) -> tuple[int, int]:
    """A position and an application on it."""
    position_id = opening.open_position(any_app, cast)
    return position_id, opening.invite(any_app, cast, position_id).application_id


def decide(app: Flask, actor: Actor, application_id: int, outcome: str) -> Callable[[], object]:
    def deed() -> object:
        with app.app_context(), writing() as session:
            deciding.decide(session, actor, application_id, outcome, "fit", "A word.", NOW)
        return None

    return deed


def in_line(app: Flask, application_id: int) -> int:
    """How many decisions there are; each names the one before it, and the newest one holds."""
    with app.app_context(), reading() as session:
        rows = session.execute(
            select(Decision.id, Decision.replaces_id, Decision.outcome)
            .where(Decision.application_id == application_id)
            .order_by(Decision.id)
        ).all()
        kept = session.scalar(
            select(Candidacy.outcome).where(Candidacy.application_id == application_id)
        )
    assert [row.replaces_id for row in rows] == [None, *(row.id for row in rows)][: len(rows)]
    assert kept == (None if rows[-1].outcome == NO_DECISION else rows[-1].outcome)
    return len(rows)


def test_decisions_of_several_people_stand_in_one_line(
    any_app: Flask, cast: Cast, sun: tuple[int, int]
) -> None:
    wanted = ((cast.actor("min"), "advance"), (cast.actor("lei"), "reject"))
    at_once([decide(any_app, who, sun[1], outcome) for who, outcome in wanted * 2])
    assert 2 <= in_line(any_app, sun[1]) <= 4  # a repeat after the other's is a decision anew


def test_one_decision_sent_several_times_is_one(
    any_app: Flask, cast: Cast, sun: tuple[int, int]
) -> None:
    at_once([decide(any_app, cast.actor("lei"), sun[1], "hold")] * HANDS)
    assert in_line(any_app, sun[1]) == 1


def test_an_action_on_many_is_done_once_and_taken_back_once(
    any_app: Flask, cast: Cast, sun: tuple[int, int]
) -> None:
    """The same form by many hands, a single decision beside it, and all the ways back at once."""
    position_id, application_id = sun
    other = opening.invite(any_app, cast, position_id, "Ida Brandt").application_id
    min_, lei = cast.actor("min"), cast.actor("lei")
    order = bulk.Order("reject", (application_id, other), Filters())
    details = bulk.Details("x" * 32, "fit", "Not enough.")

    def act() -> object:
        with any_app.app_context(), writing() as session:
            return bulk.act(session, min_, position_id, order, details, "en", NOW).action_id

    done = at_once([*[act] * HANDS, decide(any_app, lei, application_id, "offer")])
    assert len({one for one in done if one}) == 1
    with any_app.app_context(), reading() as session:
        assert session.scalar(select(func.count(BulkAction.id))) == 1
    before = in_line(any_app, application_id), in_line(any_app, other)
    assert before == (2, 1)
    action_id = int(str(done[0]))

    def undo() -> int:
        with any_app.app_context(), writing() as session:
            return undoing.undo(session, lei, position_id, action_id, NOW).restored

    restored = at_once([undo] * HANDS)
    assert sorted(restored)[:-1] == [0] * (HANDS - 1)
    after = in_line(any_app, application_id), in_line(any_app, other)
    assert sum(after) - sum(before) == max(restored)
    assert after[1] == 2, "nobody has decided about her since"


def test_letter_and_hire_happen_once(any_app: Flask, cast: Cast, sun: tuple[int, int]) -> None:
    decide(any_app, cast.actor("min"), sun[1], "hired")()
    with any_app.app_context(), reading() as session:
        decision_id = session.scalars(select(Decision.id)).one()

    def write(name: str) -> Callable[[], object]:
        who = cast.actor(name)

        def deed() -> object:
            with any_app.app_context(), writing() as session:
                letters.send(session, who, sun[1], decision_id, "Hello", "Come in.", NOW)
            return None

        return deed

    def hire() -> object:
        with any_app.app_context(), writing() as session:
            address = "sun.yi@beilun.example"
            return welcoming.hire(session, cast_min, sun[1], address, (), NOW)

    cast_min = cast.actor("min")
    done = at_once([write("min"), write("lei"), *[hire] * 3])
    assert len({one for one in done if one is not None}) == 1
    with any_app.app_context(), reading() as session:
        for what in (
            select(func.count(Letter.id)),
            select(func.count(OutboxEntry.id)).where(OutboxEntry.task == "mail.letter"),
            select(func.count(Hire.application_id)),
            select(func.count(Person.id)).where(Person.email == "sun.yi@beilun.example"),
        ):
            assert session.scalar(what) == 1


def test_one_name_is_one_view_and_one_form_is_one_invitation(
    any_app: Flask, cast: Cast, sun: tuple[int, int]
) -> None:
    min_, draft = cast.actor("min"), opening.invitation_draft("Ana Prado")

    def save() -> object:
        with any_app.app_context(), writing() as session:
            views.save(session, min_, sun[0], "Mine", Filters(), False, NOW)
        return None

    def invite() -> object:
        with any_app.app_context(), writing() as session:
            made = invitations.invite(session, min_, sun[0], draft, NOW, opening.BASE)
            return made.application_id

    done = at_once([save, save, save, invite, invite, invite])
    assert len({one for one in done if one is not None}) == 1
    with any_app.app_context(), reading() as session:
        assert session.scalar(select(func.count(SavedView.id))) == 1
        assert session.scalar(select(func.count(Application.id))) == 2

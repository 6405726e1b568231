"""Two admins at the same moment: somebody always keeps the keys, and no change is half a change."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Person, PersonRole
from services.accounts import people
from services.actor import SYSTEM, Actor
from services.admin import membership
from services.errors import Forbidden, ServiceError
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.test_at_once import at_once

Deed = Callable[[Session, Actor, int], None]


def demote(session: Session, actor: Actor, person_id: int) -> None:
    membership.change_roles(session, actor, person_id, ["learner"], NOW)


def shut_out(session: Session, actor: Actor, person_id: int) -> None:
    membership.disable(session, actor, person_id, NOW)


def erase(session: Session, actor: Actor, person_id: int) -> None:
    membership.erase(session, actor, person_id, NOW)


def second_admin(cast: Cast) -> Actor:
    with cast.app.app_context(), writing() as session:
        person_id = people.add_member(
            session, SYSTEM, "Bo Lind", "bo@beilun.example", ("admin",), NOW
        )
    cast.ids["bo"] = person_id
    return cast.actor("bo")


def admins(cast: Cast) -> list[int]:
    with cast.app.app_context(), reading() as session:
        return list(
            session.scalars(
                select(PersonRole.person_id)
                .join(Person, Person.id == PersonRole.person_id)
                .where(PersonRole.role == "admin", Person.disabled_at.is_(None))
            )
        )


@pytest.mark.parametrize("deed", [demote, shut_out, erase])
def test_two_admins_never_take_the_keys_from_each_other(
    deed: Deed, any_app: Flask, cast: Cast
) -> None:
    """Each was let in as an admin; whoever comes second is none any more, and is refused."""
    anna, bo = cast.actor("anna"), second_admin(cast)

    def against(actor: Actor, other: Actor) -> str:
        assert other.person_id is not None
        try:
            with any_app.app_context(), writing() as session:
                deed(session, actor, other.person_id)
        except Forbidden:
            return "refused"
        return "done"

    outcomes = at_once([lambda: against(anna, bo), lambda: against(bo, anna)])
    assert sorted(outcomes) == ["done", "refused"]
    assert len(admins(cast)) == 1


def test_rights_that_were_taken_since_the_request_began_count_no_more(
    any_app: Flask, cast: Cast
) -> None:
    bo = second_admin(cast)
    with any_app.app_context(), writing() as session:
        membership.disable(session, cast.actor("anna"), cast.bo, NOW)
    for deed in (demote, shut_out, erase):
        with pytest.raises(Forbidden), any_app.app_context(), writing() as session:
            deed(session, bo, cast.lin)


def test_two_changes_of_one_persons_roles_leave_one_of_the_two(any_app: Flask, cast: Cast) -> None:
    anna, bo = cast.actor("anna"), second_admin(cast)
    wanted = (("learner", "trainer"), ("learner", "recruiter", "manager"))

    def change(actor: Actor, roles: tuple[str, ...]) -> str:
        try:
            with any_app.app_context(), writing() as session:
                membership.change_roles(session, actor, cast.lin, roles, NOW)
        except ServiceError as error:
            return type(error).__name__
        return "done"

    for _ in range(5):
        assert (
            at_once([lambda: change(anna, wanted[0]), lambda: change(bo, wanted[1])] * 2)
            == ["done"] * 4
        )
        with any_app.app_context(), reading() as session:
            roles = session.scalars(
                select(PersonRole.role).where(PersonRole.person_id == cast.lin)
            ).all()
        assert sorted(roles) in [sorted(one) for one in wanted]

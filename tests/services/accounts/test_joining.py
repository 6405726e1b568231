"""Coming in by a secret link."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.accounts import Person, PersonRole
from models.journal import OutboxEntry
from services.accounts import joining, links, people, signing_in, tokens
from services.accounts.limiter import PER_PERSON, Source
from services.actor import SYSTEM
from services.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany
from services.session import writing
from tests.conftest import NOW, Cast

PASSWORD = "orange tram quietly sleeping"
HERE = Source("192.0.2.1")


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context(), writing() as session:
        yield session


@pytest.fixture
def empty_house(session: Session) -> Session:
    """Nobody is an admin yet."""
    session.execute(delete(PersonRole).where(PersonRole.role == "admin"))
    return session


def test_the_first_admin_is_made_once(empty_house: Session) -> None:
    raw = tokens.issue(empty_house, "first_admin", 0, NOW)
    viewer = joining.make_first_admin(
        empty_house, raw, " Ida  Berg ", "Ida@B.example", PASSWORD, NOW
    )
    assert (viewer.name, viewer.roles) == ("Ida Berg", {"admin"})
    with pytest.raises(Gone, match="used"):
        joining.make_first_admin(empty_house, raw, "Eve", "e@b.example", PASSWORD, NOW)
    assert signing_in.sign_in(empty_house, "ida@b.example", PASSWORD, HERE, NOW).viewer == viewer


def test_the_first_link_ends_when_there_is_an_admin(session: Session) -> None:
    """An old one may stand in somebody's scrollback."""
    raw = tokens.issue(session, "first_admin", 0, NOW)
    with pytest.raises(Gone, match="revoked"):
        joining.look_at_first(session, raw, NOW)
    with pytest.raises(Gone, match="revoked"):
        joining.make_first_admin(session, raw, "Eve", "e@b.example", PASSWORD, NOW)


@pytest.mark.parametrize(
    ("name", "email", "password", "field"),
    [
        ("", "a@b.example", PASSWORD, "name"),
        ("A", "not an address", PASSWORD, "email"),
        ("A", "a@b.example", "short", "password"),
    ],
)
def test_nonsense_leaves_the_link_open(
    app: Flask, name: str, email: str, password: str, field: str
) -> None:
    with app.app_context():
        with writing() as session:
            session.execute(delete(PersonRole).where(PersonRole.role == "admin"))
            raw = tokens.issue(session, "first_admin", 0, NOW)
        with pytest.raises(Invalid) as refused, writing() as session:
            joining.make_first_admin(session, raw, name, email, password, NOW)
        assert set(refused.value.fields) == {field}
        with writing() as session:
            assert joining.make_first_admin(session, raw, "Ida", "ida@b.example", PASSWORD, NOW)


def test_joining_sets_the_password_and_ends_all_join_links(session: Session, cast: Cast) -> None:
    older, raw = (tokens.issue(session, "join", cast.lin, NOW) for _ in range(2))
    assert joining.holder(session, "join", raw, NOW) == joining.Holder(
        "Lin Yue", "lin@beilun.example"
    )
    assert joining.join(session, raw, PASSWORD, NOW).id == cast.lin
    with pytest.raises(Gone):
        joining.join(session, older, "violet lamp under bridges", NOW)
    assert signing_in.sign_in(session, "lin@beilun.example", PASSWORD, HERE, NOW).viewer


def test_a_disabled_persons_link_is_taken_back(session: Session, cast: Cast) -> None:
    raw = tokens.issue(session, "join", cast.lin, NOW)
    people.disable(session, SYSTEM, cast.lin, NOW)
    for attempt in (joining.holder, lambda s, _, r, n: joining.join(s, r, PASSWORD, n)):
        with pytest.raises(Gone):
            attempt(session, "join", raw, NOW)
    fresh = tokens.issue(session, "reset", cast.lin, NOW)
    with pytest.raises(Gone, match="revoked"):
        joining.reset(session, fresh, PASSWORD, NOW)


def test_resetting_ends_every_session(session: Session, cast: Cast) -> None:
    epoch = people.load_viewer(session, cast.lin).epoch  # type: ignore[union-attr]  # Lin is there
    joining.reset(session, tokens.issue(session, "reset", cast.lin, NOW), PASSWORD, NOW)
    assert people.viewer_of(cast.lin, epoch) is None
    assert signing_in.sign_in(session, "lin@beilun.example", PASSWORD, HERE, NOW).viewer


def test_asking_for_a_reset_leaves_the_same_rows_known_or_not(session: Session, cast: Cast) -> None:
    for email in ("lin@beilun.example", "nobody@beilun.example", "no address"):
        joining.ask_reset(session, email, HERE, NOW)
    asked = session.execute(select(OutboxEntry.task, OutboxEntry.data)).all()
    assert [row.task for row in asked] == ["mail.reset"] * 3
    assert [row.data["person_id"] for row in asked] == [cast.lin, 0, 0]


def test_nobody_can_fill_anothers_mailbox(session: Session) -> None:
    for n in range(PER_PERSON):
        joining.ask_reset(session, "lin@beilun.example", Source(f"192.0.2.{n}"), NOW)
    with pytest.raises(TooMany):
        joining.ask_reset(session, "lin@beilun.example", HERE, NOW)
    signing_in.open_check(session, "lin@beilun.example", HERE, NOW)  # signing in is another count


def test_an_admin_hands_over_links(session: Session, cast: Cast) -> None:
    raw = links.issue_join_link(session, SYSTEM, cast.lin, NOW)
    joining.join(session, raw, PASSWORD, NOW)
    with pytest.raises(Conflict):
        links.issue_join_link(session, SYSTEM, cast.lin, NOW)
    joining.reset(session, links.issue_reset_link(session, SYSTEM, cast.lin, NOW), PASSWORD, NOW)


@pytest.mark.parametrize("name", ["lin", "tao", "min", "lei"])
def test_only_an_admin_does(app: Flask, cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    with app.app_context(), writing() as session:
        for issue in (links.issue_join_link, links.issue_reset_link):
            with pytest.raises(Forbidden):
                issue(session, actor, cast.eve, NOW)


def test_there_is_no_link_for_those_who_are_not_there(session: Session, cast: Cast) -> None:
    people.disable(session, SYSTEM, cast.eve, NOW)
    candidate = people.insert_person(session, "candidate", "Cai", "c@b.example", NOW)
    for person_id in (cast.eve, candidate, 987_654_321):
        with pytest.raises(NotFound):
            links.issue_reset_link(session, SYSTEM, person_id, NOW)


def test_links_end_by_the_clock(session: Session, cast: Cast) -> None:
    raw = tokens.issue(session, "reset", cast.lin, NOW)
    with pytest.raises(Gone, match="expired"):
        joining.holder(session, "reset", raw, NOW + timedelta(hours=2))


def test_a_candidate_is_nobody_to_the_sign_in(session: Session) -> None:
    """A candidate's address may be a member's as well: only the member counts."""
    people.insert_person(session, "candidate", "Cai", "cai@b.example", NOW)
    joining.ask_reset(session, "cai@b.example", HERE, NOW)
    assert session.scalars(select(OutboxEntry.data)).all()[-1]["person_id"] == 0
    assert session.scalar(select(Person.id).where(Person.email == "cai@b.example"))

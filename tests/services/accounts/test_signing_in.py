"""Mail and password belong together, or nothing is said about either."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Credential, Person
from models.journal import JournalEntry
from services.accounts import passwords, people, signing_in, tokens
from services.accounts.limiter import PER_PERSON, Source
from services.actor import SYSTEM
from services.errors import Invalid, TooMany
from services.session import writing
from tests.conftest import NOW, Cast

PASSWORD = "orange tram quietly sleeping"
HERE = Source("192.0.2.1")


@pytest.fixture
def session(app: Flask, cast: Cast) -> Iterator[Session]:
    """Lin has a password."""
    with app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.lin, PASSWORD, NOW)
        yield session


def events(session: Session, person_id: int) -> list[str]:
    return list(
        session.scalars(
            select(JournalEntry.event)
            .where(JournalEntry.object_kind == "person", JournalEntry.object_id == person_id)
            .order_by(JournalEntry.id)
        )
    )


def test_the_right_password_lets_in_however_the_mail_is_written(
    session: Session, cast: Cast
) -> None:
    for email in ("lin@beilun.example", "  Lin@BEILUN.example "):
        viewer = signing_in.sign_in(session, email, PASSWORD, HERE, NOW).viewer
        assert viewer is not None
        assert viewer.id == cast.lin
    assert events(session, cast.lin)[-1] == "sign_in.succeeded"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("lin@beilun.example", "orange tram quietly sleepin"),
        ("lin@beilun.example", ""),
        ("eve@beilun.example", PASSWORD),  # has no password yet
        ("nobody@beilun.example", PASSWORD),
        ("no address at all", PASSWORD),
        ("lin@beilun.example\0", "\0"),
        ("", ""),
    ],
)
def test_anything_else_does_not(session: Session, email: str, password: str) -> None:
    assert signing_in.sign_in(session, email, password, HERE, NOW).viewer is None


def test_an_unknown_person_costs_the_same_hashing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[bool] = []
    real = passwords.verify

    def counted(stored: str | None, password: str) -> bool:
        hashed.append(True)
        return real(stored, password)

    monkeypatch.setattr(passwords, "verify", counted)
    for email in ("lin@beilun.example", "nobody@beilun.example"):
        signing_in.sign_in(session, email, "wrong", HERE, NOW)
    assert len(hashed) == 2


def test_a_disabled_person_stays_out_and_comes_back(session: Session, cast: Cast) -> None:
    people.disable(session, SYSTEM, cast.lin, NOW)
    assert signing_in.sign_in(session, "lin@beilun.example", PASSWORD, HERE, NOW).viewer is None
    people.enable(session, SYSTEM, cast.lin, NOW)
    assert signing_in.sign_in(session, "lin@beilun.example", PASSWORD, HERE, NOW).viewer


def test_after_ten_wrong_guesses_the_right_one_waits_too(session: Session, cast: Cast) -> None:
    for _ in range(PER_PERSON):
        signing_in.open_check(session, "lin@beilun.example", HERE, NOW)
    with pytest.raises(TooMany):
        signing_in.sign_in(session, "lin@beilun.example", PASSWORD, HERE, NOW)


def test_somebody_elses_device_is_no_known_device(session: Session, cast: Cast) -> None:
    """Eve may have signed in on many devices: each still guesses at Lin as a stranger."""
    for n in range(PER_PERSON):
        eves = Source("192.0.2.1", f"device {n}", frozenset({cast.eve}))
        check = signing_in.open_check(session, "lin@beilun.example", eves, NOW)
        assert check.source.known_device is None
    with pytest.raises(TooMany):
        signing_in.open_check(session, "lin@beilun.example", HERE, NOW)
    own = Source("192.0.2.1", "laptop", frozenset({cast.lin}))
    assert signing_in.sign_in(session, "lin@beilun.example", PASSWORD, own, NOW).viewer


def test_a_new_password_ends_sessions_and_open_links(session: Session, cast: Cast) -> None:
    raw = tokens.issue(session, "reset", cast.lin, NOW)
    before = session.scalar(select(Person.session_epoch).where(Person.id == cast.lin))
    signing_in.set_password(session, SYSTEM, cast.lin, "violet lamp under bridges", NOW)
    after = session.scalar(select(Person.session_epoch).where(Person.id == cast.lin))
    assert after == (before or 0) + 1
    assert not tokens.look(session, "reset", raw, NOW).usable


@pytest.mark.parametrize(
    "password",
    ["fourteen chars", "x" * 129, "aaaaaaaaaaaaaaaa", "123456789012345", "ababababababababab"],
)
def test_weak_passwords_are_refused(session: Session, cast: Cast, password: str) -> None:
    stored = session.scalar(select(Credential.password_hash))
    with pytest.raises(Invalid) as refused:
        signing_in.set_password(session, SYSTEM, cast.lin, password, NOW)
    assert set(refused.value.fields) == {"password"}
    assert session.scalar(select(Credential.password_hash)) == stored


@pytest.mark.parametrize(
    "password", ["螺丝钉与集装箱之间的十五个汉字码头", "ünder thé brïdge", "p" * 60 + "qrstu" * 13]
)
def test_any_script_makes_a_password(session: Session, cast: Cast, password: str) -> None:
    signing_in.set_password(session, SYSTEM, cast.lin, password, NOW)
    assert signing_in.sign_in(session, "lin@beilun.example", password, HERE, NOW).viewer

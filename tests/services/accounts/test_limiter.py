"""The limits are exact: the last allowed guess is made, the next one is not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.accounts import FailedCheck
from services.accounts import limiter
from services.accounts.limiter import IN_ALL, PER_ADDRESS, PER_PERSON, Source
from services.errors import TooMany
from services.session import reading, writing
from tests.conftest import NOW

HERE, THERE = Source("192.0.2.1"), Source("192.0.2.2")


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context(), writing() as session:
        yield session


def guesses(session: Session, about: str, source: Source, most: int, at: datetime = NOW) -> int:
    """How many of `most` guesses are allowed."""
    for made in range(most):
        with session.begin_nested() as point:
            try:
                limiter.take(session, about, source, at)
            except TooMany:
                point.rollback()
                return made
    return most


def test_ten_guesses_at_a_person_wherever_they_come_from(session: Session) -> None:
    assert guesses(session, "lin", HERE, 6) == 6
    assert guesses(session, "lin", THERE, 20) == PER_PERSON - 6
    assert guesses(session, "lin", HERE, 20) == 0


def test_a_refused_guess_says_when_the_next_window_opens(session: Session) -> None:
    at = NOW + timedelta(seconds=100)
    guesses(session, "lin", HERE, PER_PERSON, at)
    with pytest.raises(TooMany) as refused:
        limiter.take(session, "lin", HERE, at)
    assert refused.value.retry_after == 200
    assert guesses(session, "lin", HERE, 20, at + timedelta(seconds=200)) == PER_PERSON


def test_a_known_device_is_counted_apart(session: Session) -> None:
    """Strangers cannot lock Lin out of her own laptop, nor can the laptop spend their tries."""
    laptop = Source("192.0.2.9", "laptop", frozenset({1}))
    assert guesses(session, "lin", HERE, 20) == PER_PERSON
    assert guesses(session, "lin", laptop, 20) == PER_PERSON
    assert guesses(session, "lin", Source("192.0.2.9", "phone"), 20) == PER_PERSON


def test_a_device_is_known_to_its_own_people_only() -> None:
    laptop = Source("192.0.2.9", "laptop", frozenset({1}))
    assert laptop.seen_by(1).known_device == "laptop"
    assert laptop.seen_by(2).known_device is None
    assert laptop.seen_by(None).known_device is None


def test_a_hundred_guesses_from_an_address(session: Session) -> None:
    made = sum(guesses(session, f"person {n}", HERE, 7) for n in range(30))
    assert made == PER_ADDRESS
    assert guesses(session, "somebody else", THERE, 1) == 1


def test_all_addresses_of_one_network_count_as_one(session: Session) -> None:
    """Whoever has an address of IPv6 has 2^64 of them, and could guess from a new one each time."""
    for n in range(PER_ADDRESS):
        limiter.take(session, f"member {n}", Source(f"2001:db8:0:7::{n:x}"), NOW)
    for same in ("2001:db8:0:7:ffff:ffff:ffff:ffff", "2001:DB8:0:7:0::9", "2001:db8:0:7::1%eth0"):
        assert guesses(session, f"from {same}", Source(same), 1) == 0
    for other in ("2001:db8:0:8::1", "192.0.2.7", "unknown"):
        assert guesses(session, f"from {other}", Source(other), 1) == 1


def test_one_address_written_in_two_ways_is_one(session: Session) -> None:
    for n in range(PER_ADDRESS):
        limiter.take(session, f"member {n}", Source("192.0.2.5"), NOW)
    assert guesses(session, "lin", Source("::ffff:192.0.2.5"), 1) == 0
    assert guesses(session, "lin", Source("::ffff:192.0.2.6"), 1) == 1


def test_beyond_a_thousand_in_all_only_unknown_devices_wait(session: Session) -> None:
    made = sum(
        guesses(session, f"person {n}", Source(f"198.51.100.{n % 250}"), 5) for n in range(250)
    )
    assert made == IN_ALL
    assert guesses(session, "lin", THERE, 1) == 0
    assert guesses(session, "lin", Source("192.0.2.9", "laptop"), 1) == 1


def test_success_is_given_back(session: Session) -> None:
    for _ in range(3 * PER_PERSON):
        limiter.take(session, "lin", HERE, NOW)
        limiter.forgive(session, "lin", HERE, NOW)
    assert guesses(session, "lin", HERE, 20) == PER_PERSON


def test_check_and_failed_agree_with_take(session: Session) -> None:
    for _ in range(PER_PERSON):
        limiter.check(session, "code", HERE, NOW)
        limiter.failed(session, "code", HERE, NOW)
    with pytest.raises(TooMany):
        limiter.check(session, "code", HERE, NOW)


def test_windows_that_have_passed_are_forgotten(session: Session) -> None:
    limiter.take(session, "lin", HERE, NOW)
    limiter.forget(session, NOW)
    assert session.scalar(select(func.count()).select_from(FailedCheck))
    limiter.forget(session, NOW + timedelta(minutes=11))
    assert not session.scalar(select(func.count()).select_from(FailedCheck))


def test_many_guesses_at_once_are_still_ten(any_app: Flask) -> None:
    def guess(_: int) -> bool:
        with any_app.app_context():
            try:
                with writing() as session:
                    limiter.take(session, "lin", HERE, NOW)
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(24))) == PER_PERSON
    with any_app.app_context(), reading() as session:
        counts = session.scalars(select(FailedCheck.failures)).all()
    assert set(counts) == {PER_PERSON}, "what was refused is not counted"

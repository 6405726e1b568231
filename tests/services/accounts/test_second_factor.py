"""The second factor: codes of an app that work once, recovery codes, and the limiter below both.

The expected codes are written by hand from RFC 6238 and RFC 4226 and not by the library in use.
"""

import base64
import hashlib
import hmac
import struct
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.accounts import Credential, FailedCheck, Person, RecoveryCode, SecondFactor
from models.journal import JournalEntry, OutboxEntry
from services.accounts import people, sealing, second_factor, signing_in
from services.accounts.limiter import PER_PERSON, Source
from services.actor import SYSTEM, Actor
from services.errors import Conflict, Invalid, NotFound, TooMany
from services.session import writing
from tests.conftest import NOW, Cast

PASSWORD = "orange tram quietly sleeping"
HERE = Source("192.0.2.1")
STEP = timedelta(seconds=30)


def totp(secret: str, at: datetime) -> str:
    """RFC 6238 with SHA-1, 30 seconds and six figures."""
    key = base64.b32decode(secret)
    counter = struct.pack(">Q", int(at.timestamp()) // 30)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def test_our_own_reading_of_the_standard_agrees_with_its_appendix() -> None:
    """RFC 6238, appendix B, the last six of eight figures."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    for seconds, code in ((59, "94287082"), (1111111109, "07081804"), (20000000000, "65353130")):
        assert totp(secret, datetime.fromtimestamp(seconds).astimezone()) == code[-6:]


@pytest.fixture
def session(any_app: Flask, cast: Cast) -> Iterator[Session]:
    """Lin has a password."""
    with any_app.app_context(), writing() as session:
        signing_in.set_password(session, SYSTEM, cast.lin, PASSWORD, NOW)
        yield session


@pytest.fixture
def lin(cast: Cast) -> Actor:
    return Actor(cast.lin)


def secret_of(session: Session, lin: Actor) -> str:
    second_factor.begin(session, lin, NOW)
    secret = second_factor.page(session, lin).secret
    assert secret is not None
    return secret


@pytest.fixture
def turned_on(session: Session, lin: Actor) -> tuple[str, tuple[str, ...]]:
    """Lin's secret and recovery codes; the code of the step before NOW is used up."""
    secret = secret_of(session, lin)
    codes = second_factor.confirm(session, lin, totp(secret, NOW - STEP), HERE, NOW)
    assert codes is not None
    return secret, codes


def check(session: Session, lin: Actor, code: str, at: datetime = NOW) -> bool:
    assert lin.person_id is not None
    return second_factor.check(session, lin.person_id, code, HERE, at)


def failures(session: Session) -> int:
    return max([0, *session.scalars(select(FailedCheck.failures))])


def test_a_factor_counts_from_its_first_code_on(session: Session, lin: Actor) -> None:
    secret = secret_of(session, lin)
    assert not second_factor.is_on(session, lin.person_id or 0)
    assert second_factor.confirm(session, lin, "000000", HERE, NOW) is None
    assert failures(session) == 1
    codes = second_factor.confirm(session, lin, totp(secret, NOW), HERE, NOW)
    assert codes is not None
    assert len(set(codes)) == 10
    assert second_factor.is_on(session, lin.person_id or 0)
    assert failures(session) == 1, "what succeeds is given back"
    assert second_factor.page(session, lin).secret is None, "it is shown before, never again"
    with pytest.raises(Conflict):
        second_factor.begin(session, lin, NOW)


def test_secret_and_codes_are_not_kept_as_they_are(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    secret, codes = turned_on
    kept = session.scalar(select(SecondFactor.secret)) or ""
    assert secret not in kept
    assert sealing.unseal(second_factor.PURPOSE, kept) == secret
    plain = {code.replace("-", "") for code in codes}
    digests = set(session.scalars(select(RecoveryCode.digest)))
    assert len(digests) == 10
    assert not digests & {hashlib.sha256(code.encode()).hexdigest() for code in plain}


@pytest.mark.parametrize(
    ("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_is_good_one_step_around(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]], steps: int, fits: bool
) -> None:
    later = NOW + 10 * STEP
    assert check(session, lin, totp(turned_on[0], later + steps * STEP), later) is fits


def test_no_code_works_twice_nor_an_older_one_after_it(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    secret, later = turned_on[0], NOW + 10 * STEP
    assert check(session, lin, totp(secret, later), later)
    assert not check(session, lin, totp(secret, later), later)
    assert not check(session, lin, totp(secret, later - STEP), later), "an older one may be seen"
    assert check(session, lin, totp(secret, later + STEP), later)


def test_the_code_that_turned_it_on_lets_nobody_in(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    assert not check(session, lin, totp(turned_on[0], NOW - STEP))


def test_a_clock_that_was_wrong_locks_nobody_out(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    """A year ahead by mistake, a code is used there, and the clock is put right."""
    secret, wrong = turned_on[0], NOW + timedelta(days=365)
    assert check(session, lin, totp(secret, wrong), wrong)
    code = totp(secret, NOW + STEP)
    assert check(session, lin, code, NOW + STEP)
    assert not check(session, lin, code, NOW + STEP)


@pytest.mark.parametrize("written", ["{0} {1}", "{0}-{1}", " {0}{1}\n", "{0}\u3000{1}"])
def test_codes_are_read_as_people_write_them(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]], written: str
) -> None:
    later = NOW + 10 * STEP
    code = totp(turned_on[0], later)
    assert check(session, lin, written.format(code[:3], code[3:]), later)
    wide = "".join(chr(ord(figure) + 0xFEE0) for figure in totp(turned_on[0], later + STEP))
    assert check(session, lin, wide, later)
    assert check(session, lin, turned_on[1][0].lower(), later)


def test_a_recovery_code_works_once_and_new_ones_end_the_old(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    first, second = turned_on[1][:2]
    assert check(session, lin, first)
    assert not check(session, lin, first)
    assert second_factor.page(session, lin).left == 9
    fresh = second_factor.renew_codes(session, lin, NOW)
    assert not check(session, lin, second)
    assert check(session, lin, fresh[0])


def test_a_recovery_code_of_somebody_else_is_nobodys(
    session: Session, cast: Cast, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    eve = Actor(cast.eve)
    secret = secret_of(session, eve)
    assert second_factor.confirm(session, eve, totp(secret, NOW), HERE, NOW)
    assert not check(session, eve, turned_on[1][3])
    assert check(session, lin, turned_on[1][3])


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "1234567", "\0", "٠١٢٣٤٥", "²²²²²²", "9" * 5000, "-" * 6, "ABCDE-FGHJ", "🔐" * 6],
)
def test_nonsense_is_wrong_and_counted(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]], typed: str
) -> None:
    assert not check(session, lin, typed)
    assert failures(session) == 1


def test_ten_wrong_codes_make_the_right_one_wait(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    later = NOW + timedelta(minutes=5)
    for _ in range(PER_PERSON):
        assert not check(session, lin, "000000", later)
    with pytest.raises(TooMany):
        check(session, lin, totp(turned_on[0], later), later)
    with pytest.raises(TooMany):
        check(session, lin, turned_on[1][0], later)
    known = Source("192.0.2.1", "laptop", frozenset({lin.person_id or 0}))
    code = totp(turned_on[0], later)
    assert second_factor.check(session, lin.person_id or 0, code, known, later)


def test_the_password_is_half_of_a_sign_in(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    attempted = signing_in.sign_in(session, "lin@beilun.example", PASSWORD, HERE, NOW)
    assert attempted.viewer is None
    assert attempted.halfway is not None
    wrong = signing_in.close_code(session, attempted.halfway, "000000", HERE, NOW)
    assert wrong.viewer is None
    code = totp(turned_on[0], NOW + STEP)
    assert signing_in.close_code(session, attempted.halfway, code, HERE, NOW).viewer is not None
    events = session.scalars(
        select(JournalEntry.event).where(JournalEntry.actor_id == lin.person_id)
    ).all()
    assert events.count("sign_in.succeeded") == 1, "not before the code"


def test_eight_characters_are_enough_beside_it_only(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]], cast: Cast
) -> None:
    with pytest.raises(Invalid):
        signing_in.set_password(session, SYSTEM, cast.eve, "kite8moo", NOW)
    with pytest.raises(Invalid):
        signing_in.set_password(session, SYSTEM, cast.lin, "kite7mo", NOW)
    signing_in.set_password(session, SYSTEM, cast.lin, "kite8moo", NOW)
    with pytest.raises(Invalid):
        second_factor.turn_off(session, lin, NOW)
    signing_in.set_password(session, SYSTEM, cast.lin, PASSWORD, NOW)
    assert session.scalar(select(Credential.is_short)) is False
    second_factor.turn_off(session, lin, NOW)
    assert not second_factor.is_on(session, cast.lin)


def test_an_admin_takes_it_away_and_the_person_is_told(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]], cast: Cast
) -> None:
    def epoch() -> int:
        statement = select(Person.session_epoch).where(Person.id == cast.lin)
        return session.scalar(statement) or 0

    before, anna = epoch(), Actor(cast.anna)
    second_factor.take_away(session, anna, cast.lin, NOW)
    assert epoch() == before + 1
    assert session.scalar(select(RecoveryCode.id)) is None
    tasks = session.execute(select(OutboxEntry.task, OutboxEntry.data)).all()
    assert ("mail.factor_removed", {"person_id": cast.lin}) in [tuple(row) for row in tasks]
    with pytest.raises(NotFound):
        second_factor.take_away(session, anna, cast.lin, NOW)


def test_another_secret_key_opens_nothing_and_breaks_nothing(
    session: Session, lin: Actor, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    """As after a restore without the old key: recovery codes do not fit either; an admin helps."""
    other = sealing.seal("another purpose", turned_on[0])
    session.execute(update(SecondFactor).values(secret=other))
    session.expire_all()
    with pytest.raises(sealing.Unsealable):
        sealing.unseal(second_factor.PURPOSE, other)
    assert not check(session, lin, totp(turned_on[0], NOW + STEP))


def test_a_viewer_says_whether_a_code_is_asked(
    session: Session, cast: Cast, turned_on: tuple[str, tuple[str, ...]]
) -> None:
    lin, eve = (people.load_viewer(session, who) for who in (cast.lin, cast.eve))
    assert lin is not None
    assert lin.has_factor
    assert eve is not None
    assert not eve.has_factor


def test_of_many_with_the_same_code_one_comes_in(any_app: Flask, cast: Cast) -> None:
    lin = Actor(cast.lin)
    with any_app.app_context(), writing() as session:
        secret = secret_of(session, lin)
        recovery = second_factor.confirm(session, lin, totp(secret, NOW - STEP), HERE, NOW)
    assert recovery is not None
    for code in (totp(secret, NOW), recovery[0]):
        assert at_once(any_app, lambda s, c=code: check(s, lin, c)).count(True) == 1


def at_once(app: Flask, deed: Callable[[Session], bool], threads: int = 6) -> list[bool]:
    """What each of some threads got that did the same at the same time."""
    answers: list[bool] = []
    gate = Barrier(threads)

    def run() -> None:
        with app.app_context():
            gate.wait()
            with writing() as session:
                answers.append(deed(session))

    workers = [Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(answers) == threads
    return answers

"""The one limiter under every credential check: it counts failed checks only.

Per five minutes: 10 a person from unknown devices, 10 from each device that signed in before (so
nobody can lock a person out), 100 an address, 1,000 in all (beyond that only unknown devices wait).
Sources: trust rule 11 of docs/architecture.md.

A check is counted before it is made (`take`) and given back when it succeeds (`forgive`): so the
limits are exact however many guesses arrive at once, and no slow hashing stands in a transaction.
"""

import hashlib
import ipaddress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FailedCheck
from services.errors import TooMany

WINDOW_S = 300
PER_PERSON, PER_ADDRESS, IN_ALL = 10, 100, 1000


@frozen
class Source:
    """Where a check comes from.

    known_device: the id of a device that somebody signed in from before, or None; people: the ids
    of those who did. Sign-in counts a device apart only for its own people, see `seen_by`.
    """

    address: str
    known_device: str | None = None
    people: frozenset[int] = frozenset()

    def seen_by(self, person_id: int | None) -> "Source":
        """The same source; its device is unknown to anybody who never signed in there."""
        return self if person_id in self.people else replace(self, known_device=None)


def _limits(about: str, source: Source) -> dict[str, int]:
    """key -> how many failures are allowed in the window."""
    device = source.known_device
    who = f"device:{about}:{device}" if device else f"person:{about}"
    limits = {who: PER_PERSON, f"address:{_network(source.address)}": PER_ADDRESS}
    if not device:
        limits["all"] = IN_ALL
    return {hashlib.sha256(key.encode()).hexdigest(): limit for key, limit in limits.items()}


def _network(address: str) -> str:
    """What one guesser has: an address of IPv4, or the 2^64 of IPv6 that a household is given.

    Source: RFC 6177 (a site is given a /64 or more).
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.ip_network((found, 64), strict=False))


def _window(now: datetime) -> int:
    return int(now.timestamp()) // WINDOW_S


def _refusal(now: datetime) -> TooMany:
    return TooMany(WINDOW_S - int(now.timestamp()) % WINDOW_S)


def take(session: Session, about: str, source: Source, now: datetime) -> None:
    """Count a check as failed before it is made; refuse with TooMany when a limit is passed.

    about: what is being guessed, e.g. a mail address. TooMany drops the caller's transaction and
    with it the count. A check that then succeeds is given back by `forgive` at the same `now`.
    """
    limits = _limits(about, source)
    for key, failures in failed(session, about, source, now).items():
        if failures > limits[key]:
            raise _refusal(now)


def forgive(session: Session, about: str, source: Source, now: datetime) -> None:
    """Give back a check that succeeded."""
    session.execute(
        update(FailedCheck)
        .where(FailedCheck.key.in_(_limits(about, source)), FailedCheck.window == _window(now))
        .values(failures=FailedCheck.failures - 1)
    )


def check(session: Session, about: str, source: Source, now: datetime) -> None:
    """Refuse with TooMany when a limit is reached; counts nothing."""
    limits = _limits(about, source)
    counts = session.execute(
        select(FailedCheck.key, func.sum(FailedCheck.failures))
        .where(FailedCheck.key.in_(limits), FailedCheck.window == _window(now))
        .group_by(FailedCheck.key)
    )
    if any(count >= limits[key] for key, count in counts):
        raise _refusal(now)


def failed(session: Session, about: str, source: Source, now: datetime) -> dict[str, int]:
    """Count one failed check under all its keys in one upsert; gives back key -> failures."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    # Sorted: two upserts at once lock their rows in the same order.
    rows = [
        {"key": key, "window": _window(now), "failures": 1}
        for key in sorted(_limits(about, source))
    ]
    counted = session.execute(
        dialect.insert(FailedCheck)
        .values(rows)
        .on_conflict_do_update(
            index_elements=["key", "window"], set_={"failures": FailedCheck.failures + 1}
        )
        .returning(FailedCheck.key, FailedCheck.failures)
    )
    return {row.key: row.failures for row in counted}


def forget(session: Session, now: datetime) -> None:
    """Drop windows that have passed; the sweeper calls this."""
    session.execute(delete(FailedCheck).where(FailedCheck.window < _window(now) - 1))

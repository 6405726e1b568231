"""The one limiter under every credential check: it counts failed checks only.

Per five minutes: 10 a person from unknown devices, 10 from each device that signed in before (so
nobody can lock a person out), 100 an address, 1,000 in all (beyond that only unknown devices wait).
Sources: trust rule 11 of docs/architecture.md.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.accounts import FailedCheck
from services.errors import TooMany

WINDOW_S = 300
PER_PERSON, PER_ADDRESS, IN_ALL = 10, 100, 1000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a check comes from. known_device: an id this person signed in from before, or None."""

    address: str
    known_device: str | None = None


def _limits(about: str, source: Source) -> dict[str, int]:
    """key -> how many failures are allowed in the window."""
    who = f"device:{about}:{source.known_device}" if source.known_device else f"person:{about}"
    limits = {who: PER_PERSON, f"address:{source.address}": PER_ADDRESS}
    if not source.known_device:
        limits["all"] = IN_ALL
    return {hashlib.sha256(key.encode()).hexdigest(): limit for key, limit in limits.items()}


def check(session: Session, about: str, source: Source, now: datetime) -> None:
    """Refuse with TooMany when a limit is reached. about: what is being guessed, e.g. a mail."""
    limits = _limits(about, source)
    window = int(now.timestamp()) // WINDOW_S
    counts = session.execute(
        select(FailedCheck.key, func.sum(FailedCheck.failures))
        .where(FailedCheck.key.in_(limits), FailedCheck.window == window)
        .group_by(FailedCheck.key)
    )
    if any(count >= limits[key] for key, count in counts):
        raise TooMany(WINDOW_S - int(now.timestamp()) % WINDOW_S)


def failed(session: Session, about: str, source: Source, now: datetime) -> None:
    """Count one failed check under all its keys; each is one upsert."""
    window = int(now.timestamp()) // WINDOW_S
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    rows = [{"key": k, "window": window, "failures": 1} for k in sorted(_limits(about, source))]
    statement = dialect.insert(FailedCheck)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["key", "window"],
            set_={"failures": FailedCheck.failures + 1},
        ),
        rows,
    )


def forget(session: Session, now: datetime) -> None:
    """Drop windows that have passed; the sweeper calls this."""
    window = int(now.timestamp()) // WINDOW_S
    session.execute(delete(FailedCheck).where(FailedCheck.window < window - 1))

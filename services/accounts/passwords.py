"""Passwords: argon2id, none of the well-known ones, no rules but their length.

At least 15 characters where a password is all that there is, 8 beside a second factor.
"""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from services.errors import Invalid

SHORTEST, LONGEST = 15, 128
SHORTEST_BESIDE_FACTOR = 8
BLOCKLIST = Path(__file__).with_name("blocked_passwords.txt")

_hasher = PasswordHasher()  # argon2id with the library's RFC 9106 low-memory profile


@cache
def _stand_in() -> str:
    """A hash that no password fits: an unknown person costs the same work as a known one."""
    return _hasher.hash("nobody has this password, and nobody will")


@cache
def _blocked() -> frozenset[str]:
    return frozenset(BLOCKLIST.read_text(encoding="utf-8").split("\n"))


def check_strength(password: str, shortest: int = SHORTEST) -> None:
    """Refuse what is too short, too long or well known; raises Invalid with the field's name."""
    if not shortest <= len(password) <= LONGEST:
        raise Invalid(fields={"password": f"must have {shortest} to {LONGEST} characters"})
    folded = password.casefold()
    if folded in _blocked() or len(set(folded)) < 5:
        raise Invalid(fields={"password": "is one of the first that anybody would try"})


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether the password fits; takes the same work when there is nothing to compare with."""
    try:
        return _hasher.verify(stored or _stand_in(), password) and stored is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False

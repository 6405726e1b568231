"""Return codes: ten characters that, with the link, open an application on any device.

A code is drawn from the installation's secret and a value that is used once. The same value gives
the same code, so a form that is sent twice shows one code, though only its hash is kept.
"""

import hashlib
import hmac
import secrets

from flask import current_app

# No 0 and O, no 1, I and L: the code is read aloud and written by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10
MOST_TYPED = 60


def fresh_nonce() -> str:
    """A value for one form or one mail."""
    return secrets.token_urlsafe(24)


def draw(application_id: int, nonce: str) -> str:
    """The code of an application for a once-only value: about 49 bits."""
    number = int.from_bytes(_keyed(f"draw:{application_id}:{nonce}"), "big")
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def digest(application_id: int, code: str) -> str:
    """What is kept of a code: SHA-256 keyed with the installation's secret, in hex."""
    return _keyed(f"keep:{application_id}:{clean(code)}").hex()


def fits(application_id: int, kept: str | None, typed: str) -> bool:
    """Whether a typed code is the kept one; takes the same time either way."""
    return hmac.compare_digest(kept or "", digest(application_id, typed[:MOST_TYPED]))


def clean(typed: str) -> str:
    """A code as it is kept, without the marks and small letters that people write."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def spaced(code: str) -> str:
    """A code as it is shown: two groups of five."""
    return f"{code[:5]}-{code[5:]}"


def _keyed(text: str) -> bytes:
    secret: str = current_app.extensions["threshold.settings"].secret_key
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()

"""Small secrets that the database must hold in a form that we can read again: sealed with a key.

The key is drawn from the installation's secret (HKDF, RFC 5869), one for each purpose, so that a
sealed word of one purpose never opens as another's. Whoever has the database alone reads nothing.
"""

import base64
from typing import Any

from flask import current_app

LONGEST = 140  # characters of text that fit the column of a sealed secret


class Unsealable(Exception):
    """It was sealed with another key: the installation's secret was changed."""


def seal(purpose: str, text: str) -> str:
    """The text, encrypted and signed for one purpose; each call gives another word."""
    return str(_lock(purpose).encrypt(text.encode()).decode())


def unseal(purpose: str, sealed: str) -> str:
    """The text again; raises Unsealable for another key, another purpose, or a changed word."""
    from cryptography.fernet import InvalidToken  # as below

    try:
        return str(_lock(purpose).decrypt(sealed.encode()).decode())
    except InvalidToken:
        raise Unsealable(purpose) from None


def _lock(purpose: str) -> Any:
    # OpenSSL costs 5 MB and 40 ms: loaded by who sets up or checks a second factor only.
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret: str = current_app.extensions["threshold.settings"].secret_key
    info = f"threshold:seal:{purpose}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))

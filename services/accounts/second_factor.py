"""The second factor: codes of an app (TOTP, RFC 6238), and recovery codes for whoever lost it.

A code is good for its own step of 30 seconds, the one before and the one after, and works once.
"""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

import pyotp
from flask import current_app
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Credential, Person, RecoveryCode, SecondFactor
from services import journal, outbox
from services.accounts import limiter, sealing
from services.accounts.people import end_sessions
from services.actor import Actor
from services.errors import Conflict, Invalid, NotFound
from services.session import changed_rows

STEP_S, DRIFT = 30, 1
DIGITS = 6
PURPOSE = "second factor"
# No 0 and O, no 1, I and L: the codes are written by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
MOST_TYPED = 60


@frozen
class FactorPage:
    """How a person stands. secret, uri: what their app is to learn, while that is not confirmed.

    left: recovery codes that were not used yet.
    """

    is_on: bool
    confirmed_at: datetime | None
    left: int
    secret: str | None
    uri: str | None

    @property
    def spelled(self) -> str:
        """The secret in groups of four, to be typed by hand."""
        text = self.secret or ""
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def page(session: Session, actor: Actor) -> FactorPage:
    """The actor's own second factor; one that cannot be opened any more is to be begun anew."""
    factor = session.get(SecondFactor, _me(actor))
    if factor is None:
        return FactorPage(False, None, 0, None, None)
    left = session.scalar(
        select(func.count(RecoveryCode.id)).where(
            RecoveryCode.person_id == factor.person_id, RecoveryCode.used_at.is_(None)
        )
    )
    if factor.confirmed_at is not None:
        return FactorPage(True, factor.confirmed_at, left or 0, None, None)
    email = session.scalar(select(Person.email).where(Person.id == factor.person_id))
    try:
        secret = sealing.unseal(PURPOSE, factor.secret)
    except sealing.Unsealable:
        return FactorPage(False, None, 0, None, None)
    return FactorPage(False, None, 0, secret, _uri(secret, email or ""))


def _uri(secret: str, account: str) -> str:
    """What a QR code tells an app; the form that all of them read."""
    company = current_app.extensions["threshold.settings"].company
    issuer = "Threshold" if company == "Threshold" else f"Threshold {company}"
    about = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{about}"


def is_on(session: Session, person_id: int) -> bool:
    """Whether a code is asked of this person when they sign in."""
    return (
        session.scalar(
            select(SecondFactor.person_id).where(
                SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None)
            )
        )
        is not None
    )


def begin(session: Session, actor: Actor, now: datetime) -> None:
    """Draw a secret for the actor's app; it counts for nothing before `confirm`.

    Raises Conflict where a second factor is on already: that one is turned off first.
    """
    me = _me(actor)
    if is_on(session, me):
        raise Conflict("A second factor is on already.")
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == me))
    sealed = sealing.seal(PURPOSE, pyotp.random_base32())
    session.execute(
        insert(SecondFactor).values(person_id=me, secret=sealed, last_step=0, created_at=now)
    )
    journal.append(session, actor, "second_factor.begun", "person", me, now)


def confirm(
    session: Session, actor: Actor, typed: str, source: limiter.Source, now: datetime
) -> tuple[str, ...] | None:
    """Turn the factor on by its first code; None when the code is wrong, which is counted.

    Gives back the recovery codes: this is the only time they are seen. Every other session of the
    person ends. Raises TooMany, and Conflict where nothing was begun.
    """
    me = _me(actor)
    if session.get(SecondFactor, me) is None or is_on(session, me):
        raise Conflict("Begin again: there is nothing to confirm.")
    about = _about(me)
    limiter.take(session, about, source.seen_by(me), now)
    if not _fits_app(session, me, _clean(typed), now):
        return None
    limiter.forgive(session, about, source.seen_by(me), now)
    session.execute(
        update(SecondFactor).where(SecondFactor.person_id == me).values(confirmed_at=now)
    )
    end_sessions(session, me)
    journal.append(session, actor, "second_factor.on", "person", me, now)
    return _fresh_codes(session, me)


def check(
    session: Session, person_id: int, typed: str, source: limiter.Source, now: datetime
) -> bool:
    """Whether a code of the app or a recovery code is right; it is then used up.

    The caller commits either way: a wrong one is counted. Raises TooMany before looking at it.
    """
    source, about = source.seen_by(person_id), _about(person_id)
    limiter.take(session, about, source, now)
    code = _clean(typed)
    if not is_on(session, person_id) or not (
        _fits_app(session, person_id, code, now) or _fits_recovery(session, person_id, code, now)
    ):
        return False
    limiter.forgive(session, about, source, now)
    return True


def looks_like_code(typed: str) -> bool:
    """Whether this is written like a code of the app, and not like a password."""
    return len(code := _clean(typed)) == DIGITS and code.isascii() and code.isdecimal()


def _clean(typed: str) -> str:
    """Without the blanks, hyphens and wide figures that people type."""
    plain = unicodedata.normalize("NFKC", typed[:MOST_TYPED]).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def _fits_app(session: Session, person_id: int, code: str, now: datetime) -> bool:
    """Whether the code is of the present step or one beside it, and newer than the last one used.

    Of two requests with one code only the first finds the older step there.
    """
    factor = session.get(SecondFactor, person_id)
    if factor is None or not looks_like_code(code):
        return False
    try:
        app = pyotp.TOTP(sealing.unseal(PURPOSE, factor.secret))
    except sealing.Unsealable:
        return False
    present = int(now.timestamp()) // STEP_S
    fitting = [
        step
        for step in range(present - DRIFT, present + DRIFT + 1)
        if hmac.compare_digest(app.generate_otp(step), code)
    ]
    if not fitting:
        return False
    # A step that is still to come was kept by a clock that has been put right since: without the
    # second condition nobody would come in until that moment.
    kept = SecondFactor.last_step
    taken = session.execute(
        update(SecondFactor)
        .where(
            SecondFactor.person_id == person_id,
            or_(kept < fitting[0], kept > present + DRIFT),
        )
        .values(last_step=fitting[0])
        .execution_options(synchronize_session=False)
    )
    return bool(changed_rows(taken))


def _fits_recovery(session: Session, person_id: int, code: str, now: datetime) -> bool:
    if len(code) != RECOVERY_LENGTH:
        return False
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.digest == _digest(person_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    if not changed_rows(taken):
        return False
    journal.append(session, Actor(person_id), "recovery_code.used", "person", person_id, now)
    return True


def renew_codes(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Ten new recovery codes, shown once; the old ones end. Raises Conflict without a factor."""
    me = _me(actor)
    if not is_on(session, me):
        raise Conflict("There is no second factor to recover.")
    journal.append(session, actor, "recovery_codes.renewed", "person", me, now)
    return _fresh_codes(session, me)


def _fresh_codes(session: Session, person_id: int) -> tuple[str, ...]:
    drawn = [
        "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(
        insert(RecoveryCode),
        [{"person_id": person_id, "digest": _digest(person_id, code)} for code in drawn],
    )
    half = RECOVERY_LENGTH // 2
    return tuple(f"{code[:half]}-{code[half:]}" for code in drawn)


def turn_off(session: Session, actor: Actor, now: datetime) -> None:
    """Remove the actor's own factor, once password and code were checked; all sessions end.

    Raises Invalid while the password is too short to be enough alone.
    """
    me = _me(actor)
    if session.scalar(select(Credential.is_short).where(Credential.person_id == me)):
        raise Invalid(fields={"password": "is too short to be enough alone"})
    _remove(session, me)
    journal.append(session, actor, "second_factor.off", "person", me, now)


def take_away(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Remove another's factor, who lost app and codes; they are told by mail.

    The caller has asked whether the actor may. Raises NotFound where there is none.
    """
    if not is_on(session, person_id):
        raise NotFound
    _remove(session, person_id)
    outbox.ask(session, "mail.factor_removed", now, person_id=person_id)
    journal.append(session, actor, "second_factor.removed", "person", person_id, now)


def _remove(session: Session, person_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    end_sessions(session, person_id)


def _digest(person_id: int, code: str) -> str:
    """What is kept of a recovery code: about 49 bits, so the hash is keyed."""
    secret: str = current_app.extensions["threshold.settings"].secret_key
    text = f"recovery:{person_id}:{code}".encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def _about(person_id: int) -> str:
    return f"factor:{person_id}"


def _me(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound
    return actor.person_id

"""Opening an attempt on a device and saving answers: the hot path.

Answers are inserted and never changed, under a lease that the server gave to one device and a
sequence that the device counts. Retries and doubled requests are then harmless in any order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, is_late
from domain.assessment.items import Item
from domain.assessment.responses import ResponseError, parse_response, to_payload
from models.assessment import Answer, Attempt, AttemptItem, AttemptOpening
from services import journal
from services.actor import Actor
from services.assessment.access import GREATEST_ID, own_attempt
from services.assessment.expiry import expire
from services.assessment.inserting import InsertOnce
from services.assessment.pinned import known
from services.errors import Conflict, Invalid, NotFound
from services.prepared import Prepared
from services.session import peek

GREATEST_NUMBER = 2**31 - 1


class Outcome(StrEnum):
    """saved: it counts. stale, late: kept aside, see Answer.held. taken: the sequence was used."""

    SAVED = "saved"
    STALE = "stale"
    LATE = "late"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class SaveCommand:
    """One answer on its way in. sequence: None lets the server count (forms without script).

    elapsed_ms: time on the question so far, as the browser counted it.
    """

    position: int
    lease: int
    sequence: int | None
    response: Mapping[str, object]
    elapsed_ms: int

    def check(self) -> None:
        """Raises Invalid for numbers that no page of ours sends."""
        limits = (("position", self.position, 1), ("lease", self.lease, 1))
        more = (("sequence", self.sequence or 1, 1), ("elapsed_ms", self.elapsed_ms, 0))
        wrong = {
            name: f"must be a whole number from {least} to {GREATEST_NUMBER}"
            for name, value, least in limits + more
            if not least <= value <= GREATEST_NUMBER
        }
        if wrong or self.sequence == 0:
            raise Invalid(fields=wrong or {"sequence": "starts at 1"})


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save. last: the highest sequence that is used, where one was taken."""

    outcome: Outcome
    position: int
    sequence: int
    received_at: datetime
    state: AttemptState
    last: int


def open_attempt(
    session: Session, actor: Actor, attempt_id: int, device: str, now: datetime
) -> int | None:
    """Give this device the next lease; older ones can no longer save. None: the attempt is over.

    device: a random name without meaning. Raises Conflict for an attempt that has not begun.
    """
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    match attempt.state_at(now):
        case AttemptState.CREATED:
            raise Conflict("This attempt has not begun yet.")
        case AttemptState.RUNNING:
            pass
        case _:
            expire(session, attempt_id, now)
            return None
    lease = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.RUNNING)
        .values(lease=Attempt.lease + 1)
        .returning(Attempt.lease)
    ).scalar_one()
    session.execute(
        insert(AttemptOpening).values(
            attempt_id=attempt_id, lease=lease, device=device[:64], opened_at=now
        )
    )
    journal.append(session, actor, "attempt.opened", "attempt", attempt_id, now, lease=lease)
    return lease


# One look proves that the attempt is the person's and has this position.
_attempt, _item = Attempt.__table__.c, AttemptItem.__table__.c
_theirs = (
    _attempt.id == bindparam("attempt"),
    _attempt.person_id == bindparam("person"),
    _item.attempt_id == _attempt.id,
    _item.position == bindparam("position"),
)
_STANDS = (_attempt.state, _attempt.lease, _attempt.deadline, _item.revision_id)
_LOOK = Prepared(select(*_STANDS).where(*_theirs), _STANDS)
# The lock keeps the attempt in its state until the answer is in: otherwise a submit could be
# scored without it.
_STANDING = select(*_STANDS).where(*_theirs).with_for_update(key_share=True, of=_attempt.id)
_ANSWER = Answer.__table__.c
_here = (
    _ANSWER.attempt_id == bindparam("attempt"),
    _ANSWER.position == bindparam("position"),
)
_LAST = (
    select(func.coalesce(func.max(_ANSWER.sequence), 0))
    .where(*_here, _ANSWER.lease == bindparam("lease"))
    .scalar_subquery()
)
_EXISTING = select(_ANSWER.response, _ANSWER.received_at, _ANSWER.held, _LAST.label("last")).where(
    *_here, _ANSWER.lease == bindparam("lease"), _ANSWER.sequence == bindparam("sequence")
)
_SAVED = ("attempt_id", "position", "lease", "sequence", "response", "elapsed_ms", "received_at")
_insert_answer = InsertOnce(Answer, _ANSWER.id, [*_SAVED, "held"])
# The usual save: inserts only while the attempt still runs under this lease, so that all else can
# be looked at before the transaction. It keeps writers waiting for one statement and no more.
_insert_running = InsertOnce(
    Answer,
    _ANSWER.id,
    _SAVED,
    select(*(bindparam(f"new_{name}", type_=_ANSWER[name].type) for name in _SAVED))
    .where(*_theirs, _attempt.state == AttemptState.RUNNING, _attempt.lease == bindparam("lease"))
    .with_for_update(key_share=True, of=_attempt.id),
)


def save_answer(
    session: Session, actor: Actor, attempt_id: int, command: SaveCommand, now: datetime
) -> Saved:
    """Save one answer: a look and an insert; more for a repeat, a late save or a plain form.

    A save under an old lease or after the end is kept aside, and the outcome says so.
    Raises NotFound for another's attempt or a missing position, and Invalid for nonsense.
    """
    command.check()
    if actor.person_id is None or attempt_id > GREATEST_ID:
        raise NotFound
    keys = {
        "attempt": attempt_id,
        "person": actor.person_id,
        "position": command.position,
        "lease": command.lease,
    }
    looked = peek(_LOOK, keys)
    if not looked:
        raise NotFound
    row = looked[0]
    if command.lease > row.lease:
        raise Invalid(fields={"lease": "was not given yet; reload the page"})
    response = _checked(known(session, row.revision_id).item, command.response)
    if command.sequence and not _is_over(row, now):
        values = _values(attempt_id, command, command.sequence, response, now)
        if _insert_running.alone(session, **keys, **{f"new_{k}": v for k, v in values.items()}):
            return Saved(
                Outcome.SAVED,
                command.position,
                command.sequence,
                now,
                AttemptState.RUNNING,
                command.sequence,
            )
        here = keys | {"sequence": command.sequence}
        if repeat := _repeated(session, here, response, AttemptState(row.state)):
            return repeat
    return _save_with_care(session, keys, command, response, now)


def _save_with_care(
    session: Session,
    keys: dict[str, int],
    command: SaveCommand,
    response: dict[str, object],
    now: datetime,
) -> Saved:
    """Repeats, old leases, the end of the time, forms without script: under the attempt's lock."""
    row = session.execute(_STANDING, keys).one()
    state, ended = AttemptState(row.state), _is_over(row, now)
    held = Outcome.LATE if ended else Outcome.STALE if command.lease < row.lease else None
    sequence = command.sequence or session.execute(select(_LAST), keys).scalar_one() + 1
    if sequence > GREATEST_NUMBER:
        raise Invalid(fields={"sequence": "this device has used the last one; open the page again"})
    values = _values(keys["attempt"], command, sequence, response, now)
    inserted = _insert_answer(session, **values, held=held)
    if ended and state is AttemptState.RUNNING:
        expire(session, keys["attempt"], now)
        state = AttemptState.EXPIRED
    if inserted is not None:
        return Saved(held or Outcome.SAVED, command.position, sequence, now, state, sequence)
    repeat = _repeated(session, keys | {"sequence": sequence}, response, state)
    assert repeat is not None, "the key was taken a statement ago"
    return repeat


def _values(
    attempt_id: int,
    command: SaveCommand,
    sequence: int,
    response: dict[str, object],
    now: datetime,
) -> dict[str, Any]:
    return {
        "attempt_id": attempt_id,
        "position": command.position,
        "lease": command.lease,
        "sequence": sequence,
        "response": response,
        "elapsed_ms": command.elapsed_ms,
        "received_at": now,
    }


def _is_over(row: Any, now: datetime) -> bool:
    return row.state != AttemptState.RUNNING or is_late(now, row.deadline)


def _checked(item: Item, payload: Mapping[str, object]) -> dict[str, object]:
    """The payload in its one form; raises Invalid naming the field."""
    try:
        return to_payload(parse_response(item, payload))
    except ResponseError as error:
        raise Invalid(fields={error.field: error.message}) from None


def _repeated(
    session: Session, keys: dict[str, int], response: dict[str, object], state: AttemptState
) -> Saved | None:
    """A key that is in the table: the same answer is acknowledged as it was the first time."""
    row = session.execute(_EXISTING, keys).one_or_none()
    if row is None:
        return None
    same = row.response == response
    outcome = Outcome(row.held or Outcome.SAVED) if same else Outcome.TAKEN
    return Saved(outcome, keys["position"], keys["sequence"], row.received_at, state, row.last)

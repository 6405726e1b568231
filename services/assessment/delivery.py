"""Opening an attempt on a device and saving answers: the hot path.

Answers are inserted and never changed, under a lease that the server gave to one device and a
sequence that the device counts. Retries and doubled requests are then harmless in any order.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, is_late
from domain.assessment.items import Item
from domain.assessment.responses import ResponseError, parse_response, to_payload
from domain.records import frozen
from models.assessment import Answer, Attempt, AttemptItem, AttemptOpening
from services import journal
from services.actor import Actor
from services.assessment import closing
from services.assessment.access import GREATEST_ID, own_attempt
from services.assessment.breaks import end_if_over
from services.assessment.expiry import expire
from services.assessment.held import note_offline
from services.assessment.inserting import InsertOnce
from services.assessment.pinned import known
from services.assessment.rules import rules_of
from services.errors import Conflict, Invalid, NotFound
from services.prepared import Prepared
from services.session import peek

GREATEST_NUMBER = 2**31 - 1


class Outcome(StrEnum):
    """saved: it counts. stale, late, offline: kept aside, see Answer.held; late while the attempt
    runs: the question is closed. taken: the sequence was used. resting: not kept, there is a break.
    """

    SAVED = "saved"
    STALE = "stale"
    LATE = "late"
    OFFLINE = "offline"
    TAKEN = "taken"
    RESTING = "resting"


@frozen
class SaveCommand:
    """One answer on its way in. sequence: None lets the server count (forms without script).

    elapsed_ms: time on the question so far, as the browser counted it; age_ms: how long ago the
    answer was given, by the browser's clock, which is believed by people only: see `held`.
    """

    position: int
    lease: int
    sequence: int | None
    response: Mapping[str, object]
    elapsed_ms: int
    age_ms: int = 0

    def check(self) -> None:
        """Raises Invalid for numbers that no page of ours sends."""
        limits = (("position", self.position, 1), ("lease", self.lease, 1))
        more = (("sequence", self.sequence or 1, 1), ("elapsed_ms", self.elapsed_ms, 0))
        age = (("age_ms", self.age_ms, 0),)
        wrong = {
            name: f"must be a whole number from {least} to {GREATEST_NUMBER}"
            for name, value, least in limits + more + age
            if not least <= value <= GREATEST_NUMBER
        }
        if wrong or self.sequence == 0:
            raise Invalid(fields=wrong or {"sequence": "starts at 1"})


@frozen
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
_STANDS = (
    _attempt.state,
    _attempt.lease,
    _attempt.started_at,
    _attempt.deadline,
    _attempt.ended_at,
    _attempt.paused_at,
    _attempt.form_revision_id,
    _item.revision_id,
)
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
_runs = (
    *_theirs,
    _attempt.state == AttemptState.RUNNING,
    _attempt.lease == bindparam("lease"),
    _attempt.paused_at.is_(None),
)


def _insert_where(*conditions: ColumnElement[bool]) -> InsertOnce:
    new = (bindparam(f"new_{name}", type_=_ANSWER[name].type) for name in _SAVED)
    source = select(*new).where(*conditions).with_for_update(key_share=True, of=_attempt.id)
    return InsertOnce(Answer, _ANSWER.id, _SAVED, source)


_insert_running = _insert_where(*_runs)
# The same for forms with sections, without a way back or with reasons at once.
_insert_open = _insert_where(*_runs, *closing.OPEN)


def save_answer(
    session: Session, actor: Actor, attempt_id: int, command: SaveCommand, now: datetime
) -> Saved:
    """Save one answer: a look and an insert; more for a repeat, a late save or a plain form.

    A save under an old lease, after the end or to a closed question is kept aside, and the outcome
    says so. In a break nothing is taken: the browser sends it again.
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
        new = keys | {f"new_{name}": value for name, value in values.items()}
        rules = rules_of(session, row.form_revision_id)
        insert = _insert_running
        if not rules.plain:
            insert, new = _insert_open, new | closing.bounds(rules, command.position, now)
        if insert.alone(session, **new):
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


def reach(
    session: Session, actor: Actor, attempt_id: int, position: int, lease: int, now: datetime
) -> None:
    """Note that the person went on to a question where there is no way back; else do nothing.

    It is noted as an answer that says nothing yet, which closes the questions before it.
    """
    attempt = own_attempt(session, actor, attempt_id)
    rules = rules_of(session, attempt.form_revision_id)
    if position <= 1 or rules.passing(position - 1) < position:
        return
    known = session.scalar(
        select(func.count(Answer.id)).where(
            Answer.attempt_id == attempt_id, Answer.position == position
        )
    )
    if not known:
        save_answer(session, actor, attempt_id, SaveCommand(position, lease, None, {}, 0), now)


def _save_with_care(
    session: Session,
    keys: dict[str, int],
    command: SaveCommand,
    response: dict[str, object],
    now: datetime,
) -> Saved:
    """Repeats, old leases, the end of the time, forms without script: under the attempt's lock."""
    row = session.execute(_STANDING, keys).one()
    rested = row.paused_at is not None and row.state == AttemptState.RUNNING
    if rested and not end_if_over(session, keys["attempt"], now):
        return Saved(
            Outcome.RESTING, command.position, 0, now, AttemptState.RUNNING, command.sequence or 0
        )
    if rested:
        row = session.execute(_STANDING, keys).one()
    state, ended = AttemptState(row.state), _is_over(row, now)
    held = _held(session, keys, row, command, now)
    sequence = command.sequence or session.execute(select(_LAST), keys).scalar_one() + 1
    if sequence > GREATEST_NUMBER:
        raise Invalid(fields={"sequence": "this device has used the last one; open the page again"})
    values = _values(keys["attempt"], command, sequence, response, now)
    inserted = _insert_answer(session, **values, held=held)
    if ended and state is AttemptState.RUNNING:
        if not rested:  # the end of a break is in the journal already: the next one writes this end
            expire(session, keys["attempt"], now)
        state = AttemptState.EXPIRED
    if inserted is not None:
        if held is Outcome.OFFLINE:
            given_at = now - timedelta(milliseconds=command.age_ms)
            note_offline(session, inserted, keys["person"], given_at, now)
        return Saved(held or Outcome.SAVED, command.position, sequence, now, state, sequence)
    repeat = _repeated(session, keys | {"sequence": sequence}, response, state)
    assert repeat is not None, "the key was taken a statement ago"
    return repeat


def _held(
    session: Session, keys: dict[str, int], row: Any, command: SaveCommand, now: datetime
) -> Outcome | None:
    """Why a save does not count by itself; None when it does.

    Late is what comes after the end, or to a question that is closed. What was given before that
    end, as the browser says, is for a person to judge.
    """
    if not _is_over(row, now):
        if command.lease < row.lease:
            return Outcome.STALE
        rules = rules_of(session, row.form_revision_id)
        if rules.plain:
            return None
        closed = closing.of(session, keys["attempt"], rules, command.position, now)
        if not closed.closed:
            return None
        end = closed.ended_at
    else:
        end = row.ended_at or row.deadline
    given_at = now - timedelta(milliseconds=command.age_ms)
    if not command.age_ms or command.lease < row.lease or end is None or row.started_at is None:
        return Outcome.LATE
    return Outcome.OFFLINE if row.started_at <= given_at <= end else Outcome.LATE


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
    resting = row.paused_at is not None
    return row.state != AttemptState.RUNNING or (not resting and is_late(now, row.deadline))


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

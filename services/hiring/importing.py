"""Inviting many at once from a table: read and shown first, invited on a second word.

A short table is invited in one transaction. A long one is work for a job, in pieces, each row once
however often a piece is begun again. The rows wait in `free_text` and are taken away afterwards.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.hiring.candidate_table import HeaderError, Row, merge, rows_of
from domain.records import frozen
from gateways.tables import TableError, read_table
from models.accounts import FreeText, Person
from models.hiring import Application, InvitationImport
from services import journal, outbox
from services.accounts.people import load_viewer
from services.actor import Actor
from services.errors import Conflict, Invalid, NotFound
from services.hiring import access, invitations
from services.hiring.access import PositionRecord
from services.hiring.invitations import InvitationDraft
from services.session import changed_rows

TASK = "invitations.import"
MOST_ROWS = 5000
AT_ONCE = 200  # rows invited in the request itself; more are work for a job
PIECE = 20  # rows in one transaction of the job: others want to write too
KEPT = timedelta(days=1)
ABOUT = "import"
TAKEN = "taken"  # the fault of an address that has an application here already
_END_OF_DAY = time(23, 59, 59, tzinfo=UTC)


@frozen
class ImportPage:
    """A table as it was read, or how far inviting it is. rows: empty once they are invited."""

    id: int
    position: PositionRecord
    state: str
    rows: tuple[Row, ...]
    total: int
    done: int

    @property
    def sound(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.sound)

    @property
    def faulty(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.faults)

    @property
    def merged(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.same_as is not None)


def read(
    session: Session,
    actor: Actor,
    position_id: int,
    content: bytes,
    lang: str,
    expires: date,
    now: datetime,
) -> int:
    """Read a table and keep it for a day; gives back its number. Nobody is invited.

    lang, expires: for rows that say nothing. Raises NotFound, Conflict, and Invalid, whose field
    `file` says what is wrong with the whole: empty, kind, encoding, rows, broken or headers; its
    field `plan` names what the bank lacks for an adaptive position.
    """
    recruiter = access.require_recruiter(actor)
    position = access.lock_position(session, actor, position_id)
    invitations.require_inviting(session, position)
    try:
        rows = list(merge(rows_of(read_table(content, MOST_ROWS))))
    except TableError as error:
        raise Invalid(fields={"file": error.why}) from None
    except HeaderError as error:
        raise Invalid("headers", fields=_said(error)) from None
    if not rows:
        raise Invalid(fields={"file": "empty"})
    checked = [_checked(row, lang, expires, now) for row in rows]
    taken = _taken(session, position_id)
    found = [
        replace(row, faults={"email": TAKEN}) if row.sound and row.email in taken else row
        for row in checked
    ]
    rows_id = session.execute(
        insert(FreeText)
        .values(
            author_id=recruiter, about_kind=ABOUT, about_id=position_id, body=packed(found),
            created_at=now,
        )
        .returning(FreeText.id)
    ).scalar_one()  # fmt: skip
    import_id = session.execute(
        insert(InvitationImport)
        .values(
            position_id=position_id,
            asked_by=recruiter,
            state="read",
            rows_id=rows_id,
            total=sum(row.sound for row in found),
            done=0,
            asked_at=now,
        )
        .returning(InvitationImport.id)
    ).scalar_one()
    return int(import_id)


def _said(error: HeaderError) -> dict[str, str]:
    """The words of the first row that are wrong, for the page to name."""
    faults = {"file": "headers"}
    for kind, words in (
        ("unknown", error.unknown),
        ("missing", error.missing),
        ("doubled", error.doubled),
    ):
        if words:
            faults[kind] = ", ".join(words[:10])
    return faults


def _checked(row: Row, lang: str, expires: date, now: datetime) -> Row:
    """The row with what it leaves to the form, and with the faults that an invitation has."""
    full = replace(row, lang=row.lang or lang, expires=row.expires or expires)
    try:
        name, email = invitations.checked(_draft(full, "x" * 16), now)
    except Invalid as error:
        names = {"lang": "language"}
        more = {
            names.get(k, k): "empty" if not getattr(row, k, "") else "wrong" for k in error.fields
        }
        return replace(full, faults={**more, **row.faults})
    return replace(full, name=name, email=email or "")


def _draft(row: Row, once: str) -> InvitationDraft:
    ends = datetime.combine(row.expires or date(2000, 1, 1), _END_OF_DAY)
    return InvitationDraft(row.name, row.email, True, row.lang or "", ends, once)


def _taken(session: Session, position_id: int) -> set[str]:
    """The addresses that have an application for a position."""
    rows = session.scalars(
        select(Person.email)
        .join(Application, Application.person_id == Person.id)
        .where(Application.position_id == position_id, Person.email.is_not(None))
    )
    return {email for email in rows if email}


def page(session: Session, actor: Actor, import_id: int) -> ImportPage:
    """The preview, or the progress; raises NotFound for everybody but recruiters."""
    kept = _kept(session, actor, import_id)
    return ImportPage(
        kept.id,
        access.position(session, actor, kept.position_id),
        kept.state,
        rows_kept(session, kept.rows_id),
        kept.total,
        kept.done,
    )


def _kept(session: Session, actor: Actor, import_id: int) -> Any:
    access.require_recruiter(actor)
    access.require_key(import_id)
    row = session.execute(
        select(InvitationImport.__table__).where(InvitationImport.id == import_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def confirm(session: Session, actor: Actor, import_id: int, now: datetime) -> None:
    """Invite all sound rows of a table by mail, once however often this is asked for.

    Up to AT_ONCE rows are invited here and now, all or none; more are left to a job. Raises
    NotFound, Conflict for a table without a sound row or one that was dropped, and Invalid where
    the bank has become too small for an adaptive position.
    """
    kept = _kept(session, actor, import_id)
    position = access.lock_position(session, actor, kept.position_id)
    if kept.state in ("running", "done"):
        return
    if kept.state == "dropped" or not kept.total:
        raise Conflict("There is nothing to invite in this table. Bring it again.")
    invitations.require_inviting(session, position)
    taken = session.execute(
        update(InvitationImport)
        .where(InvitationImport.id == import_id, InvitationImport.state == "read")
        .values(state="running")
    )
    if not changed_rows(taken):
        return
    journal.append(
        session, actor, "import.confirmed", "position", kept.position_id, now, rows=kept.total
    )
    if kept.total > AT_ONCE:
        outbox.ask(session, TASK, now, import_id=import_id)
        return
    rows = [row for row in rows_kept(session, kept.rows_id) if row.sound]
    _invite(session, actor, kept.position_id, import_id, rows, now)
    _close(session, import_id, kept.rows_id, len(rows), now)


def invite_some(session: Session, import_id: int, now: datetime) -> bool:
    """The next piece of a long table; False when nothing is left to do. Called by the job."""
    kept = session.execute(
        select(InvitationImport.__table__)
        .where(InvitationImport.id == import_id, InvitationImport.state == "running")
        .with_for_update()
    ).one_or_none()
    viewer = load_viewer(session, kept.asked_by) if kept is not None else None
    if kept is None:
        return False
    if viewer is None or "recruiter" not in viewer.roles:  # they have left since
        _close(session, import_id, kept.rows_id, kept.done, now)
        return False
    actor = Actor(viewer.id, viewer.subject, viewer.roles)
    try:
        invitations.require_inviting(session, access.position(session, actor, kept.position_id))
    except (Conflict, Invalid):  # closed since, or the bank has become too small for it
        _close(session, import_id, kept.rows_id, kept.done, now)
        return False
    rows = [row for row in rows_kept(session, kept.rows_id) if row.sound]
    piece = rows[kept.done : kept.done + PIECE]
    _invite(session, actor, kept.position_id, import_id, piece, now)
    done = kept.done + len(piece)
    if done >= len(rows):
        _close(session, import_id, kept.rows_id, done, now)
        return False
    session.execute(
        update(InvitationImport).where(InvitationImport.id == import_id).values(done=done)
    )
    return True


def _invite(
    session: Session,
    actor: Actor,
    position_id: int,
    import_id: int,
    rows: Sequence[Row],
    now: datetime,
) -> None:
    """Invite each row once: who was invited in the meantime is passed over."""
    for row in rows:
        once = hashlib.sha256(f"import:{import_id}:{row.number}".encode()).hexdigest()
        invitations.invite_quietly(session, actor, position_id, _draft(row, once), now)


def _close(session: Session, import_id: int, rows_id: int | None, done: int, now: datetime) -> None:
    session.execute(
        update(InvitationImport)
        .where(InvitationImport.id == import_id)
        .values(state="done", rows_id=None, done=done, ended_at=now)
    )
    session.execute(delete(FreeText).where(FreeText.id == rows_id))


def drop(session: Session, actor: Actor, import_id: int, now: datetime) -> int:
    """Take a table away that was only read; gives back its position."""
    kept = _kept(session, actor, import_id)
    drop_stale(session, [import_id], now)
    return int(kept.position_id)


def stale(session: Session, now: datetime) -> list[int]:
    """Tables that were read more than a day ago and never used, or whose job gave up."""
    unused = and_(InvitationImport.state == "read", InvitationImport.asked_at < now - KEPT)
    # Confirmed within a day and invited within minutes: after two days nothing works on it.
    left = and_(InvitationImport.state == "running", InvitationImport.asked_at < now - 2 * KEPT)
    return list(session.scalars(select(InvitationImport.id).where(or_(unused, left))))


def drop_stale(session: Session, import_ids: Sequence[int], now: datetime) -> None:
    """Take the rows of tables away that nobody uses any more: they hold names and addresses.

    What a job has invited before it gave up stays counted; one that was confirmed just now stays.
    """
    for import_id in import_ids:
        row = session.execute(
            select(InvitationImport.state, InvitationImport.rows_id, InvitationImport.asked_at)
            .where(InvitationImport.id == import_id)
            .with_for_update()
        ).one()
        left = row.state == "running" and row.asked_at < now - 2 * KEPT
        if row.state != "read" and not left:
            continue
        session.execute(
            update(InvitationImport)
            .where(InvitationImport.id == import_id)
            .values(state="done" if left else "dropped", rows_id=None, ended_at=now)
        )
        session.execute(delete(FreeText).where(FreeText.id == row.rows_id))


def packed(rows: Sequence[Row]) -> str:
    """The rows as they are kept in a text."""
    return json.dumps(
        [
            [r.number, r.name, r.email, r.lang, r.expires.isoformat() if r.expires else None,
             r.faults, r.same_as]
            for r in rows
        ],
        ensure_ascii=False,
    )  # fmt: skip


def rows_kept(session: Session, rows_id: int | None) -> tuple[Row, ...]:
    """The rows of a kept text; none where it is gone."""
    if rows_id is None:
        return ()
    body = session.scalar(select(FreeText.body).where(FreeText.id == rows_id)) or "[]"
    return tuple(
        Row(n, name, email, lang, date.fromisoformat(day) if day else None, faults, same)
        for n, name, email, lang, day, faults, same in json.loads(body)
    )

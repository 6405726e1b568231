"""Tables of candidates that still wait: whoever is erased is taken out of their rows.

A row that stayed would show the name, or invite the person anew.
"""

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.hiring.candidate_table import Row
from models.accounts import FreeText
from models.hiring import InvitationImport
from services.accounts.keeping import Leaving
from services.hiring import importing


def forget(session: Session, who: Leaving) -> None:
    """Take the person's rows out of every table that was read, and that a job is inviting."""
    waiting = session.execute(
        select(
            InvitationImport.id,
            InvitationImport.state,
            InvitationImport.done,
            InvitationImport.rows_id,
        )
        .where(InvitationImport.rows_id.is_not(None))
        .with_for_update()
    ).all()
    for table in waiting:
        rows = importing.rows_kept(session, table.rows_id)
        theirs = {row.number for row in rows if _is(row, who)}
        theirs |= {row.number for row in rows if row.same_as in theirs}
        if not theirs:
            continue
        sound = [row for row in rows if row.sound]
        kept = [
            replace(row, same_as=None) if row.same_as in theirs else row
            for row in rows
            if row.number not in theirs
        ]
        # How far the job is counts sound rows from the first: those that it has passed go too.
        passed = sum(row.number in theirs for row in sound[: table.done])
        session.execute(
            update(InvitationImport)
            .where(InvitationImport.id == table.id)
            .values(total=sum(row.sound for row in kept), done=table.done - passed)
        )
        session.execute(
            update(FreeText).where(FreeText.id == table.rows_id).values(body=importing.packed(kept))
        )


def _is(row: Row, who: Leaving) -> bool:
    """Whether a row names the person: by a name or an address, in whatever case it was typed."""
    return bool(who.pattern.search(f"{row.name}\n{row.email}"))

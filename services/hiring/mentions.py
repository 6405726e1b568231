"""Notes that name somebody of the team, and the small list of them that each person has."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.hiring.mentions import mentioned
from domain.records import frozen
from models.accounts import FreeText, Person
from models.hiring import Application, Position
from models.selection import Mention
from services import journal
from services.actor import Actor
from services.hiring import access, naming
from services.hiring.access import ApplicationRecord
from services.hiring.positions import members

MOST_SHOWN = 50
EXCERPT = 200


@frozen
class MentionLine:
    """A note that names the reader. candidate: by name or label, as the reader may see it."""

    id: int
    application_id: int
    candidate: str
    position: str
    by: str
    body: str
    written_at: datetime


def team(session: Session, found: ApplicationRecord) -> dict[int, str]:
    """Who may be named in a note: owner and reviewers, and the recruiter who invited."""
    named = {member.person_id: member.name for member in members(session, found.position_id)}
    recruiter = session.scalar(select(Person.name).where(Person.id == found.invited_by))
    return {**named, found.invited_by: recruiter} if recruiter else named


def keep(
    session: Session,
    actor: Actor,
    found: ApplicationRecord,
    note_id: int,
    body: str,
    now: datetime,
) -> None:
    """Put a note on the list of everybody whom it names, the writer apart."""
    if "@" not in body:
        return
    people = mentioned(body, team(session, found)) - {actor.person_id}
    if not people:
        return
    rows = [
        {"note_id": note_id, "application_id": found.id, "person_id": person_id}
        for person_id in sorted(people)
    ]
    session.execute(insert(Mention), rows)
    journal.append(
        session, actor, "note.mentions", "application", found.id, now, people=sorted(people)
    )


def waiting(session: Session, actor: Actor) -> int:
    """How many notes wait on the actor's list."""
    statement = (
        select(func.count(Mention.id))
        .join(Application, Application.id == Mention.application_id)
        .join(Position, Position.id == Application.position_id)
        .where(
            Mention.person_id == actor.person_id, Mention.seen_at.is_(None), access.visible(actor)
        )
    )
    return session.scalar(statement) or 0


def for_you(session: Session, actor: Actor, lang: str) -> tuple[MentionLine, ...]:
    """The notes that name the actor and wait, the newest first; of positions they may still see."""
    rows = session.execute(
        select(
            Mention.id,
            Mention.application_id,
            Application.position_id,
            Position.title,
            FreeText.author_id,
            FreeText.body,
            FreeText.created_at,
            Application.person_id,
        )
        .join(FreeText, FreeText.id == Mention.note_id)
        .join(Application, Application.id == Mention.application_id)
        .join(Position, Position.id == Application.position_id)
        .where(
            Mention.person_id == actor.person_id, Mention.seen_at.is_(None), access.visible(actor)
        )
        .order_by(Mention.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    people = {row.author_id for row in rows} | {row.person_id for row in rows}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {row.id: row.name for row in found}
    how = naming.readers(session, actor, {row.position_id for row in rows})
    return tuple(
        MentionLine(
            row.id,
            row.application_id,
            naming.called(row.application_id, lang)
            if how[row.position_id].blind
            else names[row.person_id],
            row.title,
            names[row.author_id],
            row.body[:EXCERPT],
            row.created_at,
        )
        for row in rows
    )


def seen(session: Session, actor: Actor, now: datetime) -> None:
    """Empty the actor's list: they have seen what stands on it."""
    session.execute(
        update(Mention)
        .where(Mention.person_id == actor.person_id, Mention.seen_at.is_(None))
        .values(seen_at=now)
    )

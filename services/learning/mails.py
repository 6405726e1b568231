"""The mail about a module that is due."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateways.mail import Message
from models.accounts import Person
from models.learning import Assignment
from services.accounts.mails import written
from services.learning.assignments import assigned


def compose_reminder(
    session: Session, assignment_id: int, now: datetime, base_url: str
) -> Message | None:
    """Remind a learner; None when the module is read, the assignment or the person is gone."""
    person = session.scalar(
        select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.id == assignment_id, Person.disabled_at.is_(None))
    )
    if person is None or not person.email:
        return None
    lang = person.locale or "en"
    lines = assigned(session, [person.id], lang).get(person.id, [])
    line = next((line for line in lines if line.id == assignment_id and not line.done), None)
    if line is None:
        return None
    titles = line.module.titles
    return written(
        "assignment",
        person.email,
        person,
        site=base_url,
        module=titles.get(lang, titles["en"]),
        due_on=line.due_on.isoformat(),
        link=f"{base_url}/learn/#{line.module.key}",
    )

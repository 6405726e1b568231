"""Erasing a person: asked for here, shut out at once, and carried out by a job.

Every street empties its own tables (`keeping.erase`); then mails and exports that name the person
go, the erasure is noted beside the backups, and the database file is written anew, so that no byte
of the name is left in it. What has no name any more stays: see docs/decisions/0013-erasure.md.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Erasure, Person
from services import journal, outbox
from services.accounts import keeping as accounts
from services.accounts.keeping import Leaving
from services.accounts.people import end_sessions
from services.actor import SYSTEM_ROLE, Actor
from services.admin import erased, leftovers
from services.assessment import keeping as assessment
from services.competencies import keeping as competencies
from services.errors import Forbidden, Invalid, NotFound
from services.hiring import keeping as hiring
from services.integration import keeping as integration
from services.learning import keeping as learning
from services.marking import keeping as marking
from services.session import reading, writing

TASK, AGAIN = "erasure.carry_out", "erasure.once_more"
# When a request that was let in before somebody was shut out has long been answered.
AGAIN_AFTER = timedelta(minutes=15)
# Who may ask for whose: (kind of person, role of whoever asks) -> the cause that is kept.
MAY = {
    ("candidate", "recruiter"): "recruiter",
    ("candidate", "admin"): "admin",
    ("member", "admin"): "admin",
}


@frozen
class Standing:
    """How far an erasure is: asked for, and done or not yet."""

    asked_at: datetime
    done_at: datetime | None


def ask_erasure(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Ask for somebody to be erased and shut them out at once; a repeat is the same erasure.

    A candidate may ask for themself, a recruiter for candidates, an admin for everybody but
    themself. Raises NotFound for nobody and for whoever is erased, Forbidden, and Invalid for
    oneself as a member.
    """
    kind = session.scalar(
        select(Person.kind).where(Person.id == person_id, Person.erased_at.is_(None))
    )
    if kind is None:
        raise NotFound
    _ask(session, actor, person_id, _cause(actor, person_id, kind), now)


def _cause(actor: Actor, person_id: int, kind: str) -> str:
    if person_id == actor.person_id:
        if kind == "candidate":
            return "own"
        raise Invalid(fields={"person": "You cannot erase yourself: ask another admin."})
    allowed = [cause for (whom, role), cause in MAY.items() if whom == kind and actor.has(role)]
    if actor.has(SYSTEM_ROLE):
        return "admin"
    if not allowed:
        raise Forbidden
    return allowed[0]


def ask_in_time(session: Session, actor: Actor, person_id: int, cause: str, now: datetime) -> bool:
    """Ask because a time of keeping is over; False where somebody else asked before."""
    return _ask(session, actor, person_id, cause, now)


def _ask(session: Session, actor: Actor, person_id: int, cause: str, now: datetime) -> bool:
    """One row a person: of two askers at once, the second changes nothing."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    asked = {"cause": cause, "asked_by": actor.person_id, "asked_at": now}
    first = session.execute(
        dialect.insert(Erasure)
        .values(person_id=person_id, **asked)
        .on_conflict_do_update(
            index_elements=["person_id"], set_=asked, where=Erasure.asked_at.is_(None)
        )
        .returning(Erasure.person_id)
    ).all()
    if not first:
        return False
    session.execute(update(Person).where(Person.id == person_id).values(disabled_at=now))
    end_sessions(session, person_id)
    outbox.ask(session, TASK, now, person_id=person_id)
    journal.append(session, actor, "erasure.asked", "person", person_id, now, cause=cause)
    for other_id in hiring.also(session, person_id):
        _ask(session, actor, other_id, cause, now)
    return True


def standing(session: Session, person_id: int) -> Standing | None:
    """Whether somebody is being erased, or was; the caller has asked whether the actor may know."""
    row = session.execute(
        select(Erasure.asked_at, Erasure.done_at).where(
            Erasure.person_id == person_id, Erasure.asked_at.is_not(None)
        )
    ).one_or_none()
    return Standing(row.asked_at, row.done_at) if row and row.asked_at else None


def carry_out(instance: Path, person_id: int, now: datetime) -> bool:
    """Erase somebody who is to be erased; opens its own transactions, and bears a repeat.

    False where there is nobody to erase. Files go first and once more at the end: when a job dies
    in the middle, whoever takes it up still knows the name that has to be looked for.
    """
    with reading() as session:
        who = accounts.leaving(session, person_id)
        asked = standing(session, person_id)
    if who is None or asked is None:
        return False
    leftovers.remove(instance, who)
    mark = erased.mark_of(who.subject)
    erased.note(instance, mark, now)
    with writing() as session:
        erase(session, who, now)
        session.execute(
            update(Erasure).where(Erasure.person_id == person_id).values(done_at=now, mark=mark)
        )
        outbox.ask(session, AGAIN, now + AGAIN_AFTER, person_id=person_id)
    leftovers.remove(instance, who)
    return True


def once_more(person_id: int, now: datetime) -> bool:
    """Empty what a request wrote that was under way while its person was erased.

    Opens its own transaction; False for nobody, and for whoever was not erased.
    """
    with writing() as session:
        found = accounts.gone(session, person_id)
        if found is None:
            return False
        _empty(session, *found)
    return True


def erase(session: Session, who: Leaving, now: datetime) -> None:
    """Every street empties what is its own; a recording that is under way is waited for."""
    held = select(Person.id).where(Person.id == who.person_id)
    session.execute(held.with_for_update(key_share=True))
    _empty(session, who, now)
    journal.append(session, Actor(None), "person.erased", "person", who.person_id, now)


def _empty(session: Session, who: Leaving, now: datetime) -> None:
    """From right to left; names go last."""
    integration.erase(session, who, now)
    hiring.erase(session, who)
    learning.erase(session, who)
    marking.erase(session, who)
    assessment.erase(session, who)
    competencies.erase(session, who)
    accounts.erase(session, who, now)


def erase_again(session: Session, marks: frozenset[str], now: datetime) -> int:
    """Erase everybody of a restored database whose mark is on the list; how many there were."""
    people = session.execute(select(Person.id, Person.subject).where(Person.erased_at.is_(None)))
    found = [row.id for row in people.all() if erased.mark_of(row.subject) in marks]
    for person_id in found:
        who = accounts.leaving(session, person_id)
        if who is not None:
            erase(session, who, now)
            known = {"asked_at": now, "done_at": now, "mark": erased.mark_of(who.subject)}
            if session.get(Erasure, person_id) is None:
                session.execute(insert(Erasure).values(person_id=person_id, **known))
            else:
                session.execute(
                    update(Erasure).where(Erasure.person_id == person_id).values(**known)
                )
    return len(found)


def waiting(session: Session) -> bool:
    """Whether somebody is still to be erased."""
    return (
        session.scalar(
            select(Erasure.person_id)
            .where(Erasure.done_at.is_(None), Erasure.asked_at.is_not(None))
            .limit(1)
        )
        is not None
    )

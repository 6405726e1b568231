"""Hired: a candidate becomes a member with a learning plan drawn from the position's profile.

What was measured goes with them only when they said so themselves; see ADR 0016.
"""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.hiring.learning_plan import modules_for, widest_gaps
from domain.records import frozen
from models.accounts import Person
from models.selection import CarryChoice, Hire
from services import journal, outbox
from services.accounts.people import add_member
from services.actor import Actor
from services.assessment.scoring import SCOPE
from services.competencies import carrying, estimates
from services.errors import Conflict, NotFound
from services.hiring import access, candidacies, naming
from services.hiring.access import ApplicationRecord
from services.learning import planning
from services.library import catalogue
from services.library.catalogue import ModuleLine

HIRED = "hired"


@frozen
class HirePage:
    """What hiring somebody would do. carries: whether their evidence goes with them.

    decided: the newest decision is "hired", without which nobody becomes a member.
    """

    application_id: int
    name: str
    email: str | None
    position_id: int
    title: str
    decided: bool
    carries: bool
    modules: tuple[ModuleLine, ...]
    done: bool


def hire_page(session: Session, actor: Actor, application_id: int, lang: str) -> HirePage:
    """What would happen, for a recruiter or the position's owner; NotFound for all others."""
    found = _guarded(session, actor, application_id)
    last = candidacies.newest(session, [application_id]).get(application_id)
    return HirePage(
        application_id,
        found.name,
        found.email,
        found.position_id,
        access.position_of(session, found.position_id).title,
        last is not None and last[1] == HIRED,
        found.ended and carries(session, application_id),
        _modules(session, found, lang),
        _known(session, application_id) is not None,
    )


def hire(
    session: Session,
    actor: Actor,
    application_id: int,
    email: str,
    carried_modules: tuple[str, ...],
    now: datetime,
) -> int:
    """Make a member of a candidate and give back their id; a repeat gives back the first.

    email: where the invitation to join goes. carried_modules: the modules of the plan that were
    left ticked. Raises NotFound, Invalid for the address, and Conflict without the decision or
    where a member has this address already.
    """
    found = _guarded(session, actor, application_id)
    candidacies.hold(session, [application_id])
    if (member := _known(session, application_id)) is not None:
        return member
    last = candidacies.newest(session, [application_id]).get(application_id)
    if last is None or last[1] != HIRED:
        raise Conflict("decision")
    member = add_member(session, actor, found.name, email, ("learner",), now, locale=found.locale)
    subject = session.scalars(select(Person.subject).where(Person.id == member)).one()
    lines = 0
    if found.ended and carries(session, application_id):
        lines = carrying.carry(session, found.subject, subject, now)
    offered = [module.key for module in _modules(session, found, "en")]
    planning.plan(session, actor, member, [m for m in offered if m in carried_modules], now)
    session.execute(
        insert(Hire).values(
            application_id=application_id,
            member_id=member,
            hired_by=actor.person_id,
            hired_at=now,
            carried=lines,
        )
    )
    outbox.ask(session, "mail.join", now, person_id=member)
    journal.append(
        session, actor, "application.hired", "application", application_id, now,
        member=member, carried=lines,
    )  # fmt: skip
    return member


def _guarded(session: Session, actor: Actor, application_id: int) -> ApplicationRecord:
    """The application for who may hire; a reviewer, who sees no name, may not."""
    found = access.application(session, actor, application_id)
    if not naming.reader(session, actor, found.position_id).may_switch:
        raise NotFound
    return found


def _known(session: Session, application_id: int) -> int | None:
    return session.scalar(select(Hire.member_id).where(Hire.application_id == application_id))


def _modules(session: Session, found: ApplicationRecord, lang: str) -> tuple[ModuleLine, ...]:
    """The modules for the widest gaps between the result and what the position asks for."""
    position = access.position_of(session, found.position_id)
    framework = catalogue.framework(session)
    drawn = estimates.kept(session, SCOPE, [found.attempt_id]).get(found.attempt_id, {})
    abilities = {code: one.ability for code, one in drawn.items()}
    gaps = widest_gaps(abilities, position.weights, position.gates, framework.standard)
    lines = {module.key: module for module in catalogue.outline(session, lang).modules}
    keys = modules_for(gaps, [(key, module.competencies) for key, module in lines.items()])
    return tuple(lines[key] for key in keys)


def carries(session: Session, application_id: int) -> bool:
    """Whether the candidate lets their evidence go with them; no word is no."""
    newest = (
        select(CarryChoice.agreed)
        .where(CarryChoice.application_id == application_id)
        .order_by(CarryChoice.id.desc())
        .limit(1)
    )
    return bool(session.scalar(newest))


def own_choice(session: Session, actor: Actor) -> bool:
    """What a signed-in candidate chose; raises NotFound."""
    return carries(session, access.own_application(session, actor).id)


def choose(session: Session, actor: Actor, agreed: bool, now: datetime) -> None:
    """Keep what a candidate says about their evidence; the same word again is one word."""
    own = access.own_application(session, actor)
    candidacies.hold(session, [own.id])
    if carries(session, own.id) == agreed:
        return
    session.execute(insert(CarryChoice).values(application_id=own.id, agreed=agreed, chosen_at=now))
    journal.append(session, actor, "evidence.carrying", "application", own.id, now, agreed=agreed)

"""Inviting candidates. An invitation makes one person, one application and one attempt."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import is_adaptive
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from models.hiring import Application, Invitation
from services import journal, outbox
from services.accounts import tokens
from services.accounts.people import clean_email, clean_name, insert_person
from services.actor import Actor
from services.assessment import adaptive_hiring
from services.assessment.starting import create_attempt
from services.errors import Conflict, Invalid
from services.hiring import access, codes, planning
from services.hiring.access import ApplicationRecord, PositionRecord
from services.session import changed_rows

PATH = "/invite/"
DEFAULT_DAYS = 14
MOST_DAYS = 90
LANGUAGES = ("en", "zh_Hans")
PURPOSE = "invitation"


@frozen
class InvitationDraft:
    """What a recruiter typed. once: the form's own value, so that a form sent twice invites once.

    email may be empty where no mail is to be sent: then the recruiter hands the link over.
    """

    name: str
    email: str
    by_mail: bool
    lang: str
    expires_at: datetime
    once: str


@frozen
class Invited:
    """A new link, in clear for the only time, and what it opens."""

    application_id: int
    name: str
    email: str | None
    mailed: bool
    link: str
    expires_at: datetime


def address(base_url: str, raw: str) -> str:
    """The whole address of an invitation's link."""
    return f"{base_url}{PATH}{raw}"


def invite(
    session: Session,
    actor: Actor,
    position_id: int,
    draft: InvitationDraft,
    now: datetime,
    base_url: str,
) -> Invited:
    """Invite one candidate to a position; the same form sent again gives back the same invitation.

    Raises Invalid, NotFound, and Conflict when the address has an application here already or the
    position is closed.
    """
    recruiter = access.require_recruiter(actor)
    position = access.lock_position(session, actor, position_id)
    seed = _seed(draft.once)
    known = _known(session, position_id, seed)
    if known is not None:
        return _shown(session, actor, access.application(session, actor, known), now, base_url)
    application_id = _invite(session, actor, recruiter, position, draft, seed, now)
    application = access.application(session, actor, application_id)
    return _shown(session, actor, application, now, base_url, mailed=draft.by_mail)


def invite_quietly(
    session: Session, actor: Actor, position_id: int, draft: InvitationDraft, now: datetime
) -> int | None:
    """The same by mail alone, for many at once: no link is shown to anybody.

    None for an address that has an application here already. Raises Invalid, NotFound, Conflict.
    """
    recruiter = access.require_recruiter(actor)
    position = access.lock_position(session, actor, position_id)
    seed = _seed(draft.once)
    if (known := _known(session, position_id, seed)) is not None:
        return known
    try:
        return _invite(session, actor, recruiter, position, draft, seed, now)
    except Conflict as error:
        if error.current is None:
            raise
        return None


def _invite(
    session: Session,
    actor: Actor,
    recruiter: int,
    position: PositionRecord,
    draft: InvitationDraft,
    seed: int,
    now: datetime,
) -> int:
    name, email = checked(draft, now)
    require_inviting(session, position)
    if email is not None and (other := _applied(session, position.id, email)) is not None:
        raise Conflict("This address was invited to this position already.", other)
    application_id = _insert(session, recruiter, position, draft, name, email, seed, now)
    journal.append(
        session, actor, "invitation.created", "application", application_id, now,
        by_mail=draft.by_mail,
    )  # fmt: skip
    if draft.by_mail:
        _mail(session, access.application(session, actor, application_id), now)
    return application_id


def require_inviting(session: Session, position: PositionRecord) -> None:
    """Raise Conflict for a position that takes no new candidates, and Invalid where its adaptive
    assessment lacks questions by now.
    """
    if position.state == "draft":
        raise Conflict("This position is a draft. Open it to invite somebody.")
    if position.state != "open":
        raise Conflict("This position is closed. Open it again to invite somebody.")
    planning.require_bank(session, position.form_key)


def checked(draft: InvitationDraft, now: datetime) -> tuple[str, str | None]:
    """Name and address as they are kept; raises Invalid naming every field that is wrong."""
    faults: dict[str, str] = {}
    name, email = "", None
    try:
        name = clean_name(draft.name)
    except Invalid as error:
        faults |= error.fields
    try:
        email = clean_email(draft.email) if draft.email.strip() else None
    except Invalid as error:
        faults |= error.fields
    if draft.by_mail and email is None and "email" not in faults:
        faults["email"] = "is needed to send a mail"
    if draft.lang not in LANGUAGES:
        faults["lang"] = "choose a language"
    if fault := _date_fault(draft.expires_at, now):
        faults["expires"] = fault
    if faults:
        raise Invalid(fields=faults)
    return name, email


def _date_fault(expires_at: datetime, now: datetime) -> str | None:
    if now < expires_at <= now + timedelta(days=MOST_DAYS + 1):
        return None
    return f"must be a day within the next {MOST_DAYS} days"


def _seed(once: str) -> int:
    """The seed of the attempt, drawn from the form's own value: one form, one attempt."""
    if not 16 <= len(once) <= 100:
        raise Invalid(fields={"once": "reload the page and send the form again"})
    return int.from_bytes(hashlib.sha256(once.encode()).digest()[:6], "big")


def _known(session: Session, position_id: int, seed: int) -> int | None:
    return session.scalar(
        select(Application.id)
        .join(Attempt, Attempt.id == Application.attempt_id)
        .where(Application.position_id == position_id, Attempt.seed == seed)
    )


def _applied(session: Session, position_id: int, email: str) -> int | None:
    return session.scalar(
        select(func.min(Application.id))
        .join(Person, Person.id == Application.person_id)
        .where(Application.position_id == position_id, Person.email == email)
    )


def _insert(
    session: Session,
    recruiter: int,
    position: PositionRecord,
    draft: InvitationDraft,
    name: str,
    email: str | None,
    seed: int,
    now: datetime,
) -> int:
    person_id = insert_person(session, "candidate", name, email, now, locale=draft.lang)
    attempt_id = _attempt(session, recruiter, position, person_id, draft.lang, seed, now)
    made = session.execute(
        insert(Application)
        .values(position_id=position.id, person_id=person_id, attempt_id=attempt_id, created_at=now)
        .returning(Application.id)
    )
    application_id = int(made.scalar_one())
    session.execute(
        insert(Invitation).values(
            application_id=application_id,
            invited_by=recruiter,
            created_at=now,
            expires_at=draft.expires_at,
        )
    )
    return application_id


def _attempt(
    session: Session,
    recruiter: int,
    position: PositionRecord,
    person_id: int,
    lang: str,
    seed: int,
    now: datetime,
) -> int:
    """The candidate's attempt: a form's questions, or the first of those that are chosen."""
    form_key, limit_s = position.form_key, position.limit_s
    if is_adaptive(form_key):
        who = Actor(recruiter)
        return adaptive_hiring.create(session, who, person_id, form_key, lang, seed, limit_s, now)
    return create_attempt(session, person_id, "hiring", form_key, lang, seed, now, limit_s=limit_s)


def _shown(
    session: Session,
    actor: Actor,
    application: ApplicationRecord,
    now: datetime,
    base_url: str,
    mailed: bool = False,
) -> Invited:
    raw = tokens.issue(session, PURPOSE, application.invitation_id, now)
    journal.append(session, actor, "invitation.link_shown", "application", application.id, now)
    return Invited(
        application.id,
        application.name,
        application.email,
        mailed,
        address(base_url, raw),
        application.expires_at,
    )


def _mail(session: Session, application: ApplicationRecord, now: datetime) -> None:
    outbox.ask(session, "mail.invitation", now, invitation_id=application.invitation_id)


def _own(session: Session, actor: Actor, application_id: int) -> ApplicationRecord:
    access.require_recruiter(actor)
    return access.application(session, actor, application_id)


def revoke(session: Session, actor: Actor, application_id: int, now: datetime) -> None:
    """Take an invitation back: it starts nothing any more. A running attempt goes on."""
    application = _own(session, actor, application_id)
    done = session.execute(
        update(Invitation)
        .where(Invitation.id == application.invitation_id, Invitation.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    if changed_rows(done):
        journal.append(session, actor, "invitation.revoked", "application", application_id, now)


def extend(
    session: Session, actor: Actor, application_id: int, expires_at: datetime, now: datetime
) -> None:
    """Move the day on which an invitation ends; raises Invalid for a day that is past or too far.

    An invitation that was taken back stays so: a new link opens it again.
    """
    application = _own(session, actor, application_id)
    _set_day(session, application, expires_at, now)
    journal.append(session, actor, "invitation.extended", "application", application_id, now)


def new_link(
    session: Session,
    actor: Actor,
    application_id: int,
    expires_at: datetime,
    by_mail: bool,
    now: datetime,
    base_url: str,
) -> Invited:
    """End the links that are out and make a new one, also for an invitation that has ended.

    Raises Invalid for the day, and for a mail without an address.
    """
    application = _own(session, actor, application_id)
    if by_mail and application.email is None:
        raise Invalid(fields={"by_mail": "this candidate has no mail address"})
    _set_day(session, application, expires_at, now, revoked_at=None)
    tokens.void(session, PURPOSE, application.invitation_id, now)
    journal.append(session, actor, "invitation.renewed", "application", application_id, now)
    if by_mail:
        _mail(session, application, now)
    renewed = access.application(session, actor, application_id)
    return _shown(session, actor, renewed, now, base_url, mailed=by_mail)


def resend(session: Session, actor: Actor, application_id: int, now: datetime) -> None:
    """Send the invitation by mail once more; the links that are out work on.

    Raises Invalid without an address; Conflict for an invitation that starts nothing any more.
    """
    application = _own(session, actor, application_id)
    if application.email is None:
        raise Invalid(fields={"by_mail": "this candidate has no mail address"})
    if application.revoked_at is not None or application.expires_at <= now:
        raise Conflict("This invitation has ended: make a new link instead.")
    journal.append(session, actor, "invitation.resent", "application", application_id, now)
    _mail(session, application, now)


def void_links(session: Session, invitation_id: int, now: datetime) -> None:
    """End the links that are out."""
    tokens.void(session, PURPOSE, invitation_id, now)


def _set_day(
    session: Session,
    application: ApplicationRecord,
    expires_at: datetime,
    now: datetime,
    **more: None,
) -> None:
    if fault := _date_fault(expires_at, now):
        raise Invalid(fields={"expires": fault})
    session.execute(
        update(Invitation)
        .where(Invitation.id == application.invitation_id)
        .values(expires_at=expires_at, **more)
    )


@frozen
class NewCode:
    """A return code in clear, for the only time."""

    application_id: int
    name: str
    code: str


def reset_code(session: Session, actor: Actor, application_id: int, now: datetime) -> NewCode:
    """Make a new return code for a candidate who lost theirs; the old one ends.

    Raises Conflict before the candidate consented: until then there is no code.
    """
    application = _own(session, actor, application_id)
    if application.consented_at is None:
        raise Conflict("The candidate has no return code yet: it is made when they consent.")
    code = codes.draw(application_id, codes.fresh_nonce())
    keep_code(session, application_id, code)
    journal.append(session, actor, "return_code.reset", "application", application_id, now)
    return NewCode(application_id, application.name, codes.spaced(code))


def keep_code(session: Session, application_id: int, code: str) -> None:
    """Put a code in the place of the old one."""
    session.execute(
        update(Application)
        .where(Application.id == application_id)
        .values(return_code=codes.digest(application_id, code))
    )

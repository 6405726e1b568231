"""The candidate's way in: the link, consent, the return code.

A forged, cut or foreign link is NotFound, always the same. A genuine one that was taken back,
replaced or has expired is Gone, unless the attempt had begun: that is stopped by nobody.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.hiring.applications import Facts, Stage, stage
from domain.records import frozen
from models.assessment import Attempt, AttemptItem
from models.hiring import Application, Invitation, Position
from services import journal, outbox
from services.accounts import limiter, tokens
from services.accounts.people import Viewer, load_viewer
from services.actor import Actor
from services.assessment import grants, starting
from services.assessment.rules import rules_of
from services.errors import Conflict, Gone, NotFound
from services.hiring import access, accommodating, codes, wordings
from services.hiring.access import APPLICATION, ApplicationRecord
from services.hiring.invitations import PURPOSE
from services.hiring.positions import Member, members
from services.hiring.wordings import Wording
from services.session import changed_rows

CONSENT = "consent"
ENDED = {Stage.EXPIRED: "expired", Stage.REVOKED: "revoked"}


@frozen
class Offer:
    """What a candidate is told before anything starts. readers: owner and reviewers.

    own_words: what the company adds in the candidate's language; once they agreed, what it was.
    extra_minutes: that they were given on top of the minutes. breaks: of up to break_minutes each.
    parts: of an adaptive assessment, which has from `questions` to `most_questions`; else 0.
    """

    application_id: int
    person_id: int
    name: str
    lang: str | None
    position: str
    minutes: int
    questions: int
    retention_days: int
    consent_version: int
    consented: bool
    expires_at: datetime
    readers: tuple[Member, ...]
    once: str
    own_words: str = ""
    extra_minutes: int = 0
    breaks: int = 0
    break_minutes: int = 0
    parts: int = 0
    most_questions: int = 0


@frozen
class Consented:
    """A candidate who agreed, with their return code in clear for the only time."""

    viewer: Viewer
    code: str
    has_mail: bool


def facts_of(application: ApplicationRecord) -> Facts:
    """What the stage of an application is read from."""
    return Facts(
        application.expires_at,
        application.revoked_at,
        application.consented_at,
        application.started_at,
        application.attempt_state,
        application.deadline,
    )


def offer(session: Session, raw: str, now: datetime) -> Offer:
    """What a link opens; changes nothing. Raises NotFound or Gone ("expired", "revoked", ...)."""
    return offer_of(session, _application(session, raw, now))


def offer_of(session: Session, application: ApplicationRecord) -> Offer:
    """What the candidate of an application is told: once they agreed, what they agreed to."""
    pinned = select(func.count(AttemptItem.id)).where(
        AttemptItem.attempt_id == application.attempt_id
    )
    form = select(Attempt.form_revision_id).where(Attempt.id == application.attempt_id)
    title, days, version, questions, form_id = session.execute(
        select(
            Position.title,
            Position.retention_days,
            Position.consent_version,
            pinned.scalar_subquery(),
            form.scalar_subquery(),
        ).where(Position.id == application.position_id)
    ).one()
    rules = rules_of(session, form_id)
    parts = len(rules.chosen.codes) if rules.chosen else 0
    if application.retention_days is not None:
        days = application.retention_days
    return Offer(
        application.id,
        application.person_id,
        application.name,
        application.locale,
        title,
        (application.limit_s or 0) // 60,
        parts * rules.chosen.least if rules.chosen else questions,
        days,
        version,
        application.consented_at is not None,
        application.expires_at,
        members(session, application.position_id),
        codes.fresh_nonce(),
        _own_words(session, application),
        grants.accommodated(session, application.person_id, application.limit_s or 0)[0] // 60,
        rules.breaks,
        rules.break_minutes,
        parts,
        parts * rules.chosen.most if rules.chosen else questions,
    )


def _own_words(session: Session, application: ApplicationRecord) -> str:
    """The company's own consent text; after the consent the very version that was agreed to."""
    if application.consented_at is not None:
        kept = application.consent_words_id
        wording = wordings.of_id(session, kept) if kept is not None else None
    else:
        wording = _wording(session, application)
    return wording.body if wording else ""


def _wording(session: Session, application: ApplicationRecord) -> Wording | None:
    texts = wordings.current(session, application.position_id, CONSENT)
    return wordings.in_language(texts, CONSENT, application.locale)


def _application(session: Session, raw: str, now: datetime) -> ApplicationRecord:
    """The application behind a link that still opens something."""
    link = tokens.look(session, PURPOSE, raw, now)
    found = access.found(
        session.execute(APPLICATION.where(Invitation.id == link.bound_id)).one_or_none()
    )
    require_open(session, found, now)
    if not link.usable and found.started_at is None:
        raise Gone("replaced")
    return found


def require_open(session: Session, application: ApplicationRecord, now: datetime) -> None:
    """Raise Gone for an invitation that ended before a start, and when the time of keeping is over.

    A running attempt and an ended one go on, whatever became of the invitation.
    """
    where = stage(facts_of(application), now)
    if where in ENDED:
        raise Gone(ENDED[where])
    if application.kept_until is not None and application.kept_until <= now:
        raise Gone("kept")


def consent(session: Session, raw: str, version: int, once: str, now: datetime) -> Consented:
    """Keep the candidate's consent and make their return code, once.

    The same form sent again gives back the same code. Raises Conflict with the Offer as `current`
    when what is told has changed since the page was read, or when they consented before.
    """
    application = _application(session, raw, now)
    told = offer_of(session, application)
    if not 16 <= len(once) <= 100:
        once = codes.fresh_nonce()
    code = codes.draw(application.id, once)
    if application.consented_at is None and version != told.consent_version:
        raise Conflict("terms", told)
    words = _wording(session, application)
    given = session.execute(
        update(Application)
        .where(Application.id == application.id, Application.consented_at.is_(None))
        .values(
            consent_words_id=words.id if words else None,
            consented_at=now,
            consent_version=version,
            retention_days=told.retention_days,
            return_code=codes.digest(application.id, code),
        )
    )
    who = Actor(application.person_id)
    if changed_rows(given):
        session.execute(
            update(Invitation)
            .where(Invitation.id == application.invitation_id)
            .values(opened_at=now)
        )
        journal.append(
            session, who, "consent.given", "application", application.id, now, version=version
        )
    else:
        kept = session.scalar(
            select(Application.return_code).where(Application.id == application.id)
        )
        if not codes.fits(application.id, kept, code):
            raise Conflict("consented", replace(told, consented=True))
    return Consented(
        _viewer(session, application), codes.spaced(code), application.email is not None
    )


def _viewer(session: Session, application: ApplicationRecord) -> Viewer:
    viewer = load_viewer(session, application.person_id)
    if viewer is None:
        raise NotFound
    return viewer


def come_back(session: Session, raw: str, typed: str, address: str, now: datetime) -> Viewer | None:
    """Check a return code; None when it is wrong. The caller commits either way: failures count.

    Raises NotFound, Gone, and TooMany after ten wrong codes in five minutes.
    """
    application = _application(session, raw, now)
    about, source = f"code:{application.id}", limiter.Source(address)
    limiter.take(session, about, source, now)
    who = Actor(application.person_id)
    if not codes.fits(application.id, application.return_code, typed):
        journal.append(session, who, "return_code.refused", "application", application.id, now)
        return None
    limiter.forgive(session, about, source, now)
    journal.append(session, who, "return_code.accepted", "application", application.id, now)
    return _viewer(session, application)


def ask_code(session: Session, raw: str, address: str, now: datetime) -> None:
    """Ask for a mail with a new return code, to the invited address.

    Each request counts like a failed check, so that nobody can fill a mailbox. The caller's answer
    is the same whether there is an address or not.
    """
    _ask(session, _application(session, raw, now), address, now)


def ask_own_code(session: Session, actor: Actor, address: str, now: datetime) -> None:
    """The same for a candidate who is signed in."""
    _ask(session, access.own_application(session, actor), address, now)


def _ask(session: Session, application: ApplicationRecord, address: str, now: datetime) -> None:
    limiter.take(session, f"ask-code:{application.id}", limiter.Source(address), now)
    if application.consented_at is not None:
        outbox.ask(
            session,
            "mail.return_code",
            now,
            invitation_id=application.invitation_id,
            once=codes.fresh_nonce(),
        )


def start(session: Session, actor: Actor, now: datetime, without: bool = False) -> int:
    """Begin the candidate's own attempt and give back its id; a repeat is the same start.

    without: they do not wait for an answer to what they asked for. Raises NotFound, Gone when the
    invitation ended before, and Conflict("waiting") while their wish for more time is open.
    """
    application = access.own_application(session, actor)
    require_open(session, application, now)
    if application.consented_at is None:
        raise Conflict("consent")
    if application.started_at is None:
        accommodating.settle(session, application.id, without, now)
        starting.begin(session, actor, application.attempt_id, now)
        journal.append(session, actor, "application.started", "application", application.id, now)
    return application.attempt_id

"""The letter about a decision: proposed in the candidate's language, worded by a person, sent once.

Nothing sends a letter by itself, and a decision without a letter stays without one.
"""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import insert, select
from sqlalchemy.orm import Session, aliased

from domain.hiring import posting as rules
from domain.hiring.posting import Standing
from domain.records import frozen
from models.accounts import FreeText, Person
from models.selection import Letter
from services import journal, outbox
from services.actor import Actor
from services.errors import Conflict, Invalid, NotFound
from services.hiring import access, candidacies, naming, posting
from services.hiring.access import ApplicationRecord
from services.hiring.deciding import cleaned, insert_text

ABOUT = "letter"
LONGEST_SUBJECT = 200
ABOUT_NOTHING = ("hold", "reopened")  # such decisions say nothing to a candidate yet


@frozen
class LetterPage:
    """The letter as it stands: proposed, or as it was sent. outcome: of the decision it is about.

    lang: the candidate's language; decision_id: so that a letter is not sent about a newer one.
    standing: None before anybody asked for it to be sent.
    """

    application_id: int
    name: str
    email: str | None
    position_id: int
    title: str
    outcome: str
    decision_id: int
    lang: str
    subject: str
    body: str
    standing: Standing | None = None
    sent_at: datetime | None = None


def letter_page(session: Session, actor: Actor, application_id: int, now: datetime) -> LetterPage:
    """The letter about the newest decision, for a recruiter or the owner.

    Raises NotFound for everybody else, and while there is no decision to write about.
    """
    found = _guarded(session, actor, application_id)
    decision_id, outcome = _decision(session, application_id)
    position = access.position_of(session, found.position_id)
    kept = session.execute(_WORDS.where(Letter.decision_id == decision_id)).one_or_none()
    standing = None
    if kept is None:
        sender = session.scalars(select(Person.name).where(Person.id == actor.person_id)).one()
        subject, body = _proposed(found, position.title, outcome, sender)
    else:
        subject, body = kept.subject, kept.body
        standing = _standing(session, application_id, decision_id, kept.sent_at, now)
    return LetterPage(
        application_id,
        found.name,
        found.email,
        found.position_id,
        position.title,
        outcome,
        decision_id,
        found.locale or "en",
        subject,
        body,
        standing,
        kept.sent_at if kept else None,
    )


def send(
    session: Session,
    actor: Actor,
    application_id: int,
    decision_id: int,
    subject: str,
    body: str,
    now: datetime,
) -> None:
    """Send a letter, once for each decision; the same form again changes nothing.

    Raises NotFound, Invalid for the words and for a candidate without an address, and Conflict
    when somebody has decided anew since the page was opened.
    """
    found = _guarded(session, actor, application_id)
    candidacies.hold(session, [application_id])
    newest, _ = _decision(session, application_id)
    if newest != decision_id:
        raise Conflict("Somebody has decided anew.")
    if session.scalar(select(Letter.id).where(Letter.decision_id == decision_id)) is not None:
        return
    faults = {}
    line = " ".join("".join(c if c.isprintable() else " " for c in subject).split())
    if not 1 <= len(line) <= LONGEST_SUBJECT:
        faults["subject"] = f"must have 1 to {LONGEST_SUBJECT} characters"
    text = ""
    try:
        text = cleaned(body, "body")
    except Invalid as error:
        faults |= error.fields
    if found.email is None:
        faults["by_mail"] = "this candidate has no mail address"
    if faults:
        raise Invalid(fields=faults)
    made = session.execute(
        insert(Letter)
        .values(
            application_id=application_id,
            decision_id=decision_id,
            subject_id=insert_text(session, actor, ABOUT, application_id, line, now),
            body_id=insert_text(session, actor, ABOUT, application_id, text, now),
            asked_by=actor.person_id,
            asked_at=now,
        )
        .returning(Letter.id)
    )
    outbox.ask(session, "mail.letter", now, letter_id=int(made.scalar_one()))
    journal.append(
        session, actor, rules.ASKED, "application", application_id, now, decision=decision_id
    )


def send_again(session: Session, actor: Actor, application_id: int, now: datetime) -> None:
    """Send the same letter once more, where nothing sends it by itself any more; else nothing.

    Raises NotFound, also where there is no letter, and Invalid without an address.
    """
    found = _guarded(session, actor, application_id)
    candidacies.hold(session, [application_id])
    decision_id, _ = _decision(session, application_id)
    letter = session.execute(
        select(Letter.id, Letter.sent_at).where(Letter.decision_id == decision_id)
    ).one_or_none()
    if letter is None:
        raise NotFound
    if not _standing(session, application_id, decision_id, letter.sent_at, now).may_go_again:
        return
    if found.email is None:
        raise Invalid(fields={"by_mail": "this candidate has no mail address"})
    outbox.ask(session, "mail.letter", now, letter_id=letter.id)
    journal.append(
        session, actor, rules.ASKED, "application", application_id, now,
        decision=decision_id, again=True,
    )  # fmt: skip


def _standing(
    session: Session,
    application_id: int,
    decision_id: int,
    sent_at: datetime | None,
    now: datetime,
) -> Standing:
    last = posting.newest(session, application_id, decision_id)
    if sent_at is not None or last is None:
        return Standing.SENT if sent_at else Standing.WAITING
    return rules.standing(last.event, last.at, now)


_SUBJECT, _BODY = aliased(FreeText), aliased(FreeText)
_WORDS = (
    select(_SUBJECT.body.label("subject"), _BODY.body.label("body"), Letter.sent_at)
    .join(_SUBJECT, _SUBJECT.id == Letter.subject_id)
    .join(_BODY, _BODY.id == Letter.body_id)
)


def _guarded(session: Session, actor: Actor, application_id: int) -> ApplicationRecord:
    """The application for who may write to a candidate; a reviewer, who sees no name, may not."""
    found = access.application(session, actor, application_id)
    if not naming.reader(session, actor, found.position_id).may_switch:
        raise NotFound
    return found


def _decision(session: Session, application_id: int) -> tuple[int, str]:
    last = candidacies.newest(session, [application_id]).get(application_id)
    if last is None or last[1] in ABOUT_NOTHING:
        raise NotFound
    return last


def _proposed(
    found: ApplicationRecord, position: str, outcome: str, sender: str
) -> tuple[str, str]:
    """The house's wording in the candidate's language, for a person to change."""
    with force_locale(found.locale or "en"):
        page = current_app.jinja_env.get_template("email/letter.txt")
        text = page.render(
            outcome=outcome,
            name=found.name,
            position=position,
            sender=sender,
            company=current_app.extensions["threshold.settings"].company,
        )
    subject, _, body = text.partition("\n\n")
    return " ".join(subject.split()), body.strip()

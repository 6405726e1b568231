"""A position with candidates on it, brought as far as a test needs them."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from models.assessment import Attempt, AttemptItem
from models.hiring import Application
from services.actor import Actor
from services.assessment import delivery, submission
from services.assessment.delivery import SaveCommand
from services.assessment.responding import asked
from services.hiring import entering, invitations, positions
from services.hiring.invitations import InvitationDraft, Invited
from services.hiring.positions import PositionDraft
from services.session import reading, writing
from tests.conftest import NOW, Cast

BASE = "http://localhost"


def position_draft(cast: Cast, **changes: object) -> PositionDraft:
    """A sales position of Xu Lei's, with no reviewer."""
    draft = PositionDraft(
        title="Sales, Europe",
        profile="sales",
        weights={},
        gates={},
        form_key="hiring-a",
        minutes=60,
        retention_days=180,
        state="open",
        owner_id=cast.lei,
        reviewer_ids=(),
    )
    return replace(draft, **changes)  # type: ignore[arg-type]


def open_position(app: Flask, cast: Cast, **changes: object) -> int:
    with app.app_context(), writing() as session:
        return positions.create(session, cast.actor("min"), position_draft(cast, **changes), NOW)


def invitation_draft(name: str = "Sun Yi", **changes: object) -> InvitationDraft:
    draft = InvitationDraft(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@mail.example",
        by_mail=False,
        lang="en",
        expires_at=NOW + timedelta(days=14),
        once=secrets.token_urlsafe(24),
    )
    return replace(draft, **changes)  # type: ignore[arg-type]


def invite(
    app: Flask, cast: Cast, position_id: int, name: str = "Sun Yi", **changes: object
) -> Invited:
    with app.app_context(), writing() as session:
        return invitations.invite(
            session, cast.actor("min"), position_id, invitation_draft(name, **changes), NOW, BASE
        )


def token_of(invited: Invited) -> str:
    return invited.link.rsplit("/", 1)[1]


def consent(app: Flask, invited: Invited, once: str | None = None) -> entering.Consented:
    with app.app_context(), writing() as session:
        return entering.consent(
            session, token_of(invited), 1, once or secrets.token_urlsafe(24), NOW
        )


def join_cast(cast: Cast, key: str, position_id: int, name: str = "Sun Yi") -> entering.Consented:
    """A candidate who consented, under a name in the cast."""
    done = consent(cast.app, invite(cast.app, cast, position_id, name))
    cast.ids[key] = done.viewer.id
    return done


def candidate(done: entering.Consented) -> Actor:
    return Actor(done.viewer.id, done.viewer.subject, done.viewer.roles)


def begin(app: Flask, done: entering.Consented, now: datetime = NOW) -> int:
    with app.app_context(), writing() as session:
        return entering.start(session, candidate(done), now)


def sit(app: Flask, invited: Invited, right: bool = True, keyed: int = 42) -> int:
    """Consent, answer the first `keyed` questions (all right, or all by the first option), submit.

    Gives back the application's id.
    """
    done = consent(app, invited)
    attempt_id = begin(app, done)
    who = candidate(done)
    with app.app_context(), writing() as session:
        lease = delivery.open_attempt(session, who, attempt_id, "device-1", NOW)
    assert lease is not None
    answer(app, who, attempt_id, lease, right, keyed)
    with app.app_context(), writing() as session:
        submission.submit(session, who, attempt_id, NOW + timedelta(minutes=30))
    return invited.application_id


def answer(app: Flask, who: Actor, attempt_id: int, lease: int, right: bool, keyed: int) -> None:
    with app.app_context(), writing() as session:
        for place, question in enumerate(asked(session, attempt_id), start=1):
            options = getattr(question.item, "options", None) or getattr(
                question.item, "actions", None
            )
            if not options or place > keyed or question.item.kind == "multiple":
                continue
            scores = [getattr(o, "score", None) or int(getattr(o, "key", False)) for o in options]
            pick = max(scores) if right else min(scores)
            letter = options[scores.index(pick)].letter
            command = SaveCommand(question.position, lease, 1, {"choice": letter}, 9000)
            delivery.save_answer(session, who, attempt_id, command, NOW + timedelta(minutes=1))


def counts(app: Flask, position_id: int) -> tuple[int, int, int]:
    """Applications of a position, hiring attempts in all, and their questions."""
    with app.app_context(), reading() as session:
        applications = session.scalars(
            select(Application.id).where(Application.position_id == position_id)
        ).all()
        attempts = session.scalars(select(Attempt.id).where(Attempt.purpose == "hiring")).all()
        items = session.scalars(
            select(AttemptItem.id).where(AttemptItem.attempt_id.in_(attempts))
        ).all()
    return len(applications), len(attempts), len(items)


def person_of(invited: Invited) -> int:
    """The candidate's id; needs an application context."""
    with reading() as session:
        return session.scalars(
            select(Application.person_id).where(Application.id == invited.application_id)
        ).one()

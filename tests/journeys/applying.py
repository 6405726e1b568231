"""Positions, candidates and attempts that a journey needs and does not itself walk through."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from domain.assessment.responses import to_payload
from domain.hiring.profiles import SEVEN
from models.assessment import Attempt
from services.actor import Actor
from services.assessment import delivery, expiry, submission
from services.assessment.adaptive_bank import offers
from services.assessment.delivery import SaveCommand
from services.assessment.responding import asked
from services.hiring import entering, invitations, positions
from services.hiring.invitations import InvitationDraft
from services.hiring.positions import PositionDraft
from tests.building import CAST
from tests.journeys.site import Site
from tests.services.assessment.grown import grow
from tests.services.assessment.sitting import right_response
from tests.services.competencies.sitting import wrong_answer

CONSENT = 1  # the version of what candidates are told


def open_position(site: Site, title: str) -> int:
    """A position that Xu Lei reads; gives back its id."""
    recruiter, owner, now = _cast(site, "min"), _cast(site, "lei").person_id, datetime.now(UTC)
    assert owner is not None
    draft = PositionDraft(title, "sales", {}, {}, "hiring-a", 60, 180, "open", owner, ())
    return site.write(lambda db: positions.create(db, recruiter, draft, now))


def open_adaptive_position(site: Site, title: str) -> int:
    """The same with an adaptive assessment, and a bank that is large enough for it."""
    bank = site.read(lambda db: offers(db, SEVEN))
    if not all(offer.is_offered for offer in bank):
        site.write(grow)
    recruiter, owner, now = _cast(site, "min"), _cast(site, "lei").person_id, datetime.now(UTC)
    assert owner is not None
    draft = PositionDraft(title, "sales", {}, {}, "", 90, 180, "open", owner, (), plan="adaptive")
    return site.write(lambda db: positions.create(db, recruiter, draft, now))


def run_out(site: Site, attempt_id: int) -> None:
    """Let the time of an attempt be over, and write its end."""
    now = datetime.now(UTC)
    over = now - timedelta(minutes=1)
    ended = update(Attempt).where(Attempt.id == attempt_id).values(deadline=over)
    site.write(lambda db: db.execute(ended))
    site.write(lambda db: expiry.expire_due(db, now))


def invite(site: Site, position_id: int, name: str) -> str:
    """Invite without a mail address; gives back the link."""
    now, once = datetime.now(UTC), secrets.token_urlsafe(24)
    draft = InvitationDraft(name, "", False, "en", now + timedelta(days=14), once)
    recruiter = _cast(site, "min")
    made = site.write(
        lambda db: invitations.invite(db, recruiter, position_id, draft, now, site.url)
    )
    return made.link


def start(site: Site, link: str) -> tuple[Actor, int]:
    """Consent and start the clock; gives back the candidate and their attempt."""
    raw, now = link.rpartition("/")[2], datetime.now(UTC)
    once = secrets.token_urlsafe(24)
    viewer = site.write(lambda db: entering.consent(db, raw, CONSENT, once, now)).viewer
    who = Actor(viewer.id, viewer.subject, viewer.roles)
    return who, site.write(lambda db: entering.start(db, who, now))


def finish(site: Site, who: Actor, attempt_id: int, knows: Callable[[int], bool]) -> None:
    """Answer all questions, right where the person knows the one at that place; hand in.

    Each step is a transaction of its own, as each request is.
    """
    now = datetime.now(UTC)
    lease = site.write(lambda db: delivery.open_attempt(db, who, attempt_id, "test", now))
    assert lease is not None
    for question in site.read(lambda db: list(asked(db, attempt_id))):
        place = question.position
        given = (right_response if knows(place) else wrong_answer)(question.item)
        command = SaveCommand(place, lease, 1, to_payload(given), 1000 * (20 + 7 * place % 60))
        site.write(lambda db, c=command: delivery.save_answer(db, who, attempt_id, c, now))
    site.write(lambda db: submission.submit(db, who, attempt_id, now))


def _cast(site: Site, name: str) -> Actor:
    with site.app.app_context():
        ids = CAST.ids()
    return site.actor(ids[name])

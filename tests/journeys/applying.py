"""Positions and candidates that a journey needs and does not itself walk through."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from services.actor import Actor
from services.hiring import entering, invitations, positions
from services.hiring.invitations import InvitationDraft
from services.hiring.positions import PositionDraft
from tests.building import CAST
from tests.journeys.site import Site
from tests.services.competencies.sitting import sit

CONSENT = 1  # the version of what candidates are told


def open_position(site: Site, title: str) -> int:
    """A position that Xu Lei reads; gives back its id."""
    owner, now = _cast(site, "lei").person_id, datetime.now(UTC)
    assert owner is not None
    draft = PositionDraft(title, "sales", {}, {}, "hiring-a", 60, 180, "open", owner, ())
    return site.write(lambda db: positions.create(db, _cast(site, "min"), draft, now))


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
    """Answer all questions, right where the candidate knows the one at that place; hand in."""
    now = datetime.now(UTC)
    site.write(lambda db: sit(db, who, attempt_id, now, lambda place, _: knows(place)))


def _cast(site: Site, name: str) -> Actor:
    with site.app.app_context():
        ids = CAST.ids()
    return site.actor(ids[name])

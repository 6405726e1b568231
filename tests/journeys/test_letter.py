"""A decision is told in a letter that a person words; what became of it is said as it is."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.selection import Letter
from services.hiring import deciding, invitations, letters, posting
from services.hiring.invitations import InvitationDraft
from tests.building import CAST
from tests.cli.site import until
from tests.journeys.applying import finish, open_position, start
from tests.journeys.site import Site, new_address
from tests.journeys.visitor import Visitor

SECONDS = 60


def finished(site: Site, position_id: int, name: str) -> tuple[int, str]:
    """A candidate with a mail address whose answers are in; their application and address."""
    now, address = datetime.now(UTC), new_address(name)
    with site.app.app_context():
        recruiter_id = CAST.ids()["min"]
    draft = InvitationDraft(
        name, address, False, "en", now + timedelta(days=14), secrets.token_urlsafe(24)
    )
    made = site.write(
        lambda db: invitations.invite(
            db, site.actor(recruiter_id), position_id, draft, now, site.url
        )
    )
    finish(site, *start(site, made.link), lambda place: place % 3 > 0)
    return made.application_id, address


def test_a_letter_and_one_that_got_lost(site: Site, visit: Callable[..., Visitor]) -> None:
    manager = visit("lei")
    page = manager.page
    position_id = open_position(site, f"Sales, Letter Bay {manager.width}")
    application_id, address = finished(site, position_id, "Ida Brandt")
    decide(site, application_id)
    page.goto(f"/hiring/candidates/{application_id}")
    manager.press("Letter to the candidate")
    manager.heading("Letter to Ida Brandt")
    manager.look("letter-proposed")
    manager.fill(subject="")
    manager.press("Send the letter")
    manager.fill(subject="Your application")
    body = page.locator("[name=body]").input_value()
    manager.fill(body=body + "\nDo try again in spring.")
    manager.press("Send the letter")
    manager.sees("Do try again in spring.")
    assert "Do try again in spring." in site.letter(address, "spring")
    for _ in range(60):
        if page.get_by_text("Sent on").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    manager.look("letter-sent")

    lost_id, lost_address = finished(site, position_id, "Femi Adeyemi")
    decide(site, lost_id)
    lose(site, lost_id)
    page.goto(f"/hiring/candidates/{lost_id}/letter")
    for _ in range(60):
        if page.get_by_text("Nobody knows whether this letter went out").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    manager.sees("Nobody knows whether this letter went out")
    manager.look("letter-unknown")
    manager.press("Send it again")
    manager.sees("The letter is on its way.")
    until(lambda: site.letter(lost_address, "Lost on the way"), SECONDS)


def decide(site: Site, application_id: int) -> None:
    with site.app.app_context():
        lei = CAST.ids()["lei"]
    site.write(
        lambda db: deciding.decide(
            db, site.actor(lei), application_id, "reject", "fit", "Another one fits better.",
            datetime.now(UTC),
        )
    )  # fmt: skip


def lose(site: Site, application_id: int) -> None:
    """A letter that the job had in its hands when the power went."""
    with site.app.app_context():
        lei = CAST.ids()["lei"]
    now = datetime.now(UTC)

    def ask_and_lose(db: Session) -> None:
        found = letters.letter_page(db, site.actor(lei), application_id, now)
        letters.send(
            db, site.actor(lei), application_id, found.decision_id, "News", "Lost on the way.", now
        )
        about = select(Letter.id).where(Letter.application_id == application_id)
        posting.hand_over(db, db.scalars(about).one(), now)

    site.write(ask_and_lose)

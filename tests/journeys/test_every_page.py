"""Pages that no other journey comes past: errors, ended links, moments between two states."""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from flask import render_template
from playwright.sync_api import Route
from sqlalchemy import select, update

from config import ROOT
from domain.assessment.attempts import GRACE
from models.hiring import Application, Invitation
from services.accounts.joining import join
from services.accounts.links import issue_join_link
from services.actor import SYSTEM
from tests.journeys.applying import invite, open_position, start
from tests.journeys.site import PASSWORD, Site
from tests.journeys.visitor import Visitor

ERRORS = sorted(path.stem for path in (ROOT / "templates" / "errors").glob("[0-9]*.html"))
MOMENT = "%Y-%m-%d %H:%M:%S.%f"
ELSEWHERE = "(form, path) => { form.action = path; form.submit(); }"
STALE = "form => { form.elements.csrf_token.value = 'stale'; form.submit(); }"


def test_every_error(site: Site, visit: Callable[..., Visitor]) -> None:
    """Each page as it is written: most of them stand for what a journey cannot bring about."""
    stranger = visit()
    for status in ERRORS:
        with site.app.test_request_context():
            page = render_template(
                f"errors/{status}.html",
                status=int(status),
                message="",
                faults=["A title has 1 to 200 characters."] if status == "422" else [],
                written=["A remark of three lines."] if status == "400" else [],
                retry_after=30 if status in ("429", "503") else None,
                request_id="0f3a9c5e",
                path="/",
            )
        stranger.page.route(f"**/shown/{status}", _with(page))
        stranger.go(f"/shown/{status}", f"error-{status}")


def _with(page: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8")


def test_refusals(site: Site, visit: Callable[..., Visitor]) -> None:
    """What the site answers to a wrong address, a wrong role, a wrong moment, a stale form."""
    learner = visit(site.member("Ruo Lan", "learner"))
    learner.go("/nowhere/at/all", "not-found")
    learner.heading("There is no such page")
    learner.go("/admin/", "forbidden")
    learner.heading("This is not open to you")

    # A set that narrows a band, asked for before there is a band.
    learner.page.goto("/assess/")
    send(learner, ELSEWHERE, "/assess/forms/narrow-c1")
    learner.sees("Error 409")
    learner.look("conflict-refused")

    learner.page.goto("/assess/")
    send(learner, STALE)
    learner.sees("Error 400")
    learner.look("form-expired")


def send(visitor: Visitor, script: str, path: str = "") -> None:
    """Send the page's first form as only a stale or a forged page would."""
    with visitor.page.expect_navigation():
        visitor.page.locator("main form").first.evaluate(script, path)


def test_links_that_ended(site: Site, visit: Callable[..., Visitor]) -> None:
    """Of a member and of a candidate: why it opens nothing, and how to get a new one."""
    stranger = visit()
    person_id, now = site.member("Ida Brandt", "learner"), datetime.now(UTC)
    raw = site.write(lambda db: issue_join_link(db, SYSTEM, person_id, now))
    site.write(lambda db: join(db, raw, PASSWORD, now))
    stranger.go(f"/account/join/{raw}", "join-ended")
    stranger.heading("This link has been used")

    link = invite(site, open_position(site, "Sales, Iberia"), "Ana Prado")
    for column, name, words in (
        ("expires_at", "expired", "This invitation has expired"),
        ("revoked_at", "revoked", "This invitation was taken back"),
    ):
        _end_newest_invitation(site, column)
        stranger.go(link, f"invitation-{name}")
        stranger.heading(words)


def _end_newest_invitation(site: Site, column: str) -> None:
    newest = select(Invitation.id).order_by(Invitation.id.desc()).limit(1).scalar_subquery()
    past = {column: datetime.now(UTC) - timedelta(hours=1)}
    site.write(lambda db: db.execute(update(Invitation).where(Invitation.id == newest), past))


def test_time_is_over(site: Site, visit: Callable[..., Visitor]) -> None:
    """Between the end of the time and the moment when somebody writes it down."""
    who, attempt_id = start(site, invite(site, open_position(site, "Sales, Gulf"), "Sun Yi"))
    assert who.person_id is not None
    candidate = visit(who.person_id)
    with unwritten_end(site, attempt_id):
        candidate.go(f"/assess/attempts/{attempt_id}", "over")
        candidate.heading("Time is over")
        candidate.go("/candidate/", "waiting")
        candidate.heading("Your answers are being marked")
        candidate.page.goto(f"/assess/attempts/{attempt_id}")
    candidate.press("Go on")
    candidate.heading("Your report, Sun Yi")
    candidate.look("report-expired")


@contextmanager
def unwritten_end(site: Site, attempt_id: int) -> Iterator[None]:
    """The time of an attempt is over, and nobody gets a turn to write while this lasts."""
    past = (datetime.now(UTC) - 2 * GRACE).strftime(MOMENT)
    path = site.instance / "threshold.sqlite3"
    with path.with_name(f"{path.name}.lock").open("r+") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        database = sqlite3.connect(path)
        database.execute("UPDATE attempt SET deadline = ? WHERE id = ?", (past, attempt_id))
        database.commit()
        database.close()
        yield


def test_a_recruiters_rarer_pages(site: Site, visit: Callable[..., Visitor]) -> None:
    """Changing a position, two at once; a new return code; a candidate who has not begun."""
    position_id = open_position(site, "Sales, Alps")
    link = invite(site, position_id, "Femi Adeyemi")
    first, second = visit("min"), visit("min")
    for recruiter in (first, second):
        recruiter.page.goto(f"/hiring/positions/{position_id}/edit")
    first.look("position-edit")
    first.fill(title="Sales, Alps and Po valley")
    first.press("Save the position")
    first.heading("Sales, Alps and Po valley")
    second.fill(title="Sales, Tyrol")
    second.press("Save the position")
    second.sees("Somebody saved this position while you were writing")
    second.look("position-conflict")
    second.page.goto("/hiring/positions/new")
    second.fill(minutes="1")
    second.press("Save the position")
    second.look("position-refused")

    application_id = site.read(lambda db: db.scalar(
        select(Application.id).where(Application.position_id == position_id)
    ))  # fmt: skip
    first.go(f"/hiring/candidates/{application_id}", "candidate-invited")
    start(site, link)
    first.page.reload()
    first.press("New return code")
    first.page.get_by_role("dialog").wait_for()
    first.look("new-code")
    first.press("Make a new code")
    first.heading("A new return code for Femi Adeyemi")
    first.look("return-code-recruiter")

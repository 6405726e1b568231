"""Journey: a report is read with and without a name, taken along, and the figures of fairness."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from models.hiring import Application
from tests.building import CAST
from tests.journeys.applying import finish, invite, open_position, start
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor
from tests.services.hiring.crowd import Face, fill


def test_a_report_and_the_figures_of_fairness(site: Site, visit: Callable[..., Visitor]) -> None:
    position_id = open_position(site, "Sales, Levant")
    link = invite(site, position_id, "Noor Haddad")
    who, attempt_id = start(site, link)
    finish(site, who, attempt_id, lambda place: place % 3 > 0)
    say_something(visit(who.person_id))
    application_id = site.read(
        lambda db: db.scalar(select(Application.id).where(Application.attempt_id == attempt_id))
    )
    crowd(site, position_id)
    manager = visit("lei")
    read(manager, application_id)
    print_it(manager, application_id)
    fairness(manager, position_id)
    visit("min").go("/hiring/fairness", "fairness-company")


def say_something(candidate: Visitor) -> None:
    """After the test, and only if they like."""
    candidate.page.goto("/candidate/")
    candidate.press("See the questions")
    candidate.heading("About you, if you like")
    candidate.look("about-you")
    candidate.page.get_by_role("radio", name="woman").check()
    candidate.press("Keep my answers")
    candidate.sees("What you said is kept apart from your name")


def crowd(site: Site, position_id: int) -> None:
    """Forty others, so that there is something to see."""
    faces = [
        Face({"gender": gender, "age": "under-30"}, "advance" if n < through else "reject", n / 20)
        for gender, through in (("man", 12), ("woman", 6))
        for n in range(20)
    ]
    then = datetime.now(UTC) - timedelta(days=3)
    with site.app.app_context():
        recruiter_id = CAST.ids()["min"]
    site.write(lambda db: fill(db, position_id, recruiter_id, faces, then))


def read(manager: Visitor, application_id: int) -> None:
    """Bands, cut, norm and facts; then the same without a name."""
    manager.go(f"/hiring/candidates/{application_id}", "report")
    manager.heading("Noor Haddad")
    manager.sees("Not validated for selection here")
    manager.press("Hide names")
    manager.sees("You read without name, photo and mail address.")
    assert "Noor" not in manager.page.content()
    manager.look("report-blind")


def print_it(manager: Visitor, application_id: int) -> None:
    """The job process draws it; the page says how far it is."""
    manager.press("PDF")
    manager.look("print-none")
    manager.press("Print in Chinese")
    fetch = manager.page.get_by_role("link", name="Fetch the PDF")
    for _ in range(60):
        if fetch.count():
            break
        manager.page.wait_for_timeout(500)
        manager.page.reload()
    manager.look("print-ready")
    with manager.page.expect_download() as caught:
        fetch.click()
    assert caught.value.suggested_filename == f"report-{application_id}.pdf"
    with open(caught.value.path(), "rb") as paper:
        assert paper.read(5) == b"%PDF-"


def fairness(manager: Visitor, position_id: int) -> None:
    """By gender and by age, with what a cut would do."""
    manager.page.goto(f"/hiring/positions/{position_id}")
    manager.press("Fairness")
    manager.heading("Fairness: Sales, Levant")
    manager.sees("the highest rate: others are held against it")
    manager.look("fairness")
    manager.press("Age")
    manager.look("fairness-age")

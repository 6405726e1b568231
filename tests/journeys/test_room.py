"""The safety of the room: who sits there is asked before data leave it and before people do."""

from collections.abc import Callable

from sqlalchemy import select

from models.accounts import Person
from models.hiring import Application
from tests.cli.site import until
from tests.journeys.applying import invite, open_position
from tests.journeys.late import make_late
from tests.journeys.site import PASSWORD, Site
from tests.journeys.visitor import Visitor

Visit = Callable[..., Visitor]
SECONDS = 60


def test_a_candidate_is_asked_for_the_code_before_their_data(site: Site, visit: Visit) -> None:
    """Somebody passes by the phone of a candidate who came in an hour ago."""
    candidate = visit()
    position_id = open_position(site, f"Sales, Safe Bay {candidate.width}")
    candidate.page.goto(invite(site, position_id, "Ida Brandt"))
    candidate.page.get_by_role("checkbox", name="I have read what is recorded").check()
    candidate.press("Agree and go on")
    code = candidate.page.locator(".code").inner_text()
    make_late(site, candidate)
    candidate.go("/candidate/data", "data-prove")
    candidate.heading("Confirm that it is you")
    candidate.page.locator("#proof").fill("AAAAA-AAAAA")
    candidate.press("Go on")
    candidate.sees("This is not your return code.")
    candidate.look("data-prove-wrong")
    candidate.page.locator("#proof").fill(code)
    candidate.press("Go on")
    candidate.heading("Your data")
    candidate.sees("Ida Brandt")
    candidate.look("own-data-early")
    with candidate.page.expect_download() as caught:
        candidate.press("Download as a file (JSON)")
    assert caught.value.suggested_filename == "my-data.json"


def test_a_recruiter_is_asked_before_somebody_is_erased(site: Site, visit: Visit) -> None:
    person_id, _ = site.joined("Mira Tan", "recruiter")
    recruiter = visit(person_id)
    position_id = open_position(site, f"Sales, Last Bay {recruiter.width}")
    invite(site, position_id, "Femi Adeyemi")
    found = site.read(lambda db: db.execute(
        select(Application.id, Application.person_id)
        .where(Application.position_id == position_id)
    ).one())  # fmt: skip
    recruiter.page.goto(f"/hiring/candidates/{found.id}")
    make_late(site, recruiter)
    recruiter.page.reload()
    recruiter.press("Erase this candidate")
    recruiter.page.get_by_role("dialog").wait_for()
    recruiter.look("erase-candidate")
    recruiter.page.get_by_role("dialog").get_by_role("button", name="Erase for good").click()
    recruiter.heading("Confirm that it is you")
    recruiter.page.locator("#proof").fill(PASSWORD)
    recruiter.press("Go on")
    recruiter.sees("The candidate is being erased.")
    recruiter.look("erase-candidate-done")

    def gone() -> bool:
        name = select(Person.name).where(Person.id == found.person_id)
        return site.read(lambda db: db.scalar(name)) == "[erased]"

    until(gone, SECONDS)
    recruiter.go(f"/hiring/candidates/{found.id}")
    recruiter.heading("There is no such page")

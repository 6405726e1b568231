"""Journey 4: a recruiter opens a position and invites; a manager reads, notes, decides."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.applying import finish, start
from tests.journeys.site import Site, new_address
from tests.journeys.visitor import Visitor

TITLES = {360: "Operations, Baltic shops", 1280: "Operations, Nordic shops"}


def test_from_position_to_decision(site: Site, visit: Callable[..., Visitor]) -> None:
    recruiter = visit("min")
    title = TITLES[recruiter.width]
    open_position(recruiter, title)
    mailed, handed = invite(site, recruiter)
    watch(site, recruiter, title, mailed, handed)
    decide(visit("lei"), title)


def open_position(recruiter: Visitor, title: str) -> None:
    """A role profile, a time limit, who reads the results."""
    recruiter.go("/", "today-recruiter")
    recruiter.go("/hiring/", "positions")
    recruiter.page.goto("/hiring/positions/new")
    recruiter.look("position-new")
    recruiter.fill(title=title)
    recruiter.page.get_by_role("radio", name="Operations").check()
    recruiter.page.get_by_label("Owner (hiring manager)").select_option(label="Xu Lei")
    recruiter.page.get_by_role("checkbox", name="Omar Haddad").check()
    recruiter.press("Save the position")
    recruiter.heading(title)
    recruiter.look("position-empty")


def invite(site: Site, recruiter: Visitor) -> tuple[str, str]:
    """One candidate by mail, one by a link that is handed over; gives back both links."""
    address = new_address("Sun Yi")
    recruiter.press("Invite a candidate")
    recruiter.look("invite-form")
    recruiter.fill(name="Sun Yi", email=address)
    recruiter.press("Invite")
    recruiter.heading("The link for Sun Yi")
    recruiter.look("invite-link")
    mailed = site.mailed_link(address, "/invite/")

    recruiter.press("Invite another one")
    recruiter.fill(name="Femi Adeyemi")
    recruiter.page.get_by_role("radio", name="Only show it to me: I hand it over").check()
    recruiter.press("Invite")
    recruiter.heading("The link for Femi Adeyemi")
    handed = recruiter.page.get_by_label("Link", exact=True).input_value()
    recruiter.press("Back to the position")
    expect(recruiter.page.locator("tbody").get_by_text("invited", exact=True)).to_have_count(2)
    return mailed, handed


def watch(site: Site, recruiter: Visitor, title: str, mailed: str, handed: str) -> None:
    """The states follow what candidates do: started, finished."""
    page = recruiter.page
    first, second = (start(site, link) for link in (mailed, handed))
    page.reload()
    expect(page.locator("tbody").get_by_text("started", exact=True)).to_have_count(2)
    recruiter.look("position-started")
    finish(site, *first, lambda place: place % 4 != 0)
    page.reload()
    expect(page.locator("tbody").get_by_text("finished", exact=True)).to_have_count(1)
    finish(site, *second, lambda place: place % 3 == 0)
    page.reload()
    recruiter.look("position")


def decide(manager: Visitor, title: str) -> None:
    """Bands, answers and facts first; then a note, a decision with its reason, and side by side."""
    page = manager.page
    manager.go("/hiring/")
    page.get_by_role("link", name=title).click()
    manager.heading(title)
    page.get_by_role("link", name="Sun Yi").click()
    manager.heading("Sun Yi")
    expect(page.get_by_role("heading", name="Role fit")).to_be_visible()
    manager.look("candidate")
    page.get_by_text("Show marks and times of all 42").click()
    manager.look("candidate-answers")
    manager.press("Show question 1")
    manager.look("secure-question")
    manager.press("Back to the answers")

    page.get_by_label("Your note").fill("Sure of costs, unsure of the law. Ask about marking.")
    manager.press("Add the note")
    manager.sees("Sure of costs, unsure of the law.")
    page.get_by_role("combobox", name="Decision").select_option(label="Invite to the next step")
    page.get_by_label("Main reason").select_option(label="Fit to the role profile")
    page.get_by_label("Why, in your own words").fill("Practice is solid where the role needs it.")
    manager.press("Write the decision down")
    manager.sees("Your decision is written down.")
    manager.look("candidate-decided")

    page.get_by_role("link", name=title).click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    manager.press("Compare the ticked ones, two to six")
    manager.heading("Side by side")
    manager.look("compare")

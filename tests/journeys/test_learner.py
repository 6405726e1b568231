"""Journey 2: invited, joined, a lesson read and resumed, its quiz taken, the evidence opened."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answering import answer_all, hand_in
from tests.journeys.site import PASSWORD, Site, new_address
from tests.journeys.visitor import Visitor

LESSON = "/learn/crossing-the-threshold/b2b-against-b2c"


def test_a_learner(site: Site, visit: Callable[..., Visitor]) -> None:
    learner = join(site, visit, "Lin Yue")
    read_and_resume(learner)
    take_the_quiz(learner)

    learner.go("/profile/", "profile-begun")
    learner.page.locator("a.num-link").first.click()
    learner.page.get_by_role("heading", name="Answer by answer").wait_for()
    learner.look("evidence-begun")


def join(site: Site, visit: Callable[..., Visitor], name: str) -> Visitor:
    """An admin adds somebody and hands the link over; they choose a password and are in."""
    address = new_address(name)
    admin = visit("anna")
    admin.go("/admin/people/new", "add-person")
    admin.fill(name=name, email=address)
    admin.press("Add")
    admin.heading(f"A link for {name}")
    admin.look("join-link")
    link = admin.page.locator(".copy-link").inner_text().strip()
    assert site.mailed_link(address, "/account/join/").startswith(f"{site.url}/account/join/")

    learner = visit()
    learner.go(link, "join")
    learner.fill(password=PASSWORD)
    learner.press("Set the password and come in")
    learner.heading(f"Welcome back, {name}")
    learner.look("today-new")
    return learner


def read_and_resume(learner: Visitor) -> None:
    """Sections are remembered as they are read, and the lesson goes on where it was left."""
    page = learner.page
    learner.go("/learn/", "contents")
    page.locator(f"main a[href='{LESSON}']").click()
    learner.heading("One bottle or a container")
    learner.look("lesson")

    option = page.locator(".ask details").first
    option.locator("summary").click()
    expect(option.locator(".opt__why")).to_be_visible()
    learner.look("lesson-check")

    with page.expect_response(re.compile(r"/place$")) as kept:
        page.locator(".prose .part").first.locator("> :last-child").scroll_into_view_if_needed()
    assert kept.value.status == 204
    learner.go("/", "today-begun")
    learner.press("Continue reading")
    page.wait_for_url(re.compile(f"{LESSON}#"))
    expect(page.get_by_role("link", name="Continue at")).to_be_visible()
    learner.look("lesson-resumed")


def take_the_quiz(learner: Visitor) -> None:
    """Each answer of the quiz comes back with its reasons, and counts as evidence."""
    learner.press("Finish this lesson")
    learner.page.wait_for_url(re.compile("#quiz"))
    learner.look("lesson-finished")
    learner.press("Start the quiz")
    answer_all(learner, {"single": "quiz"})
    hand_in(learner, "quiz-review")
    learner.heading("What you answered, and why")
    learner.look("quiz-result")
    expect(learner.page.locator(".review .badge--act").first).to_have_text("Your answer")
    assert learner.page.locator(".reason").count() > 4

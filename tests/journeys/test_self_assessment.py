"""Journey 3: self-rating, the placement with every trouble on the way, and the result."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answering import answer, answer_all, answer_some, begin, hand_in, settle
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

KINDS = ("single", "multiple", "ordering", "matching", "numeric", "sjt")
QUESTIONS = 42
LEFT_OPEN = 30


def test_a_self_assessment(site: Site, visit: Callable[..., Visitor]) -> None:
    person_id = site.member("Lin Yue", "learner")
    learner = visit(person_id)
    rate(learner)
    learner.go("/assess/", "assessments")
    learner.press("Start the placement")
    begin(learner)
    kinds = answer_some(learner, range(1, 22), {kind: f"question-{kind}" for kind in KINDS})
    assert set(kinds) == set(KINDS)
    learner.done()

    later = visit(person_id)
    resume(later)
    lose_the_line(later)
    finish(later)
    read_the_result(later)
    narrow(later)


def rate(learner: Visitor) -> None:
    """Seven ladders; the choices are kept for the person alone."""
    learner.go("/profile/self-rating", "self-rating")
    for place in range(7):
        ladder = learner.page.locator(".ladder-card").nth(place)
        ladder.get_by_role("radio").nth((place + 2) % 4).check()
    learner.press("Save my self-rating")
    learner.sees("Your self-rating is saved.")
    learner.look("profile-rated")


def resume(learner: Visitor) -> None:
    """Another browser asks first, then goes on at the first open question."""
    learner.go("/", "today-placement")
    learner.press("Continue")
    learner.page.get_by_role("heading", name="Continue on this device").wait_for()
    expect(learner.page.locator("main")).to_contain_text("21 of 42 questions are answered.")
    learner.look("continue-here")
    learner.press("Continue")
    begin(learner)
    expect(learner.page.locator("#q-22")).to_be_visible()
    expect(learner.page.locator("[data-map].q--on")).to_have_count(21)


def lose_the_line(learner: Visitor) -> None:
    """Answers given without a connection wait on the device and are sent when it is back."""
    page = learner.page
    learner.context.set_offline(True)
    for number in (22, 23):
        question = page.locator(f"#q-{number}")
        answer(question, number)
        question.locator("button[name=go]").last.click()
    off = page.locator("[data-status] [data-state=off]")
    expect(off).to_contain_text("waiting: 2")
    learner.look("offline")
    learner.context.set_offline(False)
    settle(learner)
    page.reload()
    begin(learner)
    expect(page.locator("[data-map].q--on")).to_have_count(23)


def finish(learner: Visitor) -> None:
    """The rest on one page; the review names what is open, and leads there."""
    page = learner.page
    page.get_by_role("link", name="All questions on one page").click()
    begin(learner)
    for number in range(24, QUESTIONS + 1):
        if number != LEFT_OPEN:
            answer(page.locator(f"#q-{number}"), number)
            settle(learner)
    learner.look("questions-on-one-page")
    page.get_by_role("link", name="Review and hand in").click()
    learner.heading("Review and hand in")
    learner.sees("1 question is open")
    learner.look("review-open")
    page.locator(".qmap").get_by_role("link", name=str(LEFT_OPEN)).click()
    begin(learner)
    answer_some(learner, [LEFT_OPEN])
    page.get_by_role("link", name="Review and hand in").click()
    learner.sees("Every question has an answer.")
    hand_in(learner, "review")


def read_the_result(learner: Visitor) -> None:
    """Seven bands, self against measured, role fit; every number opens to its evidence."""
    page = learner.page
    learner.heading("Where you stand, and how sure that is")
    learner.look("result")
    expect(page.locator("main figure svg").first).to_be_visible()
    expect(page.locator("table.bands tbody tr")).to_have_count(7)
    expect(page.get_by_role("columnheader", name="Self")).to_have_count(1)
    expect(page.locator("section.fit")).not_to_have_count(0)
    expect(page.get_by_role("heading", name="How you see yourself")).to_be_visible()

    page.locator("table.bands a.num-link").first.click()
    page.get_by_role("heading", name="Answer by answer").wait_for()
    learner.look("evidence")
    page.get_by_role("link", name="Back to the result").click()
    page.get_by_role("link", name="Your answers").click()
    learner.heading("What you answered, and why")
    page.locator("details.more > summary").first.click()
    learner.look("answers")
    page.go_back()


def narrow(learner: Visitor) -> None:
    """Six more questions on the practice with the widest band."""
    learner.press("Answer six more")
    assert len(answer_all(learner)) == 6
    hand_in(learner, "narrow-review")
    learner.page.get_by_role("heading", name="What it added to your profile").wait_for()
    learner.look("narrow-result")
    learner.go("/", "today-measured")
    learner.go("/profile/", "profile")

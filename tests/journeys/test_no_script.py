"""Everything but live preview and the offline queue works in a browser that runs no script."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answering import answer_all, hand_in
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

LESSON = "crossing-the-threshold/two-roles"


def test_a_lesson_and_its_quiz_without_script(site: Site, visit: Callable[..., Visitor]) -> None:
    learner = visit(site.member("Ole Lund", "learner"), script=False)
    learner.go(f"/learn/{LESSON}")
    learner.press("Finish this lesson")
    learner.press("Start the quiz")
    learner.look("plain-question")
    assert len(answer_all(learner)) >= 3
    learner.sees("Every question has an answer.")
    hand_in(learner, "plain-review")
    learner.heading("What you answered, and why")
    expect(learner.page.locator(".review .badge--act").first).to_have_text("Your answer")
    learner.look("plain-result")

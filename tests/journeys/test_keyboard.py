"""Sign in and answer a question with the keyboard alone: Tab, Enter and Space."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import expect

from services.assessment.starting import start_quiz
from tests.journeys.answering import begin, settle
from tests.journeys.site import PASSWORD, Site
from tests.journeys.visitor import Visitor

LESSON = "crossing-the-threshold/b2b-against-b2c"
MOST_STEPS = 40
FOCUSED = """() => {
  const at = document.activeElement;
  const look = getComputedStyle(at.matches("[type=radio]") ? at.closest("label") : at);
  const own = getComputedStyle(at);
  const words = at.getAttribute("aria-label") || at.labels?.[0]?.innerText || at.innerText || "";
  return {
    words: words.trim(),
    shown: [look, own].some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
  };
}"""


def test_with_the_keyboard_alone(site: Site, visit: Callable[..., Visitor]) -> None:
    person_id, address = site.joined("Ida Berg", "learner")
    who, now = site.actor(person_id), datetime.now(UTC)
    site.write(lambda db: start_quiz(db, who, LESSON, "en", 7, now))
    visitor = visit()
    keys = visitor.page.keyboard

    visitor.go("/account/sign-in")
    tab_to(visitor, "Mail address")
    keys.type(address)
    tab_to(visitor, "Password")
    keys.type(PASSWORD)
    tab_to(visitor, "Sign in")
    keys.press("Enter")
    visitor.heading("Welcome back, Ida Berg")

    keys.press("Tab")
    assert visitor.page.evaluate(FOCUSED)["words"] == "Skip to the content"
    keys.press("Enter")
    tab_to(visitor, "Continue")
    keys.press("Enter")
    visitor.page.get_by_role("heading", name="on this device").wait_for()
    tab_to(visitor, "Begin")
    keys.press("Enter")

    begin(visitor)
    question = visitor.page.locator("#q-1")
    tab_to(visitor, question.locator("label.choice").first.inner_text())
    keys.press("Space")
    settle(visitor)
    expect(question.get_by_role("radio").first).to_be_checked()
    tab_to(visitor, "Next")
    keys.press("Enter")
    expect(visitor.page.locator("#q-2")).to_be_focused()


def tab_to(visitor: Visitor, words: str) -> None:
    """Step to the control with these words; wherever the focus stands it can be seen."""
    met = [visitor.page.evaluate(FOCUSED)]
    while met[-1]["words"] != words.strip() and len(met) < MOST_STEPS:
        visitor.page.keyboard.press("Tab")
        met.append(visitor.page.evaluate(FOCUSED))
    assert met[-1]["words"] == words.strip(), [stop["words"] for stop in met]
    assert met[-1]["shown"], f"no focus to be seen on {words!r}"

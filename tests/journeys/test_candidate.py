"""Journey 5: from the link to the report, without an account, on two devices."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answering import answer_some, begin, hand_in, touch
from tests.journeys.applying import invite, open_position
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor


def test_a_candidate(site: Site, visit: Callable[..., Visitor]) -> None:
    link = invite(site, open_position(site, "Sales, Europe"), "Sun Yi")
    phone = visit()
    code = consent(phone, link)
    start(phone)
    answer_some(phone, (1, 2, 3))

    computer = visit()
    come_back(computer, link, code)
    left_behind(phone)

    answer_some(computer, range(4, 7))
    computer.page.get_by_role("link", name="Review and hand in").click()
    computer.sees("36 questions are open")
    hand_in(computer, "review-candidate")
    computer.heading("Your report, Sun Yi")
    computer.look("report")
    computer.page.get_by_label("Your remark").fill("Question 3 can be read in two ways.")
    computer.press("Send the remark")
    computer.sees("Your remark is with the people who read your result.")
    computer.press("Sign out")
    computer.look("candidate-signed-out")


def consent(visitor: Visitor, link: str) -> str:
    """Facts first, then the choice; gives back the return code."""
    visitor.go(link, "invitation")
    for fact in ("60 minutes", "42 questions", "180 days after the end", "Xu Lei"):
        expect(visitor.page.locator("main")).to_contain_text(fact)
    visitor.page.get_by_role("checkbox", name="I have read what is recorded").check()
    visitor.press("Agree and go on")
    visitor.heading("Your return code")
    visitor.look("return-code")
    return visitor.page.locator(".code").inner_text()


def start(visitor: Visitor) -> None:
    """A practice question with its reasons, then the clock."""
    visitor.press("Try a practice question")
    visitor.look("practice-question")
    visitor.page.get_by_role("radio").first.check()
    visitor.press("Check my answer")
    visitor.look("practice-answered")
    visitor.press("On to the assessment")
    visitor.look("candidate-home")
    visitor.press("Start the assessment now")
    assert begin(visitor) == 42
    expect(visitor.page.get_by_role("timer")).to_contain_text("min left")
    visitor.look("timed-question")


def come_back(visitor: Visitor, link: str, code: str) -> None:
    """Link and code open the assessment on another device, where the answers stand."""
    visitor.go(link, "return")
    visitor.fill(code="AAAAA-AAAAA")
    visitor.press("Continue")
    visitor.sees("This code does not belong to this link.")
    visitor.look("return-refused")
    visitor.fill(code=code)
    visitor.press("Continue")
    visitor.heading("Assessment for Sales, Europe")
    visitor.look("candidate-running")
    visitor.press("Go on with the questions")
    begin(visitor)
    expect(visitor.page.locator("[data-map].q--on")).to_have_count(3)
    expect(visitor.page.locator("#q-4")).to_be_visible()


def left_behind(visitor: Visitor) -> None:
    """The older device says that it has been left, and takes no more answers."""
    question = visitor.page.locator("#q-4")
    touch(question)
    notice = visitor.page.locator("[data-notice=stale]")
    expect(notice).to_be_visible()
    expect(question.locator("fieldset input, fieldset select").first).to_be_disabled()
    visitor.look("left-behind")

"""A candidate in an adaptive assessment: seven parts, one clock, a second device on the way."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.answering import answer, settle, touch
from tests.journeys.applying import invite, open_adaptive_position, run_out
from tests.journeys.site import Site, installation
from tests.journeys.visitor import Visitor


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Site]:
    """A site of its own: its bank is calibrated, and the other journeys' is not."""
    with installation(tmp_path_factory.mktemp("adaptive"), prepared) as running:
        yield running


@pytest.fixture
def position_id(site: Site) -> int:
    return open_adaptive_position(site, "Sales, Nordics")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_a_candidate_is_asked_by_their_answers(
    site: Site, visit: Callable[..., Visitor], position_id: int, width: int, dark: bool
) -> None:
    link = invite(site, position_id, "Sun Yi")
    phone = visit(dark=dark)
    code = consent(phone, link)
    begin(phone)
    go_on(phone, 1, "adaptive-hiring")
    take_a_break(phone)
    go_on(phone, 2)

    computer = visit(dark=dark)
    come_back(computer, link, code)
    left_behind(phone)
    last = to_part(computer, 3, 2)
    computer.look("adaptive-hiring-part-2")
    assert last >= 9

    site_ends(site, computer)
    computer.go("/candidate/", "adaptive-hiring-report")
    computer.heading("Your report, Sun Yi")
    computer.sees("An adaptive assessment: everybody is asked other questions.")
    expect(computer.page.get_by_text("Provisional figures")).to_have_count(0)


@pytest.mark.parametrize("width", [1280])
def test_a_recruiter_sees_what_the_bank_allows(
    site: Site, visit: Callable[..., Visitor], position_id: int, width: int
) -> None:
    recruiter = visit("min")
    recruiter.go(f"/hiring/positions/{position_id}", "adaptive-position")
    recruiter.sees("adaptive")
    recruiter.go(f"/hiring/positions/{position_id}/edit", "adaptive-position-edit")
    recruiter.sees("The bank is large enough for an adaptive assessment: 56 to 98 questions")
    visit("tao").go("/author/forms/adaptive-hiring", "adaptive-form")


def consent(visitor: Visitor, link: str) -> str:
    """What and how long, then the choice; gives back the return code."""
    visitor.go(link, "adaptive-invitation")
    for fact in ("90 minutes", "56 to 98 questions in 7 parts", "2 breaks of up to 5 minutes"):
        expect(visitor.page.locator("main")).to_contain_text(fact)
    visitor.page.get_by_role("checkbox", name="I have read what is recorded").check()
    visitor.press("Agree and go on")
    visitor.heading("Your return code")
    return visitor.page.locator(".code").inner_text()


def begin(visitor: Visitor) -> None:
    visitor.go("/candidate/", "adaptive-home")
    visitor.press("Start the assessment now")
    visitor.sees("Part 1 of 7")
    expect(visitor.page.get_by_role("timer")).to_contain_text("min left")


def go_on(visitor: Visitor, number: int, name: str = "") -> None:
    """Answer the question of this number; the next one, or the next part, comes."""
    question = visitor.page.locator(f"#q-{number}")
    question.wait_for()
    settle(visitor)
    answer(question, number)
    settle(visitor)
    if name:
        visitor.look(name)
    question.get_by_role("button", name="Answer and go on").click()
    visitor.page.locator(f"#q-{number + 1}").wait_for()


def to_part(visitor: Visitor, number: int, part: int) -> int:
    """Answer until a part begins; gives back how many questions there are by then."""
    while not visitor.page.get_by_text(f"Part {part} of 7").count():
        go_on(visitor, number)
        number += 1
    return number


def take_a_break(visitor: Visitor) -> None:
    settle(visitor)
    visitor.press("Take a break")
    visitor.heading("You are taking a break")
    visitor.look("adaptive-break")
    visitor.press("Go on")
    visitor.sees("Question 2")
    visitor.sees("1 break left")


def come_back(visitor: Visitor, link: str, code: str) -> None:
    """Link and code open the assessment on another device, at the question where it stands."""
    visitor.go(link)
    visitor.fill(code=code)
    visitor.press("Continue")
    visitor.heading("Assessment for Sales, Nordics")
    visitor.press("Go on with the questions")
    visitor.sees("Question 3")


def left_behind(visitor: Visitor) -> None:
    """The older device says that it was left, and asks nothing more."""
    question = visitor.page.locator("#q-3")
    touch(question)
    expect(visitor.page.locator("[data-notice=stale]")).to_be_visible()
    expect(question.locator("fieldset :is(input, select)").first).to_be_disabled()


def site_ends(site: Site, visitor: Visitor) -> None:
    """The clock runs out, as if an hour and a half had gone by."""
    run_out(site, int(visitor.page.url.partition("?")[0].rsplit("/", 1)[-1]))

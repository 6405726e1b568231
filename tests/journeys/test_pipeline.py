"""A manager goes through many candidates by keyboard, compares, rates, decides and writes."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import expect

from bench.crowd import crowd
from tests.journeys.applying import finish, invite, open_position, start
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

TITLES = {360: "Sales, Rhine", 1280: "Sales, Danube"}


def test_a_manager_compares_and_decides(site: Site, visit: Callable[..., Visitor]) -> None:
    manager = visit("lei")
    title = TITLES[manager.width]
    position_id = open_position(site, title)
    site.write(lambda db: crowd(db, position_id, 30, datetime.now(UTC)))
    for name, knows in (("Sun Yi", 4), ("Ida Brandt", 2)):
        finish(site, *start(site, invite(site, position_id, name)), lambda n, k=knows: n % k > 0)
    by_keyboard(manager, position_id)
    side_by_side(manager)
    rate(manager)
    decide_and_write(manager)


def by_keyboard(manager: Visitor, position_id: int) -> None:
    """Two are ticked by keys, moved to review, brought back and moved again."""
    page = manager.page
    manager.go(f"/hiring/positions/{position_id}", "pipeline-table")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    manager.look("pipeline-keys")
    page.keyboard.press("Escape")
    for key in "jxjx":
        page.keyboard.press(key)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Ida Brandt")).to_be_focused()
    for again in (True, False):
        page.get_by_label("With these candidates").select_option(label="Move to review")
        manager.press("Go on")
        manager.sees("This concerns 2 candidates")
        manager.look("pipeline-bulk")
        manager.press("Move to review")
        manager.sees("done for 2 candidates")
        if again:
            manager.press("Take it back")
            manager.sees("Taken back for 2 candidates")
            for name in ("Ida Brandt", "Sun Yi"):
                page.get_by_role("checkbox", name=f"Tick {name}").check()
    manager.go(f"/hiring/positions/{position_id}?view=board", "pipeline-board")
    page.get_by_text("Filters and order").click()
    page.get_by_label("Order").select_option(label="by name")
    manager.press("Use the filters")
    manager.look("pipeline-filters")
    manager.go(f"/hiring/positions/{position_id}?column=review")


def side_by_side(manager: Visitor) -> None:
    page = manager.page
    for name in ("Ida Brandt", "Sun Yi"):
        page.get_by_role("checkbox", name=f"Tick {name}").check()
    manager.press("Compare the ticked ones, two to six")
    manager.heading("Side by side")
    manager.sees("What would change the order")
    manager.look("compare-order")
    page.get_by_role("table").first.get_by_role("link", name="Sun Yi").click()
    manager.heading("Sun Yi")


def rate(manager: Visitor) -> None:
    """The guide asks, the manager rates; afterwards nothing can be changed."""
    page = manager.page
    manager.press("Interview guide and scorecard")
    manager.heading("Interview guide: Sun Yi")
    manager.look("interview-blank")
    page.get_by_role("radio", name="4").first.check()
    page.get_by_label("What you heard").first.fill("Named the stretch between gate and ship.")
    manager.press("Hand in")
    manager.sees("Your scorecard is handed in.")
    manager.look("interview-handed-in")
    page.get_by_role("link", name="Sun Yi").click()


def decide_and_write(manager: Visitor) -> None:
    """Hired: a letter that the manager words, then a member with a plan."""
    page = manager.page
    page.get_by_role("combobox", name="Decision").select_option(label="Hired")
    page.get_by_label("Main reason").select_option(label="The interview")
    page.get_by_label("Why, in your own words").fill("Solid where the role needs it.")
    manager.press("Write the decision down")
    manager.press("Letter to the candidate")
    manager.heading("Letter to Sun Yi")
    manager.look("letter")
    page.go_back()
    manager.press("Make them a member")
    manager.heading("Hire Sun Yi")
    manager.look("hire")
    manager.fill(email=f"sun.yi.{manager.width}@firm.example")
    manager.press("Make them a member")
    manager.sees("Sun Yi is a member.")

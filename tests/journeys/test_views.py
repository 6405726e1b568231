"""A manager keeps filters under a name, shares them with the team, and forgets them again."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import expect

from bench.crowd import crowd
from tests.journeys.applying import open_position
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor


def test_a_saved_view(site: Site, visit: Callable[..., Visitor]) -> None:
    manager = visit("lei")
    page = manager.page
    position_id = open_position(site, f"Sales, View Point {manager.width}")
    site.write(lambda db: crowd(db, position_id, 12, datetime.now(UTC)))
    manager.go(f"/hiring/positions/{position_id}")
    page.get_by_text("Filters and order").click()
    page.get_by_label("Invitation", exact=True).select_option(label="waits, not opened")
    page.get_by_label("Order").select_option(label="ends first")
    manager.press("Use the filters")
    page.get_by_text("Save this view").click()
    manager.look("view-saving")
    manager.fill(view_name="Waits for them")
    page.get_by_label("for the whole team").check()
    manager.press("Save the view")
    manager.sees("The view is saved.")
    manager.look("view-saved")
    chosen = page.locator(".views [aria-current=true]")
    expect(chosen).to_contain_text("Waits for them")

    recruiter = visit("min")
    recruiter.go(f"/hiring/positions/{position_id}")
    recruiter.page.locator(".views").get_by_role("link", name="Waits for them").click()
    expect(recruiter.page.locator(".views [aria-current=true]")).to_contain_text("Xu Lei")
    expect(recruiter.page.get_by_role("button", name="Forget the view")).to_have_count(0)
    recruiter.look("view-of-the-team")

    manager.press("Forget the view “Waits for them”")
    manager.sees("The view is gone. No candidate was changed.")
    expect(page.locator(".views")).to_have_count(0)

"""Journey 1: an empty installation prints a link, and whoever opens it becomes its first admin."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.site import Site, installation, new_address
from tests.journeys.visitor import Visitor


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Site]:
    """An installation on its first day: no people at all."""
    with installation(tmp_path / "instance") as site:
        yield site


def test_the_first_admin(browser: Browser, empty: Site) -> None:
    link = next(line.strip() for line in empty.served.lines if "/account/first/" in line)
    for width in (360, 1280):
        stranger = Visitor(browser, empty.url, width)
        stranger.go("/", "welcome")
        stranger.go(link, "first-admin")
        stranger.done()

    visitor = Visitor(browser, empty.url, 1280)
    visitor.page.goto(link)
    visitor.fill(name="Anna Weiss", email=new_address("Anna Weiss"), password="short")
    visitor.press("Become the first admin")
    assert visitor.sees("A password has 15 to 128 characters; this one has 5.")
    visitor.look("first-admin-refused")
    visitor.fill(password="lantern rope gantry tide")
    visitor.press("Become the first admin")
    visitor.heading("Welcome back, Anna Weiss")
    visitor.look("today-admin")
    visitor.press("People, audit log and backups")
    assert visitor.sees("1 person")

    late = Visitor(browser, empty.url, 360)
    late.go(link, "first-admin-used")
    assert late.sees("This link has been used")
    late.done()
    visitor.done()

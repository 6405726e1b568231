"""The browser and the running site; without a Chromium these tests are skipped with one line."""

import shutil
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, sync_playwright

from tests.building import CAST
from tests.journeys.site import Site, installation
from tests.journeys.visitor import Visitor

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


WIDTHS = (360, 1280)


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what is marked as a proof
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each journey is walked at one width, half of them on a phone; the other width is a proof."""
    for item in items:
        if "tests/journeys" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium was found on this machine"))
            if "width" in getattr(item, "fixturenames", ()) and _is_the_other_width(item):
                item.add_marker(pytest.mark.proof)


def _is_the_other_width(item: pytest.Item) -> bool:
    """Whether the journey's own width, drawn from its name, is not this one.

    A journey that names its width itself has only that one.
    """
    if any(mark.args[0] == "width" for mark in item.iter_markers("parametrize")):
        return False
    drawn = WIDTHS[zlib.crc32(item.nodeid.partition("[")[0].encode()) % 2]
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("width", drawn) != drawn


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Site]:
    """One installation for all journeys of a process: each journey brings its own people."""
    with installation(tmp_path_factory.mktemp("site"), prepared) as running:
        yield running


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    """A phone and a desk."""
    return int(request.param)


@pytest.fixture
def visit(
    browser: Browser, site: Site, width: int, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """`visit("lin")` or `visit(person_id)`: they are signed in; `visit()`: a stranger's browser."""
    visitors: list[Visitor] = []

    def open_one(who: str | int | None = None, **options: Any) -> Visitor:
        visitor = Visitor(browser, site.url, options.pop("width", width), **options)
        if who is not None:
            visitor.context.add_cookies([cookie_of(site, who)])
        visitors.append(visitor)
        return visitor

    yield open_one
    for place, visitor in enumerate(visitors):
        visitor.done(f"{request.node.name}-{place}")


def cookie_of(site: Site, who: str | int) -> dict[str, str]:
    """The session cookie of a member, as the sign-in page would have set it."""
    if isinstance(who, str):
        with site.app.app_context():
            who = CAST.ids()[who]
    viewer = site.viewer(who)
    signer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert signer is not None
    proved = int(datetime.now(UTC).timestamp())
    value = signer.dumps(
        {"_user_id": f"{viewer.id}.{viewer.epoch}", "_fresh": True, "proved": proved}
    )
    return {"name": "threshold", "value": value, "url": site.url}

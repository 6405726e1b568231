"""The browser and the running site; without a Chromium these tests are skipped with one line."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, sync_playwright

from services.accounts.people import load_viewer
from services.session import reading
from tests.building import CAST
from tests.journeys.site import Site, start_site
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium was found on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Site]:
    """One installation per journey file."""
    running = start_site(tmp_path_factory.mktemp("site"), prepared)
    yield running
    running.stop()


@pytest.fixture(params=[360, 1280])
def width(request: pytest.FixtureRequest) -> int:
    """A phone and a desk."""
    return int(request.param)


@pytest.fixture
def visit(browser: Browser, site: Site, width: int) -> Iterator[Callable[..., Visitor]]:
    """`visit("lin")` opens a browser in which Lin is signed in; `visit()` a stranger's."""
    visitors: list[Visitor] = []

    def open_one(name: str | None = None, **options: bool) -> Visitor:
        visitor = Visitor(browser, site.url, width, **options)
        if name:
            visitor.context.add_cookies([cookie_of(site, name)])
        visitors.append(visitor)
        return visitor

    yield open_one
    for visitor in visitors:
        visitor.done()


def cookie_of(site: Site, name: str) -> dict[str, str]:
    """The session cookie of a member, as the sign-in page would have set it."""
    with site.app.app_context():
        person_id = CAST.ids()[name]
        with reading() as session:
            viewer = load_viewer(session, person_id)
    assert viewer is not None
    signer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert signer is not None
    value = signer.dumps({"_user_id": f"{viewer.id}.{viewer.epoch}", "_fresh": True})
    return {"name": "threshold", "value": value, "url": site.url}

"""The studio: a lesson written with the keyboard alone, two trainers at one text, a dead server."""

import contextlib
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from app import make_app
from config import Settings
from services.learning import progress
from tests.cli.site import free_port, running
from tests.journeys.conftest import cookie_of
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

KEYS, SHARED, KILLED = (
    "geography/four-calendars",
    "industry/rivals-and-news",
    "law/whose-mark-whose-picture",
)
TIDE, BELL, ROPE = "A tide table hangs there.", "The door has a bell.", "A rope lies ready."


@pytest.fixture
def width() -> int:
    """Each part of a story says its own width."""
    return 1280


def test_keyboard_alone_from_edit_to_a_reader_who_is_asked_again(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    lin = site.member("Lin Yue", "learner")
    site.write(lambda db: progress.finish(db, site.actor(lin), KEYS, "en", datetime.now(UTC)))
    tao = visit("tao")
    keys, page = tao.page.keyboard, tao.page
    tao.go(f"/author/lessons/{KEYS}", "studio")
    source = page.locator("#source")
    source.focus()
    keys.press("Control+End")
    keys.type(f"\n\n{TIDE} ")
    keys.press("Control+B")
    keys.type("Strong")
    expect(source).to_have_value(re.compile(r"\*\*Strong\*\*"))
    expect(page.locator(".preview strong").filter(has_text="Strong")).to_have_count(1)

    keys.press("Control+/")
    page.get_by_role("dialog", name="Keys").wait_for()
    tao.look("studio-keys")
    keys.press("Escape")

    # The bar is one stop before the text; the arrows lead to the menu, which is worked by arrows.
    source.focus()
    keys.press("Control+End")
    keys.press("Shift+Tab")
    keys.press("End")
    keys.press("ArrowLeft")
    keys.press("Enter")
    menu = page.get_by_role("menu", name="Insert")
    menu.wait_for()
    tao.look("studio-menu")
    keys.press("End")
    keys.press("Enter")
    expect(source).to_have_value(re.compile(r"\| One \| Two \|"))
    expect(page.locator(".preview th").get_by_text("One", exact=True)).to_have_count(1)

    page.locator("[data-facts-panel] summary").focus()
    keys.press("Enter")
    level = page.get_by_label("Minutes")
    level.fill("44")
    keys.press("Tab")
    expect(source).to_have_value(re.compile(r"\nminutes: 44\n"))
    tao.look("studio-facts")
    keys.press("Control+S")
    expect(page.locator("[data-state=saved]")).to_be_visible()

    page.get_by_role("button", name="Publish …").focus()
    keys.press("Enter")
    dialog = page.get_by_role("dialog", name="Publish this text?")
    expect(dialog).to_contain_text("1 person has finished it.")
    dialog.get_by_label("Read it again: the facts changed").focus()
    keys.press("Space")
    dialog.get_by_label("What changed, and why").focus()
    keys.type("The tide moved.")
    tao.look("studio-publish")
    dialog.get_by_role("button", name="Publish", exact=True).focus()
    keys.press("Enter")
    tao.sees("Revision 2 is published: readers see it now.")

    learner = visit(lin, width=360)
    learner.go("/", "today-again")
    learner.sees("You finished this lesson before its facts changed.")
    learner.press("Read it again")
    learner.sees(TIDE)
    learner.press("Finish this lesson")
    learner.page.goto("/")
    assert not learner.page.get_by_text("before its facts changed").count()

    tao.go(f"/author/lessons/{KEYS}/history?old=1&new=2&view=sides", "history-sides")
    tao.go(f"/author/lessons/{KEYS}/history?old=1&new=2&view=page", "history-page")
    expect(page.locator(".page-diff__add").filter(has_text=TIDE)).to_have_count(1)


def test_two_at_one_text_on_the_phone(site: Site, visit: Callable[..., Visitor]) -> None:
    """Both texts are joined where they do not touch; remarks, review and a plan on the way."""
    tao, mara = visit("tao", width=360), visit("mara", width=360)
    for trainer in (tao, mara):
        trainer.page.goto(f"/author/lessons/{SHARED}")
    tao.look("studio")
    first = tao.page.locator("#source").input_value().split("\n## ", 1)[0].rstrip()
    _write(tao, lambda text: text.replace(first, f"{first}\n\n{BELL}", 1))
    _write(mara, lambda text: f"{text.rstrip()}\n\n{ROPE}\n")
    tao.press("Save draft")
    expect(tao.page.locator("[data-state=saved]")).to_be_visible()
    # By itself the page only says it; asked to save, it shows both texts.
    expect(mara.page.locator("[data-state=clash]")).to_be_visible(timeout=20_000)
    mara.look("studio-clash")
    mara.press("Save draft")
    mara.heading("Somebody was quicker")
    mara.look("studio-joined")
    mara.press("Save the joined text as the draft")
    mara.sees("The draft is saved.")
    joined = mara.page.locator("#source").input_value()
    assert BELL in joined
    assert ROPE in joined

    mara.page.get_by_text("Add a remark").click()
    mara.fill(line="3", comment="Is this still so?")
    mara.press("Add the remark")
    mara.sees("The remark stands at its line.")
    mara.look("studio-remark")
    mara.press("Ask for a review")
    mara.sees("asked for a review")
    visitor = visit(site.joined("Ruth Adler", "trainer")[0], width=360, dark=True)
    visitor.go(f"/author/lessons/{SHARED}", "studio-review")
    visitor.fill(note="Well said.")
    visitor.press("Approve this text")
    visitor.sees("approved this text")
    visitor.go("/author/approval", "approval")
    visitor.go("/author/", "author-marks")


def _write(trainer: Visitor, change: Callable[[str], str]) -> None:
    source = trainer.page.locator("#source")
    source.fill(change(source.input_value()))


def test_a_server_that_dies_while_somebody_types_loses_nothing(
    browser: Browser, prepared: Path, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    shutil.copyfile(prepared, tmp_path / "threshold.sqlite3")
    given = {"THRESHOLD_INSTANCE": str(tmp_path), "THRESHOLD_BASE_URL": url}
    with _served(tmp_path, port) as processes:
        app = make_app(Settings.from_environment(given))
        tao = Visitor(browser, url, 1280)
        tao.context.add_cookies([cookie_of(Site(url, tmp_path, app, None), "tao")])  # type: ignore[arg-type]
        tao.page.goto(f"/author/lessons/{KILLED}")
        source = tao.page.locator("#source")
        source.focus()
        tao.page.keyboard.press("Control+End")
        tao.page.keyboard.type(f"\n\n{TIDE}")
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        tao.page.keyboard.type(f" {BELL}")
        expect(tao.page.locator("[data-state=off]")).to_be_visible(timeout=20_000)
        assert f"{TIDE} {BELL}" in source.input_value()
    crashed = tao.page
    tao.page = tao.context.new_page()  # the tab is gone, and nobody asked whether it may go
    crashed.close(run_before_unload=False)
    with _served(tmp_path, port):
        tao.page.goto(f"/author/lessons/{KILLED}")
        source = tao.page.locator("#source")
        expect(source).to_have_value(re.compile(re.escape(f"{TIDE} {BELL}")))
        expect(tao.page.get_by_text("Your text from this browser is back.")).to_be_visible()
        expect(tao.page.locator("[data-state=saved]")).to_be_visible(timeout=20_000)
        tao.page.reload()
        expect(source).to_have_value(re.compile(re.escape(f"{TIDE} {BELL}")))
        expect(tao.page.locator("#kept-here")).to_be_hidden()
        tao.faults = [fault for fault in tao.faults if "ERR_" not in fault]
        tao.done()


@contextlib.contextmanager
def _served(instance: Path, port: int):  # type: ignore[no-untyped-def]
    """A site on a port of its own choosing, with all its processes."""
    with running(instance, "--port", str(port), log_level="error") as site:
        yield site.everybody()

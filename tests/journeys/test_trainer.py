"""Journey 6: a lesson is edited, published and read; a stale save loses nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

LESSONS = {360: "law/check-before-you-promise", 1280: "marketing/from-exposure-to-inquiry"}
TIDE, BELL, ROPE = "A tide table hangs there.", "The door has a bell.", "A rope lies ready."


@pytest.fixture
def lesson(width: int) -> str:
    """Each width edits a lesson of its own."""
    return LESSONS[width]


def test_edit_publish_read(site: Site, visit: Callable[..., Visitor], lesson: str) -> None:
    tao, mara = visit("tao"), visit("mara")
    tao.go("/author/", "author")
    tao.page.locator(f"main a[href$='/author/lessons/{lesson}']").click()
    tao.look("editor")
    mara.page.goto(f"/author/lessons/{lesson}")  # she opens the same text

    add(tao, TIDE)
    tao.look("editor-typed")
    keep(tao)
    come_second(mara)

    tao.page.goto(f"/author/lessons/{lesson}")
    compare(tao)
    publish(tao)
    learner = visit(site.member("Lin Yue", "learner"))
    learner.go(f"/learn/{lesson}")
    learner.sees(TIDE)
    learner.sees(BELL)
    expect(learner.page.locator(".sources")).to_contain_text("Revision 2")

    publish_too_late(mara)
    tao.go("/author/items", "items")
    tao.page.locator("main tbody a").first.click()
    tao.look("item")
    tao.go(f"/author/lessons/{lesson}/history", "history")


def add(trainer: Visitor, words: str) -> None:
    """Type at the end of the text; the preview follows, drawn by the server."""
    source = trainer.page.locator("#source")
    source.fill(f"{source.input_value().rstrip()}\n\n{words}\n")
    expect(trainer.page.locator(".preview")).to_contain_text(words)


def keep(trainer: Visitor) -> None:
    """Save in place."""
    trainer.press("Save draft")
    expect(trainer.page.locator("[data-state=saved]")).to_be_visible()


def come_second(trainer: Visitor) -> None:
    """Somebody saved in between: both texts stand side by side, and one is made of them."""
    add(trainer, BELL)
    trainer.press("Save draft")
    trainer.heading("Somebody was quicker")
    mine = trainer.page.get_by_label("Your text")
    theirs = trainer.page.get_by_label("Their text: He Tao")
    expect(mine).to_have_value(re.compile(re.escape(BELL)))
    expect(theirs).to_have_value(re.compile(re.escape(TIDE)))
    trainer.look("conflict")
    mine.fill(f"{theirs.input_value().rstrip()}\n\n{BELL}\n")
    trainer.press("Save my text as the draft")
    trainer.sees("The draft is saved.")


def compare(trainer: Visitor) -> None:
    """What readers would see anew, line by line."""
    trainer.press("See the difference")
    added = trainer.page.locator("#difference .add")
    expect(added.filter(has_text=TIDE)).to_have_count(1)
    expect(added.filter(has_text=BELL)).to_have_count(1)
    trainer.look("difference")


def publish(trainer: Visitor) -> None:
    trainer.press("Publish …")
    dialog = trainer.page.get_by_role("dialog")
    dialog.get_by_label("What changed, and why").fill("A picture for the tide.")
    trainer.look("publish")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    trainer.sees("Revision 2 is published: readers see it now.")
    trainer.look("published")


def publish_too_late(trainer: Visitor) -> None:
    """The text grew from what is no longer published: nothing is written over it."""
    add(trainer, ROPE)
    trainer.press("Publish …")
    trainer.page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    trainer.heading("Somebody was quicker")
    expect(trainer.page.get_by_label("Your text")).to_have_value(re.compile(re.escape(ROPE)))
    trainer.look("conflict-published")

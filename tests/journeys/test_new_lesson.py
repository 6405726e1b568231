"""From nothing to a reader: a module, its first lesson with tabs, published, opened, read."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

NUMBERED = "/author/lessons/harbours-{0}/tide-tables"
BODY = """Ships wait for water under the keel.

## When the water comes

Twice a day.

## Two harbours

{tabs}

## What follows

/// check | Who reads the table?
- [ ] Nobody :: Then nobody sails.
- [x] The pilot :: It is the pilot's work.
///

```
Dear Ms Okafor,
high water is at <06:40>.
```
"""
TABS = """/// tab | Hamburg
Nine metres at *noon*.
///

/// tab | Ningbo
Eleven metres at dawn.
///"""


def test_from_nothing_to_a_reader(site: Site, visit: Callable[..., Visitor], width: int) -> None:
    tao = visit("tao")
    begin(tao, width)
    write(tao)
    publish(tao, width)
    lin = site.member("Lin Yue", "learner")
    read(visit(lin), width)
    plain = visit(lin, script=False)
    plain.go(f"/learn/harbours-{width}/tide-tables", "tabs-no-script")
    for words in ("Nine metres", "Eleven metres"):
        expect(plain.page.get_by_text(words)).to_be_visible()
    expect(plain.page.get_by_role("heading", level=3, name="Ningbo")).to_be_visible()


def begin(tao: Visitor, width: int) -> None:
    """The forms, refused once: what was typed stays."""
    tao.go("/author/courses")
    tao.press("New module")
    tao.look("new-module")
    tao.fill(title=f"Harbours {width}", summary="Where ships land.", title_zh="港口")
    tao.press("Begin the module")
    tao.sees("Please fill this in.")
    tao.page.get_by_label("C3").check()
    tao.press("Begin the module")
    tao.sees("The module is there, closed.")
    tao.look("new-lesson")
    tao.fill(title="Tide tables", name="know what")
    tao.press("Begin the lesson")
    tao.sees("Use small Latin letters, digits and hyphens")
    tao.look("new-lesson-refused")
    tao.fill(name="", summary="When ships come in.", objective="You can read a table.")
    tao.page.get_by_label("C3").check()
    tao.fill(sources="Harbour office | 2026")
    tao.press("Begin the lesson")
    tao.sees("The lesson is there.")
    tao.look("new-lesson-editor")


def write(tao: Visitor) -> None:
    """The outline gives way to a text; tabs come from the menu, by keyboard."""
    page = tao.page
    source = page.locator("#source")
    front = source.input_value().split("\n---\n")[0]
    before, after = BODY.split("{tabs}")
    source.fill(f"{front}\nquiz: [C3-Q01]\n---\n{before}")
    source.focus()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Insert").click()
    menu = page.get_by_role("menu", name="Insert")
    menu.wait_for()
    menu.get_by_role("menuitem", name="Tabs: texts to choose from").focus()
    page.keyboard.press("Enter")
    expect(source).to_have_value(re.compile(r"/// tab \| One\n.+\n///\n\n/// tab \| Two\n.+\n///"))
    expect(page.locator(".preview").get_by_role("tab", name="Two")).to_have_count(1)
    source.fill(f"{front}\nquiz: [C3-Q01]\n---\n{before}{TABS}{after}")
    expect(page.locator(".preview").get_by_role("tab", name="Ningbo")).to_have_count(1)
    page.locator(".preview").get_by_role("tab", name="Ningbo").click()
    tao.look("tabs-preview")
    page.keyboard.press("Control+S")
    expect(page.locator("[data-state=saved]")).to_be_visible()


def publish(tao: Visitor, width: int) -> None:
    tao.go("/author/", "author-new-lesson")
    tao.page.goto(NUMBERED.format(width))
    tao.press("Publish …")
    dialog = tao.page.get_by_role("dialog", name="Publish this text?")
    tao.look("publish-first")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    tao.sees("stands last in its module")
    tao.go(f"/author/courses/harbours-{width}", "module-form")
    expect(tao.page.locator("[name=lessons]")).to_have_value("tide-tables")
    tao.page.get_by_label("Open", exact=True).check()
    tao.press("Publish the module")
    tao.sees("The module is published as it stands here.")


def read(lin: Visitor, width: int) -> None:
    """One of the texts at a time, chosen by arrows; on paper all of them."""
    lin.go(f"/learn/harbours-{width}/tide-tables", "tabs")
    page = lin.page
    hamburg, ningbo = (page.get_by_role("tab", name=name) for name in ("Hamburg", "Ningbo"))
    expect(hamburg).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel")).to_have_count(1)
    hamburg.focus()
    page.keyboard.press("ArrowRight")
    expect(ningbo).to_be_focused()
    expect(ningbo).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Ningbo")).to_contain_text("Eleven metres at dawn.")
    expect(page.get_by_text("Nine metres")).to_be_hidden()
    page.keyboard.press("Home")
    expect(hamburg).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("tabpanel", name="Hamburg")).to_be_focused()
    expect(page.locator("pre")).to_contain_text("high water is at <06:40>.")
    printed(page)


def printed(page: Page) -> None:
    page.emulate_media(media="print")
    for words in ("Nine metres", "Eleven metres"):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("heading", level=3, name="Ningbo")).to_be_visible()
    expect(page.locator("[role=tablist]")).to_be_hidden()
    page.emulate_media(media="screen")

"""A trainer who knows only a word processor: a question from nothing to the bank, by its form."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.blueprints.authoring.sending import ONE_OF_EACH
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

ANSWERS = ("On the next working day", "Within two hours", "When the price is ready", "Never")


def test_every_kind_opens_in_its_form(visit: Callable[..., Visitor]) -> None:
    tao = visit("tao")
    for key in ONE_OF_EACH:
        tao.go(f"/author/items/{key}/edit", f"item-form-{key}")
        expect(tao.page.get_by_role("button", name="Edit as text")).to_be_visible()
        assert not tao.page.locator(".errors").count()


def _walk(page: Page, to: str) -> None:
    """Tab until this has the focus, as somebody without a mouse does: words, or the #id of it."""
    told = []
    for _ in range(120):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "() => { const e = document.activeElement; return ['#' + e.id, (e.ariaLabel"
            " || e.labels?.[0]?.textContent || e.textContent).trim()]; }"
        )
        if to in told:
            return
    raise AssertionError(f"no way by keyboard to {to}; it ends at {told}")


def test_a_question_from_nothing_by_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    tao = visit("tao")
    page, keys = tao.page, tao.page.keyboard
    tao.go("/author/items", "items-list")
    _walk(page, "New item")
    keys.press("Enter")
    tao.heading("New item")
    tao.look("item-new")
    _walk(page, "#competency")
    keys.type("C4")
    _walk(page, "Begin")
    keys.press("Enter")
    page.wait_for_url(re.compile("/author/items/C4-T"))
    key = page.url.split("/")[-2]
    tao.look("item-empty")

    _walk(page, "#stem")
    keys.type("A buyer writes on Friday evening. When do you answer?")
    for place, answer in enumerate(ANSWERS):
        if place == 3:
            _walk(page, "Add a row: Answers to choose from")
            keys.press("Enter")
            expect(page.locator("#options-3-text")).to_be_focused()
        else:
            _walk(page, f"#options-{place}-text")
        keys.type(answer)
        _walk(page, f"#options-{place}-key")
        if place == 0:
            keys.press("Space")
        _walk(page, f"#options-{place}-why")
        keys.type(f"Reason {place}.")
    page.locator("#options-1 button").filter(has_text="Up").focus()
    keys.press("Enter")
    expect(page.locator("#options-0-text")).to_have_value(ANSWERS[1])
    expect(page.locator("#options-1-key")).to_be_checked()
    expect(page.locator("#rows-said")).to_contain_text("Rows now: 4")

    _walk(page, "Publish")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Subtopic: Fill this in.")
    expect(page.locator(".f-subtopic .bad")).to_contain_text("Fill this in.")
    assert page.locator("#options-3-why").input_value() == "Reason 3."
    expect(page.locator("#stem")).to_have_value(re.compile("^A buyer writes"))
    tao.look("item-faults")
    page.locator("#subtopic").focus()
    keys.press("ArrowDown")
    page.locator("#lesson").focus()
    keys.press("ArrowDown")
    page.locator("#source").focus()
    keys.type("House rules (2026)")
    _walk(page, "Preview")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="As a candidate sees it")).to_be_visible()
    tao.look("item-previewed")
    _walk(page, "Publish")
    keys.press("Enter")
    tao.sees("The item is published.")
    tao.go(f"/author/items/{key}", "item-published")


def test_two_at_one_question_and_its_end(site: Site, visit: Callable[..., Visitor]) -> None:
    key = "C5-Q02"
    tao, mara = visit("tao"), visit("mara", dark=True)
    for trainer in (tao, mara):
        trainer.page.goto(f"/author/items/{key}/edit")
    tao.page.locator("#difficulty").select_option("5")
    mara.page.locator("#difficulty").select_option("1")
    tao.press("Save the draft")
    tao.sees("The draft is saved.")
    mara.press("Save the draft")
    mara.heading("Somebody was quicker")
    mara.look("item-conflict")
    mara.press("Open it in the form")
    expect(mara.page.locator("#difficulty")).to_have_value("1")
    mara.press("Save the draft")
    mara.sees("The draft is saved.")
    mara.go("/author/items?state=drafted", "items-drafted")
    mara.sees(key)

    mara.go(f"/author/items/{key}/edit")
    mara.press("Copy it")
    mara.sees(f"This is a copy of {key}.")
    mara.look("item-copy")
    mara.go("/author/items/drafts", "items-drafts")


@pytest.mark.parametrize("width", [360])
def test_without_script_rows_move_and_nothing_is_lost(
    visit: Callable[..., Visitor], width: int
) -> None:
    tao = visit("tao", script=False)
    tao.page.goto("/author/items/C3-K05/edit")
    first, second = (tao.page.locator(f"#actions-{n}-text") for n in (0, 1))
    were = first.input_value(), second.input_value()
    tao.fill(source="Changed")
    tao.page.locator("#actions-0 button").filter(has_text="Down").click()
    assert (second.input_value(), first.input_value()) == were
    assert tao.page.locator("[name=source]:visible").input_value() == "Changed"
    tao.look("item-no-script")


@pytest.mark.parametrize("width", [1280])
def test_a_place_is_put_where_somebody_clicks(visit: Callable[..., Visitor], width: int) -> None:
    tao = visit("tao")
    tao.page.goto("/author/items/C3-K04/edit")
    tao.page.locator("#areas-1-label").focus()
    box = tao.page.locator("[data-plan] svg").bounding_box()
    assert box is not None
    tao.page.locator("[data-plan] svg").click(position={"x": box["width"] / 2, "y": 40})
    left = float(tao.page.locator("#areas-1-x").input_value())
    across = tao.page.locator("[data-plan] svg").evaluate("svg => svg.viewBox.baseVal.width")
    assert abs(left - across / 2) < across / 20
    assert tao.page.locator("#areas-0-x").input_value() == "16"
    tao.look("item-place")

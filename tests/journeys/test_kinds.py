"""Every kind of question beyond choosing: by keyboard, by pointer, and after a crash of the tab."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from domain.assessment.items import way_of
from services.assessment.responding import asked
from tests.cli.site import until
from tests.journeys.answering import settle
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

Visit = Callable[..., Visitor]
SECONDS = 20
WAYS = ("truefalse", "short", "table", "hotspot", "best-worst", "rate", "likert", "open")
# What the controls of the page say: name and letter of what is chosen, name and text of the rest.
SAID = """() => [...document.querySelectorAll("fieldset :is(input, select, textarea)[name]")]
  .filter((one) => (one.type === "radio" ? one.checked : one.value))
  .map((one) => `${one.closest("section").id} ${one.name} ${one.value}`).sort()"""


@pytest.mark.parametrize("dark", [True])
def test_every_kind_by_keyboard_and_after_a_crash(site: Site, visit: Visit, dark: bool) -> None:
    lin = visit(site.member("Lin Yue", "learner"), dark=dark)
    lin.go("/assess/")
    lin.page.locator('form[action$="/forms/kinds-1"] button').click()
    lin.page.wait_for_url("**/assess/attempts/*")
    attempt_id = int(lin.page.url.partition("?")[0].rsplit("/", 1)[-1])
    lin.go(f"/assess/attempts/{attempt_id}?view=all", "kinds")
    for way in WAYS:
        give(of_way(lin, way), way)
    settle(lin)
    lin.look("kinds-answered")
    until(lambda: all(held(site, attempt_id)[way] for way in WAYS), SECONDS)
    said = lin.page.evaluate(SAID)
    lin.page.reload()
    assert lin.page.evaluate(SAID) == said  # the server fills them as they were

    lin.page.route("**/answers", lambda route: route.abort("internetdisconnected"))
    for way in WAYS:
        give(of_way(lin, way), way, 1)
    lin.page.locator("[data-state=off]").wait_for()
    changed = lin.page.evaluate(SAID)
    assert changed != said
    lin.page.reload()
    expect(lin.page.locator("[data-state=off]")).to_be_visible()
    until(lambda: lin.page.evaluate(SAID) == changed, SECONDS)  # filled from this device
    lin.page.unroute("**/answers")
    lin.page.evaluate("dispatchEvent(new Event('online'))")
    settle(lin)
    until(lambda: held(site, attempt_id)["short"] == {"text": "landed cost 1"}, SECONDS)


def of_way(visitor: Visitor, way: str) -> Locator:
    return visitor.page.locator(f'section[data-kind="{way}"]').first


def give(question: Locator, way: str, turn: int = 0) -> None:
    """An answer by keys alone; to a figure by pointer first, as nothing else tries that."""
    radios = question.get_by_role("radio")
    match way:
        case "truefalse":
            press(question.locator("[name=truth]").nth(turn))
            press(question.locator("[name=reason]").nth(turn))
        case "best-worst":
            press(question.locator("[name=best]").nth(turn))
            press(question.locator("[name=worst]").nth(turn + 1))
        case "rate" | "likert":
            for scale in question.locator(".scale").all():
                press(scale.get_by_role("radio").nth(turn + 1))
        case "hotspot":
            spots = question.locator("[data-figure] [data-letter]")
            spots.nth(turn).click()
            letter = spots.nth(turn).get_attribute("data-letter")
            expect(question.locator(f'[name=choice][value="{letter}"]')).to_be_checked()
            expect(question.locator(".spot--on")).to_have_count(1)
            radios.nth(0).focus()
            question.page.keyboard.press("ArrowDown")
            expect(radios.nth(1)).to_be_checked()
            second = radios.nth(1).get_attribute("value")
            expect(question.locator(f'.spot--on[data-letter="{second}"]')).to_have_count(1)
            if turn:
                question.page.keyboard.press("ArrowDown")
        case _:
            for field in question.get_by_role("textbox").all():
                field.focus()
                question.page.keyboard.press("Control+A")
                question.page.keyboard.type(text(field, turn))
                question.page.keyboard.press("Tab")


def text(field: Locator, turn: int) -> str:
    if field.get_attribute("inputmode") == "decimal":
        return str(12 + turn)
    return f"landed cost {turn}"


def press(radio: Locator) -> None:
    radio.focus()
    radio.press("Space")
    expect(radio).to_be_checked()


def held(site: Site, attempt_id: int) -> Mapping[str, Any]:
    """Way -> what the server holds of the first question of it."""
    found: dict[str, Any] = {}
    for question in site.read(lambda session: asked(session, attempt_id)):
        found.setdefault(way_of(question.item), question.answer and question.answer.response)
    return found

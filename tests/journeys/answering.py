"""How a person answers questions in the browser: every kind of item, with script and without."""

from collections.abc import Iterable

from playwright.sync_api import Locator, expect

from tests.journeys.visitor import Visitor


def begin(visitor: Visitor) -> int:
    """Wait for the questions; gives back how many there are."""
    sections = visitor.page.locator("section.ask-one")
    sections.locator("visible=true").first.wait_for()
    settle(visitor)
    return sections.count()


def settle(visitor: Visitor) -> None:
    """Wait until the page says that everything is saved; without script nothing is waiting."""
    if visitor.script:
        expect(visitor.page.locator("[data-status] [data-state=saved]")).to_be_visible()


def answer(question: Locator, place: int = 0) -> str:
    """Give an answer of some kind, later ones for a higher place; gives back the item's kind."""
    kind = question.get_attribute("data-kind") or ""
    if kind in ("single", "sjt"):
        radios = question.get_by_role("radio")
        radios.nth(place % radios.count()).check()
    elif kind == "multiple":
        boxes = question.get_by_role("checkbox")
        for box in boxes.all():
            box.uncheck()
        boxes.nth(place % boxes.count()).check()
        boxes.nth((place + 1) % boxes.count()).check()
    elif kind == "ordering":
        _number(question)
    elif kind == "matching":
        for select in question.get_by_role("combobox").all():
            select.select_option(index=1 + place % (select.locator("option").count() - 1))
    else:
        figure = question.get_by_role("textbox")
        figure.fill(str(12 + place))
        figure.blur()
    return kind


def touch(question: Locator) -> None:
    """Change one control and no more: what is saved from it may close the question."""
    kind = question.get_attribute("data-kind") or ""
    if kind == "ordering":
        question.get_by_role("button", name="Move down").first.click()
    elif kind == "matching":
        question.get_by_role("combobox").first.select_option(index=1)
    elif kind == "numeric":
        question.get_by_role("textbox").fill("12")
    else:
        question.locator("input:visible").first.check()


def _number(question: Locator) -> None:
    """With script one move puts a number on every step; without it each list is set."""
    down = question.get_by_role("button", name="Move down")
    if down.count():
        down.first.click()
        return
    for place, select in enumerate(question.get_by_role("combobox").all(), 1):
        select.select_option(str(place))


def answer_all(visitor: Visitor, looks: dict[str, str] | None = None) -> list[str]:
    """Answer every question one by one, up to the review; gives back the kinds that were met."""
    kinds = answer_some(visitor, range(1, begin(visitor) + 1), looks)
    visitor.heading("Review and hand in")
    return kinds


def answer_some(
    visitor: Visitor, numbers: Iterable[int], looks: dict[str, str] | None = None
) -> list[str]:
    """Answer these questions, going on from each; gives back the kinds that were met.

    looks: kind of item -> name of its picture; the first question of each kind is looked at.
    """
    kinds: list[str] = []
    looks = dict(looks or {})
    for number in numbers:
        question = visitor.page.locator(f"#q-{number}")
        question.wait_for()
        kinds.append(answer(question, number))
        settle(visitor)
        if name := looks.pop(kinds[-1], ""):
            visitor.look(name)
        question.locator("button[name=go]").last.click()
    return kinds


def hand_in(visitor: Visitor, name: str) -> None:
    """Look back, and hand in."""
    visitor.look(name)
    visitor.press("Hand in")

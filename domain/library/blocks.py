"""The lesson's own blocks: callouts, folded text, tabs, questions (content/README.md)."""

from typing import Any
from xml.etree import ElementTree

import markdown
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from domain.library.lesson_text import CLAIM
from domain.library.panes import TAB

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "case": "Case",
        "worked": "Worked example",
        "claim": "Claim check",
        "try": "Try it at work",
        "note": "Note",
    },
    "zh_Hans": {
        "case": "案例",
        "worked": "算例",
        "claim": "求证",
        "try": "动手试试",
        "note": "注",
    },
}
OTHER_WORDS = {
    "en": {"table": "Table", "check": "Check yourself"},
    "zh_Hans": {"table": "表", "check": "自测"},
}
PANES, PANE_TITLE = "panes", "pane__t"
KEY_MARK, OTHER_MARK, REASON = "[x] ", "[ ] ", " :: "


def labels_for(lang: str) -> dict[str, str]:
    """All words that the renderer itself writes, in one language; English where it has none."""
    known = lang if lang in LABELS else "en"
    return LABELS[known] | OTHER_WORDS[known]


class _LessonBlock(Block):
    ARGUMENT = True
    labels: dict[str, str] = LABELS["en"] | OTHER_WORDS["en"]


class Callout(_LessonBlock):
    """A case, worked example, claim check, task or note, with a label and a title.

    The seed id before a claim (`S0-6: ...`) is for the record of claims, not for readers.
    """

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        box = ElementTree.SubElement(parent, "div", {"class": f"call call--{self.NAME}"})
        ElementTree.SubElement(box, "p", {"class": "call__t"}).text = self.labels[self.NAME]
        ElementTree.SubElement(box, "p", {"class": "call__h"}).text = self._title()
        return box

    def _title(self) -> str:
        claim = CLAIM.fullmatch(self.argument) if self.NAME == "claim" else None
        return claim["words"] if claim else str(self.argument)


class Folded(_LessonBlock):
    """Text behind a title."""

    NAME = "details"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        box = ElementTree.SubElement(parent, "details", {"class": "more"})
        ElementTree.SubElement(box, "summary").text = self.argument
        return box


class Pane(_LessonBlock):
    """One of several texts to choose from; those that follow one another stand in one set.

    Without script all are shown, one below the other, each under its title.
    """

    NAME = TAB

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        panes = parent[-1] if len(parent) and parent[-1].get("class") == PANES else None
        if panes is None:
            panes = ElementTree.SubElement(parent, "div", {"class": PANES, "role": "group"})
        self.pane = ElementTree.SubElement(panes, "div", {"class": "pane"})
        ElementTree.SubElement(self.pane, "p", {"class": PANE_TITLE}).text = self.argument
        return panes

    def on_add(self, block: ElementTree.Element) -> ElementTree.Element:
        return self.pane


class Check(_LessonBlock):
    """A question in the text: each option opens to say why. Works without script."""

    NAME = "check"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        box = ElementTree.SubElement(parent, "div", {"class": "ask"})
        ElementTree.SubElement(box, "p", {"class": "label"}).text = self.labels["check"]
        ElementTree.SubElement(box, "p", {"class": "ask__q"}).text = self.argument
        return box

    def on_end(self, block: ElementTree.Element) -> None:
        for child in list(block):
            if child.tag != "ul":
                continue
            at = list(block).index(child)
            block.remove(child)
            for offset, option in enumerate(child):
                block.insert(at + offset, _option(option))


def _option(item: ElementTree.Element) -> ElementTree.Element:
    """Turn `- [x] text :: reason` into a details element; the text is still raw markdown here."""
    paragraph = item.find("p")
    raw = ((paragraph if paragraph is not None else item).text or "").strip()
    is_key = raw.startswith(KEY_MARK)
    text, _, why = raw.removeprefix(KEY_MARK).removeprefix(OTHER_MARK).partition(REASON)
    option = ElementTree.Element("details", {"class": "opt opt--key" if is_key else "opt"})
    ElementTree.SubElement(option, "summary").text = text
    ElementTree.SubElement(option, "p", {"class": "opt__why"}).text = why
    return option


class LessonBlocks(BlocksExtension):
    """Registers the blocks above with their words in the lesson's language."""

    def __init__(self, lang: str) -> None:
        self.labels = labels_for(lang)
        super().__init__()

    def extendMarkdownBlocks(self, md: markdown.Markdown, block_mgr: Any) -> None:  # noqa: N802
        shared = {"labels": self.labels}
        for name in LABELS["en"]:
            block_mgr.register(type(f"Callout_{name}", (Callout,), {"NAME": name, **shared}), {})
        block_mgr.register(type("LabelledFolded", (Folded,), shared), {})
        block_mgr.register(type("LabelledPane", (Pane,), shared), {})
        block_mgr.register(type("LabelledCheck", (Check,), shared), {})

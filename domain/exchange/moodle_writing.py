"""Questions as Moodle XML."""

import base64
import re
from collections.abc import Iterable
from xml.etree import ElementTree

from domain.exchange.questions import Answer, Question, percent

CARRIES = frozenset(
    {"single", "multiple", "truefalse", "short", "numeric", "matching", "ordering", "open"}
)
_TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "short": "shortanswer",
    "numeric": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "open": "essay",
}
# What XML 1.0 cannot hold.
_UNSOUND = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Element = ElementTree.Element
_sub = ElementTree.SubElement


def write_moodle(questions: Iterable[Question]) -> bytes:
    """A Moodle XML file; kinds that are not in CARRIES are left to the caller to report."""
    root, category = Element("quiz"), ""
    for question in questions:
        if question.kind not in CARRIES:
            continue
        if question.category != category:
            category = question.category
            holder = _sub(_sub(root, "question", type="category"), "category")
            _sub(holder, "text").text = clean(category)
        _question(_sub(root, "question", type=_TYPES[question.kind]), question)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNSOUND.sub("", text)


def _text(parent: Element, name: str, text: str, form: str | None = "plain_text") -> Element:
    holder = _sub(parent, name, {"format": form} if form else {})
    _sub(holder, "text").text = clean(text)
    return holder


def _question(element: Element, question: Question) -> None:
    _text(element, "name", question.name, None)
    stem = question.stem
    for picture in question.pictures:
        stem = stem.replace(f"(media:{picture.name})", f"(@@PLUGINFILE@@/{picture.name})")
    holder = _text(element, "questiontext", stem, "markdown")
    for picture in question.pictures:
        file = _sub(holder, "file", name=picture.name, path="/", encoding="base64")
        file.text = picture.data
    if question.why:
        _text(element, "generalfeedback", question.why)
    if identity := question.tags.get("id"):
        _sub(element, "idnumber").text = clean(identity)
    if question.kind in ("single", "multiple"):
        _sub(element, "single").text = str(question.kind == "single").lower()
    if question.kind == "short":
        _sub(element, "usecase").text = "0"
    for place, answer in enumerate(question.answers, start=1):
        _answer(element, question.kind, answer, place)
    if question.unit:
        unit = _sub(_sub(element, "units"), "unit")
        _sub(unit, "multiplier").text = "1"
        _sub(unit, "unit_name").text = clean(question.unit)
    for hint in question.hints:
        _text(element, "hint", hint)
    tags = {name: value for name, value in question.tags.items() if name != "id"}
    if tags:
        holder = _sub(element, "tags")
        for name, value in tags.items():
            _sub(_sub(holder, "tag"), "text").text = clean(f"{name}={value}")


def _answer(element: Element, kind: str, answer: Answer, place: int) -> None:
    if kind == "matching":
        pair = _text(element, "subquestion", answer.text)
        _sub(_sub(pair, "answer"), "text").text = clean(answer.goes_with)
        return
    if kind == "open":
        _text(element, "graderinfo", answer.why)
        return
    fraction = str(place) if kind == "ordering" else percent(answer.share)
    text = {"numeric": answer.value or "*", "truefalse": answer.text.lower()}.get(kind, answer.text)
    holder = _text(element, "answer", text)
    holder.set("fraction", fraction)
    if answer.why:
        _text(holder, "feedback", answer.why)
    if kind == "numeric" and answer.value:
        _sub(holder, "tolerance").text = answer.tolerance or "0"


def base64_of(data: bytes) -> str:
    """Bytes as the text that files stand in."""
    return base64.b64encode(data).decode("ascii")

"""QTI's elements under one name each: `simpleChoice` in 2.x is `qti-simple-choice` in 3.0."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from domain.exchange.markup import Writer
from domain.exchange.xml_text import Element, name_of

_DASH = re.compile(r"-([a-z0-9])")
IGNORED_IN_BODY = frozenset({"feedbackInline", "feedbackBlock", "rubricBlock"})
INTERACTIONS = {
    "choiceInteraction": "",
    "inlineChoiceInteraction": "",
    "matchInteraction": "",
    "orderInteraction": "",
    "textEntryInteraction": "",
    "extendedTextInteraction": "",
    "hotspotInteraction": "",
    "selectPointInteraction": "",
    "associateInteraction": "asks to pair things of one set; make it a matching question",
    "gapMatchInteraction": "asks to drag words into gaps; ask each gap by itself",
    "graphicGapMatchInteraction": "asks to drag things onto a picture, which has no place here",
    "graphicAssociateInteraction": "asks to join places on a picture, which has no place here",
    "graphicOrderInteraction": "asks to order places on a picture, which has no place here",
    "positionObjectInteraction": "asks to place a thing on a picture, which has no place here",
    "hottextInteraction": "asks to mark words in a text; make it a choice",
    "sliderInteraction": "asks for a point on a slider; make it a number",
    "uploadInteraction": "asks for a file; answers here are text",
    "drawingInteraction": "asks for a drawing; answers here are text",
    "mediaInteraction": "plays sound or film, which is not shown here",
    "endAttemptInteraction": "asks for another try; an answer is given once",
    "customInteraction": "is a program of its maker, which does not run here",
    "portableCustomInteraction": "is a program of its maker, which does not run here",
}


def tag(element: Element) -> str:
    """The element's name as QTI 2 writes it."""
    name = name_of(element)
    return _camel(name[4:]) if name.startswith("qti-") else name


def attribute(element: Element, name: str) -> str:
    """An attribute by its name in QTI 2; "" where it is missing."""
    found = element.get(name)
    if found is None:
        dashed = re.sub(r"[A-Z]", lambda m: f"-{m[0].lower()}", name)
        found = element.get(dashed)
    return (found or "").strip()


def _camel(name: str) -> str:
    return _DASH.sub(lambda m: m[1].upper(), name)


def within(element: Element | None, *names: str) -> Iterator[Element]:
    """All elements inside with one of these names, in reading order."""
    return iter(()) if element is None else (e for e in element.iter() if tag(e) in names)


def first(element: Element | None, *names: str) -> Element | None:
    return next(within(element, *names), None)


def direct(element: Element | None, *names: str) -> list[Element]:
    return [] if element is None else [e for e in element if tag(e) in names]


def is_for_candidates(element: Element) -> bool:
    """Whether a rubricBlock is read by who answers: instructions, and not words for the marker."""
    return tag(element) == "rubricBlock" and "candidate" in attribute(element, "view").split()


def write(writer: Writer, element: Element, skip: frozenset[str] = frozenset()) -> None:
    """Give an element's content to a writer; `skip` names what is left out, with its text."""
    if element.text:
        writer.data(element.text)
    for inner in element:
        name = tag(inner)
        if is_for_candidates(inner):
            writer.start("p", {})
            write(writer, inner, skip)
            writer.end("p")
        elif not isinstance(inner.tag, str) or name in skip:
            pass
        elif name in INTERACTIONS:
            _interaction(writer, inner, name)
        elif name == "object":
            _object(writer, inner)
        elif name in ("prompt", "simpleChoice", "itemBody", "stimulusBody"):
            writer.start("p", {})
            write(writer, inner, skip)
            writer.end("p")
        elif name == "printedVariable":
            writer.start(name, {})
        else:
            writer.start(name, dict(inner.attrib))
            write(writer, inner, skip)
            writer.end(name)
        if inner.tail:
            writer.data(inner.tail)


def _interaction(writer: Writer, element: Element, name: str) -> None:
    """In the stem an interaction leaves its prompt, and a gap where it stands in a sentence."""
    if name in ("textEntryInteraction", "inlineChoiceInteraction"):
        writer.gap()
        return
    for prompt in direct(element, "prompt"):
        writer.start("p", {})
        write(writer, prompt)
        writer.end("p")


def _object(writer: Writer, element: Element) -> None:
    if attribute(element, "type").startswith("image/"):
        words = " ".join("".join(element.itertext()).split())
        writer.start("img", {"src": attribute(element, "data"), "alt": words})
    else:  # what stands inside is for those who cannot be shown the thing itself
        writer.start("object", {})
        writer.end("object")
        write(writer, element)


def resolve(base: str, href: str, files: Mapping[str, bytes]) -> str | None:
    """The path in the package that an address in the file `base` means; None for no file of it."""
    path = unquote(href.partition("#")[0].partition("?")[0])
    if not path or "://" in path or path.startswith(("/", "data:")):
        return None
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
    return whole if whole in files else None

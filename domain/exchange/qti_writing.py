"""Questions as a QTI package: a manifest and one assessmentItem each; 2.1, 2.2 or 3.0."""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from domain.exchange import xhtml
from domain.exchange.moodle_writing import clean
from domain.exchange.qti import KEYWORD
from domain.exchange.questions import Answer, Question

CARRIES = frozenset({
    "single", "multiple", "truefalse", "short", "numeric", "matching", "ordering", "open", "hotspot"
})  # fmt: skip
VERSIONS = ("2.1", "2.2", "3.0")
Element = ElementTree.Element
_sub = ElementTree.SubElement
_SPACES = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "2.2": "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
_TYPES = {"2.1": "imsqti_item_xmlv2p1", "2.2": "imsqti_item_xmlv2p2", "3.0": "imsqti_item_xmlv3p0"}
_HTML = frozenset(
    [
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "code",
        "a",
        "br",
        "img",
        "span",
        "object",
    ]
)
_UPPER = re.compile(r"[A-Z]")
_PLAIN = frozenset({"xmlns", "src", "alt", "href", "data", "type"})


def _for_all(question: Question) -> str:
    """What is said to everybody; an entry has no other place for its reason."""
    if question.kind in ("short", "numeric") and not question.why:
        return next((answer.why for answer in question.answers if answer.share > 0), "")
    return question.why


def write_package(
    questions: Iterable[Question], version: str = "2.1", figures: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """path -> bytes of a package. figures: name -> SVG of the drawings that hotspots rest on."""
    files: dict[str, bytes] = {}
    manifest = Element("manifest", {
        "xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1", "identifier": "threshold-items"
    })  # fmt: skip
    _sub(manifest, "organizations")
    resources = _sub(manifest, "resources")
    for place, question in enumerate(questions, start=1):
        if question.kind not in CARRIES:
            continue
        identifier = f"item-{place:04d}"
        path = f"items/{identifier}.xml"
        shown = {p.name: f"../pictures/{p.name}" for p in question.pictures}
        files |= {f"pictures/{p.name}": b64decode(p.data) for p in question.pictures}
        drawn = (figures or {}).get(question.figure)
        if question.kind == "hotspot" and drawn is not None:
            files[f"pictures/{question.figure}.svg"] = drawn.encode()
        files[path] = _file(_item(question, identifier, version, shown), version)
        resource = _sub(resources, "resource", {
            "identifier": f"res-{identifier}", "type": _TYPES[version], "href": path
        })  # fmt: skip
        _keywords(resource, question.tags)
        for name in (path, *(p.removeprefix("../") for p in shown.values())):
            _sub(resource, "file", href=name)
    ElementTree.indent(manifest)
    files["imsmanifest.xml"] = bytes(ElementTree.tostring(manifest, "utf-8", xml_declaration=True))
    return files


def _keywords(resource: Element, tags: Mapping[str, str]) -> None:
    if not tags:
        return
    space = {"xmlns": "http://ltsc.ieee.org/xsd/LOM"}
    general = _sub(_sub(_sub(resource, "metadata"), "lom", space), "general")
    for name, value in tags.items():
        keyword = _sub(_sub(general, "keyword"), "string", {"language": "en"})
        keyword.text = clean(f"{KEYWORD}{name}={value}")


def _file(item: Element, version: str) -> bytes:
    if version == "3.0":
        for element in item.iter():
            if element.tag not in _HTML:
                element.tag = "qti-" + _dashed(str(element.tag))
                renamed = {k if k in _PLAIN else _dashed(k): v for k, v in element.attrib.items()}
                element.attrib.clear()
                element.attrib.update(renamed)
    return bytes(ElementTree.tostring(item, "utf-8", xml_declaration=True))


def _dashed(name: str) -> str:
    return _UPPER.sub(lambda m: f"-{m[0].lower()}", name)


def _item(question: Question, identifier: str, version: str, shown: Mapping[str, str]) -> Element:
    item = Element("assessmentItem", {
        "xmlns": _SPACES[version], "identifier": identifier, "title": clean(question.name)[:200],
        "adaptive": "false", "timeDependent": "false",
    })  # fmt: skip
    body = Element("itemBody")
    xhtml.append(body, question.stem, shown)
    answers = list(question.answers)
    match question.kind:
        case "matching":
            _matching(item, body, answers)
        case "short" | "numeric":
            _entry(item, body, question)
        case "open":
            _declare(item, "single", "string")
            for answer in answers:
                block = _sub(body, "rubricBlock", view="scorer")
                _sub(block, "p").text = clean(answer.why)
            _sub(body, "extendedTextInteraction", responseIdentifier="RESPONSE")
        case "hotspot":
            _hotspot(item, body, question)
        case _:
            _choices(item, body, question)
    _sub(item, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    several = "multiple" if question.kind == "multiple" else "single"
    if question.kind != "open" and any(answer.why for answer in answers):
        _sub(item, "outcomeDeclaration", identifier="FEEDBACK", cardinality=several,
             baseType="identifier")  # fmt: skip
    if _for_all(question):
        _sub(item, "outcomeDeclaration", identifier="GENERAL", cardinality="single",
             baseType="identifier")  # fmt: skip
    item.append(body)
    _processing(item, question)
    if _for_all(question):
        _modal(item, "GENERAL", "said", _for_all(question))
    if question.kind == "hotspot":  # whose areas have no room for what is said
        for name, answer in zip(names_of(question), answers, strict=True):
            if answer.why:
                _modal(item, "FEEDBACK", name, answer.why)
    return item


def _modal(item: Element, outcome: str, identifier: str, text: str) -> None:
    said = _sub(item, "modalFeedback", outcomeIdentifier=outcome, identifier=identifier,
                showHide="show")  # fmt: skip
    _sub(said, "p").text = clean(text)


def _declare(item: Element, cardinality: str, base: str) -> Element:
    return _sub(
        item, "responseDeclaration", identifier="RESPONSE", cardinality=cardinality, baseType=base
    )


def _correct(declared: Element, values: Iterable[str]) -> None:
    correct = _sub(declared, "correctResponse")
    for value in values:
        _sub(correct, "value").text = clean(value)


def _mapping(declared: Element, worth: Iterable[tuple[str, float]]) -> None:
    mapping = _sub(declared, "mapping", defaultValue="0")
    for key, share in worth:
        _sub(mapping, "mapEntry", mapKey=clean(key), mappedValue=f"{share:g}")


def names_of(question: Question) -> list[str]:
    """The identifiers of the answers, in their order."""
    if question.kind == "truefalse":
        return [answer.text.lower() for answer in question.answers]
    return [f"A{place}" for place in range(1, len(question.answers) + 1)]


def is_weighed(question: Question) -> bool:
    """Whether an answer is worth another share than all or nothing."""
    return question.kind in ("multiple", "short") or any(
        answer.share not in (0, 1) for answer in question.answers
    )


def _choices(item: Element, body: Element, question: Question) -> None:
    kind, names = question.kind, names_of(question)
    ordering = kind == "ordering"
    cardinality = {"ordering": "ordered", "multiple": "multiple"}.get(kind, "single")
    declared = _declare(item, cardinality, "identifier")
    pairs = list(zip(names, question.answers, strict=True))
    best = [name for name, answer in pairs if answer.share > 0]
    _correct(declared, best if ordering or kind == "multiple" else best[:1])
    if is_weighed(question) and not ordering:
        _mapping(declared, [(name, answer.share) for name, answer in pairs if answer.share])
    if ordering:
        holder = _sub(body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
        pairs = sorted(pairs, key=lambda pair: pair[1].text)
    else:
        most = "0" if kind == "multiple" else "1"
        holder = _sub(body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="false",
                      maxChoices=most)  # fmt: skip
    for name, answer in pairs:
        choice = _sub(holder, "simpleChoice", identifier=name)
        choice.text = clean(answer.text)
        _said(choice, name, answer)


def _said(choice: Element, name: str, answer: Answer) -> None:
    if answer.why:
        said = _sub(choice, "feedbackInline", outcomeIdentifier="FEEDBACK", identifier=name,
                    showHide="show")  # fmt: skip
        said.text = clean(answer.why)


def _matching(item: Element, body: Element, answers: list[Answer]) -> None:
    rights = list(dict.fromkeys(answer.goes_with for answer in answers))
    label = {text: f"R{place}" for place, text in enumerate(rights, start=1)}
    lefts = [answer for answer in answers if answer.text]
    declared = _declare(item, "multiple", "directedPair")
    _correct(declared, (f"L{n} {label[a.goes_with]}" for n, a in enumerate(lefts, start=1)))
    holder = _sub(body, "matchInteraction", responseIdentifier="RESPONSE", shuffle="true",
                  maxAssociations=str(len(lefts)))  # fmt: skip
    first, second = _sub(holder, "simpleMatchSet"), _sub(holder, "simpleMatchSet")
    for place, answer in enumerate(lefts, start=1):
        _sub(first, "simpleAssociableChoice", identifier=f"L{place}",
             matchMax="1").text = clean(answer.text)  # fmt: skip
    for text in rights:
        _sub(second, "simpleAssociableChoice", identifier=label[text],
             matchMax=str(len(lefts))).text = clean(text)  # fmt: skip


def _entry(item: Element, body: Element, question: Question) -> None:
    right = [answer for answer in question.answers if answer.share > 0]
    if question.kind == "numeric":
        declared = _declare(item, "single", "float")
        _correct(declared, [right[0].value])
    else:
        declared = _declare(item, "single", "string")
        _correct(declared, [right[0].text])
        _mapping(declared, [(answer.text, answer.share) for answer in question.answers])
    holder = _sub(body, "p")
    _sub(holder, "textEntryInteraction", responseIdentifier="RESPONSE")


def _hotspot(item: Element, body: Element, question: Question) -> None:
    names = names_of(question)
    pairs = list(zip(names, question.answers, strict=True))
    declared = _declare(item, "single", "identifier")
    _correct(declared, [name for name, answer in pairs if answer.share > 0][:1])
    holder = _sub(body, "hotspotInteraction", responseIdentifier="RESPONSE", maxChoices="1")
    ground = {"type": "image/svg+xml", "data": f"../pictures/{question.figure}.svg"}
    _sub(holder, "object", ground)
    for name, answer in pairs:
        at = list(answer.at)
        if answer.shape == "rect":
            at = [at[0], at[1], at[0] + at[2], at[1] + at[3]]
        _sub(holder, "hotspotChoice", identifier=name, shape=answer.shape,
                      coords=",".join(f"{n:g}" for n in at),
                      hotspotLabel=clean(answer.text))  # fmt: skip


def _processing(item: Element, question: Question) -> None:
    if question.kind == "open":
        return
    rule = _sub(item, "responseProcessing")
    right = next((answer for answer in question.answers if answer.share > 0), None)
    if is_weighed(question) and question.kind not in ("numeric", "ordering", "matching"):
        _sub(_sub(rule, "setOutcomeValue", identifier="SCORE"), "mapResponse",
             identifier="RESPONSE")  # fmt: skip
    else:
        test = _sub(_sub(rule, "responseCondition"), "responseIf")
        if question.kind == "numeric" and right is not None:
            give = right.tolerance or "0"
            same = _sub(test, "equal", toleranceMode="absolute", tolerance=f"{give} {give}")
        else:
            same = _sub(test, "match")
        _sub(same, "variable", identifier="RESPONSE")
        _sub(same, "correct", identifier="RESPONSE")
        won = _sub(test, "setOutcomeValue", identifier="SCORE")
        _sub(won, "baseValue", baseType="float").text = "1"
    if any(answer.why for answer in question.answers):
        said = _sub(rule, "setOutcomeValue", identifier="FEEDBACK")
        _sub(said, "variable", identifier="RESPONSE")
    if _for_all(question):
        said = _sub(rule, "setOutcomeValue", identifier="GENERAL")
        _sub(said, "baseValue", baseType="identifier").text = "said"

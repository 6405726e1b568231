"""Reviewed figures: the SVG that may stand inline in a page (content/README.md, Figures)."""

from xml.etree import ElementTree

from domain.library.documents import Problem

MAX_BYTES = 8 * 1024
NAMESPACE = "{http://www.w3.org/2000/svg}"
_ELEMENT_NAMES = "svg g path rect circle ellipse line polyline polygon text tspan title desc"
_ATTRIBUTE_NAMES = (
    "viewBox role aria-label aria-hidden class d x y x1 y1 x2 y2 cx cy r rx ry dx dy width height "
    "points transform text-anchor dominant-baseline stroke-width stroke-dasharray stroke-linecap "
    "stroke-linejoin fill-rule fill-opacity stroke-opacity opacity fill stroke font-size "
    "font-weight pathLength"
)
ELEMENTS = frozenset(_ELEMENT_NAMES.split())
ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
KEYWORDS = frozenset({"none", "currentColor"})


def check_figure(source: str, path: str) -> list[Problem]:
    """Every fault of a figure: size, syntax, elements, attributes, colours, text alternative."""
    if len(source.encode()) > MAX_BYTES:
        return [Problem(path, None, None, f"is larger than {MAX_BYTES // 1024} KB")]
    # XML and HTML do not end a comment at the same place, so `<!-->` could hide a live script.
    if "<!" in source or "<?" in source:
        return [Problem(path, 1, None, "must have no comment, DOCTYPE, CDATA or instruction")]
    try:
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError as error:
        return [Problem(path, error.position[0], None, f"is not well-formed: {error.msg}")]
    problems = [p for element in root.iter() for p in _element(element, path)]
    if root.tag not in ("svg", f"{NAMESPACE}svg") or not root.get("viewBox"):
        problems.append(Problem(path, 1, None, "the root must be <svg> with a viewBox"))
    if root.get("role") != "img" or not root.get("aria-label"):
        problems.append(Problem(path, 1, None, 'the root needs role="img" and an aria-label'))
    return problems


def _element(element: ElementTree.Element, path: str) -> list[Problem]:
    name = str(element.tag).removeprefix(NAMESPACE)
    if name not in ELEMENTS:
        return [Problem(path, None, name, "is not one of the elements that figures may use")]
    problems = []
    for attribute, value in element.attrib.items():
        if attribute not in ATTRIBUTES:
            problems.append(Problem(path, None, f"{name} {attribute}", "is not allowed"))
        elif attribute in ("fill", "stroke") and value not in KEYWORDS:
            message = f"{value!r}: colours come from classes, so that they follow light and dark"
            problems.append(Problem(path, None, f"{name} {attribute}", message))
    return problems

"""XML by people who are not trusted: no DTD, no entities of their own, not deep, not endless."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from domain.exchange.questions import Unreadable

Element = ElementTree.Element
MOST_DEPTH = 100
MOST_ELEMENTS = 400_000


class _Counting(ElementTree.TreeBuilder):
    """Builds the tree as long as it is neither too deep nor too large."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: Any, attrs: Any) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH:
            raise Unreadable(f"its XML is nested deeper than {MOST_DEPTH} levels")
        if self._count > MOST_ELEMENTS:
            raise Unreadable(f"its XML has more than {MOST_ELEMENTS:,} elements")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse(data: bytes) -> Element:
    """The root element. Raises Unreadable, with the line where there is one."""
    # Imported here: only who reads such a file needs it, and it loads a second XML library.
    from defusedxml.common import DefusedXmlException, DTDForbidden
    from defusedxml.ElementTree import DefusedXMLParser

    if not data.strip():
        raise Unreadable("is empty")
    parser = DefusedXMLParser(target=_Counting(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DTDForbidden:
        raise Unreadable(
            "declares a DTD (<!DOCTYPE …>); take it out, as it could name other files"
        ) from None
    except DefusedXmlException:
        raise Unreadable("declares entities of its own; take them out") from None
    except ElementTree.ParseError as error:
        line, column = error.position
        raise Unreadable(f"is no sound XML: line {line}, column {column + 1}") from None
    except (LookupError, ValueError, AssertionError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("is in an encoding that cannot be read; save it as UTF-8") from None
    if not isinstance(root, ElementTree.Element):
        raise Unreadable("is no sound XML")
    return root


def name_of(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children with one of these names, whatever their namespace."""
    return (child for child in element if name_of(child) in names)


def child(element: Element | None, *names: str) -> Element | None:
    """The first child with one of these names."""
    return None if element is None else next(children(element, *names), None)


def text_of(element: Element | None) -> str:
    """All text inside, outer white space removed."""
    return "" if element is None else "".join(element.itertext()).strip()

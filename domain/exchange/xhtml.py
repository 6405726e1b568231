"""A stem's markdown as XHTML elements, for formats that know no markdown.

What is written: paragraphs, lists, tables, pictures, bold, italic, code, links, line breaks. The
way back is `markup.Writer`; what would not come back the same is found by trying, see losses.py.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from domain.exchange.moodle_writing import clean

Element = ElementTree.Element
_sub = ElementTree.SubElement
_INLINE = re.compile(
    r"\\([\\`*_\[\]#>+\-.)(!|{}~=/])|\*\*([^*\n]{1,2000})\*\*|\*([^*\s][^*\n]{0,2000})\*"
    r"|`([^`\n]{1,2000})`|\[([^\]\n]{1,500})\]\(([^)\s]{1,500})\)|  \n|&lt;"
)
_PICTURE = re.compile(r"!\[([^\]]{0,500})\]\(media:([a-z0-9.-]{1,120})\)")
_ITEM = re.compile(r"(- |\d{1,4}\. )(.*)")


def append(parent: Element, markdown: str, pictures: Mapping[str, str]) -> None:
    """Write the blocks of a text into an element. pictures: name -> address in the package."""
    for block in re.split(r"\n\s*\n", markdown.strip()):
        lines = block.split("\n")
        if found := _PICTURE.fullmatch(block.strip()):
            paragraph = _sub(parent, "p")
            source = pictures.get(found[2], f"media:{found[2]}")
            _sub(paragraph, "img", src=source, alt=clean(found[1]))
        elif all(line.lstrip().startswith("|") for line in lines) and len(lines) > 1:
            _table(parent, lines)
        elif all(_ITEM.match(line) for line in lines):
            holder = _sub(parent, "ul" if lines[0].startswith("- ") else "ol")
            for line in lines:
                found = _ITEM.match(line)
                assert found is not None
                inline(_sub(holder, "li"), found[2])
        else:
            inline(_sub(parent, "p"), block)


def _table(parent: Element, lines: list[str]) -> None:
    table = _sub(parent, "table")
    for place, line in enumerate(lines):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if place == 1 and all(set(cell) <= set("-: ") for cell in cells):
            continue
        row = _sub(table, "tr")
        for cell in cells:
            inline(_sub(row, "th" if place == 0 else "td"), cell.replace("\\|", "|"))


def inline(parent: Element, text: str) -> None:
    """Write a text with its bold and italic words, code and links."""
    at, last = 0, None

    def put(words: str) -> None:
        words = clean(words)
        if last is None:
            parent.text = (parent.text or "") + words
        else:
            last.tail = (last.tail or "") + words

    for found in _INLINE.finditer(text):
        put(text[at : found.start()].replace("\n", " "))
        at = found.end()
        if found[1]:
            put(found[1])
        elif found[0] == "&lt;":
            put("<")
        elif found[0] == "  \n":
            last = _sub(parent, "br")
        elif found[5]:
            last = _sub(parent, "a", href=clean(found[6]))
            inline(last, found[5])
        else:
            name = "strong" if found[2] else "em" if found[3] else "code"
            last = _sub(parent, name)
            if name == "code":
                last.text = clean(found[4])
            else:
                inline(last, found[2] or found[3])
    put(text[at:].replace("\n", " "))

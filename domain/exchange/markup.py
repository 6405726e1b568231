"""HTML of other houses as our markdown, and as plain text; in one pass, whatever it holds.

The stem of a question is markdown, its answers are plain text. What has no place in either
(scripts, frames, sounds) is left out and named in `notes`.
"""

import html
import re
from collections.abc import Mapping

_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9:-]{0,40}")
_ATTRIBUTE = re.compile(
    r"""([A-Za-z][\w:-]{0,40})\s{0,20}=\s{0,20}("[^"]*"|'[^']*'|[^\s"'>]{1,2000})"""
)
_SPECIAL = re.compile(r"([\\`*_\[\]])")
_LINE_MARKS = re.compile(
    r"^(\s{0,20})(#{1,6}(?= )|[>+-](?= )|\d{1,9}[.)](?= )|///|~~~|={3,}|-{3,})", re.M
)
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>()\[\]\"\\`]{1,500}")
_HIGH = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOW = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_RAISED = re.compile(r"[0-9+\-=()n\s]{1,20}")
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANKS = re.compile(r"\n{3,}")

BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "figure",
        "figcaption",
        "address",
        "center",
        "main",
        "aside",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
        "prompt",
    ]
)
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`"}
PLAIN = frozenset(
    [
        "span",
        "font",
        "u",
        "small",
        "big",
        "label",
        "abbr",
        "cite",
        "q",
        "tbody",
        "thead",
        "tfoot",
        "colgroup",
        "col",
        "html",
        "body",
        "ins",
        "kbd",
        "samp",
        "var",
        "mark",
        "time",
        "caption",
        "wbr",
        "o:p",
    ]
)
DROPPED = frozenset(["script", "style", "head", "title", "template", "noscript"])
REFUSED = frozenset(
    [
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "source",
        "track",
        "applet",
        "canvas",
        "svg",
        "math",
        "form",
        "input",
        "select",
        "textarea",
        "button",
        "link",
        "meta",
        "base",
        "frame",
        "frameset",
    ]
)


class Writer:
    """Takes tags and text in their order and writes markdown, or plain text.

    pictures: the file's name as the HTML has it -> the name that we keep it under.
    """

    def __init__(self, pictures: Mapping[str, str] | None = None, *, markdown: bool = True) -> None:
        self.markdown = markdown
        self.notes: list[str] = []
        self.embedded: dict[str, str] = {}  # name -> base64 of a picture in a data: address
        self._pictures = pictures or {}
        self._out: list[str] = []
        self._lists: list[int | None] = []
        self._skipping: list[str] = []
        self._pre = 0
        self._links: list[str] = []  # addresses of the links that are open, "" for none
        self._raised: list[int] = []  # where the open <sup> and <sub> begin
        self._row: list[str] | None = None
        self._rows: list[list[str]] = []

    def text(self) -> str:
        """What was written so far."""
        lines = "".join(self._out).split("\n")
        whole = "\n".join(line.rstrip() for line in lines)
        return _BLANKS.sub("\n\n", whole).strip()

    def data(self, text: str) -> None:
        if self._skipping:
            return
        if not self._pre:
            text = _SPACE.sub(" ", text)
            if text.startswith(" ") and self._at_line_start():
                text = text[1:]
        if self.markdown and text:
            text = _SPECIAL.sub(r"\\\1", text)
            if self._at_line_start():
                text = _LINE_MARKS.sub(r"\1\\\2", text)
            text = text.replace("<", "&lt;") if "<" in text else text
        self._put(text)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = tag.lower()
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.append(tag)
            return
        if tag in DROPPED or tag in REFUSED:
            self._refuse(tag, attributes)
        elif tag in MARKS:
            self._put(MARKS[tag] if self.markdown else "")
        elif tag == "br":
            # A new paragraph: the two spaces of a line break would be lost on the way to a file.
            inside = self._lists or self._row is not None
            self._put("\n" if self._pre or not self.markdown else " " if inside else "\n\n")
        elif tag == "hr":
            self._block()
        elif tag in BLOCKS or tag == "pre":
            self._block()
            self._pre += tag == "pre"
        elif tag in ("ul", "ol"):
            self._block()
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag == "table":
            self._block()
            self._rows = []
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._put("\x1f")
        elif tag == "img":
            self._picture(attributes)
        elif tag == "a":
            self._link(attributes)
        elif tag in ("sup", "sub"):
            self._raised.append(len(self._out))
        elif tag not in PLAIN:
            self._note(f"the mark <{tag[:30]}> was left out, its text was kept")

    def end(self, tag: str) -> None:
        tag = tag.lower()
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
            return
        if tag in MARKS:
            self._put(MARKS[tag] if self.markdown else "")
        elif tag in BLOCKS or tag == "pre":
            self._pre -= tag == "pre" and self._pre > 0
            self._block()
        elif tag in ("ul", "ol"):
            if self._lists:
                self._lists.pop()
            self._block()
        elif tag == "tr":
            self._close_row()
        elif tag == "table":
            self._close_table()
        elif tag == "a" and self._links:
            if address := self._links.pop():
                self._put(f"]({address})")
        elif tag in ("sup", "sub") and self._raised:
            self._close_raised(tag)

    def gap(self) -> None:
        """A gap in a sentence, to be filled by the answer."""
        if not self._skipping:
            self._put("\\_\\_\\_\\_\\_" if self.markdown else "_____")

    def _link(self, attributes: Mapping[str, str]) -> None:
        address = attributes.get("href", "").strip()
        kept = self.markdown and _ADDRESS.fullmatch(address) is not None
        self._links.append(address if kept else "")
        if kept:
            self._put("[")
        elif address:
            self._note(f"the address of a link was left out: {address[:80]}")

    def _close_raised(self, tag: str) -> None:
        """x<sup>2</sup> is not x2: as raised figures where there are such, else as x^(a)."""
        start = self._raised.pop()
        text = "".join(self._out[start:])
        del self._out[start:]
        if _RAISED.fullmatch(text):
            self._put(text.translate(_HIGH if tag == "sup" else _LOW))
        elif text.strip():
            mark = "^" if tag == "sup" else "\\_" if self.markdown else "_"
            self._put(f"{mark}({text})")

    def _refuse(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in REFUSED:
            self._note(f"<{tag}> is not shown here and was left out")
        elif tag in ("script", "style"):
            self._note(f"<{tag}> was left out")
        if tag not in ("input", "embed", "source", "track", "link", "meta", "base", "frame"):
            self._skipping.append(tag)

    def _note(self, words: str) -> None:
        if words not in self.notes and len(self.notes) < 20:
            self.notes.append(words)

    def _picture(self, attributes: Mapping[str, str]) -> None:
        source, alt = attributes.get("src", ""), " ".join(attributes.get("alt", "").split())
        name = self._pictures.get(source) or self._embedded(source)
        if name is None:
            shown = source if not source.startswith("data:") else "data:"
            self._note(f"the picture “{shown[:80]}” is not in the file, so it was left out")
            self._put(alt)
            return
        label = alt.replace("[", "(").replace("]", ")") or "picture"
        if self.markdown:
            self._block()
            self._put(f"![{label}](media:{name})")
            self._block()
        else:
            self._note("a picture inside an answer was left out: answers are text here")
            self._put(alt)

    def _embedded(self, source: str) -> str | None:
        """A picture that stands in the address itself, as editors paste them."""
        head, comma, data = source.partition(",")
        kind = _DATA.fullmatch(head)
        if not comma or kind is None:
            return None
        name = f"picture-{len(self.embedded) + 1}.{kind[1]}"
        self.embedded[name] = "".join(data.split())
        return name

    def _item(self) -> None:
        if not self._at_line_start():
            self._put("\n")
        depth = "    " * max(0, len(self._lists) - 1)
        mark = "- "
        if self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
            mark = f"{self._lists[-1]}. "
        self._put(depth + mark)

    def _close_row(self) -> None:
        if self._row is None:
            return
        line: list[str] = []
        while self._out and not self._out[-1].endswith("\n"):
            line.append(self._out.pop())
        cells = "".join(reversed(line)).split("\x1f")
        self._rows.append([cell.strip().replace("|", "\\|") for cell in cells[1:]] or [""])
        self._row = None
        self._put("\n")

    def _close_table(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        width = max(len(row) for row in rows)
        lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows[:60]]
        if self.markdown:
            lines.insert(1, "|" + "---|" * width)
        self._block()
        self._put("\n".join(lines))
        self._block()

    def _block(self) -> None:
        if self._out and not self._at_line_start():
            self._put("\n\n")
        elif self._out and not self._lists:
            self._put("\n")

    def _at_line_start(self) -> bool:
        return not self._out or self._out[-1].endswith("\n")

    def _put(self, text: str) -> None:
        if text:
            self._out.append(text)


def feed(writer: Writer, source: str) -> None:
    """Give HTML to a writer, in linear time. A `<` that begins no tag is text."""
    at, close, ends = 0, -1, True
    while (found := source.find("<", at)) >= 0:
        if found > at:
            writer.data(html.unescape(source[at:found]))
        if source.startswith("<!--", found):
            end = source.find("-->", found + 4) if ends else -1
            ends = end >= 0
            at = end + 3 if ends else len(source)
            continue
        if close < found:  # looked for once, however many `<` there are before it
            close = source.find(">", found)
            close = len(source) if close < 0 else close
        if source.startswith(("<!", "<?"), found):
            at = close + 1
            continue
        name = _NAME.match(source, found + 1)
        if name is None or close >= len(source) or source.find("<", found + 1, close) >= 0:
            writer.data("<")
            at = found + 1
            continue
        if name[0].startswith("/"):
            writer.end(name[0][1:])
        else:
            writer.start(name[0], attributes_of(source[name.end() : close]))
        at = close + 1
    if at < len(source):
        writer.data(html.unescape(source[at:]))


def attributes_of(inside: str) -> dict[str, str]:
    """The attributes of a tag, names in lower case."""
    return {
        name.lower(): html.unescape(value.strip("\"'"))
        for name, value in _ATTRIBUTE.findall(inside)
    }


def markdown_of(source: str, pictures: Mapping[str, str] | None = None) -> tuple[str, Writer]:
    """HTML as markdown, and the writer with what it noted and which pictures it shows."""
    writer = Writer(pictures)
    feed(writer, source)
    return writer.text(), writer


def plain_of(source: str) -> tuple[str, list[str]]:
    """HTML as plain text on one line, and what was left out."""
    writer = Writer(markdown=False)
    feed(writer, source)
    return " ".join(writer.text().split()), writer.notes


def escaped(text: str) -> str:
    """Plain text as markdown that shows it letter by letter; a line becomes a paragraph."""
    lines = (_LINE_MARKS.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line)) for line in text.split("\n"))
    return _BLANKS.sub("\n\n", "\n\n".join(line.strip() for line in lines)).strip()

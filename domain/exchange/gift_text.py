"""The letters of GIFT: what is escaped, where a mark cuts, and in which format a text is."""

import re

from domain.exchange.markup import escaped, markdown_of, plain_of
from domain.exchange.questions import PictureFile
from domain.records import frozen

FORMATS = re.compile(r"\s{0,200}\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([~=#{}:n\\\n])", re.DOTALL)
_TAG = re.compile(
    r"<(?:[a-zA-Z][^<>]{0,2000}|/[a-zA-Z]{1,20}\s{0,5})>|&(?:#\d{1,7}|[a-zA-Z]{2,8});"
)
_SIGNS = re.compile(r"([~=#{}:\\])")


@frozen
class Cut:
    """A piece of text and the mark that stands before it; the first has none."""

    mark: str
    text: str


def cut(text: str, marks: str) -> list[Cut]:
    """Cut before each mark that no backslash protects."""
    pieces: list[Cut] = []
    mark, start, at = "", 0, 0
    finder = re.compile(rf"\\.|[{re.escape(marks)}]", re.DOTALL)
    while found := finder.search(text, at):
        at = found.end()
        if found[0][0] != "\\":
            pieces.append(Cut(mark, text[start : found.start()]))
            mark, start = found[0], at
    pieces.append(Cut(mark, text[start:]))
    return pieces


def unescaped(text: str) -> str:
    """The text without its backslashes; `\\n` is a line."""
    return _ESCAPE.sub(lambda m: {"n": "\n", "\n": "\n"}.get(m[1], m[1]), text)


def protected(text: str) -> str:
    """The inverse of `unescaped`: a text that GIFT reads as itself."""
    return _SIGNS.sub(r"\\\1", text.replace("\r", "")).replace("\n", "\\n")


def as_markdown(raw: str, form: str) -> tuple[str, tuple[str, ...], tuple[PictureFile, ...]]:
    """A question's text as markdown, what was left out of it, and the pictures in it.

    form: html, moodle, plain or markdown; "" is GIFT's own, which people use for plain text and
    for HTML alike: it is HTML where it holds a tag.
    """
    text = unescaped(raw.strip())
    if form == "markdown":
        return text.strip(), (), ()
    if form == "html" or (form != "plain" and _TAG.search(text)):
        if form != "html":
            text = text.strip().replace("\n", "<br>")
        markdown, writer = markdown_of(text)
        pictures = tuple(PictureFile(name, data) for name, data in writer.embedded.items())
        return markdown, tuple(writer.notes), pictures
    return escaped(text.strip()), (), ()


def as_plain(raw: str, form: str) -> tuple[str, tuple[str, ...]]:
    """An answer's or a feedback's text on one line, and what was left out of it.

    form: that of the question, where the text says none itself.
    """
    if found := FORMATS.match(raw):
        form, raw = found[1].lower(), raw[found.end() :]
    text = unescaped(raw.strip())
    if form == "html" or (form not in ("plain", "markdown") and _TAG.search(text)):
        plain, notes = plain_of(text)
        return plain, tuple(notes)
    return " ".join(text.split()), ()

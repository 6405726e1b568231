"""The one function that turns authored markdown into HTML.

The editor's preview, the loader and the published page all call `render`, so what a trainer sees is
what a reader gets. Raw HTML is shown as text; what is left passes an allow-list (nh3) that knows no
script, style, form or handler. Reviewed figures are put in after it.
"""

import html as escaping
import re
import secrets
from collections.abc import Mapping
from xml.etree import ElementTree

import markdown
from markdown.extensions.tables import TableExtension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, ETX, STX

from domain.library.blocks import LABELS, PANE_TITLE, PANES, LessonBlocks, labels_for
from domain.library.fences import Fences
from domain.records import frozen

MAX_BYTES = 200 * 1024
OPEN, CLOSE = "\ue000", "\ue001"  # private characters that mark a figure's place
STASHED = re.compile(rf"{STX}wzxhzdk:(\d+){ETX}")  # what Markdown puts aside until the end
ESCAPED = re.compile(rf"{STX}(\d+){ETX}")
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_]+(?:[’'-][^\W_]+)*")
LESSON_LINK, TERM_LINK, PICTURE = "lesson:", "term:", "media:"
SHOWN = "/media/"  # where the site shows the library's pictures
LINK = re.compile(
    r"(?:https?://|mailto:|/learn/[a-z0-9-]+/[a-z0-9-]+$|/learn/glossary#term-[a-z0-9-]+$)",
    re.IGNORECASE,
)
_TAG_NAMES = (
    "p h2 h3 h4 ul ol li em strong code pre blockquote hr br a sub sup del section div details "
    "summary table thead tbody tr th td figure figcaption abbr img"
)
TAGS = set(_TAG_NAMES.split())
_PICTURE = re.compile(rf"{SHOWN}[a-z0-9]+(?:-[a-z0-9]+)*")
_IMG = re.compile(r'<img(?:[^>"]|"[^"]*")*>')
ATTRIBUTES = {
    "img": {"src", "alt"},
    "a": {"href", "title"},
    "section": {"id"},
    "div": {"tabindex", "role", "aria-label"},
    "ol": {"start"},
    "th": {"align", "scope"},
    "td": {"align"},
}
CLASSES = {
    "section": {"part"},
    "div": {
        "call",
        *(f"call--{kind}" for kind in LABELS["en"]),
        "ask",
        "scroll",
        "fig__box",
        PANES,
        "pane",
    },
    **{heading: {PANE_TITLE} for heading in ("h2", "h3", "h4")},
    "p": {"call__t", "call__h", "label", "ask__q", "opt__why"},
    "details": {"opt", "opt--key", "more"},
    "figure": {"fig"},
}


class Unrenderable(ValueError):
    """The text is too long or nested too deeply; the message says which, for its author."""


@frozen
class Section:
    """A `##` part of a lesson: its anchor in the page and its heading."""

    anchor: str
    title: str


@frozen
class Rendered:
    """HTML that is safe to show as it is, and what was found on the way."""

    html: str
    sections: tuple[Section, ...]
    words: int
    missing_figures: tuple[str, ...]


def render(source: str, figures: Mapping[str, str], lang: str = "en") -> Rendered:
    """Render a lesson's body or an item's stem.

    source: markdown without front matter.
    figures: file name -> SVG text of the reviewed figures that may be shown.
    lang: chooses the words on callouts ("Case", "Worked example").
    Raises Unrenderable. Text by people who are not trusted goes through the helper process of
    gateways/rendering.py: Markdown takes seconds on some hostile texts.
    """
    if len(source.encode("utf-8", "replace")) > MAX_BYTES:
        raise Unrenderable(f"is longer than {MAX_BYTES // 1024} KB")
    shape = _Shape(lang)
    try:
        raw = _engine(lang, shape).convert(source)
    except RecursionError:
        raise Unrenderable("lists, quotes or blocks are nested too deeply") from None
    import nh3  # here: who only reads what was rendered does without its 2 MB

    clean = nh3.clean(
        raw,
        tags=TAGS,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        allowed_classes=CLASSES,
        attribute_filter=_only_known_links,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    clean = _IMG.sub(lambda m: m[0] if ' src="' in m[0] else "", clean)
    missing = tuple(sorted({m[1] for m in shape.place.finditer(clean) if m[1] not in figures}))
    html = shape.place.sub(lambda m: _figure(figures.get(m[1], ""), m[2]), clean)
    return Rendered(html, tuple(shape.sections), len(WORD.findall(source)), missing)


def _only_known_links(tag: str, attribute: str, value: str) -> str | None:
    """Links lead out, to a mailbox, a lesson or a term; pictures come from the library only."""
    if tag == "img" and attribute == "src":
        return value if _PICTURE.fullmatch(value) else None
    return value if attribute != "href" or LINK.match(value) else None


def _engine(lang: str, shape: "_Shape") -> markdown.Markdown:
    engine = markdown.Markdown(
        extensions=[
            "sane_lists",
            "smarty",
            # Inline styles are refused by the page's security policy, so cells use `align`.
            TableExtension(use_align_attribute=True),
            LessonBlocks(lang),
        ],
        extension_configs={"smarty": {"smart_dashes": False}},
    )
    engine.preprocessors.deregister("html_block")
    engine.preprocessors.register(_FencedCode(engine), "fenced_code", 25)  # of plain line ends
    engine.inlinePatterns.deregister("html")
    shape.md = engine
    engine.treeprocessors.register(shape, "shape", 0)
    return engine


class _FencedCode(Preprocessor):
    """Puts fenced code aside, escaped, before anything in it can be read as markdown."""

    def run(self, lines: list[str]) -> list[str]:
        fences = Fences()
        shown: list[str] = []
        code: list[str] | None = None
        for line in lines:
            if not fences.take(line):
                shown.append(line)
            elif code is None:
                code = []
            elif fences.open:
                code.append(fences.content(line))
            else:
                shown += self._place(code)
                code = None
        if code is not None:
            shown += self._place(code)
        return shown

    def _place(self, code: list[str]) -> list[str]:
        text = escaping.escape("\n".join(code).rstrip(), quote=False)
        return ["", self.md.htmlStash.store(f"<pre><code>{text}\n</code></pre>"), "", ""]


class _Shape(Treeprocessor):
    """Gives the tree its sections, figures, tables and lesson links, after all inline work."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.labels = labels_for(lang)
        self.sections: list[Section] = []
        # An author may write the private characters, as themselves or as entities; the token of
        # this one rendering cannot be guessed, so no place of a figure can be forged.
        token = secrets.token_hex(8)
        self.mark = f"{OPEN}{token}{OPEN}"
        self.place = re.compile(rf"{self.mark}([^{OPEN}{CLOSE}]*){OPEN}([^{CLOSE}]*){CLOSE}")

    def run(self, root: ElementTree.Element) -> ElementTree.Element:
        for image in root.iter("img"):
            self._point(image)
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if _is_figure(child):
                    parent[index] = self._figure_place(child)
        for link in root.iter("a"):
            href = link.get("href", "")
            if href.startswith(LESSON_LINK):
                link.set("href", "/learn/" + href.removeprefix(LESSON_LINK))
            elif href.startswith(TERM_LINK):
                link.set("href", "/learn/glossary#term-" + href.removeprefix(TERM_LINK))
        self._head_panes(root)
        self._frame_tables(root)
        self._cut_sections(root)
        return root

    def _point(self, image: ElementTree.Element) -> None:
        """A picture of the library has its address; every other one is a figure or nothing."""
        key = image.get("src", "").removeprefix(PICTURE)
        if image.get("src", "").startswith(PICTURE) and _PICTURE.fullmatch(SHOWN + key):
            image.set("src", SHOWN + key)
        elif image.get("src", "").startswith((PICTURE, SHOWN)):
            image.set("src", PICTURE)

    def _figure_place(self, paragraph: ElementTree.Element) -> ElementTree.Element:
        image = paragraph[0]
        if image.get("src", "").startswith(SHOWN):
            return _picture_place(image)
        name = image.get("src", "").removeprefix("figures/")
        figure = ElementTree.Element("figure", {"class": "fig"})
        box = ElementTree.SubElement(figure, "div", {"class": "fig__box"})
        box.text = f"{self.mark}{name}{OPEN}{image.get('alt', '')}{CLOSE}"
        if caption := image.get("title"):
            ElementTree.SubElement(figure, "figcaption").text = caption
        return figure

    def _head_panes(self, root: ElementTree.Element) -> None:
        """Tabs are headed a level below what they stand under, and their set is named by them."""
        depth = 1
        for element in root.iter():
            if PANES in element.get("class", "").split():
                titles = [pane[0] for pane in element if len(pane)]
                for title in titles:
                    title.tag = f"h{min(depth + 1, 4)}"
                element.set("aria-label", " / ".join(self._words(title) for title in titles))
            elif element.tag in ("h2", "h3", "h4") and element.get("class") != PANE_TITLE:
                depth = int(element.tag[1])

    def _frame_tables(self, root: ElementTree.Element) -> None:
        """Let wide tables scroll by themselves, reachable by keyboard and with a name."""
        number = 0
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table" and parent.get("class") != "scroll":
                    number += 1
                    frame = ElementTree.Element("div")
                    frame.attrib.update({"class": "scroll", "tabindex": "0", "role": "region"})
                    frame.set("aria-label", f"{self.labels['table']} {number}")
                    for heading in child.iter("th"):
                        if len(heading) or (heading.text or "").strip():
                            heading.set("scope", "col")
                        else:
                            heading.tag = "td"  # an empty heading names nothing
                    frame.append(child)
                    parent[index] = frame

    def _cut_sections(self, root: ElementTree.Element) -> None:
        """Wrap each h2 and what follows it: progress is kept per section."""
        children = list(root)
        if not any(child.tag == "h2" for child in children):
            return
        for child in children:
            root.remove(child)
        part: ElementTree.Element | None = None
        for child in children:
            if child.tag == "h2":
                title = self._words(child)
                part = ElementTree.SubElement(root, "section")
                section = Section(self._anchor(title), title)
                part.attrib.update({"class": "part", "id": section.anchor})
                self.sections.append(section)
            (root if part is None else part).append(child)

    def _words(self, element: ElementTree.Element) -> str:
        """An element's text with what Markdown put aside (quotes, escapes) back in its place."""
        stash: list[str] = self.md.htmlStash.rawHtmlBlocks
        text = "".join(element.itertext()).replace(AMP_SUBSTITUTE, "&")
        text = STASHED.sub(lambda m: stash[int(m[1])] if int(m[1]) < len(stash) else "", text)
        text = ESCAPED.sub(lambda m: chr(int(m[1])), text)
        return " ".join(escaping.unescape(text).split())

    def _anchor(self, title: str) -> str:
        base = "s-" + ("-".join(re.findall(r"\w+", title.lower()))[:60] or "part")
        taken = {section.anchor for section in self.sections}
        return base if base not in taken else f"{base}-{len(taken) + 1}"


def _picture_place(image: ElementTree.Element) -> ElementTree.Element:
    """A picture of the library with its caption."""
    figure = ElementTree.Element("figure", {"class": "fig"})
    shown = {"src": image.get("src", ""), "alt": image.get("alt", "")}
    ElementTree.SubElement(figure, "img", shown)
    if caption := image.get("title"):
        ElementTree.SubElement(figure, "figcaption").text = caption
    return figure


def _is_figure(element: ElementTree.Element) -> bool:
    if element.tag != "p" or len(element) != 1 or element[0].tag != "img":
        return False
    return not (element.text or "").strip() and not (element[0].tail or "").strip()


def _figure(svg: str, alt: str) -> str:
    """The reviewed drawing with the lesson's own words as its text alternative.

    The alternative comes out of the sanitised text, where only quotes are still to be escaped.
    """
    label = alt.replace('"', "&quot;")
    return re.sub(r'aria-label="[^"]*"', lambda _: f'aria-label="{label}"', svg.strip(), count=1)

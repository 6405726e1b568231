"""The body of a lesson, read line by line for its blocks, questions, figures and links."""

import re
from dataclasses import dataclass, field

from domain.library.fences import Fences, lines_of
from domain.library.fields import LESSON_REF, SEED, TERM
from domain.library.panes import TAB, TabSets
from domain.records import frozen

BLOCKS = frozenset({"case", "worked", "claim", "try", "note", "details", "check", TAB})

_BLOCK = re.compile(r"^///(?P<rest>.*)$")
_OPTION = re.compile(r"^- \[(?P<mark>[ xX])\] (?P<rest>.+)$")
_HEADING = re.compile(r"^(?P<hashes>#{1,6})\s+(?P<title>.+?)\s*#*$")
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<target>[^)\s]*)[^)]*\)")
_FIGURE = re.compile(r"figures/[a-z0-9]+(-[a-z0-9]+)*\.svg")
_PICTURE = re.compile(r"media:[a-z0-9]+(-[a-z0-9]+)*")
_LESSON_LINK = re.compile(r"\]\(lesson:(?P<target>[^)\s]*)[^)]*\)")
_TERM_LINK = re.compile(r"\]\(term:(?P<target>[^)\s]*)[^)]*\)")
_LINK = re.compile(r"\]\(\s*<?(?P<target>[^)\s>]*)")
_SCHEME = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9+.-]*):")
SCHEMES = frozenset({"http", "https", "mailto", "lesson", "term", "media"})
CLAIM = re.compile(rf"(?P<seed>{SEED}): (?P<words>.+)")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(\s[^<>]*)?/?>|<!--")
_CODE = re.compile(r"`[^`]*`")
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W_]+)*")


@frozen
class CheckOption:
    text: str
    why: str
    key: bool


@frozen
class Check:
    """A question in the text; exactly one of its options is the key."""

    question: str
    options: tuple[CheckOption, ...]


@frozen
class LessonText:
    """What a body holds. `faults` are pairs of (line of the body, message), lines from 1.

    claims: seed ids of the claims that are checked in a box; terms: glossary ids that are linked;
    blocks: the kind of every block, in order.
    """

    sections: tuple[str, ...]
    checks: tuple[Check, ...]
    figures: tuple[str, ...]
    links: tuple[str, ...]
    terms: tuple[str, ...]
    claims: tuple[str, ...]
    blocks: tuple[str, ...]
    words: int
    faults: tuple[tuple[int, str], ...]


@dataclass
class _OpenBlock:
    kind: str
    title: str
    line: int
    options: list[tuple[int, bool, str]] = field(default_factory=list)


def read_text(body: str) -> LessonText:
    """Read a lesson's body; nothing is raised, faults are listed."""
    reader = _Reader()
    for number, line in enumerate(lines_of(body), start=1):
        reader.take(number, line)
    return reader.close(word_count(body))


def word_count(text: str) -> int:
    """Words of a text as a reader meets them; a Chinese character counts as one."""
    return len(_WORD.findall(text))


class _Reader:
    def __init__(self) -> None:
        self._block: _OpenBlock | None = None
        self._fences = Fences()
        self._tabs = TabSets()
        self._has_text = False
        self._sections: list[str] = []
        self._checks: list[Check] = []
        self._figures: list[str] = []
        self._links: list[str] = []
        self._terms: list[str] = []
        self._claims: list[str] = []
        self._blocks: list[str] = []
        self._faults: list[tuple[int, str]] = []

    def take(self, number: int, line: str) -> None:
        """Read one line, in the light of the fence or block that is open."""
        if self._fences.take(line):
            self._between()
            if not self._has_text:
                self._has_text = True
                self._faults.append((number, "the text must start with prose, not with code"))
        elif border := _BLOCK.match(line):
            self._border(number, border["rest"].strip())
        else:
            self._prose(number, line)

    def close(self, words: int) -> LessonText:
        if self._fences.open:
            self._faults.append((self._fences.opened_at, "this code fence is not closed"))
        if self._block is not None:
            self._faults.append(_unclosed(self._block))
        self._faults += self._tabs.end()
        return LessonText(
            tuple(self._sections),
            tuple(self._checks),
            tuple(dict.fromkeys(self._figures)),
            tuple(dict.fromkeys(self._links)),
            tuple(dict.fromkeys(self._terms)),
            tuple(dict.fromkeys(self._claims)),
            tuple(self._blocks),
            words,
            tuple(sorted(self._faults)),
        )

    def _border(self, number: int, rest: str) -> None:
        """A line of three slashes: with words it opens a block, alone it closes one."""
        if not self._has_text:
            self._has_text = True
            self._faults.append((number, "the text must start with prose, not with a block"))
        if not rest:
            if self._block is None:
                self._faults.append((number, "closes a block, but none is open"))
            elif self._block.kind == "check":
                self._finish_check(self._block)
            self._block = None
            return
        if self._block is not None:
            self._faults.append(_unclosed(self._block))
        kind, _, title = (part.strip() for part in rest.partition("|"))
        if kind not in BLOCKS:
            known = ", ".join(sorted(BLOCKS))
            self._faults.append((number, f"“{kind[:40]}” is not a block; there are: {known}"))
        if not title:
            self._faults.append((number, f"the block needs a title: /// {kind[:40]} | title"))
        if kind == "claim" and (claim := CLAIM.fullmatch(title)):
            self._claims.append(claim["seed"])
        if kind == TAB:
            self._tabs.add(number, title)
        else:
            self._between()
        self._blocks.append(kind)
        self._block = _OpenBlock(kind, title, number)

    def _between(self) -> None:
        """Something stands between tabs: their set ends before it."""
        if self._block is None or self._block.kind != TAB:
            self._faults += self._tabs.end()

    def _prose(self, number: int, line: str) -> None:
        if line.strip():
            self._between()
        if self._block is not None and self._block.kind == "check":
            self._check_line(self._block, number, line)
        heading = _HEADING.match(line)
        if heading:
            self._heading(number, len(heading["hashes"]), heading["title"])
        self._has_text = self._has_text or bool(line.strip())
        bare = _CODE.sub("", line)
        if _HTML.search(bare):
            self._faults.append((number, "HTML is not used in lessons; it would be shown as text"))
        for image in _IMAGE.finditer(bare):
            self._image(number, image["alt"], image["target"])
        for link in _LINK.finditer(bare):
            scheme = _SCHEME.match(link["target"])
            if scheme and scheme["name"].lower() not in SCHEMES:
                self._faults.append(
                    (number, f"a link cannot start with “{scheme['name']}:”; it would be dropped")
                )
        for link in _LESSON_LINK.finditer(bare):
            if re.fullmatch(LESSON_REF, link["target"]):
                self._links.append(link["target"])
            else:
                self._faults.append((number, "a link to a lesson is lesson:module/lesson"))
        for term in _TERM_LINK.finditer(bare):
            if re.fullmatch(TERM, term["target"]):
                self._terms.append(term["target"])
            else:
                self._faults.append((number, "a link to the glossary is term:some-word"))

    def _heading(self, number: int, depth: int, title: str) -> None:
        if not self._has_text:
            self._faults.append((number, "the text must start with prose, not with a heading"))
        if self._block is not None:
            self._faults.append((number, "a heading cannot stand inside a block"))
        elif depth == 1:
            self._faults.append(
                (number, "the title stands in the front matter; sections start with ##")
            )
        elif depth == 2:
            self._sections.append(title)

    def _image(self, number: int, alt: str, target: str) -> None:
        if not alt.strip():
            self._faults.append((number, "the figure needs a text that says what it shows"))
        if _PICTURE.fullmatch(target):
            return
        if _FIGURE.fullmatch(target):
            self._figures.append(target)
        else:
            self._faults.append((number, f"“{target[:60]}” is not a figure: figures/<name>.svg"))

    def _check_line(self, block: _OpenBlock, number: int, line: str) -> None:
        option = _OPTION.match(line)
        if option:
            block.options.append((number, option["mark"] != " ", option["rest"].strip()))
        elif line.startswith("  ") and line.strip() and block.options:
            start, key, text = block.options[-1]
            block.options[-1] = (start, key, f"{text} {line.strip()}")
        elif line.strip():
            self._faults.append((number, "a check holds only lines “- [ ] text :: reason”"))

    def _finish_check(self, block: _OpenBlock) -> None:
        options = []
        for number, key, rest in block.options:
            text, _, why = (part.strip() for part in rest.partition("::"))
            if not why:
                self._faults.append((number, "this option has no reason: text :: reason"))
            if not text:
                self._faults.append((number, "this option has no text"))
            options.append(CheckOption(text, why, key))
        keys = sum(option.key for option in options)
        if len(options) < 2:
            self._faults.append((block.line, "this check needs two or more options"))
        if keys != 1:
            self._faults.append(
                (block.line, f"this check must have exactly one key [x], has {keys}")
            )
        self._checks.append(Check(block.title, tuple(options)))


def _unclosed(block: _OpenBlock) -> tuple[int, str]:
    return block.line, f"the block “{block.kind[:40]}” is not closed by a line ///"

"""Two rendered pages compared, block by block: paragraphs, tables, lists, figures, callouts."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from html.parser import HTMLParser

from domain.records import frozen

VOID = frozenset({"br", "hr", "img"})
MOST_BLOCKS = 2000
CONTEXT = 1


@frozen
class Block:
    """kind: same, del, add, or skip (`skipped` equal blocks left out). html is safe to show: it is
    a whole block of what the one renderer gave."""

    kind: str
    html: str = ""
    skipped: int = 0


class _Cutter(HTMLParser):
    """Cuts a page into its outermost blocks. Sections are seen through: they only hold blocks."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html, self._depth, self._start = html, 0, 0
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self.blocks: list[str] = []
        self.feed(html)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section" and self._depth == 0:
            return
        if self._depth == 0:
            self._start = self._at()
        if tag not in VOID:
            self._depth += 1
        elif self._depth == 0:
            self.blocks.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path/>` in a figure opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        if self._depth == 0:
            return
        self._depth -= 1
        if self._depth == 0:
            end = self._html.find(">", self._at()) + 1
            self.blocks.append(self._html[self._start : end])


def blocks_of(html: str) -> list[str]:
    """The outermost blocks of a rendered text, in order."""
    return _Cutter(html.replace("\r", "")).blocks


def compared(old: str, new: str) -> tuple[Block, ...]:
    """Both pages in one: what was taken out, what came in, and a little of what stayed around."""
    # A table stands on both sides: two landmarks of one name would lead nowhere.
    old, new = (html.replace(' role="region"', ' role="group"') for html in (old, new))
    a, b = blocks_of(old)[:MOST_BLOCKS], blocks_of(new)[:MOST_BLOCKS]
    if a == b:
        return ()
    found: list[Block] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Block("same", html) for html in b[b1:b2]]
        else:
            found += [Block("del", html) for html in a[a1:a2]]
            found += [Block("add", html) for html in b[b1:b2]]
    return tuple(_folded(found))


def _folded(blocks: list[Block]) -> Iterator[Block]:
    near: set[int] = set()
    for place, block in enumerate(blocks):
        if block.kind != "same":
            near.update(range(place - CONTEXT, place + CONTEXT + 1))
    skipped = 0
    for place, block in enumerate(blocks):
        if place in near:
            if skipped:
                yield Block("skip", skipped=skipped)
                skipped = 0
            yield block
        else:
            skipped += 1
    if skipped:
        yield Block("skip", skipped=skipped)

"""What changed between two texts, line by line and, inside a changed line, word by word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

from domain.library.lines import opcodes
from domain.records import frozen

CONTEXT = 3
MOST_WORDS = 400
MOST_PAIRS = 4000  # of equal words on the two sides: what matching really costs
MOST_MARKED = 200
WORD = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


@frozen
class Part:
    """A stretch of a line; `changed` where the other side's line differs."""

    text: str
    changed: bool = False


@frozen
class DiffLine:
    """A line of a difference. kind: same, del, add, or skip (`skipped` equal lines left out).

    before, after: line numbers from 1 in the two texts, None on the side where it does not stand.
    """

    kind: str
    before: int | None
    after: int | None
    parts: tuple[Part, ...] = ()
    skipped: int = 0


@frozen
class Difference:
    """Two texts compared."""

    lines: tuple[DiffLine, ...]
    added: int
    removed: int


def difference(old: str, new: str) -> Difference:
    """Compare two texts; equal texts give no lines at all."""
    a, b = old.splitlines(), new.splitlines()
    lines = list(_lines(a, b)) if a != b else []
    return Difference(
        tuple(_folded(lines)),
        sum(line.kind == "add" for line in lines),
        sum(line.kind == "del" for line in lines),
    )


def _lines(a: Sequence[str], b: Sequence[str]) -> Iterator[DiffLine]:
    marks = MOST_MARKED
    for tag, a1, a2, b1, b2 in opcodes(a, b):
        if tag == "equal":
            for i in range(a2 - a1):
                yield DiffLine("same", a1 + i + 1, b1 + i + 1, (Part(a[a1 + i]),))
            continue
        pairs = min(a2 - a1, b2 - b1)
        marked = [_marked(a[a1 + i], b[b1 + i]) for i in range(min(pairs, marks))]
        marks -= len(marked)
        for i in range(a1, a2):
            parts = marked[i - a1][0] if i - a1 < len(marked) else (Part(a[i]),)
            yield DiffLine("del", i + 1, None, parts)
        for i in range(b1, b2):
            parts = marked[i - b1][1] if i - b1 < len(marked) else (Part(b[i]),)
            yield DiffLine("add", None, i + 1, parts)


def _marked(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both lines of a changed pair in parts; whole where they have too little in common."""
    a = list(islice(WORD.finditer(old), MOST_WORDS + 1))
    b = list(islice(WORD.finditer(new), MOST_WORDS + 1))
    if max(len(a), len(b)) > MOST_WORDS:
        return (Part(old),), (Part(new),)
    left, right = [m[0] for m in a], [m[0] for m in b]
    often = Counter(right)
    if sum(often[word] for word in left) > MOST_PAIRS:
        return (Part(old),), (Part(new),)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < 0.4:
        return (Part(old),), (Part(new),)
    before: list[Part] = []
    after: list[Part] = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if a2 > a1:
            before.append(Part("".join(left[a1:a2]), tag != "equal"))
        if b2 > b1:
            after.append(Part("".join(right[b1:b2]), tag != "equal"))
    return tuple(before), tuple(after)


def _folded(lines: list[DiffLine]) -> Iterator[DiffLine]:
    """Leave out equal lines that are further than CONTEXT from every change."""
    near: set[int] = set()
    for place, line in enumerate(lines):
        if line.kind != "same":
            near.update(range(place - CONTEXT, place + CONTEXT + 1))
    skipped = 0
    for place, line in enumerate(lines):
        if place in near:
            if skipped:
                yield DiffLine("skip", None, None, skipped=skipped)
                skipped = 0
            yield line
        else:
            skipped += 1
    if skipped:
        yield DiffLine("skip", None, None, skipped=skipped)


def sides(difference: Difference) -> Iterator[tuple[DiffLine | None, DiffLine | None]]:
    """The lines in pairs, for two columns: what was there, and what stands there now."""
    removed: list[DiffLine] = []
    added: list[DiffLine] = []
    for line in (*difference.lines, None):
        if line is not None and line.kind == "del":
            removed.append(line)
        elif line is not None and line.kind == "add":
            added.append(line)
        else:
            for place in range(max(len(removed), len(added))):
                yield (
                    removed[place] if place < len(removed) else None,
                    added[place] if place < len(added) else None,
                )
            removed, added = [], []
            if line is not None:
                yield line, line

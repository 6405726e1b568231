"""Two texts that grew from one, joined where their changes do not touch (diff3).

Source: Khanna, Kunal & Pierce (2007), A formal investigation of diff3, FSTTCS, LNCS 4855, 485-496.
"""

from collections.abc import Iterator, Sequence

from domain.library.lines import opcodes
from domain.records import frozen

Lines = tuple[str, ...]


@frozen
class Piece:
    """A stretch of the joined text. In a clash all three sides stand; else only `lines` counts."""

    lines: Lines
    base: Lines = ()
    mine: Lines = ()
    theirs: Lines = ()
    clash: bool = False


@frozen
class Merge:
    """The pieces in order."""

    pieces: tuple[Piece, ...]

    @property
    def clashes(self) -> int:
        """How many places both sides changed differently."""
        return sum(piece.clash for piece in self.pieces)

    @property
    def text(self) -> str | None:
        """The joined text; None where the two sides clash."""
        if self.clashes:
            return None
        return "".join(line for piece in self.pieces for line in piece.lines)


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Join two texts that grew from `base`, line by line.

    Changes that touch each other clash, even where a person would see no contradiction: between
    two changes there must stand a line that neither side touched.
    """
    lines = [text.splitlines(keepends=True) for text in (base, mine, theirs)]
    return Merge(tuple(_joined(list(_chunks(*lines)))))


def _chunks(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[Lines, Lines, Lines]]:
    """The three texts cut at the lines that all have."""
    in_mine, in_theirs = _matched(base, mine), _matched(base, theirs)
    i = a = b = 0
    for k in range(len(base)):
        at_mine, at_theirs = in_mine.get(k), in_theirs.get(k)
        if at_mine is None or at_theirs is None:
            continue
        yield tuple(base[i:k]), tuple(mine[a:at_mine]), tuple(theirs[b:at_theirs])
        yield (base[k],), (base[k],), (base[k],)
        i, a, b = k + 1, at_mine + 1, at_theirs + 1
    yield tuple(base[i:]), tuple(mine[a:]), tuple(theirs[b:])


def _matched(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Index of a line of the base -> its index in the other text, both growing."""
    return {
        a1 + offset: b1 + offset
        for tag, a1, a2, b1, _b2 in opcodes(base, other)
        if tag == "equal"
        for offset in range(a2 - a1)
    }


def _joined(chunks: Sequence[tuple[Lines, Lines, Lines]]) -> Iterator[Piece]:
    for base, mine, theirs in chunks:
        if mine in (base, theirs):
            if theirs:
                yield Piece(theirs)
        elif theirs == base:
            if mine:
                yield Piece(mine)
        else:
            yield Piece((), base, mine, theirs, clash=True)

"""Lines of two texts matched: which are equal, and where a line stands afterwards."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

# Matching costs more than the product of the lines. Lessons have about 200; beyond this the whole
# middle is shown as replaced, so that a text made to be slow is not.
MOST_LINES = 3000
Opcode = tuple[str, int, int, int, int]


def opcodes(a: Sequence[str], b: Sequence[str]) -> Iterator[Opcode]:
    """Opcodes as difflib gives them, with the common head and tail taken off first."""
    shorter = min(len(a), len(b))
    head = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if a[-1 - i] != b[-1 - i]), rest)
    if head:
        yield "equal", 0, head, 0, head
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if len(middle_a) + len(middle_b) > MOST_LINES:
        yield "replace", head, head + len(middle_a), head, head + len(middle_b)
    else:
        for tag, a1, a2, b1, b2 in SequenceMatcher(None, middle_a, middle_b).get_opcodes():
            yield tag, a1 + head, a2 + head, b1 + head, b2 + head
    if tail:
        yield "equal", len(a) - tail, len(a), len(b) - tail, len(b)


def moved(numbers: Sequence[int], old: str, new: str) -> list[int]:
    """Where lines of the old text stand in the new one; all numbers from 1.

    A line that was rewritten keeps its place among its neighbours; one that was taken out leaves
    its number to the line that stands there now. Numbers beyond the text become its last line.
    """
    a, b = old.splitlines(), new.splitlines()
    codes = list(opcodes(a, b))
    last = max(1, len(b))
    return [min(max(1, _place(n - 1, codes, len(b)) + 1), last) for n in numbers]


def _place(index: int, codes: Sequence[Opcode], end: int) -> int:
    for tag, a1, a2, b1, b2 in codes:
        if a1 <= index < a2:
            if tag == "equal":
                return b1 + index - a1
            return b1 + min(index - a1, max(0, b2 - b1 - 1))
    return end

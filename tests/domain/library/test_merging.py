"""Joining two texts: nothing invented, nothing lost, and a clash where both changed one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.library.lines import moved
from domain.library.merging import merge
from domain.library.outline import headings

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=12).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@given(TEXTS, TEXTS)
def test_one_side_alone_is_taken_as_it_is(base: str, other: str) -> None:
    assert merge(base, other, base).text == other
    assert merge(base, base, other).text == other
    assert merge(base, other, other).text == other


@given(TEXTS, TEXTS, TEXTS)
def test_both_sides_are_treated_alike(base: str, mine: str, theirs: str) -> None:
    here, there = merge(base, mine, theirs), merge(base, theirs, mine)
    assert (here.clashes, here.text) == (there.clashes, there.text)


@given(TEXTS, TEXTS, TEXTS)
def test_the_sides_of_a_merge_put_together_are_the_texts(base: str, mine: str, theirs: str) -> None:
    """With every clash given to one side, each line is that side's own or the other's change."""
    pieces = merge(base, mine, theirs).pieces
    for piece in pieces:
        if piece.clash:
            assert piece.mine != piece.theirs
            assert base not in (piece.mine, piece.theirs)
    lines = {line for piece in pieces for line in (*piece.lines, *piece.mine, *piece.theirs)}
    assert lines <= set((base + mine + theirs).splitlines(keepends=True))


@given(
    st.lists(st.integers(0, 9), max_size=4, unique=True),
    st.lists(st.integers(0, 9), max_size=4, unique=True),
)
def test_changes_that_do_not_touch_are_all_in_the_result(left: list[int], right: list[int]) -> None:
    """Twenty different lines; mine changes some of the first half, theirs of the second."""
    base = [f"line {n}\n" for n in range(21)]
    mine = [f"mine {n}\n" if n in left else line for n, line in enumerate(base)]
    theirs = [f"theirs {n}\n" if n - 11 in right else line for n, line in enumerate(base)]
    wanted = [
        m if m != b else t for b, m, t in zip(base, mine, theirs, strict=True)
    ]  # fmt: skip
    assert merge("".join(base), "".join(mine), "".join(theirs)).text == "".join(wanted)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "text", "clashes"),
    [
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", 0),
        ("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", None, 1),
        ("a\nb\nc\n", "a\nX\nc\n", "a\nc\n", None, 1),
        ("a\nb\n", "a\nb\nmine\n", "a\nb\ntheirs\n", None, 1),
        ("a\nb\nc\n", "b\nc\n", "a\nb\n", "b\n", 0),
        ("", "x\n", "x\n", "x\n", 0),
    ],
)
def test_what_is_joined_and_what_clashes(
    base: str, mine: str, theirs: str, text: str | None, clashes: int
) -> None:
    found = merge(base, mine, theirs)
    assert (found.text, found.clashes) == (text, clashes)


@given(TEXTS, TEXTS)
def test_lines_move_with_their_text(old: str, new: str) -> None:
    numbers = list(range(1, len(old.splitlines()) + 1))
    places = moved(numbers, old, new)
    assert places == sorted(places)
    assert all(1 <= place <= max(1, len(new.splitlines())) for place in places)
    assert moved(numbers, old, old) == numbers


def test_a_line_that_was_rewritten_keeps_its_place() -> None:
    assert moved([1, 2, 3], "a\nb\nc\n", "new\na\nB!\nc\n") == [2, 3, 4]
    assert moved([2], "a\nb\nc\n", "a\nc\n") == [2]
    assert moved([9], "a\nb\n", "a\n") == [1]


def test_the_outline_knows_what_is_no_heading() -> None:
    source = "---\n## no: 1\n---\nText\n\n## One\n```\n## code\n```\n### Two ##\n# Title\n"
    assert [(h.depth, h.title, h.line) for h in headings(source)] == [(2, "One", 6), (3, "Two", 10)]

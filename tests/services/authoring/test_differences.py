"""Differences: signs, numbers, folding, and no text that makes them slow."""

import time

from domain.library.lines import MOST_LINES
from services.authoring.differences import difference


def shape(old: str, new: str) -> list[tuple[str, int | None, int | None, str]]:
    return [
        (line.kind, line.before, line.after, "".join(part.text for part in line.parts))
        for line in difference(old, new).lines
    ]


def test_equal_texts_have_no_difference() -> None:
    assert difference("a\nb\n", "a\nb\n").lines == ()


def test_lines_carry_their_sign_and_their_numbers_on_both_sides() -> None:
    assert shape("a\nb\nc\n", "a\nx\nc\nd\n") == [
        ("same", 1, 1, "a"),
        ("del", 2, None, "b"),
        ("add", None, 2, "x"),
        ("same", 3, 3, "c"),
        ("add", None, 4, "d"),
    ]


def test_added_and_removed_lines_are_counted() -> None:
    found = difference("a\nb\nc\n", "a\nc\nd\ne\n")
    assert (found.added, found.removed) == (2, 1)


def test_from_nothing_and_to_nothing() -> None:
    assert shape("", "a\n") == [("add", None, 1, "a")]
    assert shape("a\n", "") == [("del", 1, None, "a")]


def test_words_that_changed_are_marked_inside_their_line() -> None:
    old, new = difference("Use FCA at the yard.", "Use FOB at the yard.").lines
    assert [(p.text, p.changed) for p in old.parts if p.changed] == [("FCA ", True)]
    assert [(p.text, p.changed) for p in new.parts if p.changed] == [("FOB ", True)]
    assert "".join(p.text for p in new.parts) == "Use FOB at the yard."


def test_lines_with_little_in_common_are_not_marked_word_by_word() -> None:
    assert all(len(line.parts) == 1 for line in difference("abc def", "9 + 8 = 17").lines)


def test_equal_lines_far_from_a_change_are_folded() -> None:
    text = "\n".join(str(n) for n in range(40))
    kinds = [(line.kind, line.skipped) for line in difference(text, text + "\nend").lines]
    assert kinds == [("skip", 37), ("same", 0), ("same", 0), ("same", 0), ("add", 0)]


def test_both_texts_can_be_rebuilt_from_the_parts() -> None:
    old = "a b c\nsame\nd e f\n\nlast one here\n"
    new = "a B c\nsame\nsame\nd f\nlast two here\n"
    lines = shape(old, new)
    assert [t for k, _, _, t in lines if k != "add"] == old.splitlines()
    assert [t for k, _, _, t in lines if k != "del"] == new.splitlines()


def test_texts_made_to_be_slow_are_compared_in_time() -> None:
    started = time.process_time()
    difference("x\n" * 1400, "".join(f"x\ny{n}\n" for n in range(700)))
    difference("\n" * 90_000, "x\n\n" * 60_000)
    difference("a " * 50_000, "b a " * 25_000)
    difference(("ab " * 130 + "\n") * 700, ("ba " * 130 + "\n") * 700)
    assert time.process_time() - started < 8


def test_beyond_the_cap_the_middle_is_replaced_as_a_whole() -> None:
    old = "\n".join(f"a{n}" for n in range(MOST_LINES))
    found = difference(f"head\n{old}\ntail", f"head\n{old.replace('a', 'b')}\ntail")
    assert (found.added, found.removed) == (MOST_LINES, MOST_LINES)
    assert found.lines[0].kind == found.lines[-1].kind == "same"

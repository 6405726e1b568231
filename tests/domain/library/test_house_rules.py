"""What a good lesson has: a sound one passes, and each rule is broken once."""

from typing import Any

import pytest

from domain.library.house_rules import lesson_problems, readability
from domain.library.lessons import parse_lesson
from services.library.compiling import _plain
from tests.domain.library.lesson_sample import LESSON, PATH

SUM = 'sums: ["360 / 6 = 60", "1250 * 8 = 10000"]\n'
TERMS = "A [claim](term:claim), an [offer](term:offer) and a [lead time](term:lead-time).\n"
CHECK = "/// check | Which?\n- [x] This :: Yes.\n- [ ] That :: No.\n///\n"
TASK = "/// try | Today\nCount your open orders: 60 of them, or 10,000.\n///\n"
FILLER = "The buyer reads the offer and asks for one more day.\n" * 62
SOUND = LESSON.replace("quiz:", f"{SUM}quiz:").replace(
    "The end.\n", f"{TERMS}\n{CHECK}\n{CHECK}\n{TASK}\n{FILLER}"
)


def broken(source: str, path: str = PATH, **changes: Any) -> list[tuple[str, str]]:
    """(rule, line of the file) of each rule that a lesson breaks."""
    meta = _plain(parse_lesson(source, path)) | changes
    problems = lesson_problems(path, source, meta)
    assert all(problem.path == path for problem in problems)
    lines = source.splitlines()
    return [(p.field or "", lines[(p.line or 0) - 1]) for p in problems]


FIRST = "The opening paragraph, with a [link](lesson:trade-practice/who-pays)."


def test_a_sound_lesson_breaks_no_rule() -> None:
    assert broken(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        (FILLER, "The end.\n", "lesson-length", FIRST),
        (FILLER, FILLER * 3, "lesson-length", FIRST),
        (f"{CHECK}\n{CHECK}", CHECK, "lesson-checks", FIRST),
        ("/// case | A case", "/// note | A case", "lesson-case", FIRST),
        ("/// try | Today", "/// note | Today", "lesson-task", FIRST),
        ("[claim](term:claim)", "claim", "lesson-terms", FIRST),
        ("60 of them", "sixty of them", "lesson-sums", SUM.strip()),
        ("10,000", "1,000", "lesson-sums", SUM.strip()),
        (
            "Count your open orders",
            "Write to li.wei@steelware.com.cn, not to x@mail.example",
            "invented-addresses",
            "Write to li.wei@steelware.com.cn, not to x@mail.example: 60 of them, or 10,000.",
        ),
        ("Count your", "The salesman counts your", "words", None),
        ("Count your", "TODO count your", "words", None),
        ("Count your", "Lorem ipsum, count your", "words", None),
    ],
)
def test_each_rule_is_named_with_its_line(old: str, new: str, rule: str, line: str | None) -> None:
    assert old in SOUND
    found = broken(SOUND.replace(old, new, 1))
    assert [name for name, _ in found] == [rule]
    assert found[0][1] == line or (line is None and new in found[0][1])


def test_a_worked_example_is_as_good_as_a_case() -> None:
    assert broken(SOUND.replace("/// case |", "/// worked |")) == []


@pytest.mark.parametrize("address", ["a@b.example", "a@b.test", "a@b.invalid", "a@mail.b.EXAMPLE"])
def test_invented_addresses_are_fine(address: str) -> None:
    assert broken(SOUND.replace("Count", f"Ask {address}. Count")) == []


def test_a_translation_is_read_for_its_words_only() -> None:
    path = PATH.replace(".md", ".zh_Hans.md")
    told = LESSON.replace("id:", "translation_of: 0123456789ab\nid:", 1)
    assert broken(told, path) == []
    assert broken(told.replace("The end.", "Ask a salesman."), path) == [
        ("words", "Ask a salesman.")
    ]


def test_problems_stand_in_the_order_of_their_lines() -> None:
    found = broken(SOUND.replace("The opening", "TODO the opening").replace("Count", "TBD count"))
    assert [line[:4] for _, line in found] == ["TODO", "TBD "]


def test_readability_is_words_per_sentence_plus_percent_of_long_words() -> None:
    assert readability("The price is good. We sell fans.") == 7 / 2
    assert readability("Confirm quantity.") == 2 + 100
    assert readability("one two three four, and internationalisation") == 6 + 100 / 6
    assert readability("") == 0

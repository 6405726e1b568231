"""Lessons: a sound one is read whole, each fault names its line of the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.library.documents import DocumentError
from domain.library.lesson_text import Check, CheckOption, read_text, word_count
from domain.library.lessons import Source, parse_lesson
from tests.domain.library.lesson_sample import LESSON, PATH


def refusal(source: str, path: str = PATH) -> str:
    with pytest.raises(DocumentError) as caught:
        parse_lesson(source, path)
    return str(caught.value)


def test_a_lesson_is_read_with_its_parts() -> None:
    lesson = parse_lesson(LESSON, PATH)
    assert (lesson.id, lesson.language, lesson.level, lesson.minutes) == ("two-roles", "en", 1, 12)
    assert lesson.sections == ("First section", "Second section", "Third section")
    assert lesson.checks == (
        Check(
            "Whose risk is it?",
            (
                CheckOption("The seller's", "Cost moves, risk does not.", False),
                CheckOption(
                    "The buyer's, since the goods were loaded", "Risk passed on board.", True
                ),
            ),
        ),
    )
    assert lesson.figures == ("figures/order-timeline.svg",)
    assert lesson.links == ("trade-practice/who-pays",)
    assert lesson.sources == (Source("Oldroyd et al., Harvard Business Review", 2011, None),)
    assert LESSON.splitlines()[lesson.body_first_line - 1].startswith("The opening paragraph")
    assert lesson.body.startswith("The opening paragraph")


def test_a_translation_has_the_language_of_its_name() -> None:
    told = LESSON.replace("\nid:", "\ntranslation_of: 0123456789ab\nid:", 1)
    found = parse_lesson(told, PATH.replace(".md", ".zh_Hans.md"))
    assert (found.language, found.translation_of) == ("zh_Hans", "0123456789ab")


def test_a_translation_names_the_text_that_it_was_made_from() -> None:
    with pytest.raises(DocumentError, match="translation_of: is missing"):
        parse_lesson(LESSON, PATH.replace(".md", ".zh_Hans.md"))


@pytest.mark.parametrize("field", ["prerequisites: ", "quiz: "])
def test_what_may_be_left_out_and_what_may_not(field: str) -> None:
    without = "".join(
        line for line in LESSON.splitlines(keepends=True) if not line.startswith(field)
    )
    if field == "prerequisites: ":
        assert parse_lesson(without, PATH).prerequisites == ()
    else:
        assert "quiz: is missing" in refusal(without)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: two-roles", "id: Two_Roles", "md:2: id:"),
        ("id: two-roles", "id: other", "md:2: id: must equal the file's name, “two-roles”"),
        ("title: Two roles, one order", "title: 2026", "md:3: title: must be text"),
        ("[C4, C2]", "[C4, C9]", "md:6: competencies[2]:"),
        ("level: 1", "level: 6", "md:7: level: must be a whole number from 1 to 5"),
        ("S0-9", "S7-1", "md:8: seeds[1]:"),
        ("minutes: 12", "minutes: 91", "md:9: minutes:"),
        ("year: 2011", "year: soon", "md:12: sources[1].year:"),
        ("C4-Q11, ", "Q11, ", "md:13: quiz[1]:"),
        ("minutes: 12", "minutes: 12\nminute: 1", "md:10: minute: is not a field known here"),
        ("///\n\n## Second", "\n## Second", "md:21: the block “case” is not closed"),
        ("/// case | A case", "/// tale | A case", "md:21: “tale” is not a block"),
        ("/// case | A case", "/// case", "md:21: the block needs a title"),
        ("/// case | A case\n", "", "md:22: closes a block, but none is open"),
        ("- [ ] The seller's", "- [x] The seller's", "md:27: this check must have exactly one key"),
        ("- [x] The buyer's", "- [ ] The buyer's", "exactly one key [x], has 0"),
        (" :: Cost moves, risk does not.", "", "md:28: this option has no reason"),
        ("- [ ] The seller's", "The seller's", "md:28: a check holds only lines"),
        ("## Third section", "### Third section", "md:15: needs 3 or more sections (##), has 2"),
        ("## Third section", "# Third section", "md:33: the title stands in the front matter"),
        ("Text with", "## Text\nwith", "md:22: a heading cannot stand inside a block"),
        ("The end.", "The <b>end</b>.", "md:35: HTML is not used"),
        ("The end.", "<!-- hidden -->", "md:35: HTML is not used"),
        ("The end.", "```\ncode", "md:35: this code fence is not closed"),
        ("figures/order", "https://x.test/order", "md:19: “https://x.test/order-timeline.svg”"),
        ("figures/order", "figures/../order", "md:19: “figures/../order-timeline.svg”"),
        ("An order, step by step", " ", "md:19: the figure needs a text"),
        ("lesson:trade-practice/who-pays", "lesson:who", "md:15: a link to a lesson is"),
        ("lesson:trade-practice/who-pays", "javascript:x", "md:15: a link cannot start with “java"),
        ("The opening paragraph", "## The opening", "md:15: the text must start with prose"),
    ],
)
def test_faults_name_their_line(old: str, new: str, words: str) -> None:
    assert old in LESSON
    assert words in refusal(LESSON.replace(old, new, 1))


def test_a_lesson_without_a_check_is_refused() -> None:
    start, end = LESSON.index("/// check"), LESSON.index("## Third")
    assert "at least one question in the text" in refusal(LESSON[:start] + LESSON[end:])


def test_faults_of_front_matter_and_text_come_together() -> None:
    found = refusal(LESSON.replace("level: 1", "level: 9").replace("/// case | A case\n", ""))
    assert "level" in found
    assert "closes a block" in found


def test_a_lesson_of_five_megabytes_is_refused_before_it_is_read() -> None:
    assert "longer than 200 KB" in refusal(LESSON + "x" * 5_000_000)


def test_markup_inside_code_is_text() -> None:
    body = "Prose.\n\n```\n## no section\n/// case\n<b>\n```\n"
    text = read_text(body)
    assert (text.sections, text.faults) == ((), ())


@given(st.text(alphabet="#/| \n-[]x:!()<a`lesson", max_size=300))
def test_any_text_is_read(body: str) -> None:
    lines = body.splitlines()
    assert all(1 <= line <= len(lines) for line, _ in read_text(body).faults)


def test_words_are_counted_in_both_scripts() -> None:
    assert word_count("A buyer's well-known order: 3 pieces.") == 6
    assert word_count("外贸业务员 sells") == 6

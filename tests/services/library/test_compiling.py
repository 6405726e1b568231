"""One file becomes one document, or every fault of it."""

import pytest

from domain.library.documents import DocumentError
from services.library import compiling
from tests.domain.library.lesson_sample import LESSON

PATH = "courses/crossing-the-threshold/two-roles.md"
SVG = '<svg class="chart" viewBox="0 0 9 9" role="img" aria-label="x"><path d="M0 0"/></svg>\n'
FIGURES = {"courses/crossing-the-threshold/figures/order-timeline.svg": SVG}


def faults(source: str, path: str = PATH) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        compiling.compile_one(path, source, FIGURES)
    return [str(problem).removeprefix(f"{path}:").strip() for problem in caught.value.problems]


def test_a_lesson_is_kept_with_its_sections_and_html() -> None:
    lesson = compiling.compile_one(PATH, LESSON, FIGURES)
    assert (lesson.kind, lesson.key, lesson.lang) == (
        "lesson",
        "crossing-the-threshold/two-roles",
        "en",
    )
    assert [s["anchor"] for s in lesson.meta["sections"]] == [
        "s-first-section",
        "s-second-section",
        "s-third-section",
    ]
    assert "body" not in lesson.meta
    assert "<svg" in lesson.html


def test_a_translation_stands_beside_its_lesson() -> None:
    path = PATH.replace(".md", ".zh_Hans.md")
    told = LESSON.replace("\nid:", "\ntranslation_of: 0123456789ab\nid:", 1)
    lesson = compiling.compile_one(path, told, FIGURES)
    assert (lesson.key, lesson.lang) == ("crossing-the-threshold/two-roles", "zh_Hans")
    assert "案例" in lesson.html


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (LESSON.replace("\n", "\r\n"), "1: lines end with CR LF; save the file with LF"),
        (LESSON + "\n", "36: must end with one line feed, and no empty line"),
        (LESSON.rstrip("\n"), "35: must end with one line feed, and no empty line"),
        (LESSON.replace("The end", "The\x07 end"), "35: holds the control character U+0007"),
        ("\ufeff" + LESSON, "1: holds the control character U+FEFF"),
    ],
)
def test_a_text_that_is_not_in_the_one_form_is_refused(source: str, line: str) -> None:
    assert faults(source) == [line]


@pytest.mark.parametrize("source", [LESSON, "", "\n\n", "a\r\nb\rc\n\n\n", "a\0b"])
def test_the_one_form_is_reached_in_one_step(source: str) -> None:
    once = compiling.normalised(source)
    assert compiling.normalised(once) == once
    assert not compiling.text_faults(PATH, once)


def test_a_missing_figure_is_named_with_its_line() -> None:
    source = LESSON.replace("order-timeline.svg", "nowhere.svg")
    assert faults(source) == ["19: there is no figure 'nowhere.svg'"]


def test_a_lesson_shows_figures_of_its_own_module_only() -> None:
    other = PATH.replace("crossing-the-threshold", "elsewhere")
    assert "there is no figure" in faults(LESSON, other)[0]


@pytest.mark.parametrize("path", ["notes.md", "items/C2/x.yaml", "../secrets.md", "courses/a.md"])
def test_a_file_without_a_place_is_refused(path: str) -> None:
    with pytest.raises(DocumentError, match="has no place here"):
        compiling.identify(path)


def test_a_preview_is_byte_for_byte_what_is_published() -> None:
    request = {"path": PATH, "source": LESSON, "figures": FIGURES}
    answer = compiling.preview(request)
    lesson = compiling.compile_one(PATH, LESSON, FIGURES)
    assert answer["html"] == lesson.html
    assert compiling.Compiled(**answer["document"]) == lesson


@pytest.mark.parametrize(
    "source",
    [
        LESSON.replace("title: Two", "titel: Two"),
        LESSON.replace("id: two-roles", "id: [broken"),
        LESSON.replace("- [x] The buyer's", "- [ ] The buyer's"),
    ],
)
def test_the_preview_of_a_faulty_lesson_shows_its_text_and_its_problems(source: str) -> None:
    answer = compiling.preview({"path": PATH, "source": source, "figures": FIGURES})
    assert answer["document"] is None
    assert answer["problems"]
    assert "First section" in answer["html"]
    assert "Who does what" not in answer["html"]


def test_a_text_that_cannot_be_shown_at_all_has_problems_and_no_html() -> None:
    answer = compiling.preview({"path": PATH, "source": "x" * 300_000 + "\n", "figures": {}})
    assert answer["html"] == ""
    assert answer["problems"]

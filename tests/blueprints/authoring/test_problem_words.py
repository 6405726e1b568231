"""What the check says reaches a Chinese trainer in Chinese: each sentence has its place."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask_babel import force_locale

from blueprints.authoring.problem_words import SENTENCES, problem_said
from domain.library.documents import DocumentError
from domain.library.house_rules import lesson_problems
from domain.library.lessons import parse_lesson
from tests.caller import Caller
from tests.domain.library.lesson_sample import LESSON, PATH

FAULTS = [
    ("title: Two roles, one order\n", ""),
    ("title: Two roles, one order", "title: ''"),
    ("title: Two roles, one order", "title: 5"),
    ("title: Two roles, one order", f"title: {'x' * 121}"),
    ("level: 1", "level: 9"),
    ("id: two-roles", "id: three-roles"),
    ("competencies: [C4, C2]", "competencies: C4"),
    ("competencies: [C4, C2]", "competencies: [C9]"),
    ("competencies: [C4, C2]", "competencies: [C4, C4]"),
    ("competencies: [C4, C2]", "competencies: []"),
    ("minutes: 12", "minutes: 12\nreview_by: soon"),
    ("minutes: 12", "minutes: 12\nminutes: 13"),
    ("minutes: 12", "minutes: 12\ncolour: red"),
    ("---\nid:", "id:"),
    ("quiz: [C4-Q11, C2-P01]\n---\n", "quiz: [C4-Q11, C2-P01]\n"),
    ("The opening paragraph", "/// case | x\ny\n///\n\nThe opening paragraph"),
    ("The opening paragraph", "### High\n\nThe opening paragraph"),
    ("The opening paragraph", "```\nx\n```\n\nThe opening paragraph"),
    ("## Second section", "Second section"),
    ("/// check | Whose risk is it?", "/// note | Whose risk is it?"),
    ("## Third section", "# Third section"),
    ("Text with `code", "## No\nText with `code"),
    ("The end.", "///"),
    ("The end.", "/// note | open"),
    ("The end.", "/// note |\nx\n///"),
    ("The end.", "/// box | t\nx\n///"),
    ("The end.", "```\nx"),
    ("The end.", "/// tab | A\nx\n///"),
    ("The end.", "/// tab | A\nx\n///\n/// tab | A\nx\n///"),
    ("The end.", "".join(f"/// tab | {n}\nx\n///\n" for n in range(7))),
    (":: Risk passed on board.", ""),
    ("- [ ] The seller's :: Cost moves, risk does not.", "words"),
    ("- [ ] The seller's", "- [x] The seller's"),
    ("The end.", "<b>x</b>"),
    ("The end.", "![](figures/a.svg)"),
    ("The end.", "![a](b.png)"),
    ("The end.", "[a](lesson:x) [b](term:X_) [c](ftp://x.example)"),
]


@pytest.mark.parametrize(("old", "new"), FAULTS)
def test_each_sentence_of_the_check_is_known(old: str, new: str) -> None:
    assert LESSON.count(old) == 1
    with pytest.raises(DocumentError) as found:
        parse_lesson(LESSON.replace(old, new), PATH)
    for problem in found.value.problems:
        assert any(pattern.fullmatch(problem.message) for _, pattern in SENTENCES), problem


def test_each_sentence_of_the_house_rules_is_known() -> None:
    source = LESSON.replace("The end.", "Write to max@shop.com, TODO. He is a salesman.")
    meta = {
        "language": "en", "words": 40, "blocks": [], "terms": [], "body_first_line": 16,
        "sums": ["1 + 1 = 2000000"],
    }  # fmt: skip
    said = [problem.message for problem in lesson_problems(PATH, source, meta)]
    assert len(said) >= 7
    unknown = [m for m in said if not any(p.fullmatch(m) for _, p in SENTENCES)]
    assert [message for message in unknown if "salesperson" not in message] == []


def test_english_stays_as_it_is_and_names_stay_in_chinese(app: Flask) -> None:
    with app.test_request_context():
        for message in ("is missing", "there is no 'x%y'", "something new"):
            assert problem_said(message) == message
        with force_locale("zh_Hans"):
            assert "'x%y'" in problem_said("there is no 'x%y'")


def test_what_is_most_said_is_taken_first() -> None:
    message = "there is no figure 'ship.svg'"
    first = next(sentence for sentence, pattern in SENTENCES if pattern.fullmatch(message))
    assert first == "there is no figure %(name)s"


def test_the_page_shows_the_sentence(app: Flask, caller: Callable[..., Caller]) -> None:
    sent = {"lesson": "industry/know-what-you-sell", "source": "---\nid: x\n---\nWords.\n"}
    page = caller("tao").post("/author/preview", sent).text
    assert "needs 3 or more sections (##), has 0" in page

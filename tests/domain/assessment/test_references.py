"""References between documents that lead nowhere are found."""

from domain.assessment.forms import Form
from domain.assessment.references import (
    form_problems,
    item_problems,
    lesson_problems,
    module_problems,
)
from domain.competencies.framework import Competency, Subtopic
from domain.library.courses import Module
from domain.library.lessons import parse_lesson
from tests.domain.assessment.samples import item
from tests.domain.library.lesson_sample import LESSON, PATH

LESSONS = {"trade-practice/who-pays-who-risks", "trade-practice/price"}
ITEMS = {"C2-P01": item(), "C2-S01": item(id="C2-S01", pool="secure")}


def practice(code: str, *subtopics: str) -> Competency:
    words = {"en": code}
    rows = tuple(Subtopic(subtopic, words, 10) for subtopic in subtopics)
    return Competency(code, words, words, words, False, rows, (), {})


def test_an_items_subtopic_belongs_to_its_competency() -> None:
    framework = [practice("C2", "payment"), practice("C5", "incoterms")]
    (problem,) = item_problems(item(), "a.yaml", framework, LESSONS)
    assert str(problem) == "a.yaml: subtopic: “incoterms” is not a subtopic of C2: payment"


def test_an_items_lesson_and_competencies_exist() -> None:
    question = item(competencies={"C2": 1.0, "A2": 0.5}, lesson="trade-practice/nowhere")
    found = item_problems(question, "a.yaml", [practice("C2", "incoterms")], LESSONS)
    assert [problem.field for problem in found] == ["competencies.A2", "lesson"]
    assert item_problems(item(), "a.yaml", [practice("C2", "incoterms")], LESSONS) == ()


def test_a_form_holds_known_items_of_its_pool() -> None:
    form = Form("f", {"en": "F"}, "placement", "practice", 9, ("C2-P01", "C2-S01", "C2-P09"))
    found = {problem.field: problem.message for problem in form_problems(form, "f.yaml", ITEMS)}
    assert found == {
        "items[2]": "“C2-S01” is a secure item; only practice items belong here",
        "items[3]": "there is no item “C2-P09”",
    }


def test_a_module_lists_lessons_that_exist() -> None:
    module = Module("trade-practice", {}, {}, 1, ("C2",), ("price", "gone"))
    (problem,) = module_problems(module, "m.yaml", LESSONS)
    assert problem.message == "there is no lesson “trade-practice/gone”"


def test_a_lessons_quiz_prerequisites_links_and_figures_exist() -> None:
    lesson = parse_lesson(LESSON, PATH)
    found = [p.message for p in lesson_problems(lesson, PATH, LESSONS, ITEMS, set())]
    assert found == [
        "there is no lesson “crossing-the-threshold/b2b-against-b2c”",
        "there is no lesson “trade-practice/who-pays”",
        "there is no item “C4-Q11”",
        "the figure “figures/order-timeline.svg” is missing",
    ]

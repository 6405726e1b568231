"""Every id that one document names must exist in another."""

from dataclasses import replace
from typing import Any

from domain.library.references import Entry, add_terms, check_references, references_of

LESSON = {
    "quiz": ["C1-Q01"],
    "prerequisites": [],
    "links": ["lesson:m/two"],
    "terms": ["tone"],
}
ITEM = {"lesson": "m/one", "competencies": {"C1": 1.0}, "subtopic": "tone", "pool": "practice"}
SUBTOPICS = {"C1": frozenset({"tone"})}


def entry(kind: str, key: str, **data: Any) -> Entry:
    return Entry(f"{kind}/{key}", kind, key, data)


def term(term_id: str, line: int, lesson: str = "m/one") -> dict[str, Any]:
    return {"id": term_id, "lesson": lesson, "line": line}


def sound() -> list[Entry]:
    return [
        entry("lesson", "m/one", **LESSON),
        entry("lesson", "m/two", **LESSON | {"prerequisites": ["m/one"]}),
        entry("item", "C1-Q01", **ITEM),
        entry("form", "placement", items=["C1-Q01"], pool="practice"),
        entry("module", "m", lessons=["one", "two"]),
        entry("figure", "m/figures/a.svg"),
        entry("glossary", "m", terms=[term("tone", 3)]),
    ]


def faults(*changed: Entry) -> list[str]:
    keys = {(e.kind, e.key) for e in changed}
    kept = [e for e in sound() if (e.kind, e.key) not in keys]
    return [
        f"{p.path} {p.field}: {p.message}" for p in check_references([*kept, *changed], SUBTOPICS)
    ]


def test_a_sound_folder_has_no_dangling_reference() -> None:
    assert faults() == []


def test_each_dangling_reference_is_named_with_its_field() -> None:
    lesson = LESSON | {"quiz": ["C9-Q1"], "prerequisites": ["m/no"], "links": ["lesson:x/y"]}
    lesson["terms"] = ["tone", "no-word"]
    assert faults(entry("lesson", "m/one", **lesson)) == [
        "lesson/m/one quiz: there is no 'C9-Q1'",
        "lesson/m/one prerequisites: there is no 'm/no'",
        "lesson/m/one link: there is no 'x/y'",
        "lesson/m/one term: there is no 'no-word'",
    ]


def test_a_module_names_lessons_that_exist() -> None:
    assert faults(entry("module", "m", lessons=["one", "gone"])) == [
        "module/m lessons: there is no 'm/gone'"
    ]


def test_an_item_has_a_lesson_a_known_competency_and_a_subtopic_of_its_own() -> None:
    item = ITEM | {"lesson": "m/no", "competencies": {"C8": 1.0}, "subtopic": "price"}
    assert len(faults(entry("item", "C1-Q01", **item))) == 3


def test_without_a_framework_the_tags_are_not_judged() -> None:
    item = entry("item", "C1-Q01", **ITEM | {"subtopic": "price"})
    assert references_of(item, {"lesson": {"m/one": item}}, {}) == []


def test_a_form_takes_items_of_its_pool_only() -> None:
    form = entry("form", "placement", items=["C1-Q01"], pool="secure")
    assert "is not of the pool 'secure'" in faults(form)[0]


def test_a_secure_item_cannot_stand_in_a_quiz() -> None:
    secure = entry("item", "C1-Q01", **ITEM | {"pool": "secure"})
    assert any("its key would be shown in a quiz" in fault for fault in faults(secure))


def test_a_word_is_explained_once_whatever_the_glossary() -> None:
    words = entry("glossary", "n", terms=[term("tone", 9), term("pitch", 12), term("pitch", 15)])
    found = check_references([*sound(), words], SUBTOPICS)
    assert [(p.path, p.line, p.message) for p in found] == [
        ("glossary/n", 9, "'tone' is explained in glossary/m already"),
        ("glossary/n", 15, "'pitch' is explained in glossary/n already"),
    ]


def test_words_are_entered_beside_what_is_known() -> None:
    index: dict[str, dict[str, Entry]] = {}
    assert add_terms(sound(), index) == []
    assert index["term"]["tone"].path == "glossary/m"


def test_a_word_names_a_lesson_that_exists() -> None:
    words = entry("glossary", "n", terms=[term("pitch", 12, "m/gone")])
    (found,) = check_references([*sound(), words], SUBTOPICS)
    assert (found.line, found.field, found.message) == (12, "lesson", "there is no 'm/gone'")


def test_a_translation_stands_beside_its_source() -> None:
    told = replace(entry("lesson", "m/one", **LESSON), path="lesson/m/one.zh_Hans", lang="zh_Hans")
    assert check_references([*sound(), told], SUBTOPICS) == []
    alone = replace(told, key="m/three", path="lesson/m/three.zh_Hans")
    found = [str(p) for p in check_references([*sound(), alone], SUBTOPICS)]
    assert found == ["lesson/m/three.zh_Hans: has no English text beside it"]


def test_a_translation_does_not_stand_in_for_a_lesson() -> None:
    """A module lists lessons that have an English text."""
    told = replace(entry("lesson", "m/two", **LESSON), path="x", lang="zh_Hans")
    others = [e for e in sound() if e.key != "m/two"]
    assert "module/m lessons: there is no 'm/two'" in [
        f"{p.path} {p.field}: {p.message}" for p in check_references([*others, told], SUBTOPICS)
    ]


def test_a_modules_quiz_closes_a_module_that_exists() -> None:
    items = {"items": ["C1-Q01"], "pool": "practice"}
    assert faults(entry("form", "unit-m", **items)) == []
    assert faults(entry("form", "unit-gone", **items)) == ["form/unit-gone id: there is no 'gone'"]

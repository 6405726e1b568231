"""Every id that one document names must exist in another."""

from typing import Any

from domain.library.references import Entry, check_references, references_of

LESSON = {"quiz": ["C1-Q01"], "prerequisites": [], "links": ["lesson:m/two"]}
ITEM = {"lesson": "m/one", "competencies": {"C1": 1.0}, "subtopic": "tone", "pool": "practice"}
SUBTOPICS = {"C1": frozenset({"tone"})}


def entry(kind: str, key: str, **data: Any) -> Entry:
    return Entry(f"{kind}/{key}", kind, key, data)


def sound() -> list[Entry]:
    return [
        entry("lesson", "m/one", **LESSON),
        entry("lesson", "m/two", **LESSON | {"prerequisites": ["m/one"]}),
        entry("item", "C1-Q01", **ITEM),
        entry("form", "placement", items=["C1-Q01"], pool="practice"),
        entry("module", "m", lessons=["one", "two"]),
        entry("figure", "m/figures/a.svg"),
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
    assert faults(entry("lesson", "m/one", **lesson)) == [
        "lesson/m/one quiz: there is no 'C9-Q1'",
        "lesson/m/one prerequisites: there is no 'm/no'",
        "lesson/m/one link: there is no 'x/y'",
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

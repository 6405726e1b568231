"""The shipped course: its modules, words, bank and facts are what was promised."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from config import ROOT
from domain.assessment.items import Item
from domain.library.coverage import as_markdown
from services.library.content_folder import check, covered
from tests.content.course import FOLDER, bank, competencies, documents
from tests.content.sampling import LETTERS, PLANS, letter, pass_chance, plan

LESSONS = {
    "crossing-the-threshold": 4,
    "language": 6,
    "trade-practice": 9,
    "industry": 5,
    "marketing": 7,
    "law": 7,
    "geography": 6,
    "personality": 5,
    "operations-role": 5,
    "sales-role": 5,
    "inquiry-systems": 6,
    "why-they-visit": 5,
    "first-visit": 5,
}
IN_CHINESE = ("crossing-the-threshold", "operations-role", "sales-role")
PRACTICES, APPLIED = [f"C{n}" for n in range(1, 8)], ["A1", "A2"]
SIX = {"single", "multiple", "ordering", "matching", "numeric", "sjt"}
FEWEST_TERMS, UNIT_ITEMS, SECURE_SHARE, FARTHEST = 250, 8, 0.40, 12
INSPECTION = "trade-practice/inspect-and-claim"


def shares(words: list[str]) -> dict[str, float]:
    """Percent of each word among all."""
    return {word: 100 * count / len(words) for word, count in Counter(words).items()}


def far_off(found: dict[str, float], wanted: dict[str, int]) -> list[str]:
    """What lies farther than FARTHEST points from its share."""
    return [
        f"{name}: {found.get(name, 0):.0f} %, not {share} %"
        for name, share in wanted.items()
        if abs(found.get(name, 0) - share) > FARTHEST
    ]


def test_the_course_has_its_modules_and_no_other() -> None:
    assert set(documents("module")) == set(LESSONS)


def test_the_modules_stand_in_an_order() -> None:
    orders = [document.meta["order"] for document in documents("module").values()]
    assert len(set(orders)) == len(orders)


@pytest.mark.parametrize("module", LESSONS)
def test_a_module_has_its_lessons(module: str) -> None:
    listed = documents("module")[module].meta["lessons"]
    there = {key.partition("/")[2] for key in documents("lesson") if key.startswith(f"{module}/")}
    assert len(listed) >= LESSONS[module]
    assert set(listed) == there, "each lesson stands in the module, and each that does is there"


@pytest.mark.parametrize("module", LESSONS)
def test_a_quiz_of_eight_closes_each_module(module: str) -> None:
    form = documents("form")[f"unit-{module}"].meta
    assert (form["purpose"], form["pool"]) == ("unit", "practice")
    assert len(set(form["items"])) == UNIT_ITEMS
    assert set(form["title"]) >= {"en", "zh_Hans"}


def test_the_glossary_is_large_and_every_word_is_whole() -> None:
    terms = [t for d in documents("glossary").values() for t in d.meta["terms"]]
    assert len({term["id"] for term in terms}) == len(terms) >= FEWEST_TERMS
    faulty = [
        term["id"]
        for term in terms
        if not re.search("[\u4e00-\u9fff]", term["chinese"])
        or not re.search("[\u4e00-\u9fff]", term["means"].get("zh_Hans", ""))
        or term["lesson"] not in documents("lesson")
    ]
    assert faulty == []


@pytest.mark.parametrize("code", PRACTICES + APPLIED)
def test_there_are_enough_items(code: str) -> None:
    assert len(bank()[code]) >= (40 if code in PRACTICES else 30)


def test_enough_of_the_bank_is_secure() -> None:
    items = [item for found in bank().values() for item in found]
    assert sum(item.is_secure for item in items) / len(items) >= SECURE_SHARE


@pytest.mark.parametrize("code", PRACTICES + APPLIED)
def test_a_competency_is_asked_about_in_every_way(code: str) -> None:
    kinds = {item.kind for item in bank()[code]}
    # Conduct is judged or described, never right or wrong; a description measures nothing.
    assert kinds == {"sjt", "likert"} if code == "C7" else kinds >= SIX


@pytest.mark.parametrize("code", PRACTICES + APPLIED)
def test_items_are_spread_as_the_framework_says(code: str) -> None:
    items: list[Item] = bank()[code]
    competency = competencies()[code]
    levels = far_off(shares([item.cognitive for item in items]), dict(competency.cognitive))
    wanted = {subtopic.id: subtopic.share for subtopic in competency.subtopics}
    assert levels + far_off(shares([item.subtopic for item in items]), wanted) == []


def test_a_bank_that_leans_to_one_side_is_found() -> None:
    assert far_off(shares(["K", "K", "K", "A"]), {"K": 60, "A": 30, "N": 10}) == [
        "K: 75 %, not 60 %"
    ]


@pytest.mark.parametrize("module", IN_CHINESE)
def test_every_lesson_of_the_module_is_there_in_chinese(module: str) -> None:
    for name in documents("module")[module].meta["lessons"]:
        told = documents("lesson", "zh_Hans").get(f"{module}/{name}")
        assert told is not None, name
        source = documents("lesson")[f"{module}/{name}"]
        assert re.search("[\u4e00-\u9fff]", told.title)
        for field in ("level", "competencies", "seeds", "quiz", "figures", "claims"):
            assert told.meta[field] == source.meta[field], (name, field)
        assert len(told.meta["sections"]) == len(source.meta["sections"]), name
        assert len(told.meta["checks"]) == len(source.meta["checks"]), name
        keys = [
            [[option["key"] for option in check["options"]] for check in lesson.meta["checks"]]
            for lesson in (told, source)
        ]
        assert keys[0] == keys[1], name


def test_no_translation_is_older_than_its_source() -> None:
    warnings = check(FOLDER, date(2026, 11, 22)).warnings
    assert [str(w) for w in warnings if w.field == "translation_of"] == []


def inspection() -> str:
    return documents("lesson")[INSPECTION].source


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_sampling_table_of_the_lesson_is_the_standards() -> None:
    text = inspection()
    (header,) = re.findall(r"^\| Lot, level II \|.*$", text, re.MULTILINE)
    aqls = re.findall(r"at (\d\.\d)", header)
    rows = re.findall(
        r"^\| \**([\d,]+)–([\d,]+)\** \| \**([A-Z])\** \| \**(\d+)\** \|(.+)\|$",
        text,
        re.MULTILINE,
    )
    assert len(aqls) >= 2
    assert len(rows) >= 4
    limits = [1, *(most for most, _ in LETTERS)]
    for low, high, named, size, rest in rows:
        assert letter(number(low)) == letter(number(high)) == named
        assert number(low) - 1 == limits[limits.index(number(high)) - 1], named
        told = [tuple(map(int, pair)) for pair in re.findall(r"(\d+) / (\d+)", rest)]
        assert told == [plan(number(low), aql)[1:] for aql in aqls], named
        assert {plan(number(high), aql)[0] for aql in aqls} == {int(size)}


def test_the_verdict_of_the_lesson_follows_from_the_table() -> None:
    text = inspection()
    found = re.search(
        r"([\d,]+) lanterns → ([A-Z]) → (\d+) pieces.*?found 0 critical, (\d+) major, (\d+) minor",
        text,
        re.DOTALL,
    )
    assert found
    lot, named, size, major, minor = (*found.groups(),)
    levels = re.search(r"major \[AQL\]\(term:aql\) (\d\.\d), minor AQL (\d\.\d)", text)
    assert levels
    plans = [plan(number(lot), aql) for aql in levels.groups()]
    assert named == letter(number(lot))
    assert {n for n, _, _ in plans} == {int(size)}
    assert int(major) <= plans[0][1]
    assert int(minor) <= plans[1][1]
    assert f"{major} ≤ {plans[0][1]} and {minor} ≤ {plans[1][1]}: **the lot passes**" in text


def test_the_answer_about_the_kettles_follows_from_the_table() -> None:
    text = inspection()
    asked = re.search(
        r"A lot of ([\d,]+) kettles, level II, major AQL (\d\.\d)\. .*? (\d+) majors in (\d+)", text
    )
    answer = re.search(r"Letter ([A-Z]), n = (\d+), Ac (\d+), Re (\d+)", text)
    assert asked
    assert answer
    lot = number(asked[1])
    assert (answer[1], *map(int, answer.groups()[1:])) == (letter(lot), *plan(lot, asked[2]))
    assert (int(asked[4]), int(asked[3]) >= int(answer[4])) == (int(answer[2]), True)
    assert f"- [x] Fail, since the limit is {answer[3]}" in text


def test_the_chances_to_pass_are_computed() -> None:
    told = re.search(
        r"sample of (\d+) and Ac (\d+)\. At (\S+) per cent defective it is (\d+) per cent, "
        r"at (\S+) per cent (\d+), at (\S+) per cent (\d+)",
        inspection(),
    )
    assert told
    size, most, *pairs = told.groups()
    for percent, chance in zip(pairs[::2], pairs[1::2], strict=True):
        found = pass_chance(int(size), int(most), Decimal(percent))
        assert round(100 * found) == int(chance), percent


def test_the_typed_tables_agree_with_the_pattern_of_the_standard() -> None:
    """Along a row Ac climbs 0 1 2 3 5 7 10 14 21; one letter down, the same plan moves one left."""
    steps = [0, 1, 2, 3, 5, 7, 10, 14, 21]
    sizes = {"F": 20, "G": 32, "H": 50, "J": 80, "K": 125, "L": 200, "M": 315, "N": 500}
    for row, size in sizes.items():
        own = [(place, most) for place, (n, most) in enumerate(PLANS[row]) if n == size]
        assert all(steps.index(b[1]) - steps.index(a[1]) == b[0] - a[0] for a, b in pairwise(own))
    assert [letter(lot) for lot in (2, 150, 151, 2400, 10_001, 150_000)] == list("AFGKMN")


def test_the_page_of_coverage_is_what_the_command_prints() -> None:
    """flask --app app content coverage > docs/coverage.md"""
    assert (ROOT / "docs" / "coverage.md").read_text() == as_markdown(covered(FOLDER))

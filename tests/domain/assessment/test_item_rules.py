"""The wording of items: a clean set passes, each rule is broken once, near-duplicates are found."""

from typing import Any

import pytest

from domain.assessment.item_rules import item_problems, parts_of
from domain.assessment.items import Item
from tests.domain.assessment.samples import KIND_PARTS, item

STEMS = {
    "single": "Container, CFR Hamburg, the ship sinks in mid-ocean. Whose risk is the loss?",
    "multiple": "A buyer asks for your best price. Which two things do you ask for first?",
    "ordering": "Put the four steps of a calm answer to a complaint into their order.",
    "matching": "Match each sentence of the contract with the trade term that it describes.",
    "numeric": "FOB is USD 3.40 and freight USD 0.15 per piece. What is the CIF price?",
    "truefalse": "Under FOB the seller insures the sea voyage.",
    "short": "Write the two words for the span from order to readiness.",
    "table": "Fill in the open cells of the packing list before noon.",
    "hotspot": "At which place on the drawing is the cargo delivered to the carrier?",
    "likert": "Think of your last month at work and mark your place.",
    "open": "Refuse a discount of twelve per cent in eighty words.",
    "sjt": "The goods will be a week late and nobody has told the buyer. What do you do?",
}


def clean() -> dict[str, Item]:
    return {f"{kind}.yaml": item(kind, stem=stem) for kind, stem in STEMS.items()}


def broken(kind: str, **changes: Any) -> list[tuple[str, str | None]]:
    items = {**clean(), f"{kind}.yaml": item(kind, **{"stem": STEMS[kind], **changes})}
    return [(problem.path, problem.field) for problem in item_problems(items)]


def with_text(kind: str, part: str, text: str, name: str = "text") -> dict[str, Any]:
    rows = [dict(row) for row in KIND_PARTS[kind][part]]
    rows[0][name] = text
    return {part: rows}


def test_a_clean_set_passes() -> None:
    assert item_problems(clean()) == []


@pytest.mark.parametrize(
    ("kind", "part", "name"),
    [
        ("single", "options", "text"),
        ("multiple", "options", "text"),
        ("ordering", "steps", "text"),
        ("matching", "pairs", "left"),
        ("matching", "pairs", "right"),
        ("matching", "extra", "right"),
        ("sjt", "actions", "text"),
    ],
)
@pytest.mark.parametrize("text", ["All of the above", "none of these options, sir"])
def test_a_sweeping_option_is_found_in_every_part(
    kind: str, part: str, name: str, text: str
) -> None:
    assert broken(kind, **with_text(kind, part, text, name)) == [
        (f"{kind}.yaml", "sweeping-option")
    ]


@pytest.mark.parametrize(
    ("stem", "faulty"),
    [
        ("Which of these papers does the bank not look at?", True),
        ("What would you never\nwrite to a buyer?", True),
        ("Which term fits, except where the buyer pays?", True),
        ("Which of these papers does the bank NOT look at?", False),
        ("The buyer did not pay. Which letter comes first?", False),
        ("Which letter comes first? The buyer did not pay.", False),
    ],
)
def test_a_negative_stem_is_found_unless_it_shouts(stem: str, faulty: bool) -> None:
    assert broken("single", stem=stem) == ([("single.yaml", "negative-stem")] if faulty else [])


def test_a_salesman_is_a_salesperson_in_stem_and_option() -> None:
    assert broken("single", stem="A salesman quotes a price. Who answers?") == [
        ("single.yaml", "words")
    ]
    assert broken("sjt", **with_text("sjt", "actions", "ask two Salesmen")) == [
        ("sjt.yaml", "words")
    ]


def test_an_item_on_evidence_names_its_claim() -> None:
    found = item("single", stem=STEMS["single"], evidence=True)
    assert item_problems({"a.yaml": found}) == []
    object.__setattr__(found, "seeds", ())
    assert [p.field for p in item_problems({"a.yaml": found})] == ["evidence"]


def test_nearly_the_same_stem_is_found_once_and_names_the_other() -> None:
    near = STEMS["single"].replace("Hamburg", "Bremen").lower()
    items = {**clean(), "near.yaml": item("numeric", id="C2-P02", stem=near)}
    (found,) = item_problems(items)
    assert (found.path, found.field) == ("near.yaml", "near-duplicate")
    assert found.message == "asks nearly the same as C2-P01"


def test_three_of_a_kind_are_three_pairs() -> None:
    same = {f"{n}.yaml": item("numeric", stem=STEMS["single"]) for n in range(3)}
    assert [p.path for p in item_problems(same)] == ["1.yaml", "2.yaml", "2.yaml"]


@pytest.mark.parametrize(
    "far",
    [
        "Container, CFR Hamburg. The buyer asks who pays the freight as far as the port.",
        "Whose risk is the loss when goods are stolen in the factory under EXW?",
    ],
)
def test_stems_that_share_some_words_are_fine(far: str) -> None:
    assert item_problems({**clean(), "far.yaml": item("single", stem=far)}) == []


def test_half_is_not_too_much() -> None:
    """Two thirds of the shingles in common is; the limit is more than a half."""
    eight, ten = "a b c d e f g h", "a b c d e f g h i j"
    assert len(item_problems({"1": item(stem=eight), "2": item(stem=ten)})) == 1
    assert item_problems({"1": item(stem="a b c d e f"), "2": item(stem="a b c d e f g h i")}) == []


def test_short_stems_are_compared_too() -> None:
    assert len(item_problems({"1": item(stem="Who pays?"), "2": item(stem="who pays")})) == 1
    assert item_problems({"1": item(stem="Who pays?"), "2": item(stem="Who loads?")}) == []


@pytest.mark.parametrize("kind", sorted(KIND_PARTS))
def test_every_text_below_the_stem_is_read(kind: str) -> None:
    lists = [part for part in KIND_PARTS[kind].values() if isinstance(part, list)]
    rows = [row for part in lists for row in part if isinstance(row, dict)]
    told = {row[name] for row in rows for name in ("text", "left", "right", "label") if name in row}
    if kind == "table":
        told |= {"Line", "Pieces", "Term", "400", "CIF"}
    assert set(parts_of(item(kind))) == told

"""Forms from a blueprint: content, difficulty and information hold, or the bank is named short."""

import random
from collections import Counter
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.assembly import (
    CONTENT_TOLERANCE,
    DIFFICULTY_TOLERANCE,
    THETAS,
    BankItem,
    Blueprint,
    Unfillable,
    assemble,
    curve_of,
    information_ratio,
    misses,
)
from domain.assessment.information import summed_information
from domain.assessment.item_models import ItemModel

SUBTOPICS = {"tone": 40, "price": 40, "law": 20}
COGNITIVE = {"K": 20, "A": 50, "N": 30}


def bank(count: int = 90, seed: int = 1) -> list[BankItem]:
    rng = random.Random(seed)
    return [
        BankItem(
            f"C1-P{number:02}",
            rng.choices(list(SUBTOPICS), SUBTOPICS.values())[0],
            rng.choices(list(COGNITIVE), COGNITIVE.values())[0],
            f"language/lesson-{number % 15}",
            ItemModel(rng.lognormvariate(0, 0.2), (rng.gauss(0.2, 1),)),
        )
        for number in range(count)
    ]


def blueprint(**changes: object) -> Blueprint:
    fields: dict[str, object] = {"items": 10, "subtopics": SUBTOPICS, "cognitive": COGNITIVE}
    return Blueprint(**fields | changes)  # type: ignore[arg-type]  # any field by its name


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(1, 4), st.sampled_from([-0.3, 0.0, 0.4]))
def test_forms_hold_what_was_promised(seed: int, forms: int, b: float) -> None:
    wanted = blueprint(b=b, per_lesson=2)
    made = assemble(bank(), wanted, forms, random.Random(seed))
    keys = [item.key for form in made for item in form]
    assert len(keys) == len(set(keys)) == 10 * forms
    for form in made:
        counts = Counter(cell for item in form for cell in (item.subtopic, item.cognitive))
        for cell, share in (SUBTOPICS | COGNITIVE).items():
            assert abs(counts[cell] - share / 10) <= CONTENT_TOLERANCE
        assert abs(fmean(item.b for item in form) - b) <= DIFFICULTY_TOLERANCE + 1e-9
        assert max(Counter(item.lesson for item in form).values()) <= 2
    for theta in THETAS:
        told = [
            summed_information([(i.model, i.weight) for i in form], [theta])[0] for form in made
        ]
        assert max(told) <= 1.1 * min(told) + 1e-9
    assert misses(made, wanted) == []


def test_the_seed_decides() -> None:
    def made(seed: int) -> list[list[str]]:
        forms = assemble(bank(), blueprint(), 2, random.Random(seed))
        return [[item.key for item in form] for form in forms]

    assert made(3) == made(3)
    assert made(3) != made(4)
    assert all(form == sorted(form) for form in made(3)), "in the order of the bank"


def test_a_form_is_parallel_to_one_that_is_there_already() -> None:
    first = assemble(bank(), blueprint(), 1, random.Random(1))[0]
    rest = [item for item in bank() if item not in first]
    b = fmean(item.b for item in first)
    wanted = blueprint(b=b, like=curve_of(first))
    second = assemble(rest, wanted, 1, random.Random(2))[0]
    assert not set(first) & set(second)
    assert 1 < information_ratio([second], wanted) <= 1.1 + 1e-9
    # Held against nothing, forms of this bank are not parallel by themselves.
    alone = [assemble(rest, blueprint(b=b), 1, random.Random(s))[0] for s in range(10)]
    assert max(information_ratio([form], wanted) for form in alone) > 1.1


def test_a_cell_that_is_short_is_named_with_what_it_lacks() -> None:
    lawless = [item for item in bank() if item.subtopic != "law"]
    with pytest.raises(Unfillable) as caught:
        assemble(lawless, blueprint(), 3, random.Random(1))
    (short,) = caught.value.shortages
    assert (short.cell, short.has, short.needs, short.lacks) == ("law", 0, 3, 3)
    assert "law: has 0, needs 3" in str(caught.value)


def test_a_small_bank_is_named_as_a_whole() -> None:
    with pytest.raises(Unfillable) as caught:
        assemble(bank(15), blueprint(), 2, random.Random(1))
    assert ("items", 5) in [(s.cell, s.lacks) for s in caught.value.shortages]


def test_a_bank_too_easy_everywhere_is_refused_in_words() -> None:
    easy = [replace(item, model=ItemModel(1, (-2.0,))) for item in bank()]
    with pytest.raises(Unfillable) as caught:
        assemble(easy, blueprint(b=0.0), 1, random.Random(1))
    assert caught.value.shortages == ()
    assert caught.value.misses == ("form 1: mean b is -2.00 off",)


def test_forms_that_cannot_be_parallel_are_refused() -> None:
    """One half of the bank tells five times as much as the other, and there is no mixing them."""
    uneven = [
        BankItem(f"C1-P{n:02}", "tone", "K", f"l/{n}", ItemModel(2.4 if n == 0 else 1, (0.0,)))
        for n in range(4)
    ]
    two = Blueprint(2, {"tone": 100}, {"K": 100})
    with pytest.raises(Unfillable, match="information differs by"):
        assemble(uneven, two, 2, random.Random(1))


def test_what_misses_a_blueprint_is_said() -> None:
    form = bank()[:10]
    one_sided = [replace(i, subtopic="law", lesson="language/one") for i in form]
    said = misses([one_sided], blueprint(per_lesson=2))
    assert "form 1: 10 of law, not 2.0" in said
    assert "form 1: more than 2 on one lesson" in said


@pytest.mark.parametrize(
    "changes", [{"items": 0}, {"subtopics": {"tone": 90}}, {"cognitive": {"K": 150, "A": -50}}]
)
def test_blueprints_that_are_none(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"percent|question"):
        blueprint(**changes)

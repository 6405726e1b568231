"""Which revision may mark the answers to another one."""

from typing import Any

import pytest

from domain.assessment.authored import parse_item
from domain.assessment.items import KINDS, Item
from domain.assessment.mending import fits
from tests.domain.assessment.samples import KIND_PARTS, document, path_of, source


def item(kind: str, **changes: Any) -> Item:
    return parse_item(source(document(kind, **changes)), path_of("C2-P01"))


def other_key(name: str = "options") -> dict[str, Any]:
    """The parts of a single choice with their key elsewhere."""
    parts = [{k: v for k, v in o.items() if k != "key"} for o in KIND_PARTS["single"]["options"]]
    parts[0]["key"] = True
    return {name: parts}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("open", "likert")])
def test_a_question_fits_itself(kind: str) -> None:
    assert fits(item(kind), item(kind, difficulty=4))


def test_another_key_fits_and_other_words_do_not() -> None:
    mended = other_key()
    assert fits(item("single"), item("single", **mended))
    mended["options"][2]["text"] = "The insurer's"
    assert not fits(item("single"), item("single", **mended))


def test_another_order_of_options_does_not_fit() -> None:
    """A letter is an authored position: the answer would mean another option."""
    turned = {"options": KIND_PARTS["single"]["options"][::-1]}
    assert not fits(item("single"), item("single", **turned))


def test_steps_may_be_put_in_another_order() -> None:
    turned = {"steps": KIND_PARTS["ordering"]["steps"][::-1]}
    assert fits(item("ordering"), item("ordering", **turned))


def test_another_number_fits_in_the_same_unit_only() -> None:
    assert fits(item("numeric"), item("numeric", answer=3.7, slips=[]))
    assert not fits(item("numeric"), item("numeric", unit="EUR"))


def test_where_people_mark_or_nothing_is_measured_nothing_fits() -> None:
    assert not fits(item("open"), item("open"))
    assert not fits(item("likert"), item("likert"))
    assert not fits(item("single"), item("short"))

"""What counts as a choice of an item, and what an answer took."""

import pytest

from domain.assessment.choices import choices_of, is_answer, taken
from domain.assessment.items import KINDS
from domain.assessment.quality import ADVICE, FLAGS, has_finding, in_order, rank
from tests.domain.assessment import samples


@pytest.mark.parametrize(
    ("payload", "letters"),
    [
        ({"choice": "b"}, {"b"}),
        ({"choices": ["a", "c"]}, {"a", "c"}),
        ({"best": "a", "worst": "c"}, {"a"}),
        ({"truth": "false", "reason": "b"}, {"false"}),
        ({"value": "3.60"}, set()),
        ({}, set()),
        ({"choices": []}, set()),
    ],
)
def test_letters_of_an_answer(payload: dict[str, object], letters: set[str]) -> None:
    assert taken(payload) == letters


@pytest.mark.parametrize(
    ("payload", "answered"),
    [({}, False), ({"choice": ""}, False), ({"choices": []}, False), ({"pairs": {}}, False),
     ({"choice": "a"}, True), ({"value": "0"}, True), ({"best": None, "worst": "b"}, True)],
)  # fmt: skip
def test_a_cleared_answer_is_none(payload: dict[str, object], answered: bool) -> None:
    assert is_answer(payload) is answered


@pytest.mark.parametrize("kind", KINDS)
def test_choices_are_those_that_an_answer_can_name(kind: str) -> None:
    item = samples.item(kind)
    choices = choices_of(item)
    assert bool(choices) is (kind in ("single", "multiple", "sjt", "truefalse", "hotspot"))
    assert len({choice.letter for choice in choices}) == len(choices)
    if choices:
        assert 0 < sum(choice.key for choice in choices) < len(choices)


def test_a_rating_of_every_action_is_no_choice() -> None:
    assert choices_of(samples.judged("rate")) == ()
    assert len(choices_of(samples.judged("best-worst"))) == len(
        samples.judged("best-worst").actions
    )


def test_the_key_of_a_verdict_is_its_answer() -> None:
    item = samples.item("truefalse")
    assert [c.key for c in choices_of(item)] == [item.answer, not item.answer]


def test_the_worst_flag_comes_first() -> None:
    assert in_order(["easy", "weak", "check-key"]) == ("check-key", "weak", "easy")
    assert rank(["easy", "weak"]) == FLAGS.index("weak")
    assert rank([]) == len(FLAGS)
    assert not has_finding(ADVICE)
    assert not has_finding([])
    assert has_finding(["hard", "rapid"])

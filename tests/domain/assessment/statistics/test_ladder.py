"""The cold-start ladder."""

import pytest

from domain.assessment.statistics.ladder import Rung, guessing_matters, rung_for


@pytest.mark.parametrize(
    ("answers", "guessable", "rung"),
    [
        (0, True, Rung.AUTHOR),
        (49, True, Rung.AUTHOR),
        (50, True, Rung.ONE),
        (499, True, Rung.ONE),
        (500, True, Rung.TWO),
        (999, True, Rung.TWO),
        (1000, True, Rung.THREE),
        (1000, False, Rung.TWO),
    ],
)
def test_each_step_has_its_number_of_answers(answers: int, guessable: bool, rung: Rung) -> None:
    assert rung_for(answers, guessable) is rung


@pytest.mark.parametrize(
    ("kind", "max_mark", "matters"),
    [("single", 1, True), ("multiple", 1, True), ("multiple", 2, False), ("sjt", 3, False),
     ("hotspot", 1, True),     ("numeric", 1, False), ("ordering", 1, False)],
)  # fmt: skip
def test_guessing_matters_where_a_lucky_choice_earns_the_point(
    kind: str, max_mark: int, matters: bool
) -> None:
    assert guessing_matters(kind, max_mark) is matters


def test_nobody_has_fewer_than_no_answers() -> None:
    with pytest.raises(ValueError, match="fewer than no"):
        rung_for(-1, True)

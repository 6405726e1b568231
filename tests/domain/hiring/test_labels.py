"""Labels of candidates whose names are hidden."""

import pytest

from domain.hiring.labels import label


def test_no_two_are_alike_and_all_are_short() -> None:
    labels = [label(number) for number in range(70_000)]
    assert len(set(labels)) == len(labels)
    assert {len(one) for one in labels} == {4, 5}
    assert label(1) != label(2)[:4]
    with pytest.raises(ValueError, match="-1"):
        label(-1)

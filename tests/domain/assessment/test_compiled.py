"""Storing compiled items loses nothing."""

import datetime as dt
import json

import pytest
from hypothesis import given

from domain.assessment.compiled import from_dict, to_dict
from domain.assessment.items import KINDS, Item
from tests.domain.assessment.samples import item, items


@given(items())
def test_an_item_survives_storage_as_json(original: Item) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(original)))) == original


@pytest.mark.parametrize("kind", KINDS)
def test_the_stored_form_names_its_kind_and_keeps_the_review_date(kind: str) -> None:
    stored = to_dict(item(kind))
    assert stored["kind"] == kind
    assert stored["review_by"] == "2027-05-31"
    assert from_dict(stored).review_by == dt.date(2027, 5, 31)


def test_what_was_not_stored_by_us_is_refused() -> None:
    stored = to_dict(item())
    with pytest.raises(KeyError):
        from_dict({**stored, "kind": "essay"})
    with pytest.raises(TypeError):
        from_dict({**stored, "extra": 1})

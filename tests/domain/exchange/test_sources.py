"""An item written as a file and read again is the same item, whatever its kind."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.authored import parse_item
from domain.exchange.sources import to_source
from domain.library.documents import load_yaml
from tests.domain.assessment.samples import documents, path_of, source

DAYS = st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2035, 12, 31))
STEMS = st.none() | st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12),
    min_size=2,
    max_size=4,
).map("\n\n".join)


@settings(max_examples=50, deadline=None)
@given(documents(), DAYS, STEMS)
def test_an_item_read_written_and_read_is_the_same(
    fields: dict[str, object], day: dt.date | None, stem: str | None
) -> None:
    _same(fields, day, stem)


@pytest.mark.proof
@settings(max_examples=10_000, deadline=None, database=None)
@given(documents(), DAYS, STEMS)
def test_ten_thousand_items(
    fields: dict[str, object], day: dt.date | None, stem: str | None
) -> None:
    _same(fields, day, stem)


def _same(fields: dict[str, object], day: dt.date | None, stem: str | None) -> None:
    fields |= {"review_by": day} if day else {}
    fields |= {"stem": stem} if stem else {}
    path = path_of(str(fields["id"]))
    first = source(fields)
    item = parse_item(first, path)
    written = to_source(load_yaml(first, path).values)
    assert parse_item(written, path) == item
    assert to_source(load_yaml(written, path).values) == written

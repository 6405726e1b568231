"""Where a letter stands after each thing that can happen to it."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.hiring import posting
from domain.hiring.posting import Standing, standing

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "minutes", "found"),
    [
        (posting.ASKED, 600, Standing.WAITING),
        (posting.HANDED, 1, Standing.WAITING),
        (posting.HANDED, 121, Standing.UNKNOWN),
        (posting.FAILED, 90, Standing.WAITING),
        (posting.FAILED, 121, Standing.FAILED),
        (posting.UNKNOWN, 0, Standing.UNKNOWN),
        (posting.REFUSED, 0, Standing.REFUSED),
        (posting.SENT, 600, Standing.SENT),
    ],
)
def test_where_a_letter_stands(event: str, minutes: int, found: Standing) -> None:
    assert standing(event, NOW - timedelta(minutes=minutes), NOW) is found


def test_only_what_goes_out_by_itself_no_more_may_be_sent_again() -> None:
    again = {one for one in Standing if one.may_go_again}
    assert again == {Standing.UNKNOWN, Standing.REFUSED, Standing.FAILED}

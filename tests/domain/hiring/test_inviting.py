"""Tables of candidates, own words in mails, reminders, cut scores, mixed profiles."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hiring import wording
from domain.hiring.candidate_table import (
    Formula,
    HeaderError,
    columns_of,
    date_of,
    merge,
    rows_of,
)
from domain.hiring.cut_scores import CutScore
from domain.hiring.profiles import SEVEN, mixed, reason_faults, strictest
from domain.hiring.reminding import due, rule_fault

TODAY = date(2026, 11, 1)


def test_headers_in_two_languages_and_any_order() -> None:
    assert columns_of(["邮箱", " Name ", None, "截止日期"]) == {"email": 0, "name": 1, "expires": 3}


def test_wrong_headers_are_named() -> None:
    with pytest.raises(HeaderError) as refused:
        columns_of(["name", "姓名", "phone"])
    assert refused.value.unknown == ("phone",)
    assert refused.value.missing == ("email",)
    assert refused.value.doubled == ("姓名",)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-03-01", date(2027, 3, 1)), ("2027/3/1", date(2027, 3, 1)),
        ("2027年3月1日", date(2027, 3, 1)), (46447.0, date(2027, 3, 1)),
        ("2027-02-30", None), ("01/03/2027", None), ("soon", None), (7, None), (True, None),
        ("2027-3", None), ("²027-03-01", None),
    ],
)  # fmt: skip
def test_days_that_can_be_read_in_one_way_only(cell: str | float, day: date | None) -> None:
    assert date_of(cell) == day


def test_faults_have_their_row_and_column() -> None:
    table = [
        ("name", "email", "language", "expires"),
        ("Sun Yi", "sun@mail.example", "中文", "2027-03-01"),
        (None, "", None, None),
        (Formula("=1+1"), "bo@mail.example", "klingon", "2027-02-30"),
    ]
    good, bad = rows_of(table)
    assert (good.number, good.lang, good.sound) == (2, "zh_Hans", True)
    assert bad.number == 4
    assert bad.faults == {"name": "formula", "language": "unknown", "expires": "no date"}


def test_the_same_address_is_merged_into_the_first_sound_row() -> None:
    table = [("name", "email"), (Formula("=a"), "x@y.example"), ("An", "X@y.example"),
             ("Bo", "x@Y.example")]  # fmt: skip
    assert [row.same_as for row in merge(rows_of(table))] == [None, None, 3]


def test_placeholders_are_filled_once_and_nothing_is_run() -> None:
    text = "Dear {name}, {link} {0} {name.__class__} {{name}} {"
    filled = wording.fill(text, {"name": "{link}", "link": "L"})
    assert filled == "Dear {link}, L {0} {name.__class__} {{name}} {"
    assert wording.unknown(text) == ("0", "name.__class__", "{name")


@given(st.text(max_size=60))
def test_text_without_values_stays_as_it_was(text: str) -> None:
    assert wording.fill(text, {}) == text


def test_reminders_are_due_on_their_day_and_shortly_after() -> None:
    invited = datetime(2026, 11, 1, 9, tzinfo=UTC)
    ends = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
    rules = {"before": [3], "silence": [5]}

    def rules_on(day: int) -> list[str]:
        return [one.rule for one in due(rules, invited, ends, datetime(2026, 11, day, tzinfo=UTC))]

    assert [rules_on(day) for day in (1, 5, 6, 8, 9)] == [[], [], ["silence"], ["silence"], []]
    assert [rules_on(day) for day in (16, 17, 19, 20)] == [[], ["before"], ["before"], []]


def test_whoever_was_invited_after_the_day_of_a_rule_is_left_in_peace() -> None:
    invited = datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert not due({"before": [3]}, invited, invited + timedelta(days=2), invited)
    assert rule_fault([3, 3]) is not None
    assert rule_fault([0]) is not None
    assert rule_fault([7, 3, 1]) is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"points": 101}, {"cut"}),
        ({"points": -1}, {"cut"}),
        ({"method": "mood"}, {"cut_method"}),
        ({"set_on": None}, {"cut_set_on"}),
        ({"set_on": TODAY + timedelta(days=1)}, {"cut_set_on"}),
        ({"judges": None}, {"cut_judges"}),
        ({"words": " "}, {"cut_words"}),
    ],
)
def test_a_cut_score_is_kept_with_its_record_or_not(
    changes: dict[str, object], fields: set[str]
) -> None:
    whole = {"points": 55, "method": "angoff", "set_on": TODAY, "judges": 6, "words": "Six leads"}
    assert set(CutScore(**{**whole, **changes}).faults(TODAY)) == fields  # type: ignore[arg-type]


def test_a_policy_needs_no_judges() -> None:
    assert not CutScore(50, "policy", TODAY, None, "The board").faults(TODAY)


def test_a_mixed_profile_is_the_mean_and_makes_a_hundred() -> None:
    one = dict(zip(SEVEN, (15, 8, 15, 32, 12, 8, 10), strict=True))
    two = dict(zip(SEVEN, (20, 20, 15, 8, 11, 12, 14), strict=True))
    found = mixed([one, two])
    assert sum(found.values()) == 100
    assert all(abs(found[c] - (one[c] + two[c]) / 2) <= 0.5 for c in SEVEN)
    assert strictest([("C5", 2), ("A1", 3), ("C5", 3)]) == {"C5": 3, "A1": 3}


def test_a_weight_without_a_reason_is_named() -> None:
    assert set(reason_faults({"C1": 60, "C2": 40, "C3": 0}, {"C1": "Mails"})) == {"C2"}

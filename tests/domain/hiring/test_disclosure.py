"""No table tells on fewer than five people, alone or beside another one."""

import random
from itertools import product

from domain.hiring.disclosure import (
    LEAST,
    are_apart,
    may_show,
    may_show_crossed,
    pooled,
    steps_apart,
    whole_batches,
)
from domain.hiring.fairness import Member, counted, crossed, table, what_if


def test_small_groups_are_hidden_and_what_a_subtraction_would_tell_with_them() -> None:
    assert may_show({"w": 20, "m": 18}) == {"w", "m"}
    assert may_show({"w": 20, "m": 18, "o": 0}) == {"w", "m"}
    assert may_show({"w": 20, "m": 18, "o": 2}) == {"w"}  # 40 less 38 would tell the two
    assert may_show({"w": 20, "m": 18, "o": 2}, unsaid=4) == {"w", "m"}  # the six are a mixture
    assert may_show({"w": 20, "m": 18, "o": 2}, unsaid=2) == {"w"}  # four are too few
    assert may_show({"w": 4, "m": 3}) == set()
    assert may_show({"w": 5, "m": 4}) == set()


def test_nothing_hidden_can_be_counted_from_what_is_shown() -> None:
    rng = random.Random(3)
    for _ in range(400):
        sizes = {n: rng.choice([0, 1, 2, 4, 5, 6, 9, 30]) for n in range(rng.randint(1, 5))}
        unsaid = rng.choice([0, 0, 1, 3, 8])
        shown = may_show(sizes, unsaid)
        assert all(sizes[group] >= LEAST for group in shown)
        hidden = sum(n for group, n in sizes.items() if group not in shown)
        if hidden and shown:
            assert hidden + unsaid >= LEAST


def test_crossed_groups_do_not_tell_by_row_or_column() -> None:
    rng = random.Random(4)
    for _ in range(300):
        sizes = {cell: rng.choice([0, 1, 3, 5, 7, 20]) for cell in product("ab", "xyz")}
        rows = {
            r: sum(n for c, n in sizes.items() if c[0] == r) + rng.choice([0, 0, 3]) for r in "ab"
        }
        columns = {k: sum(n for c, n in sizes.items() if c[1] == k) for k in "xyz"}
        rows = {r: n for r, n in rows.items() if n >= LEAST}
        columns = {k: n for k, n in columns.items() if n >= LEAST}
        shown = may_show_crossed(sizes, rows, columns)
        for side, lines in ((0, rows), (1, columns)):
            for name, people in lines.items():
                ours = [c for c in shown if c[side] == name]
                rest = people - sum(sizes[c] for c in ours)
                assert not ours or rest == 0 or rest >= LEAST


def test_a_company_does_not_tell_on_its_positions() -> None:
    big, small, tiny = {"w": 12, "m": 9}, {"w": 3, "m": 8}, {"w": 4}
    shown = [may_show(one) for one in (big, small, tiny)]
    found = pooled([big, small, tiny], shown)
    assert found["w"] == {0, 1, 2}  # 3 and 4 come together as 7
    assert found["m"] == {0}  # the 8 were hidden, and alone they would be told by subtraction


def test_people_count_in_fives() -> None:
    assert [whole_batches(n) for n in (0, 4, 5, 9, 10)] == [0, 0, 5, 5, 10]
    members = [Member(1, f"{n:03}", {"gender": "woman"}, True) for n in range(9)]
    assert [one.order for one in counted(members)] == ["000", "001", "002", "003", "004"]
    more = [*members, *(Member(2, f"{n:03}", {}, False) for n in range(4))]
    together = counted(more, together=True)
    assert len(together) == 10  # 5 of the first position, and 5 of the 4 + 4 that are left
    assert sorted({one.place for one in together}) == [-2, -1, 1]


def test_two_cuts_differ_by_nobody_or_by_five() -> None:
    rows = [
        {"w": n, "m": m}
        for n, m in ((20, 20), (20, 18), (15, 15), (14, 10), (9, 10), (3, 9), (0, 0))
    ]
    assert steps_apart(rows, ["w", "m"]) == (True, False, True, False, True, False, True)
    assert are_apart({"w": 20}, {"w": 15})
    assert not are_apart({"w": 20}, {"w": 18})


def members(*groups: tuple[str, int, int]) -> list[Member]:
    """(answer, people, of them chosen), all of place 1."""
    return [
        Member(1, f"{answer}{n:03}", {"gender": answer, "age": "under-30"}, n < chosen, 40.0 + n)
        for answer, people, chosen in groups
        for n in range(people)
    ]


def test_a_table_holds_groups_against_the_best() -> None:
    found = table(members(("man", 40, 24), ("woman", 40, 12)), "gender", {1: 80}, False)
    man, woman = found.lines
    assert man.is_reference
    assert man.comparison is None
    assert woman.comparison is not None
    assert woman.comparison.ratio == 0.5
    assert not found.hidden


def test_one_group_alone_is_compared_with_nobody() -> None:
    found = table(members(("woman", 12, 5)), "gender", {1: 12}, False)
    assert [line.comparison for line in found.lines] == [None]
    assert not found.comparable
    assert table([], "gender", {}, False).lines == ()


def test_a_group_under_two_percent_can_be_left_out() -> None:
    people = members(("man", 300, 150), ("woman", 295, 150), ("other", 5, 5))
    plain = {line.answers[0]: line for line in table(people, "gender", {1: 600}, False).lines}
    assert plain["other"].small
    assert plain["woman"].is_reference  # five of five is no yardstick
    assert plain["other"].comparison is not None
    out = {line.answers[0]: line for line in table(people, "gender", {1: 600}, True).lines}
    assert out["other"].left_out
    assert out["other"].comparison is None


def test_groups_of_two_questions() -> None:
    found = crossed(members(("man", 20, 10), ("woman", 20, 8)), ("gender", "age"), {1: 40}, False)
    assert [line.answers for line in found.lines] == [("man", "under-30"), ("woman", "under-30")]


def test_what_if_counts_everybody_and_shows_groups_where_it_may() -> None:
    people = members(("man", 20, 20), ("woman", 20, 20))
    rows = what_if([people], "gender", [40.0 + n for n in range(20)] * 2, 52, None, False)
    by_cut = {row.cut: row for row in rows}
    assert by_cut[0].passing == 40
    assert by_cut[45].passing == 30
    assert by_cut[52].is_set
    assert by_cut[52].passing == 16
    assert by_cut[45].lines is not None
    assert [line.outcome.chosen for line in by_cut[45].lines] == [15, 15]
    assert by_cut[52].lines is None  # three more than at 50
    beside = table(members(("man", 18, 1), ("woman", 20, 1)), "gender", {1: 38}, False)
    told = what_if([people], "gender", [40.0] * 40, None, beside, False)
    assert all(row.lines is None for row in told)  # twenty less eighteen would tell two

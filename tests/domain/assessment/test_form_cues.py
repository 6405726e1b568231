"""Form cues: the strategies are measured as the rule says, and the command reports them."""

from pathlib import Path
from typing import Any

import pytest

from domain.assessment.form_cues import BANK, CueFinding, cue_rates, form_cues, main
from domain.assessment.items import Item
from tests.domain.assessment.samples import document, item, path_of, source


def choice(number: int, texts: list[str], key: int, home: str = "C2") -> Item:
    return item(**choice_document(number, texts, key, home))


def choice_document(number: int, texts: list[str], key: int, home: str = "C2") -> dict[str, Any]:
    return document(
        id=f"{home}-P{number:02}",
        competencies={home: 1.0},
        options=[{"text": t, "why": "why", "key": i == key} for i, t in enumerate(texts)],
    )


def rate(items: list[Item], scope: str, strategy: str) -> CueFinding:
    return next(r for r in cue_rates(items) if (r.scope, r.strategy) == (scope, strategy))


def balanced(count: int, home: str = "C2") -> list[Item]:
    """Keys spread over positions; the key is the longest in one item of four."""
    found = []
    for n in range(count):
        key, longest = n % 4, (n % 4 if n // 4 % 4 == n % 4 else (n + 1) % 4)
        texts = [f"{word}{'!' * 9 if i == longest else ''}" for i, word in enumerate("wxyz")]
        found.append(choice(n + 1, texts, key, home))
    return found


def test_a_balanced_bank_has_no_finding() -> None:
    assert form_cues(balanced(16)) == []


def test_ties_share_the_point() -> None:
    tied = [choice(1, ["long!", "long?", "s", "t"], key=0)]
    assert rate(tied, BANK, "longest").rate == pytest.approx(1 / 2)
    assert rate(tied, BANK, "most hedged").rate == pytest.approx(1 / 4)


def test_chance_is_the_mean_over_items_with_different_numbers_of_options() -> None:
    mixed = [choice(1, ["a1", "b1", "c1"], key=0), choice(2, ["a1", "b1", "c1", "d1"], key=3)]
    assert rate(mixed, BANK, "longest").chance == pytest.approx((1 / 3 + 1 / 4) / 2)
    fourth = rate(mixed, BANK, "position d")
    assert (fourth.items, fourth.rate, fourth.chance) == (1, 1.0, 0.25)


def test_a_bank_whose_keys_are_longest_is_found_out() -> None:
    telling = [choice(n, ["aa", "bb", "cc", "dd long"], key=3) for n in range(1, 13)]
    found = {(f.scope, f.strategy): f for f in form_cues(telling)}
    assert found[(BANK, "longest")].gap == pytest.approx(0.75)
    assert found[("C2", "position d")].gap == pytest.approx(0.75)
    assert found[(BANK, "position a")].gap == pytest.approx(-0.25)


def test_a_key_that_is_never_longest_is_a_cue_too() -> None:
    shy = [choice(n, [f"{w}!" if i != n % 4 else w for i, w in enumerate("abcd")], n % 4)
           for n in range(1, 13)]  # fmt: skip
    assert [f.strategy for f in form_cues(shy) if f.scope == BANK] == ["longest"]


def test_hedges_are_whole_words_and_the_month_is_none() -> None:
    hedged = [choice(1, ["it may usually help", "on 5 May", "unlikely", "tendency"], key=0)]
    assert rate(hedged, BANK, "most hedged").rate == 1.0
    plain = [choice(1, ["on 5 May", "unlikely", "tendency", "x"], key=0)]
    assert rate(plain, BANK, "most hedged").rate == pytest.approx(1 / 4)


def test_the_best_action_is_what_wins_a_judgement_item() -> None:
    assert rate([item("sjt")], BANK, "position b").rate == 1.0


def test_small_sets_are_reported_and_not_judged() -> None:
    few = [choice(n, ["aa", "bb", "cc", "dd long"], key=3) for n in range(1, 12)]
    assert form_cues(few) == []
    assert rate(few, "C2", "longest").rate == 1.0


def test_the_tolerance_of_a_competency_is_wider_than_that_of_the_bank() -> None:
    """Fourteen of 48 items (4.2 points over chance) pass; 16 (8.3 points) fail in both scopes."""

    def longest(hits: int, count: int) -> list[str]:
        items = [
            choice(n + 1, [f"{w}!" if i == (n % 4 if n < hits else (n + 1) % 4) else w
                           for i, w in enumerate("abcd")], n % 4)
            for n in range(count)
        ]  # fmt: skip
        return [f.scope for f in form_cues(items)]

    assert longest(14, 48) == []
    assert longest(15, 48) == [BANK]
    assert longest(16, 48) == [BANK, "C2"]


def written(folder: Path, fields: dict[str, Any]) -> None:
    path = folder / Path(path_of(fields["id"])).relative_to("content/items")
    path.parent.mkdir(exist_ok=True)
    path.write_text(source(fields), encoding="utf-8")


def test_the_command_prints_a_table_and_fails_on_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(1, 13):
        written(tmp_path, choice_document(n, ["aa", "bb", "cc", "dd long"], key=3))
    assert main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "12 items read, 0 problems" in out
    assert "over the limit" in out


def test_the_command_lists_items_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, document())
    assert main([str(tmp_path)]) == 0
    written(tmp_path, document(id="C2-P02", difficulty=9))
    (tmp_path / "C2" / "C2-P03.yaml").write_bytes(b"\xff\xfe")
    assert main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "C2-P02.yaml:8: difficulty: must be a whole number from 1 to 5" in out
    assert "is not UTF-8 text" in out
    assert main([str(tmp_path / "nowhere")]) == 2

"""Words are split alike for keeping and asking; excerpts mark exactly what was asked."""

import time
from collections.abc import Callable

import pytest

from domain.library.searching import as_fts5, as_tsquery, excerpt, phrases, split


def test_chinese_is_split_into_pairs_and_latin_into_plain_words() -> None:
    assert split("Café QUOTE-2: 报价单 (发) A船B") == "cafe quote 2 报价 价单 单发 发 a 船 b"


def test_a_question_becomes_phrases_of_han_and_beginnings_of_words() -> None:
    asked = phrases("Invoice 报价")
    assert as_fts5(asked) == '"invoice" * AND "报价"'
    assert as_tsquery(asked) == "(invoice:*) & (报价)"


@pytest.mark.parametrize(
    ("text", "fts5", "tsquery"),
    [
        ("货", '"货" *', "(货:*)"),
        ("报价单", '"报价 价单"', "(报价 <-> 价单)"),
        ("FOB价", '"fob 价" *', "(fob <-> 价:*)"),
        ("离岸FOB", '"离岸 岸 fob" *', "(离岸 <-> 岸 <-> fob:*)"),
    ],
)
def test_runs_of_characters_are_phrases_of_pairs(text: str, fts5: str, tsquery: str) -> None:
    assert (as_fts5(phrases(text)), as_tsquery(phrases(text))) == (fts5, tsquery)


def test_signs_of_the_query_languages_are_no_part_of_a_question() -> None:
    asked = phrases("\" OR * NEAR( :* & | ! <-> ' a:b")
    assert as_fts5(asked) == '"or" * AND "near" * AND "a b" *'
    assert as_tsquery(asked) == "(or:*) & (near:*) & (a <-> b:*)"
    assert phrases("«» -- ''") == ()


def test_an_excerpt_marks_what_was_asked_and_nothing_else() -> None:
    body = "x " * 200 + "The <b>seller</b> sends a 报价单 first." + " y" * 300
    pieces = excerpt(body, phrases("SELL 报价"))
    assert [piece.text for piece in pieces if piece.marked] == ["seller", "报价"]
    assert "".join(p.text for p in pieces).startswith("… ")
    assert "<b>" in "".join(p.text for p in pieces)
    assert len("".join(p.text for p in pieces)) < 230


def test_a_text_without_the_words_begins_at_its_beginning() -> None:
    assert excerpt("Only the title had it.", phrases("incoterms"))[0].text == (
        "Only the title had it."
    )


def test_an_excerpt_is_where_the_whole_phrase_stands() -> None:
    """Not where one of its characters does, which a text of some length has everywhere."""
    body = "报告价格，" * 80 + "先发报价单。" + "报告价格，" * 80
    pieces = excerpt(body, phrases("报价"))
    assert [piece.text for piece in pieces if piece.marked] == ["报价"]


def test_words_with_accents_and_letters_that_grow_are_still_marked() -> None:
    for body in ("z " * 200 + "the café closes", "İ " * 200 + "the CAFÉ closes"):
        assert [p.text.lower() for p in excerpt(body, phrases("cafe")) if p.marked] == ["café"]


def test_a_word_in_the_middle_of_another_is_no_beginning() -> None:
    body = "resell " * 30 + "sell"
    assert [p.text for p in excerpt(body, phrases("sell")) if p.marked] == ["sell"]


def test_a_long_text_costs_no_more_than_its_window() -> None:
    """Pages show up to sixty excerpts: a text is searched as a text and split only nearby."""
    body, asked = "字" * 40_000 + "needle", phrases("needle")
    counted = cost_of(lambda: excerpt(body, asked))
    whole = cost_of(lambda: split(body))
    assert counted < whole / 5


def cost_of(deed: Callable[[], object]) -> float:
    """Processor seconds, the best of five: other work on the machine does not count."""

    def once() -> float:
        start = time.process_time()
        deed()
        return time.process_time() - start

    return min(once() for _ in range(5))

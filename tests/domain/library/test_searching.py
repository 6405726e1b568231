"""Words are split alike for keeping and asking; excerpts mark exactly what was asked."""

from domain.library.searching import as_fts5, as_tsquery, excerpt, phrases, split


def test_chinese_is_split_into_characters_and_latin_into_plain_words() -> None:
    assert split("Café QUOTE-2: 报价单") == "cafe quote 2 报 价 单"


def test_a_question_becomes_phrases_of_han_and_beginnings_of_words() -> None:
    asked = phrases("Invoice 报价")
    assert as_fts5(asked) == '"invoice" * AND "报 价"'
    assert as_tsquery(asked) == "(invoice:*) & (报 <-> 价)"


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

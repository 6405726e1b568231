"""No silent loss: whatever a question says stands in the item or in a note."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from domain.exchange.gift import read_gift
from domain.exchange.incoming import Defaults, fields_of
from domain.exchange.left_out import file_notes_of, notes_of
from domain.exchange.questions import Question, Reading
from tests.domain.exchange.making import questions

NOBODY = Defaults("C2", "incoterms", "trade-practice/x", (), "")
KINDS = ["single", "multiple", "truefalse", "short", "numeric", "matching", "ordering", "open"]


def notes(text: str) -> str:
    reading = read_gift(text)
    assert not reading.refusals
    (question,) = reading.questions
    return "\n".join(notes_of(question, fields_of(question, NOBODY)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Salt? {T#Wrong words.#Right words. ####For all.}", ["“For all.”", "“Wrong words.”"]),
        ("When? {#=5:1#Yes =%50%7:1#Near ~#No}", ["7 ± 1 (50%)", "“Near”", "“No”"]),
        ("Port? {=Ningbo#Yes =%50%Ningpo#Old =%0%*#No}", ["“Ningpo”", "“Old”", "“No”"]),
        ("Which? {=a ~%-50%b ~c}", ["took marks off"]),
        ("Which? {~%50%a ~%50%b ~c}", ["there it weighed otherwise"]),
        ("Pairs {=a -> b#Said =c -> d####Generally}", ["“Generally”"]),
        ("Which? {=a ~b ~#of nothing}", ["of nothing"]),
        ("How? {=a -> b =c}", ["each answer needs it"]),
    ],
)
def test_what_an_item_has_no_place_for_is_named(text: str, words: list[str]) -> None:
    found = notes(text)
    for word in words:
        assert word in found, found


def test_what_has_its_place_is_not_named() -> None:
    assert notes("Who? {=The buyer#Risk passed. ~The seller#No. ~Nobody#Never.}") == ""


def test_categories_and_names_are_said_once() -> None:
    text = "".join(f"$CATEGORY: top/{n}\n::N{n}::Ask {n}? {{T}}\n\n" for n in range(9))
    found = file_notes_of(read_gift(text))
    assert len(found) == 2
    assert "“top/0”" in found[0]
    assert "and 4 more" in found[0]
    own = Reading("gift", (Question("open", "", "Ask?", name="N", tags={"id": "C2-P01"}),))
    assert file_notes_of(own) == []


@settings(max_examples=60, deadline=None)
@given(questions(KINDS))
def test_nothing_is_lost_without_a_word(question: Question) -> None:
    fields = fields_of(question, NOBODY)
    whole = "".join("".join([*_texts(fields), *notes_of(question, fields)]).split())
    for text in (question.why, *(answer.why for answer in question.answers)):
        assert "".join(text[:100].split()) in whole, text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    else:
        yield str(value)

"""Moodle XML: what it says about each kind, what is refused by name, and round trips."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.exchange.moodle import UNSUPPORTED, read_moodle
from domain.exchange.moodle_writing import CARRIES, write_moodle
from domain.exchange.questions import Question, Reading, Unreadable
from tests.domain.exchange.making import bare, questions

STEM = "<name><text>N</text></name><questiontext format='html'><text>Ask?</text></questiontext>"


def read(inner: str) -> Reading:
    return read_moodle(f"<?xml version='1.0' encoding='UTF-8'?><quiz>{inner}</quiz>".encode())


def only(kind: str, inner: str, stem: str = STEM) -> Question:
    reading = read(f"<question type='{kind}'>{stem}{inner}</question>")
    assert not reading.refusals, reading.refusals
    return reading.questions[0]


def answer(text: str, fraction: str, feedback: str = "") -> str:
    return (
        f"<answer fraction='{fraction}' format='html'><text><![CDATA[<p>{text}</p>]]></text>"
        f"<feedback format='html'><text>{feedback}</text></feedback></answer>"
    )


def test_several_answers_with_shares_hints_and_a_category() -> None:
    reading = read(
        "<question type='category'><category><text>$course$/Trade</text></category></question>"
        f"<question type='multichoice'>{STEM}<single>false</single>"
        + answer("a &amp; b", "50", "Yes.") + answer("c", "50") + answer("d", "-100")
        + "<hint format='html'><text>Look.</text></hint></question>"
    )  # fmt: skip
    (question,) = reading.questions
    assert (question.kind, question.category, question.hints) == (
        "multiple", "$course$/Trade", ("Look.",),
    )  # fmt: skip
    assert [(a.text, a.share, a.why) for a in question.answers] == [
        ("a & b", 0.5, "Yes."), ("c", 0.5, ""), ("d", -1.0, ""),
    ]  # fmt: skip


def test_an_embedded_picture_comes_with_its_words() -> None:
    stem = (
        "<questiontext format='html'><text><![CDATA[<p>Look:</p><img alt='A port' "
        "src='@@PLUGINFILE@@/my%20port.png'>]]></text>"
        "<file name='my port.png' path='/' encoding='base64'>aGVs\nbG8=</file></questiontext>"
    )
    question = only("truefalse", answer("true", "100") + answer("false", "0"), stem)
    assert question.stem == "Look:\n\n![A port](media:my-port.png)"
    assert [(p.name, p.data) for p in question.pictures] == [("my-port.png", "aGVsbG8=")]


def test_pictures_in_folders_and_of_old_files() -> None:
    stem = (
        "<questiontext format='html'><text><![CDATA[<p>Look</p><img alt='A port' "
        "src='@@PLUGINFILE@@/at/sea/port.png'>]]></text>"
        "<file name='port.png' path='/at/sea/' encoding='base64'>aGVsbG8=</file></questiontext>"
    )
    sides = answer("true", "100") + answer("false", "0")
    assert only("truefalse", sides, stem).stem.endswith("![A port](media:port.png)")
    old = only("truefalse", f"<image>p/old.gif</image><image_base64>aGk=</image_base64>{sides}")
    assert old.stem == "Ask?\n\n![picture](media:old.gif)"
    assert [(p.name, p.data) for p in old.pictures] == [("old.gif", "aGk=")]
    gone = only("truefalse", f"<image>http://x.example/old.gif</image>{sides}")
    assert "is not in the file" in gone.notes[0]


def test_raised_figures_links_and_lines() -> None:
    stem = (
        "<questiontext format='html'><text><![CDATA[<p>5 m<sup>2</sup> of CO<sub>2</sub>, "
        "x<sup>k</sup>, <a href='https://a.example/b'>see</a>, <a href='javascript:x'>no</a>"
        "</p>]]></text></questiontext>"
    )
    question = only("truefalse", answer("true", "100") + answer("false", "0"), stem)
    assert question.stem == "5 m² of CO₂, x^(k), [see](https://a.example/b), no"
    assert question.notes == ("the address of a link was left out: javascript:x",)
    auto = (
        "<questiontext format='moodle_auto_format'><text>One\ntwo</text></questiontext>"
        "<defaultgrade>3</defaultgrade><tags><tag><text>ports</text></tag></tags>"
    )
    question = only("truefalse", answer("true", "100") + answer("false", "0"), auto)
    assert question.stem == "One\n\ntwo"
    assert [note.split(":")[0] for note in question.notes] == [
        "was worth 3 marks there; here its kind says what it is worth", "its tags were left out",
    ]  # fmt: skip


def test_kinds_of_other_makers_that_ask_the_same() -> None:
    pair = "<subquestion><text>{}</text><answer><text>{}</text></answer></subquestion>"
    assert only("ddmatch", pair.format("a", "1") + pair.format("b", "2")).kind == "matching"
    sets = only("multichoiceset", answer("a", "100") + answer("b", "100") + answer("c", "0"))
    assert sets.kind == "multiple"
    assert "all right ticks together" in sets.notes[0]


def test_numbers_with_tolerance_and_units() -> None:
    question = only(
        "numerical",
        "<answer fraction='100'><text>3.60</text><tolerance>0.05</tolerance></answer>"
        "<answer fraction='0'><text>*</text><feedback><text>No.</text></feedback></answer>"
        "<units><unit><multiplier>1</multiplier><unit_name>kg</unit_name></unit>"
        "<unit><multiplier>1000</multiplier><unit_name>g</unit_name></unit></units>",
    )
    assert (question.answers[0].value, question.answers[0].tolerance) == ("3.6", "0.05")
    assert question.unit == "kg"
    assert question.notes == ("only the unit “kg” is asked for; left out: g",)


def test_pairs_steps_words_and_essays() -> None:
    pair = (
        "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>"
    )
    matched = only("matching", pair.format("a", "1") + pair.format("b", "2") + pair.format("", "3"))
    assert [(a.text, a.goes_with) for a in matched.answers] == [("a", "1"), ("b", "2"), ("", "3")]
    ordered = only("ordering", answer("third", "3") + answer("first", "1") + answer("then", "2"))
    assert [a.text for a in ordered.answers] == ["first", "then", "third"]
    short = only("shortanswer", "<usecase>1</usecase>" + answer("Ningbo", "100"))
    assert short.notes == ("capital letters counted there; here they do not",)
    assert only("essay", "<graderinfo><text>Look for FOB.</text></graderinfo>").kind == "open"


@pytest.mark.parametrize("kind", [*UNSUPPORTED, "invented"])
def test_what_has_no_place_here_is_refused_by_name(kind: str) -> None:
    reading = read(f"<question type='{kind}'>{STEM}</question>")
    (refusal,) = reading.refusals
    assert refusal.element == kind
    assert refusal.why
    assert refusal.place == "question 1 “N”" or kind == "description"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE q [<!ENTITY a 'b'>]><quiz>&a;</quiz>", "DTD"),
        (b"<quiz><question></quiz>", "line 1"),
        (b"<html/>", "another kind"),
        (b"<quiz>" + b"<a>" * 200 + b"</a>" * 200 + b"</quiz>", "deeper"),
        (b"<?xml version='1.0' encoding='martian'?><quiz/>", "encoding"),
    ],
)
def test_xml_that_is_not_read(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_moodle(data)


@settings(max_examples=30, deadline=None)
@given(st.lists(questions(sorted(CARRIES)), min_size=1, max_size=4))
def test_out_and_in_again_is_the_same(made: list[Question]) -> None:
    reading = read_moodle(write_moodle(made))
    assert not reading.refusals
    assert [bare(q) for q in reading.questions] == [bare(replace(q, hints=())) for q in made]

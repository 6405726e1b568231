"""QTI 2.1, 2.2 and 3.0: interactions, rules of marking, packages, refusals, round trips."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.exchange.qti import read_package
from domain.exchange.qti_tree import INTERACTIONS
from domain.exchange.qti_writing import VERSIONS, write_package
from domain.exchange.questions import Question, Reading, Unreadable
from tests.domain.exchange.making import bare, questions

MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
MAP = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"
ASK = "<p>Which?</p>"


def item(declared: str, body: str, processing: str = f"<responseProcessing template='{MATCH}'/>",
         after: str = "") -> bytes:  # fmt: skip
    return (
        "<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1' identifier='i' title='T'"
        f" adaptive='false' timeDependent='false'>{declared}<itemBody>{body}</itemBody>"
        f"{processing}{after}</assessmentItem>"
    ).encode()


def declared(cardinality: str, base: str, correct: list[str], more: str = "") -> str:
    values = "".join(f"<value>{value}</value>" for value in correct)
    return (
        f"<responseDeclaration identifier='R' cardinality='{cardinality}' baseType='{base}'>"
        f"<correctResponse>{values}</correctResponse>{more}</responseDeclaration>"
    )


def choices(most: int) -> str:
    inner = "".join(
        f"<simpleChoice identifier='{x}'>Choice {x}<feedbackInline outcomeIdentifier='F' "
        f"identifier='{x}'>Said of {x}</feedbackInline></simpleChoice>"
        for x in "ABC"
    )
    return (
        f"{ASK}<choiceInteraction responseIdentifier='R' shuffle='false' maxChoices='{most}'>"
        f"<prompt>Choose.</prompt>{inner}</choiceInteraction>"
    )


def read(data: bytes, **files: bytes) -> Reading:
    return read_package({"item.xml": data, **{k.replace("__", "."): v for k, v in files.items()}})


def only(data: bytes, **files: bytes) -> Question:
    reading = read(data, **files)
    assert not reading.refusals, reading.refusals
    return reading.questions[0]


def test_a_choice_with_match_correct() -> None:
    question = only(item(declared("single", "identifier", ["B"]), choices(1)))
    assert (question.kind, question.stem) == ("single", "Which?\n\nChoose.")
    assert [(a.text, a.share, a.why) for a in question.answers] == [
        ("Choice A", 0, "Said of A"), ("Choice B", 1, "Said of B"), ("Choice C", 0, "Said of C"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "processing",
    [
        f"<responseProcessing template='{MAP}'/>",
        f"<responseProcessing template='{MAP}.xml'/>",
        "<responseProcessing><responseCondition><responseIf><isNull><variable identifier='R'/>"
        "</isNull><setOutcomeValue identifier='SCORE'><baseValue baseType='float'>0</baseValue>"
        "</setOutcomeValue></responseIf><responseElse><setOutcomeValue identifier='SCORE'>"
        "<mapResponse identifier='R'/></setOutcomeValue></responseElse></responseCondition>"
        "</responseProcessing>",
    ],
)
def test_several_choices_with_a_mapping(processing: str) -> None:
    mapping = (
        "<mapping defaultValue='0'><mapEntry mapKey='A' mappedValue='1'/>"
        "<mapEntry mapKey='B' mappedValue='3'/><mapEntry mapKey='C' mappedValue='-2'/></mapping>"
    )
    data = item(declared("multiple", "identifier", ["A", "B"], mapping), choices(0), processing)
    question = only(data)
    assert question.kind == "multiple"
    assert [answer.share for answer in question.answers] == [0.25, 0.75, -0.5]
    assert question.notes == ()


def test_a_rule_of_its_own_is_noted() -> None:
    inner = "<setOutcomeValue identifier='SCORE'><random/></setOutcomeValue>"
    rule = f"<responseProcessing>{inner}</responseProcessing>"
    question = only(item(declared("single", "identifier", ["B"]), choices(1), rule))
    assert "not known here: random" in question.notes[0]


def test_order_match_entries_and_texts() -> None:
    steps = "".join(f"<simpleChoice identifier='{x}'>Step {x}</simpleChoice>" for x in "ABC")
    ordered = only(item(
        declared("ordered", "identifier", ["C", "A", "B"]),
        f"{ASK}<orderInteraction responseIdentifier='R'>{steps}</orderInteraction>",
    ))  # fmt: skip
    assert [answer.text for answer in ordered.answers] == ["Step C", "Step A", "Step B"]

    sets = "".join(
        "<simpleMatchSet>" + "".join(
            f"<simpleAssociableChoice identifier='{x}' matchMax='1'>{x}</simpleAssociableChoice>"
            for x in names
        ) + "</simpleMatchSet>"
        for names in (("L1", "L2"), ("R1", "R2", "R3"))
    )  # fmt: skip
    matched = only(item(
        declared("multiple", "directedPair", ["L1 R2", "L2 R1"]),
        f"{ASK}<matchInteraction responseIdentifier='R'>{sets}</matchInteraction>",
    ))  # fmt: skip
    assert [(a.text, a.goes_with) for a in matched.answers] == [
        ("L1", "R2"), ("L2", "R1"), ("", "R3"),
    ]  # fmt: skip

    entry = "<p>The port is <textEntryInteraction responseIdentifier='R'/> in China.</p>"
    short = only(item(declared("single", "string", ["Ningbo"]), entry))
    assert (short.kind, short.stem.replace("\\", "")) == ("short", "The port is _____ in China.")
    equal = (
        "<responseProcessing><responseCondition><responseIf><equal toleranceMode='absolute' "
        "tolerance='0.1 0.1'><variable identifier='R'/><correct identifier='R'/></equal>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue>"
        "</setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )
    number = only(item(declared("single", "float", ["3.5"]), entry, equal))
    assert (number.answers[0].value, number.answers[0].tolerance) == ("3.5", "0.1")
    essay = f"{ASK}<extendedTextInteraction responseIdentifier='R'/>"
    assert only(item(declared("single", "string", []), essay, "")).kind == "open"


def test_places_on_a_picture() -> None:
    spots = (
        "<hotspotChoice identifier='A' shape='circle' coords='10,20,5'/>"
        "<hotspotChoice identifier='B' shape='rect' coords='0,0,30,40' hotspotLabel='Port'/>"
        "<hotspotChoice identifier='C' shape='poly' coords='0,0,10,0,10,20'/>"
    )
    question = only(
        item(
            declared("single", "identifier", ["B"]),
            f"{ASK}<hotspotInteraction responseIdentifier='R' maxChoices='1'>"
            f"<object type='image/png' data='map.png'/>{spots}</hotspotInteraction>",
        ),
        map__png=b"\x89PNG",
    )
    assert [(a.text, a.shape, a.at, a.share) for a in question.answers] == [
        ("Area 1", "circle", (10, 20, 5), 0), ("Port", "rect", (0, 0, 30, 40), 1),
        ("Area 3", "rect", (0, 0, 10, 20), 0),
    ]  # fmt: skip
    assert any("corners" in note for note in question.notes)


@pytest.mark.parametrize("name", [name for name, why in INTERACTIONS.items() if why])
def test_other_interactions_are_refused_by_name(name: str) -> None:
    data = item(declared("single", "identifier", []), f"{ASK}<{name} responseIdentifier='R'/>")
    with_reason = read(data).refusals
    assert [(r.place, r.element, r.why) for r in with_reason] == [
        ("item.xml", name, INTERACTIONS[name])
    ]


def test_two_questions_in_one_item_are_refused() -> None:
    data = item(declared("single", "identifier", ["A"]), choices(1) + choices(1))
    assert read(data).refusals[0].element == "composite item"


def test_a_manifest_leads_and_the_rest_is_named() -> None:
    manifest = (
        "<manifest xmlns='http://www.imsglobal.org/xsd/imscp_v1p1'><resources>"
        "<resource identifier='a' type='imsqti_item_xmlv2p1' href='in/one.xml'/>"
        "<resource identifier='b' type='imsqti_item_xmlv2p1' href='in/none.xml'/>"
        "<resource identifier='c' type='imsqti_test_xmlv2p1' href='test.xml'/>"
        "</resources></manifest>"
    )
    picture = "<p><img src='../p/x.png' alt='A crate'/></p>"
    one = item(declared("single", "identifier", ["B"]), picture + choices(1))
    reading = read_package(
        {"imsmanifest.xml": manifest.encode(), "in/one.xml": one, "p/x.png": b"\x89PNG"}
    )
    (question,) = reading.questions
    assert "![A crate](media:x.png)" in question.stem
    assert [(r.place, r.element) for r in reading.refusals] == [
        ("in/none.xml", "item"), ("test.xml", "test"),
    ]  # fmt: skip


def test_no_package_at_all() -> None:
    with pytest.raises(Unreadable, match="no imsmanifest"):
        read_package({"readme.xml": b"<a/>"})


KINDS = ["single", "multiple", "truefalse", "short", "numeric", "matching", "ordering", "open"]
# What XML with elements for a text's marks cannot tell apart: an unfinished mark from a letter.
MARKS = "\\`*_[]#>+-.)(!|{}~=/<&"


def _plain(question: Question) -> Question:
    stem = question.stem.translate(dict.fromkeys(map(ord, MARKS))).strip()
    stem = "\n\n".join(part for part in (" ".join(p.split()) for p in stem.split("\n\n")) if part)
    why = "" if question.kind in ("short", "numeric") else None
    said = question.answers if why is None else tuple(replace(a, why=why) for a in question.answers)
    return replace(question, stem=f"Q {stem}".strip(), answers=said)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=25, deadline=None)
@given(made=st.lists(questions(KINDS), min_size=1, max_size=3))
def test_out_and_in_again_is_the_same(version: str, made: list[Question]) -> None:
    wanted = [_plain(question) for question in made]
    reading = read_package(write_package(wanted, version))
    assert not reading.refusals
    assert [bare(q) for q in reading.questions] == [bare(q) for q in wanted]


def test_a_shared_text_brings_its_pictures_from_beside_it() -> None:
    shared = (
        "<assessmentStimulus identifier='s'><stimulusBody><p>Read <img src='map.png' alt='Map'/>"
        "</p></stimulusBody></assessmentStimulus>"
    )
    data = item(declared("single", "identifier", ["B"]), choices(1)).replace(
        b"<itemBody>", b"<assessmentStimulusRef identifier='s' href='shared/s.xml'/><itemBody>"
    )
    files = {"item.xml": data, "shared/s.xml": shared.encode(), "shared/map.png": b"png"}
    (question,) = read_package(files).questions
    assert question.stem == "Read\n\n![Map](media:map.png)\n\nWhich?\n\nChoose."
    assert [picture.name for picture in question.pictures] == ["map.png"]


def test_words_for_candidates_stay_and_words_for_markers_are_named() -> None:
    rubrics = (
        "<rubricBlock view='candidate'><p>Think first.</p></rubricBlock>"
        "<rubricBlock view='scorer'><p>Be strict.</p></rubricBlock>"
        "<feedbackBlock outcomeIdentifier='F' identifier='x'><p>Well.</p></feedbackBlock>"
    )
    question = only(item(declared("single", "identifier", ["B"]), rubrics + choices(1)))
    assert question.stem == "Think first.\n\nWhich?\n\nChoose."
    assert [note.rpartition(": ")[2] for note in question.notes] == ["“Be strict.”", "“Well.”"]


def test_an_object_that_is_not_shown_leaves_what_stands_in_for_it() -> None:
    film = "<p><object type='video/mpeg' data='a.mpg'>A film of a port</object></p>"
    question = only(item(declared("single", "identifier", ["B"]), film + choices(1)))
    assert question.stem.startswith("A film of a port")
    assert "<object>" in question.notes[0]


def test_items_beside_the_manifest_and_old_items_are_named() -> None:
    resources = "".join(
        f"<resource identifier='{place}' type='{kind}' href='{href}'/>"
        for place, (kind, href) in enumerate([
            ("imsqti_apipitem_xmlv2p1", "a.xml"), ("imsqti_item_xmlv2p1", "a.xml"),
            ("imsqti_xmlv1p2", "old.xml"), ("associatedcontent/imsqti/x", "look.css"),
        ])
    )  # fmt: skip
    manifest = f"<manifest><resources>{resources}</resources></manifest>"
    data = item(declared("single", "identifier", ["B"]), choices(1))
    files = {"imsmanifest.xml": manifest.encode(), "a.xml": data, "b.xml": data, "look.css": b""}
    reading = read_package(files)
    assert [question.place for question in reading.questions] == ["a.xml"]
    assert [(refusal.place, refusal.why.split(";")[0]) for refusal in reading.refusals] == [
        ("old.xml", "is QTI 1.2"), ("b.xml", "is in the package and not in its manifest"),
    ]  # fmt: skip

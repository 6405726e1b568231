"""A form says what the text says: source -> form -> source is the same item, for every kind."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.assessment.authored import parse_item
from domain.assessment.items import KINDS
from domain.exchange.controls import Unread, Unshown
from domain.exchange.rewriting import rewritten
from domain.exchange.sheets import SHEETS, fields_of_sheet, same, sheet_of
from domain.exchange.sources import to_source
from domain.library.documents import load_yaml
from tests.domain.exchange.authored_items import authored_items

PATH = "items/C2/C2-T01.yaml"
MANY = settings(max_examples=850, deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(MANY, max_examples=150)


def goes_round(fields: dict[str, Any]) -> None:
    source = to_source(fields)
    item = parse_item(source, PATH)
    back = fields_of_sheet(sheet_of(load_yaml(source, PATH).values))
    assert rewritten(source, back) == source  # nothing was changed: not a byte is
    assert parse_item(to_source(back), PATH) == item


@SOME
@given(authored_items())
def test_an_item_is_the_same_after_its_form(fields: dict[str, Any]) -> None:
    goes_round(fields)


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_items_of_each_kind_are_the_same_after_their_form(kind: str) -> None:
    MANY(given(authored_items((kind,)))(goes_round))()


@SOME
@given(authored_items(), authored_items(), st.data())
def test_a_changed_field_changes_its_own_lines_only(
    fields: dict[str, Any], others: dict[str, Any], data: st.DataObject
) -> None:
    same_kind = {**others, "kind": fields["kind"]}
    name = data.draw(st.sampled_from(["difficulty", "source", "stem", "lesson", "review_by"]))
    source = "# Who wrote it\n" + to_source(fields).replace("\nsource:", "\n# where from\nsource:")
    wanted = {n: v for n, v in fields.items() if n != name}
    if name in same_kind:
        wanted |= {name: same_kind[name]}
    text = rewritten(source, wanted)
    assert same(load_yaml(text, "").values, wanted)
    assert text.startswith("# Who wrote it\n")
    assert "# where from\n" in text
    kept = (
        {line for line in source.splitlines() if line}
        - {line for line in to_source({name: fields[name]}).splitlines() if name in fields}
        if name in fields
        else set(source.splitlines())
    )
    assert kept <= set(text.splitlines())


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"options": "three"},
        {"options": [{"text": "a", "note": "b"}]},
        {"subtopic": 7},
        {"seeds": ["S1-4", 4]},
        {"kind": "riddle"},
        {"competencies": ["C2"]},
        {"evidence": "perhaps"},
    ],
)
def test_what_a_form_cannot_show_is_left_to_the_text(change: dict[str, Any]) -> None:
    whole = {"id": "C2-T01", "kind": "single", "stem": "Who?\n", "options": []}
    sheet_of(whole)
    with pytest.raises(Unshown):
        sheet_of(whole | change)


@pytest.mark.parametrize("name", ["competencies", "parameters"])
def test_a_name_that_stands_twice_is_refused_and_never_lost(name: str) -> None:
    row = {"code": "C2", "weight": "100", "name": "fob", "way": "list", "values": "1, 2"}
    sheet = {"kind": "numeric", name: [{}, row, row]}
    with pytest.raises(Unread) as refused:
        fields_of_sheet(dict.fromkeys(SHEETS["numeric"]) | sheet)
    assert refused.value.field.startswith(f"{name}[3]")


def test_an_unreadable_text_is_written_anew() -> None:
    fields = {"id": "C2-T01", "kind": "open", "stem": "Why?\n"}
    for broken in ("kind: [", "{id: C2-T01, kind: open}\n", ""):
        assert same(load_yaml(rewritten(broken, fields), "").values, fields)

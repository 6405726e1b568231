"""Sheets carry every field of every item of the course."""

import csv
import json
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
import yaml

from config import ROOT
from domain.exchange.incoming import Defaults, fields_of
from domain.exchange.losses import losses
from domain.exchange.questions import Unreadable
from domain.exchange.tables import answers_in, head, read_csv, read_rows, row_of, shielded
from domain.exchange.workbook import rows_of
from gateways.sheets import csv_lines, xlsx_file

ITEMS = {
    path.stem: yaml.load(path.read_text(), yaml.CSafeLoader)
    for path in sorted((ROOT / "content/items").glob("*/*.yaml"))[::5]
}
MOST = max(answers_in(item) for item in ITEMS.values())
ROWS = [row_of(item, MOST) for item in ITEMS.values()]


def test_csv_carries_everything() -> None:
    lines = csv_lines(head(MOST), [[shielded(cell) for cell in row] for row in ROWS])
    reading = read_csv("".join(lines))
    assert not reading.refusals
    assert losses(ITEMS, reading) == {}


def test_xlsx_carries_everything() -> None:
    with ZipFile(BytesIO(xlsx_file("items", head(MOST), ROWS))) as book:
        files = {name: book.read(name) for name in book.namelist()}
    reading = read_rows("xlsx", rows_of(files))
    assert not reading.refusals
    assert losses(ITEMS, reading) == {}


def test_a_text_that_looks_like_a_formula_comes_back() -> None:
    item = dict(next(iter(ITEMS.values())), stem="=1+1", source="'quoted'")
    lines = csv_lines(head(MOST), [[shielded(cell) for cell in row_of(item, MOST)]])
    (question,) = read_csv("".join(lines)).questions
    fields = fields_of(question, Defaults("", "", "", (), ""))
    assert (fields["stem"], fields["source"]) == ("=1+1", "'quoted'")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_made_by_hand(delimiter: str) -> None:
    out = StringIO()
    sheet = csv.writer(out, delimiter=delimiter)
    sheet.writerow(["Kind", "Question", "Answer 1", "Mark 1", "Answer 2", "colour"])
    sheet.writerow(["single", "Which?", "This", "x", "That", "red"])
    sheet.writerow(["riddle", "Which?", "", "", "", ""])
    reading = read_csv(out.getvalue())
    assert reading.questions[0].given["options"] == [
        {"text": "This", "key": True},
        {"text": "That"},
    ]
    assert [(r.place, r.element) for r in reading.refusals] == [("row 3", "riddle")]
    assert reading.notes == ("The column “colour” is not known here and was left out.",)


@pytest.mark.parametrize("more", ["[1]", "{", '{"a": NaN}', "[" * 100_000])
def test_odd_json_is_a_refusal(more: str) -> None:
    rows = [(1, ["kind", "question", "more"]), (2, ["single", "Q?", more])]
    assert "more" in read_rows("csv", rows).refusals[0].why


def test_no_head_is_no_sheet() -> None:
    with pytest.raises(Unreadable, match="kind"):
        read_csv("a,b\n1,2\n")


def test_every_cell_is_text_in_json() -> None:
    assert json.loads(json.dumps(ROWS)) == ROWS

"""Tables as files: typed cells, and no text that a spreadsheet program would carry out."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from domain.exchange.tables import DANGEROUS
from gateways.sheets import csv_lines, xlsx_file

HEAD = ("word", "number")
ONE = [("=1+1", -0.5), ("plain", 3), (None, None), ("", True)]


# The list of OWASP, "CSV Injection", with the wide signs that it names for some locales.
OWASP = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("first", sorted({*DANGEROUS, *OWASP}))
def test_no_cell_is_a_formula(first: str) -> None:
    (_, line) = csv_lines(("a",), [(f"{first}cmd",)])
    assert next(csv.reader(StringIO(line, newline="")))[0] == f"'{first}cmd"


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=20))
def test_words_come_back_with_at_most_a_quote(word: str) -> None:
    lines = "".join(csv_lines(("a",), [(word,)]))
    cell = list(csv.reader(StringIO(lines, newline="")))[1:] if word else [[""]]
    found = cell[0][0] if cell else ""
    assert found in (word, f"'{word}")
    assert not found.startswith(DANGEROUS)


def test_numbers_keep_their_sign_and_times_are_iso() -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    (_, line) = csv_lines(HEAD, [(-1.5, None, date(2026, 3, 1), moment, 7)])
    assert line == "-1.5,,2026-03-01,2026-03-01T09:30:00+00:00,7\r\n"


def test_a_workbook_holds_typed_cells() -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    rows = [*ONE, ("https://x.example", moment)]
    sheet = load_workbook(BytesIO(xlsx_file("figures", HEAD, rows))).active
    assert sheet.title == "figures"
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0] == list(HEAD)
    assert cells[1] == ["=1+1", -0.5]
    assert sheet["A2"].data_type == "s"
    assert cells[2] == ["plain", 3]
    assert cells[5] == ["https://x.example", moment.replace(tzinfo=None)]
    assert sheet["A6"].hyperlink is None

"""Tables that people bring, in whatever encoding, with whatever in them."""

import io
import zipfile
from datetime import date

import pytest

from domain.hiring.candidate_table import Formula, Garbled
from gateways.sheets import xlsx_file
from gateways.tables import TableError, read_table

TEXT = "姓名,邮箱\r\n孙一,sun@mail.example\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"]
)
def test_encodings_are_told_apart(encoding: str) -> None:
    assert read_table(TEXT.encode(encoding), 9)[1] == ["孙一", "sun@mail.example"]


def test_a_row_in_another_encoding_is_named_and_not_guessed() -> None:
    mixed = (
        TEXT.encode() + "李四,li@mail.example\r\n".encode("gbk") + "王五,w@mail.example\n".encode()
    )
    rows = read_table(mixed, 9)
    assert [isinstance(row[0], Garbled) for row in rows] == [False, False, True, False]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_quoted_lines(delimiter: str) -> None:
    text = (
        f'name{delimiter}email\n"Sun{delimiter}\nYi"{delimiter}sun@mail.example\n=1+1{delimiter}x\n'
    )
    rows = read_table(text.encode(), 9)
    assert rows[1][0] == f"Sun{delimiter}\nYi"
    assert isinstance(rows[2][0], Formula)


def test_a_workbook_gives_its_values_and_marks_formulas() -> None:
    rows = [["孙一", "sun@mail.example", date(2027, 3, 1)], ["=HYPERLINK(1)", 5, None]]
    found = read_table(xlsx_file("a", ["name", "email", "expires"], rows), 9)
    assert found[1] == ["孙一", "sun@mail.example", 46447.0]
    assert isinstance(found[2][0], Formula)


def test_a_hundred_thousand_rows_are_refused_before_they_are_read() -> None:
    rows = [[f"n{i}", f"n{i}@mail.example"] for i in range(20_000)]
    with pytest.raises(TableError, match="rows"):
        read_table(xlsx_file("a", ["name", "email"], rows), 500)
    with pytest.raises(TableError, match="rows"):
        read_table(b"name,email\n" + b"a,a@b.example\n" * 100_000, 500)


def packed(**parts: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return whole.getvalue()


BOMB = b'<!DOCTYPE a [<!ENTITY b "cccccccc">]><workbook>&b;</workbook>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "kind"),
        (b"PK\x03\x04 not an archive", "broken"),
        (packed(), "broken"),
        (packed(xl__workbook=BOMB), "broken"),
        (packed(xl__workbook=b"<a>" * 2_000_000), "broken"),
        (b"name,email\n\xff\xff\xff\x80", "encoding"),
        (xlsx_file("a", ["name"], [["x"]])[:-200], "broken"),
    ],
)
def test_what_is_no_table_is_said_in_a_word(content: bytes, why: str) -> None:
    with pytest.raises(TableError, match=why):
        read_table(content, 9)


def test_a_part_that_unpacks_without_end_is_stopped() -> None:
    """70 MB of blanks in a part of 70 kB."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook>" + b" " * 70_000_000)
    with pytest.raises(TableError):
        read_table(whole.getvalue(), 9)

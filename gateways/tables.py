"""Tables that people bring: CSV in the encodings that spreadsheet programs write, and XLSX.

Cells come out as text, numbers or marks; formulas are marked and never worked out. Both readers
stop at a number of rows and of bytes, whatever the file says about itself.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from domain.hiring.candidate_table import Cell, Formula, Garbled

MOST_COLUMNS = 50
MOST_UNPACKED = 64 * 1024 * 1024  # bytes of one part of a workbook
MOST_SHARED = 200_000  # texts that the cells of a workbook share
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    IndexError,
    ParseError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    StopIteration,
)
_ZIP, _OLD_EXCEL = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"


class TableError(ValueError):
    """The file as a whole cannot be read; `why` is a word: empty, kind, encoding, rows, broken."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_table(content: bytes, most_rows: int) -> list[Sequence[Cell]]:
    """The rows of a CSV or XLSX file, told apart by its first bytes; the header is the first.

    Raises TableError, with "rows" for more than most_rows below the header.
    """
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise TableError("empty")
    if content.startswith(_OLD_EXCEL):
        raise TableError("kind")
    rows = _xlsx(content) if content.startswith(_ZIP) else _csv(content)
    found: list[Sequence[Cell]] = []
    for row in rows:
        found.append(row[:MOST_COLUMNS])
        if len(found) > most_rows + 1:
            raise TableError("rows")
    return found


def _csv(content: bytes) -> Iterator[Sequence[Cell]]:
    text, garbled = decoded(content)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        before = 0
        for row in reader:
            lines = range(before, reader.line_num)
            before = reader.line_num
            bad = not garbled.isdisjoint(lines)
            yield [_csv_cell(cell, bad) for cell in row]
    except csv.Error:
        raise TableError("broken") from None


def _csv_cell(cell: str, garbled: bool) -> Cell:
    if garbled:
        return Garbled(cell)
    return Formula(cell) if cell.lstrip().startswith("=") else cell


def decoded(content: bytes) -> tuple[str, frozenset[int]]:
    """The text of a CSV file, and which of its lines (from 0) are in another encoding.

    UTF-8 and UTF-16 by their marks, UTF-8 without one, else GB18030, which holds GBK. Where most
    lines are UTF-8 and some are not, those are the other ones. Raises TableError.
    """
    try:
        if content.startswith(b"\xef\xbb\xbf"):
            return _lined(content[3:])
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), frozenset()
        if b"\0" in content[:200]:
            # No mark, but one byte of each Latin letter is empty: the second one or the first.
            second, first = content[1:200:2].count(0), content[0:200:2].count(0)
            return content.decode("utf-16-le" if second > first else "utf-16-be"), frozenset()
    except UnicodeDecodeError:
        raise TableError("encoding") from None
    return _lined(content)


def _lined(content: bytes) -> tuple[str, frozenset[int]]:
    try:
        return content.decode("utf-8"), frozenset()
    except UnicodeDecodeError:
        pass
    lines = content.split(b"\n")
    strange = frozenset(n for n, line in enumerate(lines) if not _is_utf8(line))
    ours = sum(not line.isascii() for line in lines) - len(strange)
    if ours < len(strange) or not ours:
        try:
            return content.decode("gb18030"), frozenset()
        except UnicodeDecodeError:
            raise TableError("encoding") from None
    return content.decode("utf-8", "replace"), strange


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _xlsx(content: bytes) -> Iterator[Sequence[Cell]]:
    """The first sheet, row by row.

    Read here and not by a library: the one there is loads a numbers library into the web process.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            shared, number = _shared(parts), 0
            for row in _elements(parts, _first_sheet(parts), _SHEET + "row"):
                number += 1
                while number < int(row.get("r", number)):
                    yield ()  # rows that hold nothing are left out of the file
                    number += 1
                yield _cells(row, shared)
                row.clear()
    except TableError:
        raise
    except _BROKEN:
        raise TableError("broken") from None


def _elements(parts: zipfile.ZipFile, name: str, tag: str) -> Iterator[Element]:
    """The elements of a part, one after the other, with their bytes counted."""
    # Imported here: only who uploads a workbook needs it.
    from defusedxml.ElementTree import iterparse

    with parts.open(name) as packed:
        for _, element in iterparse(_Counted(packed), forbid_dtd=True):
            if element.tag == tag:
                yield element


class _Counted(io.RawIOBase):
    """A stream that ends with an error at MOST_UNPACKED, whatever the archive promised."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._left = source, MOST_UNPACKED

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._source.read(min(size, 65536) if size > 0 else 65536)
        self._left -= len(chunk)
        if self._left < 0:
            raise TableError("rows")
        return chunk


def _first_sheet(parts: zipfile.ZipFile) -> str:
    """The name of the part that the workbook shows first."""
    wanted = next(_elements(parts, "xl/workbook.xml", _SHEET + "sheet")).get(_REL + "id")
    for relation in _elements(parts, "xl/_rels/workbook.xml.rels", _PACKAGE + "Relationship"):
        if relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise TableError("broken")


def _shared(parts: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in parts.namelist():
        return []
    found = []
    for element in _elements(parts, "xl/sharedStrings.xml", _SHEET + "si"):
        found.append(_texts(element))
        element.clear()
        if len(found) > MOST_SHARED:
            raise TableError("rows")
    return found


def _texts(element: Element) -> str:
    return "".join(part.text or "" for part in element.iter(_SHEET + "t"))


def _cells(row: Element, shared: Sequence[str]) -> list[Cell]:
    found: list[Cell] = []
    for cell in row.iter(_SHEET + "c"):
        place = _place(cell.get("r", ""), len(found))
        if place >= MOST_COLUMNS:
            break
        found += [None] * (place - len(found))
        found.append(_cell(cell, shared))
    return found


def _place(reference: str, following: int) -> int:
    """The column of a reference like C7, from 0; the following one where there is no reference."""
    letters = [ord(letter) - 64 for letter in reference if "A" <= letter <= "Z"]
    place = 0
    for letter in letters[:3]:
        place = 26 * place + letter
    return max(place - 1, following) if letters else following


def _cell(cell: Element, shared: Sequence[str]) -> Cell:
    if (formula := cell.find(_SHEET + "f")) is not None:
        return Formula("=" + (formula.text or ""))
    kind, value = cell.get("t", "n"), cell.findtext(_SHEET + "v")
    if kind == "inlineStr":
        text = _texts(cell)
        return Formula(text) if text.startswith("=") else text
    if value is None:
        return None
    if kind == "s":
        text = shared[int(value)]
        return Formula(text) if text.startswith("=") else text
    if kind == "n":
        return float(value)
    return value

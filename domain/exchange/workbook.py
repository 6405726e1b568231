"""The first sheet of an XLSX workbook as rows of text, read as a stream and never recalculated."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.exchange.questions import Unreadable

MOST_ROWS = 6000  # that hold something; empty ones are passed over
MOST_COLUMNS = 120
MOST_SEEN = 2_000_000  # elements of a sheet
MOST_STRINGS = 200_000
MOST_LETTERS = 16_000_000


def rows_of(files: Mapping[str, bytes]) -> list[tuple[int, list[str]]]:
    """(number from 1, cells) of each row that holds something. Raises Unreadable.

    files: path -> bytes of the workbook's parts.
    """
    sheet = next((p for p in sorted(files) if p.startswith("xl/worksheets/sheet")), None)
    if sheet is None:
        raise Unreadable("holds no sheet")
    strings = _Strings()
    if "xl/sharedStrings.xml" in files:
        _stream(files["xl/sharedStrings.xml"], strings.start, strings.end, strings.data)
    rows = _Rows(strings.found)
    _stream(files[sheet], rows.start, rows.end, rows.data)
    return rows.found


class _Strings:
    """The workbook's own list of texts, without their phonetic guides."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._in_text = self._guide = False
        self._letters = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._parts = []
        self._guide = self._guide or name == "rPh"
        self._in_text = name == "t" and not self._guide

    def data(self, text: str) -> None:
        if self._in_text:
            self._letters += len(text)
            if self._letters > MOST_LETTERS:
                raise Unreadable("holds more text than a list of questions does")
            self._parts.append(text)

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._guide = False
        elif name == "si":
            self.found.append("".join(self._parts))
            if len(self.found) > MOST_STRINGS:
                raise Unreadable(f"holds more than {MOST_STRINGS:,} texts")


class _Rows:
    def __init__(self, strings: list[str]) -> None:
        self.found: list[tuple[int, list[str]]] = []
        self._strings = strings
        self._number = 0
        self._cells: dict[int, str] = {}
        self._column, self._kind = 0, ""
        self._parts: list[str] = []
        self._reading = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            given = attributes.get("r", "")
            self._number = int(given) if given.isdecimal() and len(given) < 9 else self._number + 1
            self._cells, self._column = {}, -1
        elif name == "c":
            self._column = _column(attributes.get("r", ""), self._column + 1)
            self._kind, self._parts = attributes.get("t", "n"), []
        elif name in ("v", "t"):
            self._reading = True

    def data(self, text: str) -> None:
        if self._reading:
            self._parts.append(text)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._reading = False
        elif name == "c":
            text = self._text("".join(self._parts))
            if text and self._column < MOST_COLUMNS:
                self._cells[self._column] = text
        elif name == "row" and self._cells:
            if len(self.found) >= MOST_ROWS:
                raise Unreadable(f"has more than {MOST_ROWS:,} rows; divide it into several files")
            width = max(self._cells) + 1
            self.found.append((self._number, [self._cells.get(n, "") for n in range(width)]))

    def _text(self, raw: str) -> str:
        if self._kind == "s":
            place = int(raw) if raw.strip().isdecimal() and len(raw) < 9 else -1
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if self._kind == "b":
            return "true" if raw.strip() == "1" else "false"
        if self._kind == "n" and "." in raw:
            # 0.1 stands in the file with all its binary digits.
            try:
                return f"{float(raw):.12g}"
            except ValueError:
                return raw
        return "" if self._kind == "e" else raw


def _column(reference: str, default: int) -> int:
    """`C7` is column 2."""
    place = 0
    for letter in reference[:4]:
        if not ("A" <= letter <= "Z"):
            break
        place = place * 26 + ord(letter) - 64
    return place - 1 if place else default


def _stream(
    data: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    # Imported here: only who reads a workbook needs a parser of its own.
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator="}")
    seen = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal seen
        seen += 1
        if seen > MOST_SEEN:
            raise Unreadable("has more cells than a list of questions does")
        start(name.rpartition("}")[2], attributes)

    def refuse(*_: Any) -> None:
        raise Unreadable("declares a DTD, which no workbook needs")

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda name: end(name.rpartition("}")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Unreadable(f"holds a part that is no sound XML, line {error.lineno}") from None
    except (ValueError, LookupError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("holds a part in an encoding that cannot be read") from None

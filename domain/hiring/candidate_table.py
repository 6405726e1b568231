"""A table of candidates to invite, as a spreadsheet has it: headers, dates, languages, doubles.

Every fault has its row and its column. Nothing is guessed: a day that could be read in two ways is
a fault.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

from domain.records import frozen

COLUMNS = ("name", "email", "language", "expires")
NEEDED = ("name", "email")
HEADERS = {
    "name": ("name", "full name", "candidate", "姓名", "名字", "候选人", "候选人姓名"),
    "email": (
        "email", "e-mail", "mail", "mail address", "email address",
        "邮箱", "邮件", "电子邮件", "电子邮箱", "邮箱地址",
    ),
    "language": ("language", "lang", "语言", "语种"),
    "expires": (
        "expires", "expiry", "until", "valid until", "last day",
        "截止", "截止日期", "截止日", "有效期至", "到期日",
    ),
}  # fmt: skip
LANGUAGES = {
    "en": ("en", "eng", "english", "英文", "英语"),
    "zh_Hans": (
        "zh",
        "zh_hans",
        "zh-hans",
        "zh_cn",
        "zh-cn",
        "chinese",
        "中文",
        "简体中文",
        "汉语",
    ),
}
_COLUMN_OF = {word: column for column, names in HEADERS.items() for word in names}
_LANG_OF = {word: lang for lang, names in LANGUAGES.items() for word in names}
_SERIAL_ZERO = dt.date(1899, 12, 30)  # day 0 of spreadsheet programs, as they count since 1900


class Formula(str):
    """The text of a cell that is a formula and not a value."""

    __slots__ = ()


class Garbled(str):
    """The text of a cell whose row is in another encoding than the rest of the file."""

    __slots__ = ()


Cell = str | int | float | dt.date | None


class HeaderError(ValueError):
    """The first row does not name the columns; `unknown`, `missing`, `doubled` say in what."""

    def __init__(
        self, unknown: Sequence[str], missing: Sequence[str], doubled: Sequence[str]
    ) -> None:
        super().__init__("wrong headers")
        self.unknown, self.missing, self.doubled = tuple(unknown), tuple(missing), tuple(doubled)


@frozen
class Row:
    """One candidate as read. number: of the row in the file, whose headers are row 1.

    lang, expires: None where the cell is empty. faults: column -> what is wrong, in a word.
    same_as: the earlier row with the same address, which this one was merged into.
    """

    number: int
    name: str
    email: str
    lang: str | None = None
    expires: dt.date | None = None
    faults: dict[str, str] = field(default_factory=dict)
    same_as: int | None = None

    @property
    def sound(self) -> bool:
        return not self.faults and self.same_as is None


def columns_of(header: Sequence[Cell]) -> dict[str, int]:
    """Column -> its place. Empty headers at the end are passed over. Raises HeaderError."""
    places: dict[str, int] = {}
    unknown, doubled = [], []
    for place, cell in enumerate(header):
        word = " ".join(str(cell or "").split()).lower()
        if not word:
            continue
        column = _COLUMN_OF.get(word)
        if column is None:
            unknown.append(word[:60])
        elif column in places:
            doubled.append(word[:60])
        else:
            places[column] = place
    missing = [column for column in NEEDED if column not in places]
    if unknown or missing or doubled:
        raise HeaderError(unknown, missing, doubled)
    return places


def rows_of(table: Iterable[Sequence[Cell]]) -> Iterator[Row]:
    """The candidates below the header; rows without any text are passed over.

    Raises HeaderError for the first row, also for a table without one.
    """
    lines = iter(table)
    places = columns_of(next(lines, ()))
    for number, cells in enumerate(lines, start=2):
        if any(str(cell if cell is not None else "").strip() for cell in cells):
            yield _row(number, cells, places)


def _row(number: int, cells: Sequence[Cell], places: dict[str, int]) -> Row:
    found = {
        column: cells[place] if place < len(cells) else None for column, place in places.items()
    }
    faults = {
        column: "formula" if isinstance(cell, Formula) else "garbled"
        for column, cell in found.items()
        if isinstance(cell, Formula | Garbled)
    }
    lang, expires = None, None
    if (typed := _text(found.get("language"))) and "language" not in faults:
        lang = _LANG_OF.get(typed.lower())
        if lang is None:
            faults["language"] = "unknown"
    if found.get("expires") not in (None, "") and "expires" not in faults:
        expires = date_of(found["expires"])
        if expires is None:
            faults["expires"] = "no date"
    name, email = _text(found.get("name")), _text(found.get("email"))
    return Row(number, name[:300], email[:300], lang, expires, faults)


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def date_of(cell: Cell) -> dt.date | None:
    """A day as a cell gives it: a date, a serial number, 2026-12-01, 2026/12/1, 2026年12月1日.

    None for days that are none (30 February) and for those that two countries read in two ways.
    """
    match cell:
        case dt.datetime():
            return cell.date()
        case dt.date():
            return cell
        case bool():
            return None
        case int() | float():
            whole = int(cell)
            return _SERIAL_ZERO + dt.timedelta(days=whole) if 36526 <= whole < 73051 else None
    text = _text(cell)
    for sign in ("年", "月", "/", "."):
        text = text.replace(sign, "-")
    parts = text.removesuffix("日").split("-")
    if len(parts) != 3 or len(parts[0]) != 4 or not all(_is_number(part) for part in parts):
        return None
    try:
        return dt.date(*(int(part) for part in parts))
    except ValueError:
        return None


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) <= 4


def merge(rows: Iterable[Row]) -> Iterator[Row]:
    """The same rows; one whose address stood in a sound row before is merged into that one."""
    first: dict[str, int] = {}
    for row in rows:
        key = row.email.lower()
        if row.faults or not key:
            yield row
        elif key in first:
            yield replace(row, same_as=first[key])
        else:
            first[key] = row.number
            yield row

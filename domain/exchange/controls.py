"""How a value of an item's file stands in a form, and what a filled-in form says in the file.

A form knows texts, ticks and lists of rows; a file knows numbers, dates and mappings too. Each
control goes both ways, and `read(show(value))` is the value again. What a form cannot show whole
is `Unshown`: nobody loses by a form what they wrote as text.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain.records import frozen

_PLAIN = re.compile(r"[-\N{MINUS SIGN}]?\d{1,15}(?:\.\d{1,15})?")
_UNSOUND = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class Unshown(ValueError):
    """A value that no form can show without losing something."""


class Unread(ValueError):
    """Filled in so that no file can say it. field: as a Problem names it, with what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


@frozen
class Control:
    """show: a value of the file, None where it is left out, as the form holds it.
    read: what the form holds as a value of the file; None leaves the field out."""

    show: Callable[[Any], Any]
    read: Callable[[Any], Any]


def clean(given: Any) -> str:
    """What somebody typed, without what no file may hold; line ends are LF."""
    text = str(given or "").replace("\r\n", "\n").replace("\r", "\n")
    return _UNSOUND.sub("", text).strip()


def show_text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unshown
    return value.strip()


def show_number(value: Any) -> str:
    """A number without an exponent. A sum stands where a number may stand."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return show_text(value)
    if not isinstance(value, int | float):
        raise Unshown
    return f"{Decimal(str(value)):f}"


def read_number(given: Any) -> int | float | str | None:
    """A number where it is one; else the text, so that the check can name it."""
    text = clean(given)
    if not _PLAIN.fullmatch(text):
        return text or None
    text = text.replace("\N{MINUS SIGN}", "-")
    return float(text) if "." in text else int(text)


def _read_sum(given: Any) -> int | float | str | None:
    """A sum over parameters; a plain number only where it is written back as it was typed."""
    value = read_number(given)
    return value if isinstance(value, str) or show_number(value) == clean(given) else clean(given)


def _show_percent(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return show_text(value)
    shown = f"{Decimal(str(value)) * 100:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _read_percent(given: Any) -> float | str | None:
    value = read_number(clean(given).removesuffix("%").strip())
    if isinstance(value, str) or value is None:
        return value
    return float(Decimal(str(value)) / 100)


def _show_flag(value: Any) -> bool:
    if value not in (None, True, False):
        raise Unshown
    return bool(value)


def _show_truth(value: Any) -> str:
    if value is not None and not isinstance(value, bool):
        raise Unshown
    return {None: "", True: "true", False: "false"}[value]


def _show_day(value: Any) -> str:
    return value.isoformat() if type(value) is dt.date else show_text(value)


def _read_day(given: Any) -> dt.date | str | None:
    text = clean(given)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text or None


def _show_list(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or any(type(entry) is not str for entry in value):
        raise Unshown
    if any("\n" in entry for entry in value):
        raise Unshown
    return [entry.strip() for entry in value]


def _read_lines(given: Any) -> list[str]:
    return [line.strip() for line in clean(given).split("\n") if line.strip()]


def show_record(fields: Mapping[str, Control], value: Any) -> dict[str, Any]:
    """A mapping of the file as the form's fields; raises Unshown for a field that it has not."""
    value = {} if value is None else value
    if not isinstance(value, Mapping) or set(value) - set(fields):
        raise Unshown
    return {name: control.show(value.get(name)) for name, control in fields.items()}


def read_record(fields: Mapping[str, Control], given: Any) -> dict[str, Any]:
    """The inverse; what is left out stands in no file."""
    given = given if isinstance(given, Mapping) else {}
    found = {name: control.read(given.get(name)) for name, control in fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def group(**fields: Control) -> Control:
    return Control(lambda v: show_record(fields, v), lambda given: read_record(fields, given))


def rows(one: Control, *, may_lack: bool = False) -> Control:
    """A list of mappings. may_lack: the field is left out where no row is filled in."""

    def show(value: Any) -> list[Any]:
        if value is not None and not isinstance(value, list):
            raise Unshown
        return [one.show(entry) for entry in value or ()]

    def read(given: Any) -> list[Any] | None:
        found = [one.read(row) for row in filled(given)]
        return None if may_lack and not found else found

    return Control(show, read)


def filled(given: Any) -> list[Any]:
    """The rows in which something is written or ticked."""
    return [row for row in given or () if any(_says(value) for value in _leaves(row))]


# Which of several ways a row is filled in says nothing by itself.
_WAYS = frozenset({"way", "shape", "score"})


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [leaf for name, v in value.items() if name not in _WAYS for leaf in _leaves(v)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [leaf for entry in value for leaf in _leaves(entry)]
    return [value]


def _says(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


TEXT = Control(show_text, clean)
# Left out where it is empty, so that the check says what is missing.
WORD = Control(show_text, lambda given: clean(given) or None)
# A text of several lines, which files write as a block.
BLOCK = Control(show_text, lambda given: clean(given) + "\n" if clean(given) else "")
NUMBER = Control(show_number, read_number)
SUM = Control(show_number, _read_sum)
PERCENT = Control(_show_percent, _read_percent)
FLAG = Control(_show_flag, lambda given: True if given else None)
TRUTH = Control(_show_truth, lambda given: {"true": True, "false": False}.get(clean(given)))
DAY = Control(_show_day, _read_day)
LINES = Control(lambda value: "\n".join(_show_list(value)), _read_lines)
# Short names in one line, divided by commas or spaces.
NAMES = Control(
    lambda value: ", ".join(_show_list(value)),
    lambda given: [name for name in re.split(r"[,\s，、]+", clean(given)) if name],
)

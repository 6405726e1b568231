"""Typed reading of a document's fields that gathers every fault, not only the first."""

import datetime as dt
import math
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Self

from domain.library.documents import Document, DocumentError, Problem

LESSON_REF = r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*"
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
SEED = r"S[0-4]-\d{1,2}"
TERM = r"[a-z0-9]+(-[a-z0-9]+)*"
COMPETENCY = r"C[1-7]|A[12]"
ITEM_ID = rf"({COMPETENCY})-[A-Z]\d{{2,3}}"
LANGUAGE = r"[a-z]{2}(_[A-Z][A-Za-z]{1,3})?"


class Fields:
    """One mapping of a document. A reading method notes a fault and gives back a neutral value.

    The neutral values only carry the parser on to the next field: `finish()` refuses the document
    when any fault was noted, so they never leave the parser.
    """

    def __init__(
        self,
        document: Document,
        values: Mapping[str, object] | None = None,
        at: str = "",
        problems: list[Problem] | None = None,
    ) -> None:
        self._document = document
        self._values = document.values if values is None else values
        self._at = at
        self.problems: list[Problem] = [] if problems is None else problems
        self._known: set[str] = set()
        self._inner: list[Self] = []

    def problem(self, name: str | None, message: str) -> None:
        """Note a fault of the field `name`, or of this whole mapping when it is None."""
        field = self._at if name is None else self._path(name)
        lines = self._document.lines
        line = lines.get(field, lines.get(self._at))
        self.problems.append(Problem(self._document.path, line, field or None, message))

    def has(self, name: str) -> bool:
        """Whether the field is given and not empty; it counts as known from here on."""
        self._known.add(name)
        return self._values.get(name) is not None

    def names(self) -> tuple[str, ...]:
        """All names of this mapping, which then count as known."""
        self._known.update(self._values)
        return tuple(self._values)

    def raw(self, name: str) -> object:
        """The value as it was read, for a shape that only one document has."""
        return self._required(name)

    def text(self, name: str, *, most: int, pattern: str | None = None, empty: bool = False) -> str:
        """A text of at most `most` characters, outer white space removed."""
        value = self._required(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(name, "must be text; put it in quotes")
            return ""
        value = value.strip()
        if not value and not empty:
            self.problem(name, "must not be empty")
        elif len(value) > most:
            self.problem(name, f"is longer than {most} characters")
        elif pattern is not None and not re.fullmatch(pattern, value, re.ASCII):
            self.problem(name, f"“{value[:60]}” is not of the expected form")
        return value

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        """One of the allowed words."""
        value = self._required(name)
        if value is None:
            return ""
        if not isinstance(value, str) or value not in allowed:
            self.problem(name, f"must be one of {', '.join(sorted(allowed))}")
            return ""
        return value

    def integer(self, name: str, low: int, high: int) -> int:
        """A whole number from low to high."""
        value = self._required(name)
        if value is None:
            return low
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.problem(name, f"must be a whole number from {low} to {high}")
            return low
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """A finite number from low to high."""
        value = self._required(name)
        if value is None:
            return low
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(name, "must be a number")
            return low
        if not (math.isfinite(value) and low <= value <= high):
            self.problem(name, f"must be a number from {low:g} to {high:g}")
            return low
        return float(value)

    def decimal(self, name: str, *, least: Decimal | None = None) -> Decimal:
        """A finite number as it is written, free of binary rounding."""
        value = self._required(name)
        if value is None:
            return Decimal(0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(name, "must be a number")
            return Decimal(0)
        if not math.isfinite(value) or abs(value) >= 1e15:
            self.problem(name, "must be a number below 10^15")
            return Decimal(0)
        exact = Decimal(str(value))
        if least is not None and exact < least:
            self.problem(name, f"must be at least {least}")
        return exact

    def flag(self, name: str) -> bool:
        """true or false; false when left out."""
        value = self._values.get(name)
        self._known.add(name)
        if value is not None and not isinstance(value, bool):
            self.problem(name, "must be true or false")
            return False
        return bool(value)

    def date(self, name: str) -> dt.date | None:
        """A date written 2027-05-31; None when left out."""
        if not self.has(name):
            return None
        value = self._values[name]
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            self.problem(name, "must be a date written like 2027-05-31")
            return None
        return value

    def texts(self, name: str, pattern: str, *, least: int = 1, most: int = 100) -> tuple[str, ...]:
        """A list of different texts, each of the given form."""
        value = self._required(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.problem(name, "must be a list")
            return ()
        found: list[str] = []
        for position, entry in enumerate(value, start=1):
            if not isinstance(entry, str) or not re.fullmatch(pattern, entry, re.ASCII):
                self.problem(
                    f"{name}[{position}]", f"“{str(entry)[:60]}” is not of the expected form"
                )
            elif entry in found:
                self.problem(f"{name}[{position}]", f"“{entry}” is listed twice")
            else:
                found.append(entry)
        if not least <= len(value) <= most:
            self.problem(name, f"must list {least} to {most} entries, lists {len(value)}")
        return tuple(found)

    def child(self, name: str) -> Self:
        """The mapping under `name`; an empty one when it is missing or not a mapping."""
        value = self._required(name)
        if value is not None and not isinstance(value, dict):
            self.problem(name, "must be a mapping of fields to values")
        return self._enter(value if isinstance(value, dict) else {}, name)

    def children(self, name: str, *, least: int, most: int) -> tuple[Self, ...]:
        """The mappings listed under `name`."""
        value = self._required(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.problem(name, "must be a list")
            return ()
        if not least <= len(value) <= most:
            count = f"{least}" if least == most else f"{least} to {most}"
            self.problem(name, f"must list {count} entries, lists {len(value)}")
        found: list[Self] = []
        for position, entry in enumerate(value, start=1):
            field = f"{name}[{position}]"
            if isinstance(entry, dict):
                found.append(self._enter(entry, field))
            else:
                self.problem(field, "must be a mapping of fields to values")
        return tuple(found)

    def localised(self, name: str, *, most: int) -> dict[str, str]:
        """A text per language, such as {en: Placement, zh_Hans: ...}; English is required."""
        if not isinstance(self._values.get(name), dict):
            self.has(name)
            self.problem(name, "must give a text per language, at least {en: ...}")
            return {"en": ""}
        inner = self.child(name)
        if not inner.has("en"):
            inner.problem("en", "the English text is missing")
        texts: dict[str, str] = {}
        for language in inner.names():
            if re.fullmatch(LANGUAGE, language):
                texts[language] = inner.text(language, most=most)
            else:
                inner.problem(language, "is not the code of a language")
        return texts

    def close(self) -> None:
        """Refuse every field, of this mapping and of those in it, that was not asked for."""
        for name in self._values:
            if name not in self._known:
                self.problem(name, "is not a field known here")
        for inner in self._inner:
            inner.close()

    def finish(self) -> None:
        """Close the mapping and raise DocumentError when any fault was noted in the document."""
        self.close()
        if self.problems:
            raise DocumentError(tuple(sorted(self.problems, key=lambda p: p.line or 0)))

    def _required(self, name: str) -> object:
        self._known.add(name)
        value = self._values.get(name)
        if value is None:
            self.problem(name, "is missing" if name not in self._values else "must not be empty")
        return value

    def _enter(self, values: Mapping[str, object], name: str) -> Self:
        inner = type(self)(self._document, values, self._path(name), self.problems)
        self._inner.append(inner)
        return inner

    def _path(self, name: str) -> str:
        return f"{self._at}.{name}" if self._at else name

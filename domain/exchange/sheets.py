"""An item as a form shows it, field by field: the same record as its text, seen from another side.

`sheet_of` goes from the text's fields to the form, `fields_of_sheet` back. The text that a form
makes is checked by the same checker as every other text (domain/assessment/authored.py).
"""

from collections.abc import Mapping
from typing import Any

from domain.exchange.controls import (
    BLOCK,
    DAY,
    FLAG,
    LINES,
    NAMES,
    NUMBER,
    PERCENT,
    SUM,
    TEXT,
    TRUTH,
    WORD,
    Control,
    Unread,
    Unshown,
    clean,
    filled,
    group,
    read_number,
    read_record,
    rows,
    show_number,
    show_record,
    show_text,
)

Sheet = dict[str, Any]
_PLACES = {"circle": ("x", "y", "size"), "rect": ("x", "y", "size", "height")}


def _show_weights(value: Any) -> list[Sheet]:
    if value is not None and not isinstance(value, Mapping):
        raise Unshown
    return [{"code": code, "weight": PERCENT.show(w)} for code, w in (value or {}).items()]


def _read_weights(given: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, row in enumerate(given or (), start=1):
        if not filled([row]):
            continue
        code = clean(row["code"])
        if not code:
            raise Unread(f"competencies[{place}].code", "is missing")
        if code in found:
            raise Unread(f"competencies[{place}].code", "is named twice")
        found[code] = PERCENT.read(row["weight"])
    return found


def _show_parameters(value: Any) -> list[Sheet]:
    if value is not None and not isinstance(value, Mapping):
        raise Unshown
    return [_show_parameter(name, entry) for name, entry in (value or {}).items()]


def _show_parameter(name: str, entry: Any) -> Sheet:
    empty = {"name": name, "way": "range", "low": "", "high": "", "step": "", "values": ""}
    if isinstance(entry, list):
        return empty | {"way": "list", "values": ", ".join(show_number(v) for v in entry)}
    if entry is not None and (
        not isinstance(entry, Mapping) or set(entry) - {"from", "to", "step"}
    ):
        raise Unshown
    entry = entry or {}
    ends = {"low": entry.get("from"), "high": entry.get("to"), "step": entry.get("step")}
    return empty | {place: show_number(number) for place, number in ends.items()}


def _read_parameters(given: Any) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for place, row in enumerate(given or (), start=1):
        if not filled([row]):
            continue
        name = clean(row["name"])
        if not name:
            raise Unread(f"parameters[{place}].name", "is missing")
        if name in found:
            raise Unread(f"parameters[{place}].name", "is named twice")
        if row["way"] == "list":
            found[name] = [read_number(word) for word in NAMES.read(row["values"])]
        else:
            ends = {"from": row["low"], "to": row["high"], "step": row["step"]}
            found[name] = {word: read_number(end) for word, end in ends.items()}
    return found or None


def _show_area(value: Any) -> Sheet:
    shape = "rect" if isinstance(value, Mapping) and "rect" in value else "circle"
    shown = show_record(
        {"label": TEXT, shape: Control(lambda v: v, clean), "key": FLAG, "why": TEXT}, value
    )
    at = shown.pop(shape)
    at = [] if at is None else at
    if not isinstance(at, list) or len(at) > len(_PLACES[shape]):
        raise Unshown
    numbers = dict(zip(_PLACES[shape], map(show_number, at), strict=False))
    return shown | {"shape": shape} | {place: numbers.get(place, "") for place in _PLACES["rect"]}


def _read_area(given: Any) -> Sheet:
    shape = "rect" if given["shape"] == "rect" else "circle"
    at = [read_number(given[place]) for place in _PLACES[shape]]
    key = {"key": True} if given["key"] else {}
    written = [number for number in at if number is not None]
    return {"label": clean(given["label"]), shape: written, **key, "why": clean(given["why"])}


_NUMBER_CELL = {"answer": NUMBER, "tolerance": NUMBER, "decimals": NUMBER, "why": TEXT}
_CELLS: dict[str, dict[str, Control]] = {
    "given": {"text": TEXT},
    "number": _NUMBER_CELL,
    "words": {"accept": LINES, "shown": TEXT, "why": TEXT},
}


def _show_cell(value: Any) -> Sheet:
    value = {} if value is None else value
    if not isinstance(value, Mapping):
        raise Unshown
    way = "given" if "text" in value else "words" if "accept" in value else "number"
    empty = {name: "" for fields in _CELLS.values() for name in fields}
    return empty | show_record(_CELLS[way], value) | {"way": way}


def _read_cell(given: Any) -> Sheet:
    return read_record(_CELLS.get(given["way"], _CELLS["given"]), given)


def _show_row(value: Any) -> Sheet:
    cells = Control(lambda v: [_show_cell(cell) for cell in v or ()], clean)
    return show_record({"label": TEXT, "cells": cells}, value)


def _read_row(given: Any) -> Sheet:
    # An empty cell holds its place: the next one belongs below another heading.
    return {"label": clean(given["label"]), "cells": [_read_cell(cell) for cell in given["cells"]]}


def _show_criterion(value: Any) -> Sheet:
    shown = show_record({"criterion": TEXT, "points": NUMBER, "levels": LINES}, value)
    return {"criterion": shown["criterion"], "levels": shown["levels"]}


def _read_criterion(given: Any) -> Sheet:
    levels = LINES.read(given["levels"])
    return {"criterion": clean(given["criterion"]), "points": len(levels) - 1, "levels": levels}


_OPTION = group(text=TEXT, key=FLAG, why=TEXT)
_ACTION = group(text=TEXT, score=NUMBER, why=TEXT)
_HEAD = {
    "id": TEXT, "kind": TEXT, "pool": WORD, "competencies": Control(_show_weights, _read_weights),
    "subtopic": WORD, "cognitive": WORD, "difficulty": NUMBER, "seeds": NAMES, "evidence": FLAG,
    "lesson": WORD, "source": TEXT, "review_by": DAY,
}  # fmt: skip
_HINTS = {"hints": rows(group(text=TEXT, cost=PERCENT), may_lack=True)}
_BEFORE: dict[str, dict[str, Control]] = {
    "numeric": {"parameters": Control(_show_parameters, _read_parameters)},
    "sjt": {"ask": WORD},
    "hotspot": {"figure": WORD},
    "table": {"columns": LINES},
}
_AFTER: dict[str, dict[str, Control]] = {
    "single": {"options": rows(_OPTION)},
    "multiple": {"options": rows(_OPTION)},
    "truefalse": {"answer": TRUTH, "why": TEXT, "reasons": rows(_OPTION)},
    "ordering": {"steps": rows(group(text=TEXT, why=TEXT))},
    "matching": {
        "pairs": rows(group(left=TEXT, right=TEXT, why=TEXT)),
        "extra": rows(group(right=TEXT, why=TEXT), may_lack=True),
    },
    "numeric": {
        "answer": SUM, "tolerance": NUMBER, "unit": TEXT, "decimals": NUMBER, "why": TEXT,
        "slips": rows(group(value=SUM, why=TEXT), may_lack=True),
    },
    "short": {
        "accept": LINES, "shown": TEXT, "why": TEXT,
        "near": rows(group(pattern=TEXT, why=TEXT), may_lack=True),
        "examples": group(right=LINES, wrong=LINES),
    },
    "table": {"rows": rows(Control(_show_row, _read_row))},
    "hotspot": {"areas": rows(Control(_show_area, _read_area))},
    "sjt": {"actions": rows(_ACTION)},
    "likert": {
        "statements": rows(group(text=TEXT, facet=TEXT, reversed=FLAG, pair=WORD, why=TEXT))
    },
    "open": {
        "words": group(least=NUMBER, most=NUMBER), "why": TEXT,
        "rubric": rows(Control(_show_criterion, _read_criterion)),
    },
}  # fmt: skip
# kind -> its fields, in the order in which authors write them.
SHEETS: dict[str, dict[str, Control]] = {
    kind: {**_HEAD, **_BEFORE.get(kind, {}), "stem": BLOCK, **parts, **_HINTS}
    for kind, parts in _AFTER.items()
}


def sheet_of(fields: Mapping[str, Any]) -> Sheet:
    """The form of an item; raises Unshown where it cannot hold all that the text says."""
    kind = fields.get("kind")
    if not isinstance(kind, str) or kind not in SHEETS:
        raise Unshown
    sheet = show_record(SHEETS[kind], fields)
    try:
        again = fields_of_sheet(sheet)
    except Unread:
        raise Unshown from None
    if not same(fields, again):
        raise Unshown
    return sheet


def fields_of_sheet(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the item's text; raises Unread for what no text can say."""
    return read_record(SHEETS[show_text(sheet.get("kind"))], sheet)


def same(one: Any, other: Any) -> bool:
    """Whether two values of a file say the same: empty, or no tick, is as good as left out."""
    return bool(_bare(one) == _bare(other))


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        bare = {n: _bare(v) for n, v in value.items() if v is not False or n == "answer"}
        return {name: entry for name, entry in bare.items() if not _is_empty(entry)}
    if isinstance(value, list):
        return [_bare(entry) for entry in value]
    if isinstance(value, bool):
        return ("truth", value)  # else `true` would equal 1
    return value.strip() if isinstance(value, str) else value


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)

"""The compiled item as JSON-safe data, for storing beside the authored text that it came from."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from domain.assessment import items
from domain.assessment.items import Item

_CLASSES: dict[str, type[Item]] = {
    "single": items.SingleChoice,
    "multiple": items.MultipleChoice,
    "ordering": items.Ordering,
    "matching": items.Matching,
    "numeric": items.Numeric,
    "sjt": items.Judgement,
    "truefalse": items.TrueFalse,
    "short": items.Short,
    "table": items.Table,
    "hotspot": items.Hotspot,
    "likert": items.Likert,
    "open": items.Open,
}
_ROWS: dict[str, type[Any]] = {
    "options": items.Option,
    "actions": items.Action,
    "steps": items.Step,
    "lefts": items.Left,
    "rights": items.Right,
    "slips": items.Slip,
    "reasons": items.Option,
    "near": items.NearMiss,
    "areas": items.Area,
    "statements": items.Statement,
    "rubric": items.Criterion,
    "hints": items.Hint,
}


def to_dict(item: Item) -> dict[str, Any]:
    """The item as JSON types only; decimal numbers become text, so that none is rounded."""
    return {"kind": item.kind, **_plain(asdict(item))}


def from_dict(stored: Mapping[str, Any]) -> Item:
    """The inverse of `to_dict`, also after a passage through JSON.

    Raises KeyError, TypeError or ArithmeticError when `stored` was not made by `to_dict`.
    """
    parts = dict(stored)
    kind = parts.pop("kind")
    parts["seeds"] = tuple(parts["seeds"])
    if parts["review_by"] is not None:
        parts["review_by"] = dt.date.fromisoformat(parts["review_by"])
    if kind == "numeric":
        parts["answer"] = Decimal(parts["answer"])
        parts["tolerance"] = Decimal(parts["tolerance"])
        parts["slips"] = [{**slip, "value": Decimal(slip["value"])} for slip in parts["slips"]]
        # By name: PostgreSQL keeps the members of an object in an order of its own.
        drawn_from = sorted(parts.get("parameters", {}).items())
        parts["parameters"] = {name: tuple(values) for name, values in drawn_from}
    if kind == "table":
        parts["columns"] = tuple(parts["columns"])
        parts["rows"] = tuple(_row(row) for row in parts["rows"])
    if kind == "short":
        parts["accept"] = tuple(parts["accept"])
    if kind == "hotspot":
        parts["areas"] = [{**area, "at": tuple(area["at"])} for area in parts["areas"]]
    if kind == "open":
        parts["rubric"] = [{**row, "levels": tuple(row["levels"])} for row in parts["rubric"]]
    for name, row in _ROWS.items():
        if name in parts:
            parts[name] = tuple(row(**entry) for entry in parts[name])
    return _CLASSES[kind](**parts)


def _row(stored: Mapping[str, Any]) -> items.Row:
    return items.Row(stored["label"], tuple(_cell(cell) for cell in stored["cells"]))


def _cell(stored: Mapping[str, Any]) -> items.Cell:
    parts = dict(stored)
    if parts["answer"] is not None:
        parts["answer"] = Decimal(parts["answer"])
    parts["tolerance"] = Decimal(parts["tolerance"])
    parts["accept"] = tuple(parts["accept"])
    return items.Cell(**parts)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value

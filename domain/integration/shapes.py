"""The part of JSON Schema (2020-12) that the API's shapes are written in, and its check.

One truth: the same shape refuses what a program sends, describes the answer, and tests the answer.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

Shape = Mapping[str, Any]
WORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "const"} | {
    "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "format",
    "description", "default", "example",
}  # fmt: skip


def text(most: int = 4000, least: int = 0, **more: Any) -> dict[str, Any]:
    """A string of so many characters."""
    return {"type": "string", "minLength": least, "maxLength": most, **more}


def word(*allowed: str) -> dict[str, Any]:
    """One of the words."""
    return {"type": "string", "enum": list(allowed)}


def number(low: int | None = None, high: int | None = None, **more: Any) -> dict[str, Any]:
    """A whole number."""
    ends = {"minimum": low, "maximum": high}
    return {"type": "integer", **{k: v for k, v in ends.items() if v is not None}, **more}


MOMENT: Shape = {"type": "string", "format": "date-time"}
DAY: Shape = {"type": "string", "format": "date"}
POINTS: Shape = {"type": "number"}
FLAG: Shape = {"type": "boolean"}


def maybe(shape: Shape) -> dict[str, Any]:
    """The shape, or null."""
    nullable = {**shape, "type": [shape["type"], "null"]}
    if "enum" in shape:
        nullable["enum"] = [*shape["enum"], None]
    return nullable


def record(properties: Mapping[str, Shape], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def table(values: Shape) -> dict[str, Any]:
    """An object whose members are all alike."""
    return {"type": "object", "additionalProperties": dict(values)}


def rows(items: Shape, most: int | None = None) -> dict[str, Any]:
    """A list."""
    return {"type": "array", "items": dict(items), **({"maxItems": most} if most else {})}


def faults(shape: Shape, value: Any, path: str = "") -> dict[str, str]:
    """What is wrong with a value: path of the member -> what; empty for a value that fits.

    Raises ValueError for a shape with a word that is not checked here: nothing goes unchecked.
    """
    if unknown := set(shape) - WORDS:
        raise ValueError(f"not checked here: {', '.join(sorted(unknown))}")
    kinds = shape.get("type")
    if kinds is not None:
        allowed = [kinds] if isinstance(kinds, str) else list(kinds)
        if not any(_is(kind, value) for kind in allowed):
            return {path or "body": f"must be of type {' or '.join(allowed)}"}
    if "enum" in shape and value not in shape["enum"]:
        known = ", ".join(str(one) for one in shape["enum"] if one is not None)
        return {path or "body": f"must be one of {known}"}
    if "const" in shape and value != shape["const"]:
        return {path or "body": f"must be {shape['const']}"}
    if isinstance(value, str):
        return _of_text(shape, value, path)
    if isinstance(value, Mapping):
        return _of_object(shape, value, path)
    if isinstance(value, list | tuple):
        return _of_list(shape, value, path)
    return _of_number(shape, value, path)


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list | tuple)
        case "object":
            return isinstance(value, Mapping)
        case "null":
            return value is None
    raise ValueError(f"no type: {kind}")


def _of_text(shape: Shape, value: str, path: str) -> dict[str, str]:
    if len(value) < shape.get("minLength", 0):
        return {path: f"needs at least {shape['minLength']} characters"}
    if len(value) > shape.get("maxLength", len(value)):
        return {path: f"has at most {shape['maxLength']} characters"}
    reader = {"date-time": dt.datetime.fromisoformat, "date": dt.date.fromisoformat}
    if "format" in shape:
        try:
            reader[shape["format"]](value)
        except ValueError:
            return {path: f"must be a {shape['format']} (ISO 8601)"}
    return {}


def _of_number(shape: Shape, value: Any, path: str) -> dict[str, str]:
    if "minimum" in shape and value is not None and value < shape["minimum"]:
        return {path: f"must be at least {shape['minimum']}"}
    if "maximum" in shape and value is not None and value > shape["maximum"]:
        return {path: f"must be at most {shape['maximum']}"}
    return {}


def _of_object(shape: Shape, value: Mapping[str, Any], path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    known = shape.get("properties", {})
    others = shape.get("additionalProperties", True)
    for name in shape.get("required", ()):
        if name not in value:
            found[_under(path, name)] = "is missing"
    for name, member in value.items():
        if name in known:
            found |= faults(known[name], member, _under(path, name))
        elif others is False:
            found[_under(path, str(name)[:40])] = "is not expected here"
        elif isinstance(others, Mapping):
            found |= faults(others, member, _under(path, str(name)))
    return found


def _of_list(shape: Shape, value: Any, path: str) -> dict[str, str]:
    if len(value) < shape.get("minItems", 0):
        return {path: f"needs at least {shape['minItems']} entries"}
    if len(value) > shape.get("maxItems", len(value)):
        return {path: f"has at most {shape['maxItems']} entries"}
    found: dict[str, str] = {}
    for place, one in enumerate(value):
        found |= faults(shape.get("items", {}), one, f"{path}[{place}]")
    return found


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name

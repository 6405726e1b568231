"""An answer on the wire, from script as JSON or from a plain form, into a command."""

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from services.assessment.delivery import SaveCommand
from services.errors import Invalid

ANSWER_BYTES = 64 * 1024
# How a form names the parts of an answer: `choice`, or `pairs.a` for one of several.
WHOLE = ("choice", "value", "text", "truth", "reason", "best", "worst")
PARTED = ("pairs", "cells", "ratings")
# What a person typed or put together; it is shown to them again when it cannot be read.
SHOWN_AGAIN = frozenset({"order", "value", "text", "cells", "worst"})
KEYS = {"position": int, "lease": int, "sequence": int, "response": dict, "elapsed_ms": int}
MAY_BE = {"age_ms": int}  # how long ago it was given, where the browser says so


class BadJson(Exception):
    """What came is not JSON that anything could be done with."""


def from_json(raw: bytes) -> SaveCommand:
    """`{"position":3,"lease":1,"sequence":7,"response":{...},"elapsed_ms":1234}`.

    It may say `"age_ms":5000` too, and no more.
    Raises BadJson for what is not JSON (NaN, NUL and lone surrogates are not), Invalid for keys
    that are unknown, missing or of another type.
    """
    body = decoded(raw)
    if not isinstance(body, dict):
        raise BadJson("expected an object")
    known = KEYS | {name: kind for name, kind in MAY_BE.items() if name in body}
    wrong = {str(name)[:40]: "is not expected here" for name in body.keys() - known.keys()}
    for name, kind in known.items():
        if type(body.get(name)) is not kind:
            wrong[name] = "is missing" if name not in body else f"must be of type {kind.__name__}"
    if wrong:
        raise Invalid(fields=wrong)
    if body["sequence"] < 1:
        raise Invalid(fields={"sequence": "starts at 1"})
    return SaveCommand(**body)


def decoded(raw: bytes) -> Any:
    """What a JSON body holds. Raises BadJson, also for what only some programs take for JSON."""
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
        # Only an escape can bring in what UTF-8 and JSON themselves refuse.
        text = json.dumps(body, ensure_ascii=False) if b"\\u" in raw else ""
        text.encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BadJson("the answer is not valid JSON") from error
    if "\\u0000" in text:
        raise BadJson("the answer holds a NUL character")
    return body


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def from_form(form: "MultiDict[str, str]") -> SaveCommand:
    """The fields of a question's form; the server counts the sequence. Raises Invalid."""
    numbers = {name: form.get(name, type=int) for name in ("position", "lease")}
    wrong = {name: "is missing" for name, value in numbers.items() if value is None}
    if wrong:
        raise Invalid(fields=wrong)
    response = {} if "clear" in form else _response(form)
    return SaveCommand(numbers["position"] or 0, numbers["lease"] or 0, None, response, 0)


def _response(form: "MultiDict[str, str]") -> dict[str, object]:
    if order := _under(form, "order."):
        return _order(order)
    for name in PARTED:
        if parts := _under(form, f"{name}."):
            return {name: parts}
    if choices := form.getlist("choices"):
        return {"choices": choices}
    return {name: form[name] for name in WHOLE if name in form}


def _under(form: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {k.removeprefix(prefix): v for k, v in form.items() if k.startswith(prefix)}


def _order(places: dict[str, str]) -> dict[str, object]:
    """Letter -> number, as chosen in the lists, to the letters in their order."""
    if not any(places.values()):
        return {}
    numbers = [str(number) for number in range(1, len(places) + 1)]
    if sorted(places.values()) != sorted(numbers):
        raise Invalid(fields={"order": f"give each step a number of its own, 1 to {len(places)}"})
    return {"order": sorted(places, key=lambda letter: int(places[letter]))}

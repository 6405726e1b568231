"""Operations of the API: declared once, with what they take and give; the rest follows from it.

The declaration makes the route, checks what was sent, and describes itself as OpenAPI 3.1.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from blueprints.integration.blueprint import bp
from blueprints.shared.guards import by_key, public
from blueprints.shared.security import csrf
from domain.integration import shapes
from domain.integration.shapes import Shape
from domain.records import frozen
from services.errors import Invalid

PREFIX = "/api/v1"
MOST_BYTES = 64 * 1024
ONCE = "Idempotency-Key"
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
ERROR = shapes.record(
    {
        "error": shapes.record(
            {
                "status": shapes.number(400, 599),
                "message": {"type": "string"},
                "fields": shapes.table({"type": "string"}),
            }
        )
    }
)
REFUSALS = {
    "400": "Not JSON that anything could be done with",
    "401": "No key, or one that opens nothing",
    "403": "The key lacks the scope",
    "404": "Not there, or not for this key",
    "409": "It cannot be done as things stand",
    "422": "A field is wrong; `fields` says which",
    "429": "Too many requests, or too many wrong keys",
    "503": "The database is away; try again later",
}


@frozen
class Operation:
    """One thing that a program can ask for. scope: None where no key is needed."""

    name: str
    method: str
    path: str
    scope: str | None
    summary: str
    query: Mapping[str, Shape]
    body: Shape | None
    answer: Shape
    status: int


@frozen
class Asked:
    """What came with a request, checked. once: the idempotency key of a deed."""

    query: dict[str, Any]
    body: dict[str, Any]
    once: str


OPERATIONS: list[Operation] = []
View = Callable[..., Mapping[str, Any]]


def operation(
    method: str,
    path: str,
    *,
    scope: str | None,
    summary: str,
    answer: Shape,
    query: Mapping[str, Shape] | None = None,
    body: Shape | None = None,
    status: int = 200,
) -> Callable[[View], View]:
    """Declare an operation; its view gets what was asked and the ids of the path."""

    def declare(view: View) -> View:
        one = Operation(
            view.__name__, method, path, scope, summary, query or {}, body, answer, status
        )
        OPERATIONS.append(one)

        @wraps(view)
        def call(**ids: int) -> ResponseReturnValue:
            return jsonify(view(_asked(one), **ids)), one.status

        call.__name__ = f"api_{view.__name__}"
        guarded = public(call) if scope is None else by_key(scope)(call)
        bp.add_url_rule(PREFIX + path, call.__name__, csrf.exempt(guarded), methods=[method])
        return view

    return declare


def _asked(one: Operation) -> Asked:
    query = _query(one.query)
    if one.body is None:
        return Asked(query, {}, "")
    once = request.headers.get(ONCE, "")
    wrong = {} if 1 <= len(once) <= 200 else {ONCE: "send a header of 1 to 200 characters"}
    body = _json(request.get_data(cache=False))
    wrong |= shapes.faults(one.body, body)
    if wrong:
        raise Invalid(fields=wrong)
    return Asked(query, body, once)


def _query(known: Mapping[str, Shape]) -> dict[str, Any]:
    """The words after the question mark; a word that is not known or stands twice is refused."""
    found = {name: shape["default"] for name, shape in known.items() if "default" in shape}
    wrong: dict[str, str] = {}
    for name, values in request.args.lists():
        if name not in known:
            wrong[name[:40]] = "is not expected here"
            continue
        if len(values) > 1:
            wrong[name] = "is given twice"
            continue
        value: Any = values[0]
        if known[name]["type"] == "integer" and WHOLE_NUMBER.fullmatch(value):
            value = int(value)
        wrong |= shapes.faults(known[name], value, name)
        found[name] = value
    if wrong:
        raise Invalid(fields=wrong)
    return found


def _json(raw: bytes) -> Any:
    """The body; NaN, NUL, lone surrogates, doubled keys and endless nesting are a 400."""
    if len(raw) > MOST_BYTES:
        raise BadRequest
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_once_each)
        plain = json.dumps(body, ensure_ascii=False)
        plain.encode("utf-8")
    except (ValueError, RecursionError):
        raise BadRequest from None
    if "\\u0000" in plain:
        raise BadRequest
    return body


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def description(more: Mapping[str, Any]) -> dict[str, Any]:
    """The whole API as OpenAPI 3.1. more: paths that are no operations."""
    paths: dict[str, Any] = dict(more)
    for one in OPERATIONS:
        path = PREFIX + re.sub(r"<int:(\w+)>", r"{\1}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _described(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Threshold", "version": "1"},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": ERROR},
        },
    }


def _described(one: Operation) -> dict[str, Any]:
    ids = re.findall(r"<int:(\w+)>", one.path)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": shapes.number(1)} for name in ids
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": dict(shape)}
        for name, shape in one.query.items()
    ]
    refused = ["422", "429", "503"] + (["401", "403"] if one.scope else [])
    refused += (["404"] if ids else []) + (["400", "409"] if one.body else [])
    told: dict[str, Any] = {
        "summary": one.summary,
        "operationId": one.name,
        "parameters": parameters,
        "responses": {
            str(one.status): {"description": "Done", "content": _content(one.answer)},
            **{
                code: {
                    "description": REFUSALS[code],
                    "content": _content({"$ref": "#/components/schemas/Error"}),
                }
                for code in sorted(refused)
            },
        },
    }
    if one.scope:
        told |= {"security": [{"key": [one.scope]}], "x-scope": one.scope}
    if one.body is not None:
        told["requestBody"] = {"required": True, "content": _content(one.body)}
        parameters.append(
            {"name": ONCE, "in": "header", "required": True, "schema": shapes.text(200, 1)}
        )
    return told


def _content(shape: Shape) -> dict[str, Any]:
    return {"application/json": {"schema": dict(shape)}}

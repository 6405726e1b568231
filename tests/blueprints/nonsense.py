"""Nonsense for every field of every form and every word after a question mark.

Which fields there are is learnt from the application itself: from the forms on its pages, and from
the names that a view looks for in what was sent. So a new field needs no new line here.
"""

import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.caller import Caller

HTML_IN_FORMS = ("csrf_token", "")
DEEP = 50_000
WORDS = (
    "", " ", "\0", "a\0b", "x", "<script>alert(1)</script>", "../../etc/passwd", "' OR 1=1 --",
    "{{ 7*7 }}%s%n{0}", "\ufffd\u202e\u200b🛳", "a\r\nSet-Cookie: a=b", "x" * 20_000, "null", "on",
    "%", "\\", ",", "[]", "{}", "[" * DEEP, '{"a":' * DEEP, "---\na: &a [*a, *a]\n---\n",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1.5", "1e999", "-1e999", "1e-999", "nan", "inf", "²", "٣", "1_000", "0x10", " 1 ",
    str(2**31), str(2**63 - 1), str(2**63), str(-(2**63) - 1), "9" * 19, "9" * 5000,
    "0." + "1" * 400,
)  # fmt: skip
DAYS = (
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-11-22T25:61",
    "24:00",
    "99:99",
)
VALUES = (*WORDS, *NUMBERS, *DAYS)
BODIES = (
    b"", b"null", b"[]", b"0", b'"x"', b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1e999}',
    b'{"a": "\\ud800"}', b'{"a": "\\u0000"}', b"[" * DEEP, b'{"a":' * DEEP,
    b'{"a": ' + b"9" * 5000 + b"}",
)  # fmt: skip
# What a field of a JSON body may hold instead of the text or number that is meant.
KINDS: tuple[Any, ...] = (None, True, [], {}, [[1]], {"a": {}}, 1.5, -1, 2**63, 2**200, "\0", "x")
HEADERS = (
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary="},
    {"Content-Type": "application/x-www-form-urlencoded; charset=utf-99"},
    {"Content-Type": "text/\xe9"},
    {"Accept": ";;q=x,*/*;q=9999"},
    {"Accept-Language": "zh;q=x," + "a-" * 500},
    {"Accept-Encoding": "gzip;q=nan, *;q=-1"},
    {"Cookie": "session=x.y.z; lang=\xff; device=" + "9" * 4000},
    {"If-None-Match": '"' * 99},
    {"If-Modified-Since": "Thu, 99 Nov 99999 99:99:99 GMT"},
    {"Range": "bytes=9999999999999999999999-0,-"},
    {"X-Forwarded-For": "x" * 2000},
    {"X-Request-Id": "\xff" * 99},
    {"HX-Request": "x", "HX-Target": "\xff"},
    {"Idempotency-Key": "\xff" * 999},
    {"Authorization": "Bearer \xff"},
)


class Listening(ImmutableMultiDict[str, Any]):
    """What was sent, noting each name that somebody looks for in it."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any) -> list[Any]:
        self.asked.add(key)
        return super().getlist(key, *rest)


class ListeningRequest(Request):
    parameter_storage_class = Listening


@dataclass
class Target:
    """An address with a method, and what a sensible person would send there."""

    endpoint: str
    method: str
    url: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint}"


class Reader(HTMLParser):
    """The links and filled-in forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self._open: dict[str, str] | None = None
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            self._open = {}
            self.forms.append((given.get("method", "get"), given.get("action", ""), self._open))
        elif self._open is None:
            return
        elif tag in ("input", "button") and name:
            left = given.get("type") in ("checkbox", "radio") and "checked" not in given
            if not left or name not in self._open:
                self._open[name] = value
        elif tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in given or not self._open.get(self._select))
        ):
            self._open[self._select] = value
        elif tag == "textarea":
            self._textarea, self._open[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._open is not None:
            self._open[self._textarea] += data


def look_around(caller: Caller, starts: list[str], most: int = 250) -> dict[str, Target]:
    """Follow links from page to page; one target for each form and each kind of page found."""
    found: dict[str, Target] = {}
    waiting, seen = list(starts), set(starts)
    while waiting and len(seen) <= most:
        here = waiting.pop(0)
        answer = caller.get(here)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = Reader()
        page.feed(answer.get_data(as_text=True))
        shown = [("get", link, {}) for link in page.links] + page.forms
        for method, address, fields in shown:
            path = urlsplit(address or here)
            target = _target(caller.app, method.upper(), path.path, dict(fields))
            if target and not path.netloc and target.name not in found:
                found[target.name] = target
                if target.method == "GET" and target.url not in seen:
                    seen.add(target.url)
                    waiting.append(target.url)
    return found


def _target(app: Flask, method: str, path: str, fields: dict[str, str]) -> Target | None:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method)
    except HTTPException:
        return None
    if endpoint == "static":
        return None
    assert not isinstance(endpoint, Rule)
    kept = {name: value for name, value in fields.items() if name not in HTML_IN_FORMS}
    return Target(endpoint, method, path, kept)


def names_of(caller: Caller, target: Target) -> list[str]:
    """The fields of a target: those on its form, and those that its view looks for."""
    known = set(target.fields)
    for _ in range(3):
        Listening.asked.clear()
        send(caller, target, dict.fromkeys(known, "1") | target.fields)
        fresh = Listening.asked - known - set(HTML_IN_FORMS)
        if not fresh:
            break
        known |= fresh
    return sorted(known)


@dataclass(frozen=True)
class Attack:
    """One nonsensical request; `what` says it in words."""

    what: str
    fields: dict[str, Any]
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def attacks(target: Target, names: list[str]) -> Iterator[Attack]:
    """Everything that is tried on one target."""
    for name in names:
        for value in VALUES:
            yield Attack(f"{name}={value[:30]!r}", target.fields | {name: value})
        yield Attack(f"{name} many times", target.fields | {name: ["1", "\0", "x"] * 400})
        if target.method != "GET":
            file = (io.BytesIO(b"\0\xff<svg/>"), "a\0b/../c.csv")
            yield Attack(f"{name} as a file", target.fields | {name: file})
    for value in VALUES:
        yield Attack(f"all {value[:30]!r}", dict.fromkeys(names, value))
    for headers in HEADERS:
        yield Attack(f"headers {str(headers)[:60]}", dict(target.fields), None, headers)
    if target.method != "GET":
        yield from _bodies(target, names)


def _bodies(target: Target, names: list[str]) -> Iterator[Attack]:
    head = {"Content-Type": "application/json", "Accept": "application/json"}
    for body in BODIES:
        yield Attack(f"body {body[:30]!r}", {}, body, head)
    for name in names:
        for kind in KINDS:
            body = json.dumps({**target.fields, name: kind}).encode()
            yield Attack(f"JSON {name}={str(kind)[:30]}", {}, body, head)
    for kind in KINDS:
        yield Attack(
            f"JSON all {str(kind)[:30]}", {}, json.dumps(dict.fromkeys(names, kind)).encode(), head
        )


def chosen(target: Target, names: list[str], most: int | None) -> list[Attack]:
    """All attacks, or the same few of them in every run."""
    everything = list(attacks(target, names))
    if most is None or len(everything) <= most:
        return everything
    return random.Random(target.name).sample(everything, most)


def send(
    caller: Caller, target: Target, fields: dict[str, Any], attack: Attack | None = None
) -> int:
    """The status of the answer."""
    headers = dict(attack.headers) if attack else {}
    if target.method == "GET":
        return caller.get(target.url, query_string=fields, headers=headers).status_code
    token = caller.token()
    headers["X-CSRFToken"] = token
    if attack is not None and attack.body is not None:
        return caller.client.post(target.url, data=attack.body, headers=headers).status_code
    kind = headers.pop("Content-Type", None)
    data = {"csrf_token": token, **fields}
    if kind:  # a body that does not fit what the header says about it
        return caller.client.post(
            target.url, data=b"--x\r\nname=1&\xff%00", content_type=kind, headers=headers
        ).status_code
    return caller.client.post(target.url, data=data, headers=headers).status_code

"""Everything that a server sends, as it was sent and unpacked, for whoever looks for secrets."""

import html
import re
import zlib
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
NOT_WORDS = re.compile(r"[\W_]+")
# What differs between two answers to the same question: tokens, ids, times and lengths.
OWN_HEADERS = frozenset({"X-Request-Id", "Set-Cookie", "Content-Length", "Date"})
OWN_WORDS = re.compile(
    r'name="csrf_token"[^>]*>|data-(?:seconds|whole)-left="\d+"|"(?:seconds_left|received_at)":[^,}]+'
    r"|data-clock>[^<]*<|\b\d+ minutes? left|<time.*?</time>|\b[0-9a-f]{16}\b",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer. cookie: what its session cookie says, unpacked; body: unpacked too."""

    request: str
    status: int
    headers: tuple[tuple[str, str], ...]
    cookie: str
    body: str

    @property
    def whole(self) -> str:
        lines = "\n".join(f"{name}: {value}" for name, value in self.headers)
        return f"{self.status}\n{lines}\n{self.cookie}\n{self.body}"

    @property
    def comparable(self) -> tuple[object, ...]:
        """What must be the same where nothing that may be seen differs."""
        kept = tuple(pair for pair in self.headers if pair[0] not in OWN_HEADERS)
        return self.request, self.status, kept, self.cookie, OWN_WORDS.sub("", self.body)

    def unlike(self, other: "Sent") -> str:
        """The request, and where its two answers part."""
        for mine, theirs in zip(self.comparable, other.comparable, strict=True):
            if mine != theirs:
                one, two = str(mine), str(theirs)
                same = takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))
                start = max(0, sum(1 for _ in same) - 60)
                return f"{self.request}: {one[start : start + 120]!r}, {two[start : start + 120]!r}"
        return self.request


class RecordingClient(FlaskClient):
    """A browser that takes compressed answers and writes down all that it is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent: list[Sent] = []

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.environ_base["HTTP_ACCEPT_ENCODING"] = "gzip"
        answer = super().open(*args, **kwargs)
        body = answer.get_data()
        if answer.headers.get("Content-Encoding") == "gzip":
            body = zlib.decompress(body, 31)
            del answer.headers["Content-Encoding"]
            answer.set_data(body)
        self.sent.append(
            Sent(
                f"{answer.request.method} {answer.request.full_path}",
                answer.status_code,
                tuple(answer.headers.items()),
                _unpacked(self.application, answer),
                body.decode("utf-8", "replace"),
            )
        )
        return answer


def _unpacked(app: Flask, answer: TestResponse) -> str:
    """The session cookie's content without the tokens of this browser, and when it was proved."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    cookies = answer.headers.getlist("Set-Cookie")
    own = next((cookie for cookie in cookies if cookie.startswith("threshold=")), "")
    value = own.removeprefix("threshold=").partition(";")[0]
    if not value or signer is None:
        return ""
    said = dict(signer.loads(value))
    for name in ("csrf_token", "device", "proved"):
        said.pop(name, None)
    return repr(sorted(said.items()))


def plain(text: str) -> str:
    """Letters and digits only: a text is found however it was escaped, marked up or wrapped."""
    unpacked = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return NOT_WORDS.sub("", html.unescape(unpacked)).casefold()

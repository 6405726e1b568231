"""Hostile texts in every place where somebody can write, and a Chromium that tells when one acts.

The application answers the browser's requests inside the test's own process: real pages with their
real headers, and a database that the test may change between two pages.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog, Route
from werkzeug.test import TestResponse

from tests.caller import Caller

FOLDER = Path(__file__).parent / "payloads"
SEED, SAMPLE = 20261122, 200
HOST = "http://localhost"
LIBRARY = re.compile("/(static/.*|media/[a-z0-9-]+)")  # what pages of the site bring along
COUNTED = ("Content-Length", "Set-Cookie", "Connection")
WATCH = """
window.__acts = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...given) => { window.executed(name + " " + given); };
document.addEventListener("securitypolicyviolation", (event) =>
  window.__acts.push("policy refused " + event.violatedDirective + " " + event.blockedURI +
    " " + event.sample));
"""
# What no page of the site holds by itself: whatever of it stands there came out of a text.
ALIVE = r"""() => {
  const tags = new Set(("iframe frame frameset object embed applet base style math marquee " +
    "audio video source track portal template plaintext listing xmp noembed noframes layer " +
    "image bgsound animate set foreignobject script handler").split(" "));
  const links = new Set("href src action formaction data poster srcset xlink:href".split(" "));
  const dangerous =
    /^(javascript|vbscript|data|blob|file|filesystem|livescript|mocha):|^[\/\\]{2}/i;
  const found = [];
  for (const node of document.querySelectorAll("*")) {
    const name = node.localName.toLowerCase();
    const own = name === "script" && /^\/static\//.test(node.getAttribute("src") || "");
    const strange = (tags.has(name) && !own) || (node instanceof HTMLUnknownElement) ||
      (name.includes("-")) || (name === "meta" && node.httpEquiv === "refresh");
    const wrong = [...node.attributes].filter(({ name, value }) =>
      /^on/i.test(name) || /^(x-|@|v-|ng-|hx-on|data-hx-|srcdoc|style$)/i.test(name) ||
      /[^\w:.-]/.test(name) ||
      (/^hx-/.test(name) && /alert|payload\.example/.test(value)) ||
      (links.has(name) && dangerous.test(value.replace(/[\u0000-\u0020\u00ad\u200b\ufeff]/g, ""))));
    const icon = node.matches("head > link[rel=icon]");  // ours, a picture in its address
    if (!icon && (strange || wrong.length)) found.push(node.outerHTML.slice(0, 200));
  }
  return found;
}"""


@cache
def corpus() -> tuple[str, ...]:
    """Every payload of the folder, in the order of the files."""
    lines = [
        line
        for path in sorted(FOLDER.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return tuple(dict.fromkeys(_written_out(line) for line in lines))


def sample() -> tuple[str, ...]:
    """The same payloads in every run."""
    return tuple(random.Random(SEED).sample(corpus(), SAMPLE))


def _written_out(line: str) -> str:
    named = re.sub("⟨([0-9a-f]{4,6})⟩", lambda m: chr(int(m[1], 16)), line)
    return named.replace("⏎", "\n")


@dataclass
class Supply:
    """Hands out payloads in turn, so that each comes by on every kind of page."""

    texts: Sequence[str]
    at: int = 0

    def take(self, count: int) -> str:
        """So many of them in one text."""
        start, self.at = self.at, self.at + count
        return " ".join(self.texts[n % len(self.texts)] for n in range(start, start + count))

    def all(self) -> str:
        """All of them, each time from another one on: one that is open to its end hides others."""
        return self.take(len(self.texts) + 1)


@dataclass
class Watched:
    """A browser in front of the application. What acted stands in `acts`, with its page."""

    browser: Browser
    weak: bool = False  # for planted flaws: the pages come without their policy
    acts: list[str] = field(default_factory=list)
    statics: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(base_url=HOST, locale="en-GB")
        self.context.expose_function("executed", lambda what: self._note(f"ran: {what}"))
        self.context.add_init_script(WATCH)
        self.context.route("**/*", self._answer)
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._heard)
        self.caller: Caller | None = None
        self.here = ""

    def open(self, caller: Caller, path: str) -> str:
        """Look at a page as this person; gives back its words and what its fields hold."""
        self.caller, self.here = caller, path
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.text()}"
        self.acts += [f"{path}: {what}" for what in self.page.evaluate("window.__acts")]
        self.acts += [f"{path}: alive: {what}" for what in self.page.evaluate(ALIVE)]
        return str(self.page.evaluate(
            "document.documentElement.textContent +"
            "[...document.querySelectorAll('input, textarea')].map((n) => n.value).join(' ')"
        ))  # fmt: skip

    def show(self, caller: Caller, path: str, answer: TestResponse) -> str:
        """Look at what a form was answered with, as `open` does at a page."""
        headers = {k: v for k, v in answer.headers.items() if k not in COUNTED}
        self.statics[path] = {"status": 200, "headers": headers, "body": answer.get_data()}
        try:
            return self.open(caller, path)
        finally:
            del self.statics[path]

    def close(self) -> None:
        self.context.close()

    def _note(self, what: str) -> None:
        self.acts.append(f"{self.here}: {what}")

    def _dialog(self, dialog: Dialog) -> None:
        self._note(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self._note(message.text[:300])

    def _answer(self, route: Route) -> None:
        """Let the application answer; whatever else is asked for was asked by a payload."""
        request, parts = route.request, urlsplit(route.request.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        own = f"{parts.scheme}://{parts.netloc}" == HOST
        ours = path == self.here or LIBRARY.fullmatch(parts.path)
        if not own or not (ours or request.resource_type in ("fetch", "xhr")):
            self._note(f"asked for {request.url}")
        if not own or self.caller is None or request.method != "GET":
            route.abort()
            return
        route.fulfill(**self._answered(path))

    def _answered(self, path: str) -> dict[str, Any]:
        if path in self.statics:
            return self.statics[path]
        assert self.caller is not None
        with self.caller.get(path) as answer:
            if answer.status_code != 200:  # a redirect would lead out of this process
                told = f"{answer.status} {answer.headers.get('Location')}"
                return {"status": 500, "body": told}
            headers = {k: v for k, v in answer.headers.items() if k not in COUNTED}
            if self.weak:
                headers.pop("Content-Security-Policy", None)
            found = {"status": 200, "headers": headers, "body": answer.get_data()}
        if path.startswith("/static/"):
            self.statics[path] = found
        return found

"""A walk through one attempt: everything that its pages link, its buttons send and its script
calls, and what goes wrong on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import islice
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from blueprints.assessment.payloads import from_form
from tests.caller import Caller

SKIPPED = ("submit", "break", "break/end", "sections/next", "open")  # each has its own step
BAD_BODIES = (
    b"{",
    b'{"position": NaN}',
    b"[1]",
    b" " * 65_537,
    b'{"position": 1, "lease": 1, "sequence": 1, "response": {"key": "a"}, "elapsed_ms": 1}',
    b'{"position": 99, "lease": 1, "sequence": 1, "response": {}, "elapsed_ms": 1}',
    b'{"position": 1, "lease": 9, "sequence": 1, "response": {}, "elapsed_ms": 1}',
    b'{"position": 1, "lease": 1, "sequence": 1, "response": {}, "elapsed_ms": 1, "mark": 1}',
)


@dataclass
class Form:
    """One form of a page. fields: as a browser would send them after somebody filled it in."""

    action: str
    fields: "MultiDict[str, str]" = field(default_factory=MultiDict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, formaction


class Page(HTMLParser):
    """The links and forms of a page; what is to be answered is filled in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.select, self.options = "", 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].partition("#")[0])
        elif tag == "form" and given.get("method") == "post":
            self.forms.append(Form(given.get("action", "")))
        elif self.forms:
            self._part(tag, given)

    def _part(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        match tag, given.get("type"):
            case "input", "radio" if name == "worst" or name not in form.fields:
                form.fields[name] = given["value"]
            case "input", "checkbox" if name not in form.fields:
                form.fields[name] = given["value"]
            case "input", "hidden":
                form.fields[name] = given["value"]
            case "input", None:
                form.fields[name] = "7.5" if given.get("inputmode") == "decimal" else "some words"
            case "textarea", _:
                form.fields[name] = "A few words of my own, which say little about anything."
            case "select", _:
                orders = sum(known.startswith("order.") for known in form.fields)
                form.fields[name] = str(orders + 1) if name.startswith("order.") else ""
                self.select = name
            case "option", _ if self.select.startswith("pairs.") and not form.fields[self.select]:
                form.fields[self.select] = given.get("value", "")
            case "button", "submit":
                form.buttons.append((name, given.get("value", ""), given.get("formaction", "")))


@dataclass
class Walk:
    """One browser in one attempt. `caller` must be recording, see wire.py."""

    caller: Caller
    attempt_id: int
    sequence: int = 0

    @property
    def url(self) -> str:
        return f"/assess/attempts/{self.attempt_id}"

    def door(self) -> None:
        """Before the attempt is opened on this device."""
        for tail in ("", "?q=1", "?view=all", "/review", "/result"):
            self.caller.get(self.url + tail)
        self.answer_by_script(1, {})

    def open(self) -> None:
        assert self.caller.post(f"{self.url}/open").status_code == 303

    def look(self) -> None:
        """Every page that is linked from the attempt's own, and from those, below its address."""
        waiting, seen = [self.url, f"{self.url}?view=all"], set[str]()
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                links = Page(self.caller.get(here).text).links
                waiting += [link for link in links if link.startswith(self.url)]

    def look_around(self) -> None:
        """The attempt as it stands, and the pages elsewhere that it links."""
        page = self.caller.get(f"{self.url}?view=all")
        self.caller.get(f"{self.url}/review")
        self.follow(page)
        for link in sorted(set(Page(page.text).links)):
            if not link.startswith(self.url):
                self.caller.get(link)

    def forms(self, tail: str = "?view=all") -> Iterator[Form]:
        """The forms of the attempt's page that hold questions."""
        answer = self.caller.get(self.url + tail)
        for form in Page(answer.text).forms:
            if form.action.startswith(self.url) and not form.action.endswith(SKIPPED):
                yield form

    def press(self, form: Form) -> None:
        """Each button of a form, with what it leads to."""
        for name, value, elsewhere in form.buttons or [("", "", "")]:
            data = {key: form.fields.getlist(key) for key in form.fields}
            answer = self.caller.post(elsewhere or form.action, {**data, name or "plain": value})
            self.follow(answer)

    def follow(self, answer: TestResponse) -> None:
        while answer.status_code in (302, 303):
            answer = self.caller.get(answer.location)

    def press_all(self, wanted: Callable[[Form], bool]) -> None:
        """The wanted forms one by one, and the first of them among all on one page."""
        for form in filter(wanted, self.forms("")):
            self.press(form)
        for form in islice(filter(wanted, self.forms()), 1):
            self.press(form)

    def answer_by_script(self, position: int, response: Any, **changes: Any) -> TestResponse:
        self.sequence += 1
        body = {
            "position": position,
            "lease": 1,
            "sequence": self.sequence,
            "response": response,
            "elapsed_ms": 1234,
            "age_ms": 5,
        }
        return self.caller.post_json(f"{self.url}/answers", body | changes)

    def answer_all_by_script(self) -> None:
        """A save of each question, a repeat, the same number with another answer, a bad answer."""
        for form in list(self.forms()):
            if "position" in form.fields:
                command = from_form(form.fields)
                here, said = command.position, dict(command.response)
                self.answer_by_script(here, said)
                self.answer_by_script(here, said, sequence=self.sequence)
                self.answer_by_script(here, {}, sequence=self.sequence)
                self.answer_by_script(here, dict.fromkeys(said, "no such"))

    def script_around(self) -> None:
        """Signs of life, flags, hints and reasons, as the script sends them and wrong."""
        for data in ({"lease": 1}, {"lease": 7}, {"lease": "x"}, {}):
            self.caller.post(f"{self.url}/beat", data)
            self.caller.post_json(f"{self.url}/beat", data)
        for way in ("flags", "hints", "reasons"):
            for position in (1, 99, "x"):
                for number in (1, 2, 9):
                    data = {"position": position, "hint": number, "flag": 1}
                    self.follow(self.caller.post(f"{self.url}/{way}", data))

    def go_wrong(self) -> None:
        """400, 404, 405, 413 and 422, asked for as JSON and as a page."""
        for raw in BAD_BODIES:
            headers = {"X-CSRFToken": self.caller.token()}
            self.caller.client.post(
                f"{self.url}/answers", data=raw, content_type="application/json", headers=headers
            )
        for tail in ("/answers", "/nowhere", "/questions/1/contest", "/questions/99/contest"):
            self.caller.get(self.url + tail)
        self.caller.client.post(f"{self.url}/answers")  # without a token
        for data in ({}, {"position": "x"}, {"position": 1, "lease": 1, "order.zz": "1"}):
            self.caller.post(f"{self.url}/answers", data)
        self.caller.get("/assess/attempts/999999")
        self.caller.get("/assess/", headers={"Accept": "application/json"})

    def open_again(self) -> None:
        """Taken over, as by another window: what the first one sends now is refused."""
        self.open()
        self.answer_by_script(1, {})
        self.caller.post(f"{self.url}/beat", {"lease": 1})

    def through(self, chosen: Callable[[Form], bool]) -> None:
        """All that can be done before the attempt is handed in, through every part of it.

        chosen: whose buttons are pressed; the script answers all.
        """
        self.door()
        self.open()
        self.look()
        self.go_wrong()
        self.press_all(chosen)
        self.answer_all_by_script()
        self.script_around()
        self.follow(self.caller.post(f"{self.url}/break"))
        self.answer_by_script(1, {})
        self.follow(self.caller.post(f"{self.url}/break/end"))
        for number in (1, 2):
            self.follow(self.caller.post(f"{self.url}/sections/next", {"number": number}))
            self.press_all(chosen)
            self.answer_all_by_script()
        self.open_again()
        self.look_around()

    def through_by_turns(self, turns: int) -> None:
        """The same where each answer brings the next question; all are left empty."""
        self.door()
        self.open()
        self.look()
        self.go_wrong()
        self.script_around()
        for _ in range(turns):
            (form,) = (form for form in self.forms("") if "go" in form.fields)
            self.answer_by_script(int(form.fields["position"]), {})
            empty = {name: form.fields[name] for name in ("position", "lease", "go")}
            self.follow(self.caller.post(form.action, empty))
        self.open_again()
        self.look_around()

    def hand_in(self) -> None:
        self.follow(self.caller.post(f"{self.url}/submit"))
        self.answer_by_script(1, {})
        self.caller.post(f"{self.url}/beat", {"lease": 1})

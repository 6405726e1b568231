"""Two trainers who save, publish and restore at the very same moment: nothing acknowledged is lost.

In each step both send a request, from threads of their own; chance says which. What the site
answered is held against what it can still show at the end.
"""

import html
import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.authoring import DraftSave
from models.library import Document, Revision
from services.session import reading
from tests.caller import Caller
from tests.conftest import Cast

NAMES = ("tao", "mara")
DEEDS = ("open", "save", "save", "save", "autosave", "autosave", "publish", "publish", "restore")
STEPS = 7
LESSONS = (
    "industry/know-what-you-sell",
    "industry/rivals-and-news",
    "geography/four-calendars",
    "law/whose-mark-whose-picture",
)
JSON = {"Accept": "application/json"}
Browser = Callable[..., Caller]


class Trainer:
    """One person at one page of one lesson, and what the site answered."""

    def __init__(self, browser: Caller, name: str, lesson: str, chance: random.Random) -> None:
        self.browser, self.name, self.chance = browser, name, chance
        self.url = f"/author/lessons/{lesson}"
        self.words = self.step = self.conflicts = 0
        self.saved: list[tuple[int, str]] = []  # (version, text)
        self.published: list[tuple[int, str]] = []  # (revision, text); filled from the page's words
        self.theirs: list[str] = []  # what conflicts said that stands there
        self.open()

    def open(self) -> None:
        page = self.browser.get(self.url).get_data(as_text=True)
        self.base, self.version = _hidden(page, "base"), _hidden(page, "version")
        self.source, self.tab, self.step = _areas(page)["source"], f"{self.name}{self.words}", 0

    def write(self) -> None:
        """One more line somewhere below the front matter."""
        self.words += 1
        lines = self.source.rstrip("\n").split("\n")
        place = self.chance.choice([n for n, x in enumerate(lines) if x.startswith("## ")])
        self.source = "\n".join(
            [*lines[:place], f"{self.name} {self.words}.", "", *lines[place:], ""]
        )

    def form(self, **more: str) -> dict[str, str]:
        return {
            "base": str(self.base),
            "version": str(self.version),
            "source": self.source,
            **more,
        }

    def prepare(self) -> tuple[str, str, dict[str, str], bool]:
        """The deed, its address and form, and whether a script asks for it."""
        deed, script = self.chance.choice(DEEDS), self.chance.random() < 0.5
        if deed in ("save", "autosave", "publish"):
            self.write()
        if deed == "autosave":
            self.step += 1
            return deed, self.url, self.form(tab=self.tab, step=str(self.step)), True
        if deed == "save":
            return deed, self.url, self.form(), script
        if deed == "publish":
            return deed, f"{self.url}/publish", self.form(reason="Because"), script
        number = self.chance.randint(1, self.base)
        return (
            deed,
            f"{self.url}/restore",
            {"revision": str(number), "base": str(self.base)},
            script,
        )

    def send(self, call: tuple[str, str, dict[str, str], bool], start: Barrier) -> TestResponse:
        deed, url, form, script = call
        start.wait()
        if deed == "open":
            return self.browser.get(self.url)
        return self.browser.post(url, form, headers=JSON if script else {})

    def take(self, call: tuple[str, str, dict[str, str], bool], answer: TestResponse) -> None:
        """Note what was acknowledged; a conflict must hold both texts."""
        deed, _url, form, script = call
        assert answer.status_code in (200, 302, 409), (deed, answer.status_code)
        if answer.status_code == 409:
            self.conflicts += 1
            self._meet(deed, form, answer, script)
        elif deed in ("save", "autosave") and answer.is_json:
            self.version = answer.get_json()["version"]
            self.saved.append((self.version, form["source"]))
        elif deed == "save":
            self.saved.append((0, form["source"]))  # its number is found by the text
            self.open()
        else:
            if deed == "publish":
                self.published.append((0, form["source"]))
            self.open()

    def _meet(self, deed: str, form: dict[str, str], answer: TestResponse, script: bool) -> None:
        if script:
            clash = answer.get_json()["clash"]
            self.theirs.append(clash["theirs"])
            mine, text = clash["mine"], clash["merged"] or clash["mine"]
            base, version = clash["base"], clash["version"]
        else:
            page = answer.get_data(as_text=True)
            areas = _areas(page)
            self.theirs.append(areas["theirs"])
            mine = text = areas["source"]
            base, version = _hidden(page, "base"), _hidden(page, "version")
        if deed == "restore":
            self.open()
            return
        assert mine == form["source"]
        self.source, self.base, self.version = text, base, version
        self.tab = f"{self.name}{self.words}"
        self.step = 0


def _hidden(page: str, name: str) -> int:
    found = re.search(rf'<input type="hidden" name="{name}" value="(\d+)">', page)
    assert found is not None
    return int(found[1])


def _areas(page: str) -> dict[str, str]:
    """id -> text of every text area, as a browser reads it."""
    found = re.findall(r'<textarea id="([a-z-]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


def run(app: Flask, browser: Browser, seed: int) -> int:
    """One interleaving; gives back how many conflicts there were."""
    chance = random.Random(seed)
    lesson = LESSONS[seed % len(LESSONS)]
    _start_again(browser("tao"), lesson)
    people = [Trainer(browser(name), name, lesson, chance) for name in NAMES]
    with ThreadPoolExecutor(len(people)) as threads:
        for _ in range(STEPS):
            calls, start = [person.prepare() for person in people], Barrier(len(people))
            answers = [
                threads.submit(person.send, call, start)
                for person, call in zip(people, calls, strict=True)
            ]
            for person, call, answer in zip(people, calls, answers, strict=True):
                person.take(call, answer.result())
    for person in people:
        _is_there(app, browser(person.name), person, lesson)
    return sum(person.conflicts for person in people)


def _start_again(browser: Caller, lesson: str) -> None:
    """No draft, and the first revision's text: so that texts do not grow from run to run."""
    url = f"/author/lessons/{lesson}"
    page = browser.get(url).get_data(as_text=True)
    browser.post(f"{url}/discard", {"version": str(_hidden(page, "version"))})
    form = {"revision": "1", "base": str(_published(page))}
    assert browser.post(f"{url}/restore", form).status_code == 302


def _published(page: str) -> int:
    found = re.search(r"This text against revision (\d+)", page)
    assert found is not None
    return int(found[1])


def _is_there(app: Flask, browser: Caller, person: Trainer, lesson: str) -> None:
    """Every acknowledged text can be fetched, or its own writer saved over it."""
    with app.app_context(), reading() as session:
        document_id = session.scalar(
            select(Document.id).where(Document.key == lesson, Document.lang == "en")
        )
        rows = session.execute(
            select(DraftSave.version, DraftSave.source, DraftSave.saved_by)
            .where(DraftSave.document_id == document_id)
            .order_by(DraftSave.version)
        ).all()
        revisions = {
            row.source: row.number
            for row in session.execute(
                select(Revision.number, Revision.source).where(Revision.document_id == document_id)
            )
        }
    saves = {row.version: row.source for row in rows}
    numbers = {row.source: row.version for row in rows}
    # The runs are shorter than what is kept, so none of their saves may be missing at all.
    for version, text in person.saved:
        number = version or numbers.get(text, 0)
        assert saves.get(number) == text, (person.name, number)
        page = browser.get(f"{person.url}?save={number}").get_data(as_text=True)
        assert _areas(page)["source"] == text
    assert {text for text in person.theirs if text} <= {*numbers, *revisions}
    assert all(person.theirs)
    for _, text in person.published:
        page = browser.get(f"{person.url}?revision={revisions[text]}").get_data(as_text=True)
        assert _areas(page)["source"] == text


def test_a_sample_of_interleavings(any_app: Flask, cast: Cast, caller: Browser) -> None:
    assert sum(run(any_app, caller, seed) for seed in range(4)) > 2


@pytest.mark.proof
@pytest.mark.parametrize("block", range(10))
def test_five_hundred_interleavings(
    any_app: Flask, cast: Cast, caller: Browser, block: int
) -> None:
    assert sum(run(any_app, caller, 50 * block + seed) for seed in range(50)) > 25

"""Script-injection payloads through every way by which a text comes onto a page: none acts."""

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser

from blueprints.shared.security import CONTENT_SECURITY_POLICY
from tests.caller import Caller
from tests.conftest import Cast
from tests.journeys.hostile import Watched, corpus, sample
from tests.journeys.hostile_places import LESSON_PAGE, conflict, furnish, poison, searches

CHUNK = 200
PARTS = 5  # of the corpus, each a little less than a chunk
# Pages that show no words of people's own; they are looked at for what stands in their frame.
WORDLESS = ("/profile/",)


def look_everywhere(
    browser: Browser, app: Flask, cast: Cast, texts: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """What acted, and which pages showed nothing hostile at all."""
    places, watched, empty = furnish(app, cast), Watched(browser), []
    callers: dict[str | int | None, Caller] = {}

    def caller(who: str | int | None) -> Caller:
        if who not in callers:
            callers[who] = Caller(app, cast.ids[who] if isinstance(who, str) else who)
        return callers[who]

    for start in range(0, len(texts), CHUNK):
        some = texts[start : start + CHUNK]
        batch = poison(app, cast, some)
        imported = ("tao", f"/author/import/{batch}")
        for who, path in (*places.pages, imported, *searches(some)):
            if "alert" not in watched.open(caller(who), path):
                empty.append(path)
        clash = conflict(caller("mara"), some)
        assert clash.status_code == 409, clash.status
        if watched.show(caller("mara"), LESSON_PAGE, clash).count("alert") < len(some):
            empty.append("the conflict")
    watched.close()
    return watched.acts, [path for path in empty if path not in WORDLESS]


def test_a_sample_acts_nowhere(browser: Browser, app: Flask, cast: Cast) -> None:
    acts, empty = look_everywhere(browser, app, cast, sample())
    assert not acts, "\n".join(acts[:40])
    assert not empty, empty


def test_the_corpus_is_large() -> None:
    assert len(corpus()) > 700


@pytest.mark.proof
@pytest.mark.parametrize("part", range(PARTS))
def test_the_whole_corpus_acts_nowhere(browser: Browser, app: Flask, cast: Cast, part: int) -> None:
    """In parts, so that a run that was interrupted goes on with `--last-failed` or by its name."""
    acts, empty = look_everywhere(browser, app, cast, corpus()[part::PARTS])
    assert not acts, "\n".join(acts[:40])
    assert not empty, empty


@pytest.mark.parametrize("weak", [True, False])
def test_planted_flaws_are_found(browser: Browser, weak: bool) -> None:
    """A page that trusts its words: with the policy and without it each of these is seen."""
    flawed = Flask("flawed")
    planted = {
        "<img src=x onerror=alert(1)>": "ran: alert" if weak else "policy refused script-src",
        "<a href='java\tscript:alert(1)'>go</a>": "alive: <a",
        "<style>*{background:url(//payload.example/)}</style>": (
            "asked for http://payload.example/" if weak else "policy refused style-src"
        ),
        "<svg><a xlink:href=javascript:alert(1)>go</a></svg>": "alive: <a",
        "<div x-init=alert(1)>": "alive: <div",
        "<meta http-equiv=refresh content='9;url=/'>": "alive: <meta",
    }
    words = list(planted)

    @flawed.get("/<int:place>")
    def page(place: int) -> tuple[str, dict[str, str]]:
        text = "<!doctype html><title>x</title><main>{{ words|safe }}</main>"
        policy = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
        return render_template_string(text, words=words[place]), policy

    watched = Watched(browser, weak=weak)
    for place, sign in enumerate(planted.values()):
        watched.acts.clear()
        watched.open(Caller(flawed), f"/{place}")
        watched.page.wait_for_timeout(50)
        assert any(sign in act for act in watched.acts), (sign, watched.acts)
    watched.close()

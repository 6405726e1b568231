"""Script-injection payloads through every way by which a text comes onto a page: none acts."""

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser

from blueprints.shared.security import CONTENT_SECURITY_POLICY
from tests.caller import Caller
from tests.conftest import Cast
from tests.journeys.hostile import Watched, corpus, sample
from tests.journeys.hostile_places import furnish, poison

CHUNK = 200
# Pages that show no words of people's own; they are looked at for what stands in their frame.
WORDLESS = ("/profile/",)


def look_everywhere(
    browser: Browser, app: Flask, cast: Cast, texts: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """What acted, and which pages showed nothing hostile at all."""
    places, watched, empty = furnish(app, cast), Watched(browser), []
    callers: dict[str | int | None, Caller] = {}
    for start in range(0, len(texts), CHUNK):
        batch = poison(app, cast, texts[start : start + CHUNK])
        for who, path in (*places.pages, ("tao", f"/author/import/{batch}")):
            if who not in callers:
                callers[who] = Caller(app, cast.ids[who] if isinstance(who, str) else who)
            shown = watched.open(callers[who], path)
            if "alert" not in shown:
                empty.append(path)
    watched.close()
    return watched.acts, [path for path in empty if path not in WORDLESS]


def test_a_sample_acts_nowhere(browser: Browser, app: Flask, cast: Cast) -> None:
    acts, empty = look_everywhere(browser, app, cast, sample())
    assert not acts, "\n".join(acts[:40])
    assert not empty, empty


@pytest.mark.proof
def test_the_whole_corpus_acts_nowhere(browser: Browser, app: Flask, cast: Cast) -> None:
    assert len(corpus()) > 700
    acts, empty = look_everywhere(browser, app, cast, corpus())
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

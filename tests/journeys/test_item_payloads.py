"""Hostile texts in every field of an item's form, shown again, previewed and in a conflict."""

from itertools import cycle, islice

from flask import Flask
from playwright.sync_api import Browser

from tests.blueprints.authoring.sending import ONE_OF_EACH, controls
from tests.caller import Caller
from tests.conftest import Cast
from tests.journeys.hostile import Watched, sample

OURS = {"base", "version", "view", "kind", "id", "was", "reason"}
MANY = 40  # texts on one page


def test_no_field_of_a_form_acts(browser: Browser, app: Flask, cast: Cast) -> None:
    tao, texts = Caller(app, cast.tao), list(sample())
    acts: list[str] = []
    shown = 0
    parts = [texts[start : start + MANY] for start in range(0, len(texts), MANY)]
    for key, some in zip(cycle(ONE_OF_EACH), parts, strict=False):
        url = f"/author/items/{key}"
        sent = controls(tao.get(f"{url}/edit").text)
        fields = [name for name in sent if name not in OURS]
        filled = sent | dict(zip(fields, islice(cycle(some), len(fields)), strict=True))
        stem = sent | {"stem": "\n\n".join(some)[:3900]}
        stale = sent | {"stem": stem["stem"], "version": "7"}
        for place, form in (
            ("preview", filled | {"do": "hints.add"}), ("preview", filled),
            ("preview", filled | {"show": "text"}), ("preview", stem), ("edit", stale),
        ):  # fmt: skip
            answer = tao.post(f"{url}/{place}", form)
            assert answer.status_code in (200, 409, 422), answer.status
            # A browser of its own: a page with unsaved text asks before it is left.
            watched = Watched(browser)
            shown += watched.show(tao, f"{url}/{place}", answer).count("alert")
            acts += watched.acts
            watched.close()
    assert not acts, "\n".join(acts[:40])
    assert shown > len(texts)

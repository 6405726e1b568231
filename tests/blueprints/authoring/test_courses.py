"""Modules: prerequisites without circles, closed ones, and what learners see of it."""

import re
from collections.abc import Callable

from flask import Flask

from domain.library.module_text import with_fields
from services.learning import prerequisites
from services.session import writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.library import publishing

PATH = "courses/trade-practice/module.yaml"
URL = "/author/courses/trade-practice"
LESSON = "/learn/trade-practice/who-pays-who-risks"


def form_of(tao: Caller, url: str = URL, **changes: object) -> dict[str, object]:
    page = tao.get(url).text
    number = re.search(r'name="number" value="(\d+)"', page)
    order = re.search(r'name="order"[^>]* value="(\d+)"', page)
    lessons = re.search(r'name="lessons"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert number
    assert order
    assert lessons
    sent = {"number": number[1], "order": order[1], "lessons": lessons[1], "state": "open"}
    return {**sent, "roles": ["learner", "trainer"], **changes}


def test_only_what_was_changed_is_written_anew() -> None:
    text = "id: x\n# why\nlessons:\n  - a\n  - b\n\n# order\norder: 3\n"
    assert with_fields(text, {}) == text
    assert with_fields(text, {"lessons": "[b]", "requires": "[y]"}) == (
        "id: x\n# why\nlessons: [b]\n# order\norder: 3\nrequires: [y]\n"
    )


def test_a_learner_waits_for_what_comes_first_and_a_trainer_may_open_it(
    any_app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    tao, lin = caller("tao"), caller("lin")
    before = publishing.text_of(any_app, PATH)
    assert tao.post(URL, form_of(tao)).status_code == 303
    assert publishing.text_of(any_app, PATH) == before
    stale = form_of(tao, requires=["industry"])
    assert tao.post(URL, stale).status_code == 303
    assert publishing.text_of(any_app, PATH) == before + "requires: [industry]\n"
    assert tao.post(URL, {**stale, "requires": []}).status_code == 409
    assert "This module opens later" in lin.get("/learn/").text
    assert lin.get(LESSON).status_code == 302
    assert tao.get(LESSON).status_code == 200
    with any_app.app_context(), writing() as session:
        prerequisites.waive(session, cast.actor("tao"), cast.lin, "trade-practice", NOW)
    assert lin.get(LESSON).status_code == 200


def test_a_circle_is_refused_with_its_path(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    tao = caller("tao")
    tao.post(URL, form_of(tao, requires=["industry"]))
    other = "/author/courses/industry"
    refused = tao.post(other, form_of(tao, other, requires=["trade-practice"]))
    assert refused.status_code == 422
    assert "industry → trade-practice → industry" in refused.text
    lost = tao.post(URL, form_of(tao, lessons="no-such-lesson"))
    assert lost.status_code == 422
    assert "no-such-lesson" in lost.text


def test_a_closed_module_is_out_of_learners_sight(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    tao, lin = caller("tao"), caller("lin")
    assert tao.post(URL, form_of(tao, state="closed")).status_code == 303
    assert lin.get(LESSON).status_code == 404
    assert LESSON not in lin.get("/learn/").text
    assert tao.get(LESSON).status_code == 200

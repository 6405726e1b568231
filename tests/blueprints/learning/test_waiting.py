"""A module that waits for another one: nothing of it can be done, and the reason is said."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.assessment import Attempt
from models.journal import JournalEntry
from models.learning import LessonProgress, UnclearMark
from services.session import reading
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.library import publishing

Browser = Callable[..., Caller]
MODULE = "courses/trade-practice/module.yaml"
KEY = "trade-practice/who-pays-who-risks"
LESSON, QUIZ = f"/learn/{KEY}", f"/assess/quiz/{KEY}"
DEEDS = (f"{LESSON}/place", f"{LESSON}/finish", f"{LESSON}/unclear", QUIZ)


@pytest.fixture
def waiting(any_app: Flask) -> Flask:
    """Trade practice comes after industry."""
    text = publishing.text_of(any_app, MODULE)
    publishing.put(any_app, MODULE, f"{text}requires: [industry]\n")
    return any_app


def kept(app: Flask) -> int:
    """Rows that a reader's deeds leave behind."""
    with app.app_context(), reading() as session:
        tables = (LessonProgress, UnclearMark, Attempt)
        return sum(session.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


def test_no_deed_comes_past_what_must_be_read_first(waiting: Flask, caller: Browser) -> None:
    lin, before = caller("lin"), kept(waiting)
    section = {"section": "s-four-letters-two-lines"}
    for address in DEEDS:
        answer = lin.post(address, section)
        assert answer.status_code == 303, address
        assert answer.headers["Location"].endswith("/learn/#trade-practice")
    assert "This module opens later" in lin.get("/learn/").text
    assert kept(waiting) == before
    for address in DEEDS[1::2]:  # a trainer tries the whole lesson
        assert caller("tao").post(address, section).status_code in (302, 307)


def test_what_a_module_closed_to_readers_holds_is_not_there(
    any_app: Flask, caller: Browser
) -> None:
    text = publishing.text_of(any_app, MODULE)
    publishing.put(any_app, MODULE, f"{text}state: closed\n")
    lin, before = caller("lin"), kept(any_app)
    for address in (*DEEDS, "/assess/forms/unit-trade-practice"):
        assert lin.post(address, {"section": "x"}).status_code == 404, address
    assert kept(any_app) == before


def test_a_trainer_opens_a_module_and_takes_it_back(
    waiting: Flask, cast: Cast, caller: Browser
) -> None:
    tao, lin = caller("tao"), caller("lin")
    page = f"/learn/people/{cast.lin}"
    address = f"{page}/modules/trade-practice"
    assert f'action="{address}/open"' in tao.get(page).text
    assert f'action="{address}/close"' not in tao.get(page).text
    assert lin.get(LESSON).status_code == 302
    for _ in range(2):
        assert tao.post(f"{address}/open").status_code == 303
    assert "Opened for them" in tao.get(page).text
    assert lin.get(LESSON).status_code == 200
    assert f'action="{address}/open"' not in tao.get(page).text
    for _ in range(2):  # a second press changes nothing
        assert tao.post(f"{address}/close").status_code == 303
    assert lin.get(LESSON).status_code == 302
    assert f'action="{address}/open"' in tao.get(page).text
    with waiting.app_context(), reading() as session:
        events = session.scalars(
            select(JournalEntry.event)
            .where(JournalEntry.event.startswith("module."))
            .order_by(JournalEntry.id)
        ).all()
    assert events == ["module.opened", "module.closed"]


def test_nobody_waits_for_what_they_can_never_finish(any_app: Flask, caller: Browser) -> None:
    for path, more in ((MODULE, "requires: [industry]\n"),
                       ("courses/industry/module.yaml", "state: closed\n")):  # fmt: skip
        publishing.put(any_app, path, publishing.text_of(any_app, path) + more)
    assert caller("lin").get(LESSON).status_code == 200


def test_what_comes_next_is_never_a_lesson_that_is_closed(app: Flask, caller: Browser) -> None:
    """The last lesson of a module leads past a closed one to the first that can be read."""
    text = publishing.text_of(app, MODULE)
    publishing.put(app, MODULE, f"{text}state: closed\n")
    for module in ("language", "industry"):  # before and after it in the course
        names = publishing.text_of(app, f"courses/{module}/module.yaml")
        lessons = names.split("lessons: [")[1].split("]")[0].split(", ")
        for name in (lessons[0], lessons[-1]):
            page = caller("lin").get(f"/learn/{module}/{name}").text
            assert 'href="/learn/trade-practice/' not in page.split('class="lineup')[1]

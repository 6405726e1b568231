"""The lesson page: what it costs, what it weighs, and where the reader was."""

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask

from services.library import catalogue
from services.session import reading
from tests.caller import Caller
from tests.statements import counted

LESSON = "/learn/trade-practice/who-pays-who-risks"
KB = 1024


def lessons(app: Flask) -> list[str]:
    with app.app_context(), reading() as session:
        return [f"/learn/{line.key}" for line in catalogue.outline(session, "en").lessons]


def transferred(caller: Caller, url: str) -> int:
    """Bytes of an answer's body as they travel."""
    with caller.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
        return len(answer.data)


def sections(page: str) -> list[str]:
    return re.findall(r'<section class="part" id="([^"]+)"', page)


def test_a_lesson_takes_four_statements_at_most(app: Flask, caller: Callable[..., Caller]) -> None:
    lin = caller("lin")
    lin.get(LESSON)  # the outline is in memory from now on
    with counted(app) as statements:
        assert lin.get(LESSON).status_code == 200
    assert len(statements) <= 4, "\n".join(statements)


def test_no_lesson_is_heavy(app: Flask, caller: Callable[..., Caller]) -> None:
    """Cold at most 40 KB (60 with several figures) in 4 requests; warm at most 8 KB."""
    lin = caller("lin")
    too_heavy = []
    for url in lessons(app):
        answer = lin.get(url, headers={"Accept-Encoding": "gzip"})
        page = gzip.decompress(answer.data).decode()
        parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        cold = len(answer.data) + sum(transferred(lin, part) for part in set(parts))
        limit = 60 if page.count("<figure") > 1 else 40
        if cold > limit * KB or len(set(parts)) > 3 or len(answer.data) > 8 * KB:
            too_heavy.append(f"{url}: {len(answer.data)} of {cold} bytes, {len(set(parts))} parts")
    assert not too_heavy, "\n".join(too_heavy)


def test_a_place_is_kept_and_offered_again(caller: Callable[..., Caller]) -> None:
    lin = caller("lin")
    anchors = sections(lin.get(LESSON).text)
    assert lin.post(f"{LESSON}/place", {"section": anchors[0]}).status_code == 302
    page = lin.get(LESSON).text
    assert f'<li class="was"><a href="#{anchors[0]}"' in page
    assert f'<a class="btn" href="#{anchors[1]}"' in page, "continue at the next section"
    assert f'<a class="btn" href="#{anchors[1]}"' not in caller("eve").get(LESSON).text


def test_script_keeps_a_place_without_a_page(caller: Callable[..., Caller]) -> None:
    lin = caller("lin")
    anchor = sections(lin.get(LESSON).text)[2]
    answer = lin.post(
        f"{LESSON}/place", {"section": anchor}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 204


def test_finishing_offers_the_quiz_and_twice_is_once(caller: Callable[..., Caller]) -> None:
    lin = caller("lin")
    assert "/assess/quiz/" not in lin.get(LESSON).text
    for _ in range(2):
        assert lin.post(f"{LESSON}/finish").status_code == 302
    assert "/assess/quiz/trade-practice/who-pays-who-risks" in lin.get(LESSON).text


@pytest.mark.parametrize("section", ["", "s-nowhere", "x" * 5000, "<script>"])
def test_a_section_that_is_not_there(section: str, caller: Callable[..., Caller]) -> None:
    assert caller("lin").post(f"{LESSON}/place", {"section": section}).status_code == 422


@pytest.mark.parametrize("url", ["/learn/trade-practice/none", "/learn/none/first-reply"])
def test_a_lesson_that_is_not_there(url: str, caller: Callable[..., Caller]) -> None:
    lin = caller("lin")
    assert lin.get(url).status_code == 404
    assert lin.post(f"{url}/finish").status_code == 404


def test_the_contents_cost_the_same_for_everybody(
    app: Flask, caller: Callable[..., Caller]
) -> None:
    lin = caller("lin")
    with counted(app) as before:
        lin.get("/learn/")
    for url in lessons(app):
        lin.post(f"{url}/finish")
    with counted(app) as after:
        page = lin.get("/learn/").text
    assert len(after) <= len(before) <= 5
    assert page.count("tick--done") == len(lessons(app))


def test_every_lesson_has_what_the_course_promises(
    app: Flask, caller: Callable[..., Caller]
) -> None:
    """What the house rules leave to the page: a figure, reasons that are there, a closing quiz."""
    lin = caller("lin")
    thin = []
    for url in lessons(app):
        page = lin.get(url).text
        with app.app_context(), reading() as session:
            lesson = catalogue.lesson(session, url.removeprefix("/learn/"), "en")
        promised = {
            "a figure": 'class="chart"' in page,
            "three checks": page.count('<div class="ask">') >= 3,
            "a reason for every option": not re.search(r'opt__why">\s*</p>', page),
            "sources": bool(lesson.meta["sources"]),
            "seeds": bool(lesson.meta["seeds"]),
            "a quiz": len(lesson.meta["quiz"]) >= 2,
        }
        thin += [f"{url} lacks {name}" for name, there in promised.items() if not there]
    assert not thin, "\n".join(thin)

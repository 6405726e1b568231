"""Adaptive practice and the second placement in a browser without script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from models.assessment import Attempt
from services.session import writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import sit

Browser = Callable[..., Caller]


@pytest.fixture
def lin(app: Flask, cast: Cast, caller: Browser) -> Caller:
    """Lin, whose placement has ended."""
    sit(cast).submit()
    return caller("lin")


def begin(caller: Caller, url: str) -> str:
    """Start and open, as the browser's repeated POST does; the address of the questions."""
    opening = caller.post(url)
    assert opening.status_code == 307, opening.get_data(as_text=True)
    opened = caller.post(opening.location)
    assert opened.status_code == 303
    return str(opened.location)


def answer(caller: Caller, page: str, position: int | None = None) -> str:
    """Leave the question empty and go on; where that leads."""
    fields = dict(re.findall(r'name="(position|lease|go)" value="(\w+)"', page))
    if position:
        fields["position"] = str(position)
    action = re.findall(r'action="(/assess/attempts/\d+/answers)"', page)[0]
    found = caller.post(action, fields)
    assert found.status_code == 303
    return str(found.location)


def test_one_question_a_page_until_it_ends(lin: Caller) -> None:
    url = begin(lin, "/assess/adaptive/adaptive-c2")
    for count in range(1, 21):
        page = lin.get(url).get_data(as_text=True)
        assert re.findall(r"Question (\d+)", page) == [str(count)]
        assert "Flag" not in page
        assert answer(lin, page) == url
    ended = lin.get(url)
    assert ended.status_code == 302
    result = lin.get(ended.location).get_data(as_text=True)
    assert "Result: Adaptive practice" in result
    assert "What it added to your profile" in result


def test_a_button_pressed_twice_leads_to_the_next_question_once(lin: Caller) -> None:
    url = begin(lin, "/assess/adaptive/adaptive-c2")
    first = lin.get(url).get_data(as_text=True)
    assert answer(lin, first) == answer(lin, first) == url
    assert "Question 2" in lin.get(url).get_data(as_text=True)


def test_the_page_of_assessments_offers_and_continues_it(lin: Caller) -> None:
    before = lin.get("/assess/").get_data(as_text=True)
    assert before.count("/assess/adaptive/adaptive-c") == 7
    url = begin(lin, "/assess/adaptive/adaptive-c2")
    after = lin.get("/assess/").get_data(as_text=True)
    assert f'href="{url}"' in after
    assert after.count("/assess/adaptive/adaptive-c") == 6


def test_it_waits_for_the_placement(app: Flask, caller: Browser) -> None:
    eve = caller("eve")
    assert "After the placement you can practise" in eve.get("/assess/").get_data(as_text=True)
    assert eve.post("/assess/adaptive/adaptive-c2").status_code == 409
    assert eve.post("/assess/adaptive/placement").status_code == 404


def test_the_second_placement_opens_after_thirty_days(app: Flask, cast: Cast, lin: Caller) -> None:
    assert "from " in lin.get("/assess/").get_data(as_text=True)
    assert lin.post("/assess/retest").status_code == 409
    with app.app_context(), writing() as session:
        session.execute(
            update(Attempt)
            .where(Attempt.person_id == cast.lin)
            .values(ended_at=NOW - timedelta(days=31))
        )
    assert "Take it again" in lin.get("/assess/").get_data(as_text=True)
    url = begin(lin, "/assess/retest")
    assert "Go on with the second placement" in lin.get("/").get_data(as_text=True)
    assert "of 42" in lin.get(url).get_data(as_text=True)
    assert lin.post(f"{url}/submit").status_code == 303
    result = lin.get(f"{url}/result").get_data(as_text=True)
    assert "Result: Placement, second time" in result
    assert result.count("no change that can be told from chance") == 7
    assert caller_sees_nothing(app, cast, url)


def caller_sees_nothing(app: Flask, cast: Cast, url: str) -> bool:
    return Caller(app, cast.eve).get(f"{url}/result").status_code == 404

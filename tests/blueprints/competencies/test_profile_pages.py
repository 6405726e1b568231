"""Profile, evidence, self-rating and results in the browser."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from services.competencies import self_rating
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.competencies.sitting import sit_form, sit_quiz

ALL = {f"C{n}": "3" for n in range(1, 8)}


@pytest.fixture
def placed(app: Flask, cast: Cast) -> int:
    """Lin's placement: everything right but law."""
    with app.app_context(), writing() as session:
        return sit_form(
            session, cast.actor("lin"), "placement", NOW, lambda p, item: item.home != "C5"
        )


def test_an_empty_profile_says_what_to_do_first(caller: Callable[..., Caller]) -> None:
    page = caller("lin").get("/profile/")
    assert page.status_code == 200
    assert "Nothing measured yet" in page.text
    assert 'href="/assess/"' in page.text


def test_a_profile_opens_every_number_to_its_evidence(
    caller: Callable[..., Caller], placed: int
) -> None:
    browser = caller("lin")
    page = browser.get("/profile/").text
    for n in range(1, 8):
        assert f'href="/profile/evidence/C{n}"' in page
        assert browser.get(f"/profile/evidence/C{n}").status_code == 200
    assert 'href="/profile/evidence/A1"' in page
    assert "not yet measured" in browser.get("/profile/evidence/A1").text.lower()
    assert re.search(r"Standard 1, evidence up to no\. \d+, as of", page)


def test_the_result_shows_ranges_gates_and_offers(
    caller: Callable[..., Caller], placed: int
) -> None:
    page = caller("lin").get(f"/assess/attempts/{placed}/result").text
    assert re.search(r"\d to \d", page)
    assert "provisional" in page
    assert "not yet measured" in page
    assert f'href="/profile/evidence/C5?attempt={placed}"' in page
    assert page.count('action="/assess/forms/narrow-c') == 7
    assert 'href="/learn/law/check-before-you-promise"' in page


def test_the_answers_show_every_reason(caller: Callable[..., Caller], placed: int) -> None:
    page = caller("lin").get(f"/profile/answers/{placed}").text
    assert page.count('<li id="q') == 42
    assert "Your answer" in page
    assert "The best action" in page
    assert "You put here" in page
    assert "You chose" in page


def test_a_quiz_result_shows_answers_and_what_they_added(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    with app.app_context(), writing() as session:
        quiz = sit_quiz(session, cast.actor("lin"), "trade-practice/who-pays-who-risks", NOW)
    page = caller("lin").get(f"/assess/attempts/{quiz}/result").text
    assert "What it added to your profile" in page
    assert '<li id="q1"' in page


@pytest.mark.parametrize("url", ["/assess/attempts/{}/result", "/profile/answers/{}"])
def test_a_strangers_result_is_a_missing_one(
    caller: Callable[..., Caller], placed: int, url: str
) -> None:
    eve = caller("eve")
    foreign, missing = eve.get(url.format(placed)), eve.get(url.format(999_999))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text.replace(url.format(placed), "") == missing.text.replace(
        url.format(999_999), ""
    )


@pytest.mark.parametrize("query", ["attempt=999", "attempt=x", "attempt=-1", "attempt=²", "page=x"])
def test_nonsense_in_the_address_is_not_found(
    caller: Callable[..., Caller], placed: int, query: str
) -> None:
    assert caller("lin").get(f"/profile/evidence/C1?{query}").status_code == 404
    assert caller("eve").get(f"/profile/evidence/C1?attempt={placed}").status_code == 404
    assert caller("lin").get("/profile/evidence/C0").status_code == 404


def test_rating_oneself(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    browser = caller("lin")
    form = browser.get("/profile/self-rating").text
    assert form.count('type="radio"') == 35
    saved = browser.post("/profile/self-rating", ALL)
    assert (saved.status_code, saved.headers["Location"]) == (302, "/profile/")
    assert browser.get("/profile/self-rating").text.count(" checked") == 7
    with app.app_context(), reading() as session:
        assert len(self_rating.levels(session, cast.actor("lin"))) == 7


@pytest.mark.parametrize("sent", [{}, {"C1": "9"}, {"C1": "2", "person_id": "1"}])
def test_a_refused_rating_loses_nothing(
    caller: Callable[..., Caller], sent: dict[str, str]
) -> None:
    browser = caller("lin")
    refused = browser.post("/profile/self-rating", {**sent, **({"C4": "2"} if sent else {})})
    assert refused.status_code == 422
    assert "Nothing was saved" in refused.text
    if sent:
        assert re.search(r'name="C4" value="2" checked', refused.text)


def test_self_ratings_stand_on_no_page_of_anybody_else(
    app: Flask, cast: Cast, caller: Callable[..., Caller], placed: int
) -> None:
    caller("lin").post("/profile/self-rating", ALL)
    own = caller("lin").get(f"/assess/attempts/{placed}/result").text
    assert "how you rated yourself" in own
    for name in ("eve", "tao", "min", "lei", "anna"):
        for url in ("/profile/", "/profile/self-rating", f"/assess/attempts/{placed}/result"):
            page = caller(name).get(url)
            assert page.status_code in (200, 403, 404)
            assert " checked" not in page.text
            assert "how you rated yourself" not in page.text

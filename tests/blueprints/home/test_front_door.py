"""The front door: a welcome for visitors, Today for learners, links for everybody else."""

from collections.abc import Callable

import pytest
from flask import Flask

from services.session import writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.competencies.sitting import sit_form


def test_a_visitor_is_welcomed(caller: Callable[..., Caller]) -> None:
    page = caller().get("/")
    assert page.status_code == 200
    assert "Cross the threshold" in page.text
    assert "Sign in" in page.text


def test_a_newcomer_is_shown_one_next_step(caller: Callable[..., Caller]) -> None:
    page = caller("lin").get("/").text
    assert page.count('id="next-step"') == 1
    assert 'href="/profile/self-rating"' in page
    assert "Nothing measured yet" in page


def test_a_measured_learner_sees_numbers_with_their_error(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    with app.app_context(), writing() as session:
        sit_form(session, cast.actor("lin"), "placement", NOW, lambda p, item: item.home != "C5")
    page = caller("lin").get("/").text
    assert "Strongest" in page
    assert "/profile/evidence/C5" in page
    assert "±" in page
    assert "provisional" in page


@pytest.mark.parametrize(
    ("name", "there", "missing"),
    [
        ("min", "/hiring/", "/author/"),
        ("lei", "/hiring/", "/admin/"),
        ("tao", "/author/", "/hiring/"),
        ("anna", "/admin/", "/author/"),
    ],
)
def test_others_find_their_work(
    caller: Callable[..., Caller], name: str, there: str, missing: str
) -> None:
    page = caller(name).get("/").text
    assert f'href="{there}"' in page
    assert f'href="{missing}"' not in page

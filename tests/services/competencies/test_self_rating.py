"""Self-ratings: appended, private, refused where they make no sense."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.competencies import SelfRating
from services.actor import SYSTEM
from services.competencies import self_rating
from services.errors import Forbidden, Invalid
from services.session import reading, writing
from tests.conftest import NOW, Cast

ALL = {f"C{n}": "3" for n in range(1, 8)}


def rows(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count(SelfRating.id))) or 0


def test_only_what_changed_is_appended(any_app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with any_app.app_context():
        with writing() as session:
            assert self_rating.rate(session, lin, ALL, NOW) == 7
        with writing() as session:
            assert self_rating.rate(session, lin, ALL, NOW) == 0
        with writing() as session:
            later = NOW + timedelta(days=1)
            assert self_rating.rate(session, lin, {**ALL, "C2": "4"}, later) == 1
        with reading() as session:
            assert self_rating.levels(session, lin)["C2"] == 4
            page = self_rating.rating_page(session, lin, "en")
    assert rows(any_app) == 8
    assert page.rated_at == NOW + timedelta(days=1)
    assert page.chosen == 7


def test_a_part_may_be_rated(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session:
        self_rating.rate(session, cast.actor("lin"), {"C1": "1"}, NOW)
        assert self_rating.levels(session, cast.actor("lin")) == {"C1": 1}


@pytest.mark.parametrize(
    "sent",
    [{"C1": "6"}, {"C1": "0"}, {"C1": ""}, {"C1": "3 "}, {"A1": "3"}, {"theta": "9"}, {}],
)
def test_nonsense_is_refused_and_nothing_kept(app: Flask, cast: Cast, sent: dict[str, str]) -> None:
    with app.app_context(), pytest.raises(Invalid), writing() as session:
        self_rating.rate(session, cast.actor("lin"), {**sent}, NOW)
    assert rows(app) == 0


def test_the_house_itself_rates_nobody(app: Flask) -> None:
    with app.app_context(), pytest.raises(Forbidden), writing() as session:
        self_rating.rate(session, SYSTEM, ALL, NOW)


def test_nobody_else_sees_them(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with writing() as session:
            self_rating.rate(session, cast.actor("lin"), ALL, NOW)
        with reading() as session:
            for name in ("eve", "tao", "min", "lei", "anna"):
                assert self_rating.levels(session, cast.actor(name)) == {}
                page = self_rating.rating_page(session, cast.actor(name), "en")
                assert (page.chosen, page.rated_at) == (0, None)

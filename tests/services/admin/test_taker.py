"""Simulated answers earn what the model says, so that the demo's results look like people's."""

import random
from collections.abc import Sequence

import pytest
from flask import Flask

from domain.assessment.compiled import from_dict
from domain.assessment.drawing import drawn, first_draw
from domain.assessment.items import KINDS, Item, is_marked_by_people, way_of
from domain.assessment.marking import mark
from domain.assessment.responses import parse_response
from services.admin.demo.taker import AnswerBook, Taker, abilities
from services.library import catalogue
from services.session import reading


@pytest.fixture
def items(app: Flask) -> Sequence[Item]:
    with app.app_context(), reading() as session:
        every = [from_dict(text.meta) for text in catalogue.published(session, "item")]
        asked = [drawn(item, first_draw(item)) for item in every]
        return [item for item in asked if not is_marked_by_people(item)]


def test_every_number_of_points_is_earned_exactly_where_the_item_allows(
    items: Sequence[Item],
) -> None:
    book = AnswerBook(random.Random(1))
    first = {way_of(item): item for item in reversed(items)}
    assert len(first) == len(KINDS) + 1  # judgements are asked in three ways, open ones left out
    for item in first.values():
        for points in (0, item.max_mark):
            response = parse_response(item, book.earning(item, points))
            assert mark(item, response).points == points, item.id


def test_the_able_earn_more(app: Flask, items: Sequence[Item]) -> None:
    with app.app_context(), reading() as session:
        framework = catalogue.framework(session)
    rng = random.Random(2)
    book, codes = AnswerBook(rng), list(framework.competencies)

    def share(general: float) -> float:
        taker = Taker(abilities(general, codes, rng), framework.standard, book, rng)
        earned = sum(mark(i, parse_response(i, taker.answer(i))).points for i in items)
        return earned / sum(item.max_mark for item in items)

    assert share(-1.5) + 0.2 < share(0.0) < share(1.5) - 0.2

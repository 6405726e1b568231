"""More time, asked for in private: hidden from readers, and settled before the start."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from models.assessment import Attempt
from services.actor import Actor
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.hiring import accommodating, entering
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening


def agreed(app: Flask, cast: Cast) -> tuple[int, Actor, entering.Consented]:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    done = opening.consent(app, invited)
    return invited.application_id, opening.candidate(done), done


def ask(app: Flask, who: Actor, percent: int = 50, words: str = "I read with a reader.") -> None:
    with app.app_context(), writing() as session:
        accommodating.ask(session, who, percent, words, NOW)


def answer(
    app: Flask, cast: Cast, about: int, percent: int, words: str = "", by: str = "min"
) -> None:
    with app.app_context(), writing() as session:
        accommodating.answer(session, cast.actor(by), about, percent, words, NOW)


def minutes(app: Flask) -> float:
    with app.app_context(), reading() as session:
        started, deadline = session.execute(select(Attempt.started_at, Attempt.deadline)).one()
    return float((deadline - started) / timedelta(minutes=1))


def test_time_that_was_given_counts_from_the_start(any_app: Flask, cast: Cast) -> None:
    about, who, done = agreed(any_app, cast)
    ask(any_app, who)
    with pytest.raises(Conflict, match="waiting"):
        opening.begin(any_app, done)
    answer(any_app, cast, about, 25, "A quarter is what the test allows.")
    opening.begin(any_app, done)
    assert minutes(any_app) == 75
    with pytest.raises(Conflict):
        answer(any_app, cast, about, 100)


def test_whoever_does_not_wait_begins_with_the_usual_time(app: Flask, cast: Cast) -> None:
    about, who, _ = agreed(app, cast)
    ask(app, who)
    with app.app_context(), writing() as session:
        entering.start(session, who, NOW, without=True)
    assert minutes(app) == 60
    with pytest.raises(Conflict):
        answer(app, cast, about, 25)
    with pytest.raises(Conflict):
        ask(app, who)


def test_a_wish_may_be_changed_until_it_is_answered(app: Flask, cast: Cast) -> None:
    about, who, _ = agreed(app, cast)
    ask(app, who)
    ask(app, who, 100, "")
    answer(app, cast, about, 0, "Please call us.")
    with pytest.raises(Conflict):
        ask(app, who, 25)
    with app.app_context(), reading() as session:
        wish = accommodating.own_wish(session, who, NOW).wish
    assert wish is not None
    assert (wish.percent, wish.state, wish.given, wish.answer) == (
        100,
        "declined",
        0,
        "Please call us.",
    )


@pytest.mark.parametrize(("percent", "words"), [(10, "x"), (-1, "x"), (0, " "), (0, "x" * 2001)])
def test_nonsense_is_refused_on_both_sides(
    app: Flask, cast: Cast, percent: int, words: str
) -> None:
    about, who, _ = agreed(app, cast)
    with pytest.raises(Invalid):
        ask(app, who, percent, words)
    ask(app, who)
    with pytest.raises(Invalid):
        answer(app, cast, about, percent, words)


def test_readers_of_the_position_learn_of_nothing(app: Flask, cast: Cast) -> None:
    about, who, _ = agreed(app, cast)
    ask(app, who)
    with pytest.raises(Forbidden):
        answer(app, cast, about, 25, by="lei")
    with app.app_context(), reading() as session:
        assert accommodating.wish_for(session, cast.actor("lei"), about) is None
        assert accommodating.wish_for(session, cast.actor("min"), about) is not None
        assert [w.application_id for w in accommodating.waiting(session, cast.actor("min"))] == [
            about
        ]
        with pytest.raises(Forbidden):
            accommodating.waiting(session, cast.actor("lei"))
        with pytest.raises(NotFound):
            accommodating.own_wish(session, cast.actor("lin"), NOW)

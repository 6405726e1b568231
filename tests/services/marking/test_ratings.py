"""Two blind raters, a third where they differ, and evidence only once a mark is final."""

import pytest
from flask import Flask
from sqlalchemy import insert, select

from models.competencies import Estimate
from models.marking import Rating
from services.assessment import reviews
from services.assessment.responding import asked
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.marking import queue, ratings
from services.marking.ratings import OpenAnswer
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.test_at_once import at_once
from tests.services.marking.answering import (
    RUBRIC,
    TEXT,
    attempt_of,
    differences,
    events,
    hand_in,
    join_trainer,
    lines_of,
    put_open_item,
    rate,
)


@pytest.fixture
def answer_id(any_app: Flask, cast: Cast) -> int:
    join_trainer(cast)
    return hand_in(cast)


def seen(cast: Cast, name: str, answer_id: int) -> OpenAnswer:
    with cast.app.app_context(), reading() as session:
        return ratings.open_answer(session, cast.actor(name), answer_id)


def waiting(cast: Cast, name: str = "tao") -> queue.QueuePage:
    with cast.app.app_context(), reading() as session:
        return queue.queue_page(session, cast.actor(name))


def test_an_answer_is_no_evidence_before_its_mark_is_final(cast: Cast, answer_id: int) -> None:
    assert lines_of(cast, answer_id) == []
    rate(cast, "tao", answer_id, (2, 1))
    assert lines_of(cast, answer_id) == []
    assert differences(cast) == []
    assert rate(cast, "mara", answer_id, (2, 2)).mark == 4
    assert lines_of(cast, answer_id) == [(4, 5, 1.0)]
    assert differences(cast) == []
    assert (events(cast, "answer.rated"), events(cast, "answer.marked")) == (2, 1)


def test_a_final_mark_draws_the_kept_numbers_again(cast: Cast, answer_id: int) -> None:
    def observations() -> list[int]:
        with cast.app.app_context(), reading() as session:
            of_c2 = select(Estimate.observations).where(Estimate.competency == "C2")
            return list(session.scalars(of_c2.order_by(Estimate.id)))

    (before,) = observations()
    rate(cast, "tao", answer_id, (2, 1))
    rate(cast, "mara", answer_id, (2, 1))
    assert observations() == [before, before + 1]


def test_two_points_apart_a_third_settles_it(cast: Cast, answer_id: int) -> None:
    rate(cast, "tao", answer_id, (2, 3))
    assert rate(cast, "mara", answer_id, (0, 3)).stage == "third"
    assert lines_of(cast, answer_id) == []
    assert waiting(cast, "noor").adjudications == 1
    assert rate(cast, "noor", answer_id, (1, 0), settling=True).mark == 1
    assert lines_of(cast, answer_id) == [(1, 5, 1.0)]
    assert differences(cast) == []


def test_a_rater_sees_neither_name_nor_the_others_marks(cast: Cast, answer_id: int) -> None:
    rate(cast, "tao", answer_id, (2, 3), note="A clear offer.")
    blind = seen(cast, "mara", answer_id)
    assert blind.ratings == ()
    assert blind.may_rate
    assert blind.text == TEXT
    assert "Lin Yue" not in repr(blind)
    rate(cast, "mara", answer_id, (0, 0))
    assert [r.own for r in seen(cast, "mara", answer_id).ratings] == [True]
    settling = seen(cast, "noor", answer_id).ratings
    assert [(r.mark, r.note, r.own) for r in settling] == [
        (5, "A clear offer.", False),
        (0, None, False),
    ]


def test_nobody_marks_their_own_answer(any_app: Flask, cast: Cast) -> None:
    own = hand_in(cast, "tao")
    with pytest.raises(NotFound):
        rate(cast, "tao", own, (1, 1))
    assert waiting(cast, "tao").for_me == 0
    assert waiting(cast, "mara").for_me == 1
    with pytest.raises(Forbidden):
        rate(cast, "lin", own, (1, 1))


def test_the_same_marks_twice_are_one_rating(cast: Cast, answer_id: int) -> None:
    rate(cast, "tao", answer_id, (2, 1), note="Good.")
    rate(cast, "tao", answer_id, (2, 1), note="Good.")
    assert events(cast, "answer.rated") == 1
    with pytest.raises(Conflict):
        rate(cast, "tao", answer_id, (1, 1))


@pytest.mark.parametrize("marks", [(3, 0), (0, 4), (-1, 0)])
def test_points_outside_the_rubric_are_refused(
    cast: Cast, answer_id: int, marks: tuple[int, int]
) -> None:
    with pytest.raises(Invalid) as refused:
        rate(cast, "tao", answer_id, marks)
    assert set(refused.value.fields) == {"scores"}


def test_two_at_once_are_the_two_raters(cast: Cast, answer_id: int) -> None:
    at_once([
        lambda: rate(cast, "tao", answer_id, (2, 2)),
        lambda: rate(cast, "mara", answer_id, (2, 3)),
    ])  # fmt: skip
    with cast.app.app_context(), reading() as session:
        rounds = session.scalars(select(Rating.round).order_by(Rating.round)).all()
    assert rounds == [1, 2]
    assert lines_of(cast, answer_id) == [(5, 5, 1.0)]


def test_of_two_second_raters_at_once_one_is_told_what_stands(cast: Cast, answer_id: int) -> None:
    rate(cast, "tao", answer_id, (2, 2))

    def second(name: str) -> object:
        try:
            return rate(cast, name, answer_id, (2, 1)).mark
        except Conflict as late:
            return late.current

    one, other = sorted(at_once([lambda: second("mara"), lambda: second("noor")]), key=repr)
    assert one == 4
    assert isinstance(other, OpenAnswer)
    assert other.standing.mark == 4
    assert lines_of(cast, answer_id) == [(4, 5, 1.0)]


def test_blind_marks_do_not_settle_a_difference(cast: Cast, answer_id: int) -> None:
    """Whoever opened the page as the second rater has not seen that two differ."""
    rate(cast, "tao", answer_id, (2, 3))
    rate(cast, "mara", answer_id, (0, 0))
    with pytest.raises(Conflict):
        rate(cast, "noor", answer_id, (1, 1))
    assert lines_of(cast, answer_id) == []


def test_ratings_belong_to_the_revision_that_was_asked(cast: Cast, answer_id: int) -> None:
    rate(cast, "tao", answer_id, (2, 1))
    shorter = {**RUBRIC[0], "points": 1, "levels": ["No", "Yes"]}
    put_open_item(cast.app, rubric=[shorter, RUBRIC[1]])
    assert rate(cast, "mara", answer_id, (2, 2)).mark == 4
    later = hand_in(cast, "eve")
    with pytest.raises(Invalid):
        rate(cast, "tao", later, (2, 1))
    assert seen(cast, "tao", later).item.max_mark == 4


def test_an_empty_answer_earns_nothing_and_waits_for_nobody(any_app: Flask, cast: Cast) -> None:
    empty = hand_in(cast, text="")
    assert lines_of(cast, empty) == [(0, 5, 1.0)]
    assert waiting(cast).waiting == 0
    with pytest.raises(NotFound):
        seen(cast, "tao", empty)


def test_the_person_sees_marks_and_notes_once_they_are_final(cast: Cast, answer_id: int) -> None:
    attempt_id = attempt_of(cast, answer_id)

    def review() -> reviews.ItemReview:
        with cast.app.app_context(), reading() as session:
            return reviews.item_reviews(session, attempt_id, reveal=False)[-1]

    rate(cast, "tao", answer_id, (2, 1), note="Name the year.")
    assert (review().waiting, review().rated) == (True, None)
    rate(cast, "mara", answer_id, (1, 1))
    found = review()
    assert (found.mark, found.max_mark) == (3, 5)
    assert found.rated is not None
    assert found.rated.notes == ("Name the year.",)
    assert [line.given for line in found.rated.criteria] == [(2, 1), (1, 1)]
    assert found.rated.criteria[1].earned == ("Soon",)


def test_the_queue_counts_what_waits_and_for_whom(cast: Cast, answer_id: int) -> None:
    second = hand_in(cast, "eve")
    page = waiting(cast)
    assert (page.waiting, page.for_me, page.next_id, page.overall) == (2, 2, answer_id, None)
    rate(cast, "tao", answer_id, (1, 1))
    page = waiting(cast)
    assert (page.waiting, page.for_me, page.next_id) == (2, 1, second)
    rate(cast, "mara", answer_id, (1, 1))
    page = waiting(cast)
    assert (page.waiting, page.adjudications) == (1, 0)
    assert page.overall is not None
    assert (page.overall.pairs, page.overall.percent) == (1, 100.0)
    (line,) = page.items
    assert (line.key, line.waiting) == ("C2-W01", 1)


def test_the_check_says_that_people_have_marked_it(cast: Cast, answer_id: int) -> None:
    """The planted flaw: a final mark whose evidence was never written."""
    rate(cast, "tao", answer_id, (2, 1))
    attempt_id = attempt_of(cast, answer_id)
    with cast.app.app_context(), writing() as session:
        second = {
            "attempt_item_id": answer_id,
            "item_revision_id": asked(session, attempt_id)[-1].revision_id,
            "rater_id": cast.mara,
            "round": 2,
            "scores": {"a": 2, "b": 1},
            "mark": 3,
            "rated_at": NOW,
        }
        session.execute(insert(Rating).values(second))
    found = differences(cast)
    assert [(d.where, d.why) for d in found] == [("position 43, C2", "people have marked it")]

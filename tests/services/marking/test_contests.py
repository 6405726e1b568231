"""Contesting a question of an own attempt: after its end, once, with a reason, within a limit."""

import pytest
from flask import Flask
from sqlalchemy import select

from models.accounts import FreeText
from models.marking import Contest
from services.assessment import submission
from services.errors import Conflict, Invalid, NotFound
from services.marking import contested, contests
from services.marking.fixing import Outcome
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import Sitting, sit
from tests.services.assessment.test_at_once import at_once
from tests.services.hiring import opening
from tests.services.marking.answering import REASON, contest, decide, events, single


@pytest.fixture
def ended(any_app: Flask, cast: Cast) -> Sitting:
    sitting = sit(cast)
    sitting.submit()
    return sitting


def kept(cast: Cast) -> list[tuple[int, str, str]]:
    with cast.app.app_context(), reading() as session:
        rows = session.execute(
            select(Contest.position, Contest.state, FreeText.body)
            .join(FreeText, FreeText.id == Contest.text_id)
            .order_by(Contest.id)
        )
        return [(position, state, body) for position, state, body in rows]


def test_a_contest_is_kept_once(cast: Cast, ended: Sitting) -> None:
    contest(cast, "lin", ended.attempt_id, 3)
    contest(cast, "lin", ended.attempt_id, 3, "And one more thought about it.")
    assert kept(cast) == [(3, "open", REASON)]
    assert events(cast, "contest.opened") == 1


def test_sent_twice_at_once_it_is_one(cast: Cast, ended: Sitting) -> None:
    at_once([lambda: contest(cast, "lin", ended.attempt_id, 3)] * 3)
    assert len(kept(cast)) == 1


@pytest.mark.parametrize("reason", ["", "too short", " " * 40, "x" * 2001])
def test_a_reason_is_needed(cast: Cast, ended: Sitting, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        contest(cast, "lin", ended.attempt_id, 3, reason)
    assert set(refused.value.fields) == {"reason"}


def test_only_ones_own_and_only_after_the_end(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    with pytest.raises(NotFound):
        contest(cast, "lin", sitting.attempt_id, 1)
    sitting.submit()
    for name, position in (("eve", 1), ("tao", 1), ("lin", 43), ("lin", 0), ("lin", 2**40)):
        with pytest.raises(NotFound):
            contest(cast, name, sitting.attempt_id, position)
    assert kept(cast) == []


def test_twenty_may_be_open_and_an_answer_makes_room(cast: Cast, ended: Sitting) -> None:
    for position in range(1, 21):
        contest(cast, "lin", ended.attempt_id, position)
    with pytest.raises(Conflict):
        contest(cast, "lin", ended.attempt_id, 21)
    decide(cast, ended.asked()[0].revision_id, Outcome.DISMISS)
    contest(cast, "lin", ended.attempt_id, 21)
    assert len(kept(cast)) == 21


def test_a_candidate_contests_a_secure_question_without_its_words(
    any_app: Flask, cast: Cast
) -> None:
    done = opening.consent(cast.app, opening.invite(cast.app, cast, opening.open_position(
        cast.app, cast
    )))  # fmt: skip
    attempt_id, sun = opening.begin(cast.app, done), opening.candidate(done)
    with cast.app.app_context(), writing() as session:
        submission.submit(session, sun, attempt_id, NOW)
    with cast.app.app_context(), reading() as session:
        page = contests.contest_page(session, sun, attempt_id, 1, "en")
    assert (page.html, page.contested) == ("", None)
    assert page.subtopic
    with cast.app.app_context(), writing() as session:
        contests.contest(session, sun, attempt_id, 1, REASON, NOW)
    assert len(kept(cast)) == 1


def test_trainers_see_reasons_and_counts_and_no_names(cast: Cast, ended: Sitting) -> None:
    question = single(ended)
    other = sit(cast, "eve")
    other.submit()
    contest(cast, "lin", ended.attempt_id, question.position)
    contest(cast, "eve", other.attempt_id, question.position, "The source says something else.")
    contest(cast, "eve", other.attempt_id, question.position + 1)
    with cast.app.app_context(), reading() as session:
        page = contested.contests_page(session, cast.actor("tao"))
    assert [len(q.reasons) for q in page.questions] == [2, 1]
    first = page.questions[0]
    assert (first.revision_id, first.attempts, first.struck) == (question.revision_id, 2, False)
    assert first.reasons[0].body == REASON
    assert "Lin" not in repr(page)

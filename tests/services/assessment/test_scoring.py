"""From answers to marks, evidence and estimates, and the proof that nothing drifts."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from models.assessment import Answer, Attempt, AttemptItem
from models.competencies import Estimate, Evidence
from models.journal import JournalEntry
from services.assessment import expiry, scoring
from services.errors import Conflict
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import Sitting, right_payload, sit


def differences(cast: Cast) -> list[str]:
    with cast.app.app_context(), reading() as session:
        return [d.where for d in scoring.rescore_check(session)]


def evidence(cast: Cast) -> list[Any]:
    columns = (Evidence.id, Evidence.mark, Evidence.max_mark, Evidence.weight)
    with cast.app.app_context(), reading() as session:
        return list(session.execute(select(*columns).order_by(Evidence.id)))


def half_answered(cast: Cast, name: str = "lin") -> Sitting:
    sitting = sit(cast, name)
    for question in sitting.asked()[::2]:
        sitting.save(question.position, right_payload(question.item))
    sitting.submit()
    return sitting


def test_all_right_is_full_marks_everywhere(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    sitting.answer_all()
    sitting.submit()
    lines = evidence(cast)
    assert lines
    assert all(line.mark == line.max_mark and line.weight > 0 for line in lines)
    with cast.app.app_context(), reading() as session:
        kept = session.scalars(select(Estimate)).all()
        assert {e.competency for e in kept} == {f"C{n}" for n in range(1, 8)}
        assert all(e.theta > 0 and e.provisional for e in kept)
        assert {e.scope_id for e in kept} == {sitting.attempt_id}
    assert differences(cast) == []


def test_questions_without_an_answer_earn_nothing(app: Flask, cast: Cast) -> None:
    sit(cast).submit()
    assert {line.mark for line in evidence(cast)} == {0}
    assert differences(cast) == []


def test_a_second_submit_changes_nothing(any_app: Flask, cast: Cast) -> None:
    sitting = half_answered(cast)
    before = [(line.id, line.mark) for line in evidence(cast)]
    sitting.wait(600)
    assert sitting.submit() == "submitted"
    assert [(line.id, line.mark) for line in evidence(cast)] == before
    with cast.app.app_context(), reading() as session:
        assert session.get_one(Attempt, sitting.attempt_id).ended_at == NOW
        events = session.scalars(select(JournalEntry.event)).all()
    assert events.count("attempt.submitted") == 1


def test_an_attempt_that_has_not_begun_cannot_be_handed_in(app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    with cast.app.app_context(), writing() as session:
        session.execute(update(Attempt).values(state="created"))
    with pytest.raises(Conflict):
        sitting.submit()


def test_the_sweeper_ends_what_is_due_and_nothing_else(any_app: Flask, cast: Cast) -> None:
    due, later, endless = (
        sit(cast, "lin", limit_s=60),
        sit(cast, "eve", limit_s=90),
        sit(cast, "tao"),
    )
    due.answer_all()
    due.wait(66)
    for expected in (1, 0):
        with cast.app.app_context(), writing() as session:
            assert expiry.expire_due(session, due.now) == expected
    with cast.app.app_context(), reading() as session:
        states = dict(session.execute(select(Attempt.id, Attempt.state)).all())
    assert states == {
        due.attempt_id: "expired",
        later.attempt_id: "running",
        endless.attempt_id: "running",
    }
    assert all(line.mark == line.max_mark for line in evidence(cast))
    assert due.submit() == "expired"
    assert differences(cast) == []


def test_a_late_submit_ends_as_expired(app: Flask, cast: Cast) -> None:
    sitting = sit(cast, limit_s=60)
    sitting.wait(66)
    assert sitting.submit() == "expired"


def test_a_practice_question_says_nothing_about_anybody(app: Flask, cast: Cast) -> None:
    sit(cast, purpose="tryout").submit()
    assert evidence(cast) == []
    assert differences(cast) == []


def plant_mark(cast: Cast) -> None:
    line = evidence(cast)[0]
    with cast.app.app_context(), writing() as session:
        session.execute(
            update(Evidence).where(Evidence.id == line.id).values(mark=line.max_mark - line.mark)
        )


def plant_estimate(cast: Cast) -> None:
    with cast.app.app_context(), writing() as session:
        session.execute(
            update(Estimate).where(Estimate.competency == "C3").values(theta=Estimate.theta + 1e-6)
        )


def plant_answer(cast: Cast) -> None:
    with cast.app.app_context(), writing() as session:
        session.execute(update(Answer).where(Answer.position == 1).values(response={}))


def plant_loss(cast: Cast) -> None:
    with cast.app.app_context(), writing() as session:
        item = select(AttemptItem.id).where(AttemptItem.position == 5).limit(1).scalar_subquery()
        session.execute(delete(Evidence).where(Evidence.source_id == item))


def plant_weight(cast: Cast) -> None:
    with cast.app.app_context(), writing() as session:
        session.execute(update(Evidence).values(weight=0.123))


@pytest.mark.parametrize(
    "plant", [plant_mark, plant_estimate, plant_answer, plant_loss, plant_weight]
)
def test_the_check_finds_what_was_planted(
    app: Flask, cast: Cast, plant: Callable[[Cast], None]
) -> None:
    half_answered(cast)
    half_answered(cast, "eve")
    assert differences(cast) == []
    plant(cast)
    assert differences(cast)


def test_scoring_again_under_the_same_standard_appends_nothing(app: Flask, cast: Cast) -> None:
    half_answered(cast)
    half_answered(cast, "eve")
    before = len(evidence(cast))
    with cast.app.app_context(), writing() as session:
        assert scoring.rescore(session, NOW) == 2
    assert len(evidence(cast)) == before
    assert differences(cast) == []


def test_the_command_reports_and_says_so_by_its_exit_code(app: Flask, cast: Cast) -> None:
    half_answered(cast)
    run = app.test_cli_runner().invoke
    good = run(args=["attempts", "rescore", "--check"])
    assert (good.exit_code, good.output) == (0, "0 differences\n")
    plant_mark(cast)
    bad = run(args=["attempts", "rescore", "--check"])
    assert bad.exit_code == 1
    assert "should be" in bad.output
    assert run(args=["attempts", "rescore"]).output == "1 attempts scored\n"

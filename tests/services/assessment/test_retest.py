"""The placement a second time: parallel, of new questions, and judged by the errors of both."""

import math
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.assembly import BankItem, information_ratio, misses
from models.assessment import Attempt, AttemptItem
from models.library import ItemFacts
from services.assessment import retest, scoring
from services.assessment.pinned import pinned_all
from services.competencies.estimates import kept
from services.errors import Conflict, NotFound
from services.library import catalogue
from services.library.catalogue import Framework
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import SIX_KINDS, Sitting, right_payload, sit

LATER = NOW + retest.WAIT


@pytest.fixture
def placed(app: Flask, cast: Cast) -> Sitting:
    """Lin's placement, with nothing right."""
    sitting = sit(cast)
    sitting.submit()
    return sitting


def again(cast: Cast, seed: int = 3, now: datetime = LATER, name: str = "lin") -> Sitting:
    actor = cast.actor(name)
    with cast.app.app_context(), reading() as session:
        form = retest.parallel_form(session, actor, seed, now)
    with cast.app.app_context(), writing() as session:
        attempt_id = retest.start(session, actor, form, "en", seed, now)
    sitting = Sitting(cast.app, actor, attempt_id, LATER)
    sitting.open()
    return sitting


def documents(app: Flask, attempt_id: int) -> list[int]:
    with app.app_context(), reading() as session:
        return list(
            session.scalars(
                select(ItemFacts.document_id)
                .join(AttemptItem, AttemptItem.revision_id == ItemFacts.revision_id)
                .where(AttemptItem.attempt_id == attempt_id)
            )
        )


def test_it_asks_as_many_questions_on_each_practice_none_of_them_met(
    placed: Sitting, cast: Cast
) -> None:
    second = again(cast)
    codes = [question.competency for question in second.asked()]
    assert codes == [f"C{n}" for n in range(1, 8)] * 6
    met = set(documents(cast.app, placed.attempt_id))
    asked = documents(cast.app, second.attempt_id)
    with cast.app.app_context(), reading() as session:
        form = retest.parallel_form(session, placed.actor, 3, LATER)
    assert len(met & set(asked)) == form.met <= 6
    assert not any(question.item.is_secure for question in second.asked())


def test_each_practice_is_parallel_to_the_placement(placed: Sitting, cast: Cast) -> None:
    second = again(cast)
    with cast.app.app_context(), reading() as session:
        framework = catalogue.framework(session)
        first, other = (_form(session, framework, sitting) for sitting in (placed, second))
    for code, questions in first.items():
        wanted = retest.blueprint_of(framework.competencies[code], questions)
        assert misses([other[code]], wanted) == []
        assert information_ratio([other[code]], wanted) <= 1.1 + 1e-9


def _form(session: Session, framework: Framework, sitting: Sitting) -> dict[str, list[BankItem]]:
    ids = session.scalars(
        select(AttemptItem.revision_id).where(AttemptItem.attempt_id == sitting.attempt_id)
    ).all()
    return retest.by_competency(pinned_all(session, ids), framework)


def test_the_seed_decides_the_form(placed: Sitting, cast: Cast) -> None:
    with cast.app.app_context(), reading() as session:
        forms = [retest.parallel_form(session, placed.actor, seed, LATER) for seed in (3, 3, 4)]
    assert forms[0] == forms[1] != forms[2]


def test_thirty_days_must_pass(placed: Sitting, cast: Cast) -> None:
    early = LATER - timedelta(seconds=1)
    with cast.app.app_context(), reading() as session:
        offered = retest.offer(session, placed.actor, early)
        assert offered is not None
        assert (offered.is_open, offered.open_at) == (False, LATER)
        form = retest.parallel_form(session, placed.actor, 1, LATER)
        with pytest.raises(Conflict):
            retest.parallel_form(session, placed.actor, 1, early)
    with cast.app.app_context(), writing() as session, pytest.raises(Conflict):
        retest.start(session, placed.actor, form, "en", 1, early)


def test_without_a_placement_there_is_none(app: Flask, cast: Cast) -> None:
    actor = cast.actor("eve")
    with app.app_context(), reading() as session:
        assert retest.offer(session, actor, LATER) is None
        with pytest.raises(NotFound):
            retest.parallel_form(session, actor, 1, LATER)


def test_a_second_start_gives_back_the_open_one(placed: Sitting, cast: Cast) -> None:
    first = again(cast)
    assert again(cast, seed=8).attempt_id == first.attempt_id
    with cast.app.app_context(), reading() as session:
        attempt = session.get_one(Attempt, first.attempt_id)
        assert (attempt.purpose, attempt.seed, attempt.deadline) == ("retest", 3, None)


def test_a_great_change_is_told_from_chance_and_a_small_one_is_not(
    placed: Sitting, cast: Cast
) -> None:
    second = again(cast)
    for question in second.asked():
        if question.item.kind in SIX_KINDS and question.competency in ("C1", "C2"):
            second.save(question.position, right_payload(question.item))
    second.submit()
    with cast.app.app_context(), reading() as session:
        lines = {
            line.after.code: line
            for line in retest.changes(session, placed.actor, second.attempt_id, "en")
        }
        shown = kept(session, scoring.SCOPE, [placed.attempt_id, second.attempt_id])
    assert list(lines) == [f"C{n}" for n in range(1, 8)]
    for code, line in lines.items():
        then, now = shown[placed.attempt_id][code], shown[second.attempt_id][code]
        assert line.difference == pytest.approx(15 * (now.theta - then.theta))
        assert line.error == pytest.approx(15 * math.hypot(now.se, then.se))
        assert line.reliable == (abs(line.difference) > 1.96 * line.error)
    assert lines["C1"].reliable
    assert lines["C1"].difference > 0
    assert not lines["C5"].reliable
    assert scoring_is_sound(cast.app)


def scoring_is_sound(app: Flask) -> bool:
    with app.app_context(), reading() as session:
        return scoring.rescore_check(session) == []


def test_the_first_placement_has_no_change_and_strangers_see_none(
    placed: Sitting, cast: Cast
) -> None:
    eve = cast.actor("eve")
    with cast.app.app_context(), reading() as session:
        assert retest.changes(session, placed.actor, placed.attempt_id, "en") == ()
        with pytest.raises(NotFound):
            retest.changes(session, eve, placed.attempt_id, "en")

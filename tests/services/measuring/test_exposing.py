"""A calibration works out how often a secure question may be asked, and hiring goes by it."""

from dataclasses import replace
from math import exp
from random import Random

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.assessment.exposure import simulate
from models.competencies import Evidence
from models.library import ItemFacts
from models.measuring import CalibrationRun, ItemParameters
from services.assessment.adaptive_bank import HIRING_NEEDS, bank_at
from services.assessment.adaptive_pool import basis_of_library
from services.library import catalogue
from services.measuring import exposing
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.grown import grow
from tests.services.measuring.test_calibrating import calibrate

PEOPLE = 60


def answered(session: Session, code: str, revisions: list[int]) -> None:
    """Evidence of people of every ability on all these questions, harder ones later in the list."""
    rng, standard = Random(3), catalogue.framework(session).standard_id
    facts = session.execute(select(ItemFacts.revision_id, ItemFacts.max_mark))
    most = {row.revision_id: row.max_mark for row in facts}
    session.execute(
        insert(Evidence),
        [
            {
                "subject": f"{person:032d}",
                "competency": code,
                "source_kind": "response",
                "source_id": 10**6 + person * 1000 + place,
                "item_revision_id": revision_id,
                "rule_revision_id": standard,
                "mark": sum(
                    rng.random() < 1 / (1 + exp(place / 20 - 2 - person / 15 + 2))
                    for _ in range(most[revision_id])
                ),
                "max_mark": most[revision_id],
                "weight": 1.0,
                "observed_at": NOW,
                "recorded_at": NOW,
            }
            for person in range(PEOPLE)
            for place, revision_id in enumerate(revisions)
        ],
    )


def test_a_calibration_keeps_the_chances_of_large_enough_pools(any_app: Flask, cast: Cast) -> None:
    with any_app.app_context(), writing() as session:
        bank = grow(session, short={"C2": 1})
        for code in ("C1", "C2"):
            answered(session, code, bank[code])
    run_id = calibrate(any_app)
    with any_app.app_context(), reading() as session:
        report = session.get_one(CalibrationRun, run_id).report
        found = bank_at(session, basis_of_library(session))
        known = session.scalars(
            select(ItemParameters.revision_id).where(
                ItemParameters.run_id == run_id, ItemParameters.competency == "C1"
            )
        ).all()
    assert set(report["exposure"]) == {"C1"} == set(found.controlled)
    assert {"C1", "C2"} <= set(report["competencies"])
    assert set(known) >= set(bank["C1"])
    held = {str(one.key): one.exposure for one in found.pools["C1"] if one.exposure < 1}
    assert held == report["exposure"]["C1"] != {}


def test_no_question_is_met_by_more_than_the_share(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session:
        grow(session, short={"C2": 1})
        models = catalogue.framework(session).models
        (pool,) = exposing.pools(session, models, ["C1", "C2"])
        assert exposing.pools(session, models, []) == []
    assert (pool.code, len(pool.candidates), pool.plan.among) == ("C1", HIRING_NEEDS, 1)
    found = exposing.chances([pool], seed=5)
    held = [replace(one, exposure=found["C1"].get(str(one.key), 1.0)) for one in pool.candidates]
    chance = np.random.default_rng(8)
    thetas = chance.normal(size=2000)
    assert simulate(held, pool.plan, thetas, chance).exposure.max() < exposing.MOST_MET + 0.05
    open_ = simulate(pool.candidates, pool.plan, thetas, chance)
    assert open_.exposure.max() == pytest.approx(1.0), "without it everybody begins alike"

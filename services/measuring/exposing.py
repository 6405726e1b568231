"""How often a secure question may be asked in adaptive hiring: worked out with each calibration.

The chances of Sympson and Hetter hold for one set of models, so they are kept in the report of the
run that brings the models. Loads numpy: for commands and benches only.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from sqlalchemy.orm import Session

from domain.assessment.adaptive import Candidate, Plan
from domain.assessment.adaptive_forms import HIRING, codes_of, is_adaptive
from domain.assessment.exposure import calibrate_exposure
from domain.assessment.item_models import ItemModel
from domain.records import frozen
from services.assessment.adaptive_bank import HIRING_NEEDS, POOL
from services.assessment.adaptive_pool import candidates, plan_of, published_at
from services.assessment.pinned import pinned_all
from services.library import catalogue

MOST_MET = 0.30  # the share of people who may meet a question
PEOPLE = 2000  # simulated for each competency

Models = Mapping[tuple[int, str], ItemModel]
Chances = dict[str, dict[str, float]]


@frozen
class Pool:
    """What is asked from on a competency, and when its part of a test ends."""

    code: str
    candidates: list[Candidate]
    plan: Plan


def pools(session: Session, models: Models, tested: Collection[str]) -> list[Pool]:
    """The pools that models of a new run would make, where they are large enough to be used.

    models: (revision, competency) -> model; tested: competencies that the run is about.
    """
    forms = (form for form in catalogue.published(session, "form") if is_adaptive(form.key))
    form = next((form.meta for form in forms if form.meta["purpose"] == HIRING), None)
    if form is None:
        return []
    framework = replace(catalogue.framework(session), models=models)
    pinned = pinned_all(
        session, session.scalars(published_at(catalogue.version(session), POOL)).all()
    )
    found = []
    for code in (code for code in codes_of(form) if code in tested):
        own = {n: question for n, question in pinned.items() if question.item.home == code}
        known = [one for one in candidates(own, code, framework) if one.calibrated]
        if len(known) >= HIRING_NEEDS:
            found.append(Pool(code, known, plan_of(form, code, framework, among=1)))
    return found


def chances(found: Collection[Pool], seed: int) -> Chances:
    """Competency -> revision -> the chance of being asked as the best one, where it is below 1."""
    chance = np.random.default_rng(seed)
    return {
        pool.code: {
            str(one.key): round(one.exposure, 6)
            for one in calibrate_exposure(pool.candidates, pool.plan, MOST_MET, chance, PEOPLE)
            if one.exposure < 1
        }
        for pool in found
    }

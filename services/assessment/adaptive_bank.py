"""The secure questions of adaptive hiring tests: whether there are enough, and the pools of a test.

Only calibrated questions are in: their errors mean the same for everybody, whoever is asked what.
A pool rests on the library, the calibration and the standard and on no person, so a process keeps
it, and a candidate's next question costs no look at the bank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from domain.assessment.adaptive import Candidate
from domain.assessment.adaptive_forms import codes_of
from domain.assessment.adaptive_parts import Part
from domain.competencies.framework import Standard
from domain.records import frozen
from models.measuring import CalibrationRun
from services.assessment.adaptive_pool import (
    AMONG,
    Basis,
    basis_of_library,
    candidates,
    framework_at,
    plan_of,
    published_at,
)
from services.assessment.pinned import pinned_all
from services.library.catalogue import Framework, database_of

HIRING_NEEDS = 80  # calibrated live items: fewer use 20 of 20 questions every time
POOL = "secure"
EXPOSURE = "exposure"  # in a calibration's report: code -> revision -> chance, where below 1
MOST_KEPT = 32  # bases that a process remembers, about 300 kB each

_kept: dict[tuple[URL, int, int, int], "Bank"] = {}


@frozen
class HiringOffer:
    """Whether an adaptive test may be offered in hiring. calibrated: live secure questions that
    have a model from answers; needed: how many there must be.
    """

    competency: str
    calibrated: int
    needed: int = HIRING_NEEDS

    @property
    def is_offered(self) -> bool:
        return self.calibrated >= self.needed

    @property
    def lacks(self) -> int:
        return max(0, self.needed - self.calibrated)


@frozen
class Bank:
    """All secure questions as they stood at a basis. pools: code -> those that may be asked.

    controlled: competencies for which the chances of Sympson and Hetter were worked out.
    """

    framework: Framework
    pools: Mapping[str, Sequence[Candidate]]
    controlled: frozenset[str]

    @property
    def standard(self) -> Standard:
        return self.framework.standard


def bank_at(session: Session, basis: Basis) -> Bank:
    """The bank at a basis; no statement when this process has met it, four at most otherwise."""
    place = (database_of(session), basis.library, basis.calibration, basis.standard)
    if place not in _kept:
        found = _read(session, basis)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[place] = found
    return _kept[place]


def _read(session: Session, basis: Basis) -> Bank:
    framework = framework_at(session, basis)
    pinned = pinned_all(session, session.scalars(published_at(basis.library, POOL)).all())
    report = session.scalar(
        select(CalibrationRun.report).where(CalibrationRun.id == basis.calibration)
    )
    chances: Mapping[str, Mapping[str, float]] = (report or {}).get(EXPOSURE, {})
    pools = {}
    for code in framework.competencies:
        own = {n: question for n, question in pinned.items() if question.item.home == code}
        held = chances.get(code, {})
        pools[code] = [
            replace(candidate, exposure=held.get(str(candidate.key), 1.0))
            for candidate in candidates(own, code, framework)
            if candidate.calibrated
        ]
    return Bank(framework, pools, frozenset(chances))


def parts_at(session: Session, form: Mapping[str, Any], basis: Basis) -> tuple[Part, ...]:
    """The parts of a compiled adaptive hiring form at a basis.

    The best question is asked, where a lottery keeps it from being everybody's; until those
    chances are worked out it is one of the best by chance.
    """
    bank = bank_at(session, basis)
    return tuple(
        Part(
            code,
            bank.pools[code],
            plan_of(form, code, bank.framework, 1 if code in bank.controlled else AMONG),
        )
        for code in codes_of(form)
    )


def offers(session: Session, codes: Sequence[str]) -> tuple[HiringOffer, ...]:
    """For each competency whether hiring may test it adaptively now, and what is missing."""
    pools = bank_at(session, basis_of_library(session)).pools
    return tuple(HiringOffer(code, len(pools.get(code, ()))) for code in codes)


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()

"""Sympson-Hetter exposure control: how often a question may be asked when it is the best one.

For each question a chance k is found by simulation so that no more than a share r of people meet
it: where it is the best for a share S of people, k = r / S, and 1 where S <= r; lowering the chance
of some raises the S of others, so this is done until it settles.
Source: Sympson & Hetter (1985), Controlling item-exposure rates in computerized adaptive testing,
27th annual meeting of the Military Testing Association, 973-977.

Needs numpy: jobs, commands and benches may load it, a web process may not. `simulate` is the
vectorised twin of `adaptive.sit`.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from domain.assessment.adaptive import Candidate, Plan
from domain.assessment.estimation import GRID_END
from domain.assessment.statistics.scoring import LOG_PRIOR
from domain.assessment.statistics.tables import (
    NODES,
    SMALLEST,
    Flags,
    Floats,
    bank_of,
    information_curves,
    mark_curves,
)
from domain.records import frozen

STEP = float(NODES[1] - NODES[0])
ROUNDS = 30
NEVER = -1.0  # below all information


@frozen
class Simulated:
    """What many simulated tests came to.

    asked: people x items, what each met; best: people x items, what was the best for each at some
    point, whether the lottery let it through or not; items: tests' lengths; theta, se: logits.
    """

    asked: Flags
    best: Flags
    items: NDArray[np.int_]
    theta: Floats
    se: Floats

    @property
    def exposure(self) -> Floats:
        """The share of people who met each question."""
        share: Floats = self.asked.mean(axis=0)
        return share


def calibrate_exposure(
    pool: Sequence[Candidate],
    plan: Plan,
    most: float,
    chance: np.random.Generator,
    people: int = 4000,
) -> list[Candidate]:
    """The pool with the chances `exposure` under which no question is met by more than `most`.

    most: a share of people, 0 to 1; the rates found scatter around it by about
    2 sqrt(most (1 - most) / people). Raises ValueError for a share outside 0 to 1, and for a pool
    that is too small: a test of `plan.most` questions takes that many pools' worth of shares.
    """
    if not 0 < most <= 1:
        raise ValueError("a share of people is above 0 and up to 1")
    if most * len(pool) < plan.least:
        raise ValueError("the pool is too small: even its shares together make no whole test")
    thetas = chance.normal(size=people)
    current = [replace(candidate, exposure=1.0) for candidate in pool]
    for _ in range(ROUNDS):
        found = simulate(current, plan, thetas, chance)
        best = found.best.mean(axis=0)
        current = [
            replace(c, exposure=min(1.0, most / share) if share > most else 1.0)
            for c, share in zip(current, best, strict=True)
        ]
    return current


def simulate(
    pool: Sequence[Candidate], plan: Plan, thetas: Floats, chance: np.random.Generator
) -> Simulated:
    """One adaptive test for each ability. Raises ValueError for an empty pool."""
    run = _Run(pool, plan, thetas, chance)
    while run.going.any():
        run.step()
    theta, se = run.estimates()
    return Simulated(run.asked, run.best, run.asked.sum(axis=1), theta, se)


class _Run:
    """The state of all tests at once: P people, I items, A areas, Q grid points."""

    def __init__(
        self, pool: Sequence[Candidate], plan: Plan, thetas: Floats, chance: np.random.Generator
    ) -> None:
        self.plan = plan
        bank = bank_of([candidate.model for candidate in pool])
        self.weights = np.array([candidate.weight for candidate in pool])
        self.information = information_curves(bank, NODES) * self.weights[:, None]
        self.logs = np.log(np.maximum(mark_curves(bank, NODES), SMALLEST))
        self.reaching = 1 - np.cumsum(mark_curves(bank, thetas), axis=1)[:, :-1]  # I x M x P
        extra = sorted({c.area for c in pool} - plan.targets.keys())
        areas = [*plan.targets, *extra]
        whole = sum(plan.targets.values())
        self.targets = np.array([plan.targets.get(area, 0.0) / whole for area in areas])
        place = np.array([areas.index(candidate.area) for candidate in pool])
        self.members = place == np.arange(len(areas))[:, None]  # A x I
        people, count = len(thetas), len(pool)
        exposures = np.array([candidate.exposure for candidate in pool])
        self.won = chance.random((people, count)) < exposures
        self.luck = chance.random((people, count))
        self.draws = chance.random((people, plan.most))
        self.asked = np.zeros((people, count), dtype=np.bool_)
        self.best = np.zeros((people, count), dtype=np.bool_)
        self.posterior = np.tile(LOG_PRIOR, (people, 1))
        self.going = np.ones(people, dtype=np.bool_)

    def estimates(self) -> tuple[Floats, Floats]:
        """Mean and deviation of every posterior."""
        density = np.exp(self.posterior - self.posterior.max(axis=1, keepdims=True))
        density /= density.sum(axis=1, keepdims=True)
        theta = density @ NODES
        variance = density @ NODES**2 - theta**2
        return theta, np.sqrt(np.maximum(variance, 0))

    def step(self) -> None:
        """One more question for everybody whose test goes on."""
        rows = np.flatnonzero(self.going)
        theta, _ = self.estimates()
        chosen = self._choose(rows, theta[rows])
        mark = (self.luck[rows, chosen][:, None] < self.reaching[chosen, :, rows]).sum(axis=1)
        self.posterior[rows] += self.weights[chosen][:, None] * self.logs[chosen, mark]
        self.asked[rows, chosen] = True
        _, se = self.estimates()
        count = self.asked.sum(axis=1)
        precise = (count >= self.plan.least) & (se <= self.plan.se)
        self.going &= ~precise & (count < min(self.plan.most, self.asked.shape[1]))

    def _choose(self, rows: NDArray[np.intp], theta: Floats) -> NDArray[np.intp]:
        """The question of each row; notes which ones were the best on the way to it."""
        open_ = ~self.asked[rows]
        allowed = open_ & self.won[rows]
        lost_all = ~allowed.any(axis=1)
        allowed[lost_all] = open_[lost_all]
        area = self._areas(rows, allowed)
        told = np.where(open_ & self.members[area], self._told(theta), NEVER)
        among = self._ranked(np.where(allowed, told, NEVER), rows)
        # Sympson-Hetter counts every question that came before the one that was asked.
        self.best[rows] |= open_ & (told >= told[np.arange(len(rows)), among][:, None])
        return among

    def _areas(self, rows: NDArray[np.intp], allowed: Flags) -> NDArray[np.intp]:
        """The area whose target exceeds its observed share by most, among those still open."""
        counts = self.asked[rows] @ self.members.T.astype(np.float64)
        gap = self.targets - counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
        open_areas = allowed.astype(np.float64) @ self.members.T.astype(np.float64) > 0
        found: NDArray[np.intp] = np.where(open_areas, gap, -np.inf).argmax(axis=1)
        return found

    def _told(self, theta: Floats) -> Floats:
        """Information of every item at each theta, P x I, straight between grid points."""
        place = (np.clip(theta, -GRID_END, GRID_END) + GRID_END) / STEP
        low = np.minimum(place.astype(np.intp), len(NODES) - 2)
        part = (place - low)[:, None]
        found: Floats = (
            self.information[:, low].T * (1 - part) + self.information[:, low + 1].T * part
        )
        return found

    def _ranked(self, told: Floats, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """The best item of each row or, with randomesque-k, one of its k best."""
        best: NDArray[np.intp] = told.argmax(axis=1)
        if self.plan.among == 1:
            return best
        order = np.argsort(-told, axis=1, kind="stable")[:, : self.plan.among]
        there = (np.take_along_axis(told, order, axis=1) > NEVER).sum(axis=1)
        step = self.asked[rows].sum(axis=1)
        pick = (self.draws[rows, step] * there).astype(np.intp)
        chosen: NDArray[np.intp] = order[np.arange(len(rows)), pick]
        return chosen

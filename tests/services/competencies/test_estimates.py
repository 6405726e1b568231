"""Numbers drawn from the ledger: published values, and what a number may depend on."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.competencies.framework import Standard
from models.competencies import CODES, newest_estimates
from services.competencies import estimates, ledger
from services.competencies.estimates import Estimated, draw
from services.competencies.ledger import EvidenceLine
from services.library import catalogue
from services.library.catalogue import Framework
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.competencies.samples import NOW, line, observations

STANDARD = Standard(
    version=1,
    cuts=(-1.5, -0.5, 0.5, 1.5),
    b_of_difficulty=(-2, -1, 0, 1, 2),
    discrimination=1.0,
    threshold_spread=0.8,
    provisional_se_factor=1.25,
    centre=50,
    per_logit=15,
    half_life_months=24,
    gate_met=0.8,
    gate_not_met=0.2,
    critical_z=1.96,
    method="",
    notes=(),
)
FRAMEWORK = Framework(1, STANDARD, {}, {})
LINES = st.lists(
    st.builds(
        lambda code, difficulty, mark, extra, weight, days: (
            code,
            difficulty,
            mark,
            mark + extra,
            weight,
            days,
        ),
        st.sampled_from(["C1", "C2"]),
        st.integers(1, 5),
        st.integers(0, 3),
        st.integers(1, 2),
        st.sampled_from([0.0, 0.3, 1.0]),
        st.integers(0, 900),
    ),
    max_size=12,
)


def reference(
    lines: list[EvidenceLine], likelihood: Callable[[EvidenceLine, float], float]
) -> tuple[float, float]:
    """Mean and deviation of the posterior on a grid twenty times as fine."""
    grid = [step / 200 for step in range(-1600, 1601)]
    density = [
        math.exp(-t * t / 2) * math.prod(likelihood(line, t) ** line.weight for line in lines)
        for t in grid
    ]
    mass = sum(density)
    mean = sum(t * d for t, d in zip(grid, density, strict=True)) / mass
    variance = sum((t - mean) ** 2 * d for t, d in zip(grid, density, strict=True)) / mass
    return mean, math.sqrt(variance)


def graded(line: EvidenceLine, theta: float) -> float:
    """The graded response model as it stands in the books, a = 1."""
    b = STANDARD.b_of_difficulty[line.difficulty - 1]
    steps = line.max_mark
    cuts = [b] if steps == 1 else [b - 0.8 + 1.6 * k / (steps - 1) for k in range(steps)]
    at_least = [1.0, *(1 / (1 + math.exp(-(theta - cut))) for cut in cuts), 0.0]
    return at_least[line.mark] - at_least[line.mark + 1]


def test_one_right_answer_gives_the_published_value() -> None:
    found = draw([line(1, difficulty=3, mark=1)], FRAMEWORK, NOW)["C1"]
    assert found.theta == pytest.approx(0.413242, abs=1e-6)
    assert found.se == pytest.approx(1.25 * 0.910621, abs=2e-6)
    assert (found.observations, found.provisional) == (1, True)
    wrong = draw([line(1, difficulty=3, mark=0)], FRAMEWORK, NOW)["C1"]
    assert wrong.theta == pytest.approx(-0.413242, abs=1e-6)


def test_partial_credit_and_weights_agree_with_a_fine_grid() -> None:
    lines = [
        line(1, difficulty=2, mark=1),
        line(2, difficulty=4, mark=2, max_mark=3, weight=0.4),
        line(3, difficulty=3, mark=0, max_mark=2),
    ]
    found = draw(lines, FRAMEWORK, NOW)["C1"]
    theta, se = reference(lines, graded)
    assert found.theta == pytest.approx(theta, abs=1e-5)
    assert found.se == pytest.approx(1.25 * se, abs=2e-5)


def test_six_right_answers_stay_finite_and_below_level_five_for_sure() -> None:
    """A perfect six of middle difficulty: high, but with an error that says how little it is."""
    found = draw([line(n, difficulty=3, mark=1) for n in range(1, 7)], FRAMEWORK, NOW)["C1"]
    assert 1.2 < found.theta < 1.6
    assert 0.85 < found.se < 1.0


@given(LINES, st.randoms())
def test_a_number_depends_on_the_lines_and_not_on_their_order(
    parts: list[tuple[str, int, int, int, float, int]], shuffler: random.Random
) -> None:
    lines = [
        line(
            n,
            difficulty=difficulty,
            mark=mark,
            max_mark=max_mark,
            competency=code,
            weight=weight,
            observed_at=NOW - timedelta(days=days),
        )
        for n, (code, difficulty, mark, max_mark, weight, days) in enumerate(parts, start=1)
    ]
    first = draw(lines, FRAMEWORK, NOW)
    shuffled = lines[:]
    shuffler.shuffle(shuffled)
    assert draw(shuffled, FRAMEWORK, NOW) == first
    uncounted = [
        replace(entry, id=entry.id + 100, source_id=entry.id + 100, weight=0.0) for entry in lines
    ]
    assert draw(lines + uncounted, FRAMEWORK, NOW) == first


def test_age_widens_the_error_and_never_moves_the_number() -> None:
    lines = [line(n, difficulty=3, mark=n % 2) for n in range(1, 9)]
    fresh = draw(lines, FRAMEWORK, NOW)["C1"]
    aged = draw(lines, FRAMEWORK, NOW + timedelta(days=365))["C1"]
    assert aged.theta == fresh.theta
    assert aged.se == pytest.approx(fresh.se * 2 ** (12 / 24 / 2), rel=1e-3)
    ancient = draw(lines, FRAMEWORK, NOW + timedelta(days=36500))["C1"]
    assert ancient.se == pytest.approx(1.0)


def test_one_fresh_answer_does_not_make_old_ones_fresh() -> None:
    old = [line(n, difficulty=3, mark=1, observed_at=NOW - timedelta(days=730)) for n in range(9)]
    both = [*old, line(99, difficulty=3, mark=1)]
    unaged = draw([replace(entry, observed_at=NOW) for entry in both], FRAMEWORK, NOW)["C1"]
    assert draw(both, FRAMEWORK, NOW)["C1"].se > 1.2 * unaged.se


def test_what_was_observed_later_does_not_count_yet() -> None:
    lines = [line(1, 3, 1), line(2, 3, 1, observed_at=NOW + timedelta(days=1))]
    assert draw(lines, FRAMEWORK, NOW)["C1"].observations == 1
    assert draw([], FRAMEWORK, NOW) == {}


def test_the_whole_path_keeps_what_was_drawn(any_app: Flask, cast: Cast) -> None:
    """Answer, ledger, estimate, kept row: the value of one right answer of middle difficulty."""
    subject = cast.actor("lin").subject
    with any_app.app_context():
        with writing() as session:
            framework = catalogue.framework(session)
            seen = observations(session, ["C2-P03"], (1,))
            ledger.record(session, subject, seen, framework.standard_id, NOW)
            lines = ledger.evidence(session, subject, as_of=NOW)
            assert [entry.difficulty for entry in lines] == [3]
            drawn = draw(lines, framework, NOW)
            for _ in range(2):
                estimates.keep(session, subject, "attempt", 5, drawn, framework, lines[-1].id, NOW)
        with reading() as session:
            kept = estimates.kept(session, "attempt", [5, 6])
            basis = estimates.kept_with_basis(session, "attempt", [5])[5]
    assert kept == {5: drawn}
    assert kept[5]["C2"].theta == pytest.approx(0.413242, abs=1e-6)
    assert (basis.standard_id, basis.ledger_id, basis.as_of) == (
        framework.standard_id,
        lines[-1].id,
        NOW,
    )


def test_the_newest_drawing_replaces_the_whole_older_one(app: Flask, cast: Cast) -> None:
    subject = cast.actor("lin").subject
    first = {code: Estimated(code, 0.1, 0.9, 1, True) for code in ("C1", "C2")}
    second = {"C1": Estimated("C1", 0.2, 0.8, 2, True)}
    with app.app_context(), writing() as session:
        framework = catalogue.framework(session)
        estimates.keep(session, subject, "attempt", 5, first, framework, 10, NOW)
        estimates.keep(session, subject, "attempt", 5, second, framework, 11, NOW)
        assert estimates.kept(session, "attempt", [5]) == {5: second}


def row_of(session: Session, scope_id: int) -> dict[str, tuple[float, float]]:
    """What `newest_estimates` holds of an attempt: code -> (theta, se)."""
    of_scope = newest_estimates.c.scope_id == scope_id
    row = session.execute(select(newest_estimates).where(of_scope)).mappings().one()
    figures = {c: (row[f"theta_{c.lower()}"], row[f"se_{c.lower()}"]) for c in CODES}
    return {code: pair for code, pair in figures.items() if pair != (None, None)}


@pytest.mark.parametrize("seed", range(3))
def test_the_row_that_lists_are_sifted_by_never_drifts(
    any_app: Flask, cast: Cast, seed: int
) -> None:
    """Whatever is drawn in whatever order, also again and to nothing: it says what `kept` says."""
    rng, subject = random.Random(seed), cast.actor("lin").subject
    drawings: list[tuple[int, dict[str, Estimated]]] = []
    for ledger_id in range(6):
        codes = rng.sample(CODES, rng.randint(1, len(CODES)))
        drawn = {c: Estimated(c, rng.gauss(0, 1), rng.random(), 3, True) for c in codes}
        nothing = {c: estimates.nothing(c) for c in codes}
        drawings.append((ledger_id, nothing if rng.random() < 0.3 else drawn))
    for ledger_id, drawn in [*drawings, *rng.choices(drawings, k=4)]:
        with any_app.app_context(), writing() as session:
            framework = catalogue.framework(session)
            estimates.keep(session, subject, "attempt", 5, drawn, framework, ledger_id, NOW)
            holds = estimates.kept(session, "attempt", [5])[5]
            expected = {code: (found.theta, found.se) for code, found in holds.items()}
            assert row_of(session, 5) == expected

"""What pages are told: points with errors, levels as ranges, fits, gates, and the mirror."""

import pytest
from flask import Flask

from domain.competencies.framework import Gate
from domain.competencies.scale import Verdict
from services.competencies.estimates import Estimated
from services.competencies.presenting import fit_for, level_points, present
from services.competencies.self_rating import mirror
from services.library import catalogue
from services.library.catalogue import Framework
from services.session import reading

CODES = tuple(f"C{n}" for n in range(1, 8))


@pytest.fixture
def framework(app: Flask) -> Framework:
    with app.app_context(), reading() as session:
        return catalogue.framework(session)


def same(theta: float, se: float) -> dict[str, Estimated]:
    return {code: Estimated(code, theta, se, 6, True) for code in CODES}


def test_points_bands_and_a_level_that_stays_a_range(framework: Framework) -> None:
    line = present(same(0.0, 0.6), framework, "en").line("C2")
    assert (line.points, line.se_points) == (50, pytest.approx(9))
    assert (line.low68, line.high68) == (pytest.approx(41), pytest.approx(59))
    assert (line.low95, line.high95) == (pytest.approx(50 - 1.96 * 9), pytest.approx(67.64))
    assert (line.level_low, line.level_high, line.level_text) == (2, 4, "2–4")
    narrow = present(same(0.0, 0.4), framework, "en").line("C2")
    assert narrow.level_text == "3"


def test_an_unmeasured_practice_shows_no_level_and_stops_radar_and_fit(
    framework: Framework,
) -> None:
    some = {code: found for code, found in same(0.2, 0.5).items() if code != "C4"}
    view = present(some, framework, "en")
    assert view.line("C4").measured is False
    assert view.line("C4").level_text == "–"
    assert view.radar is None
    assert view.preference is None
    assert [fit.missing for fit in view.fits] == [("C4",), ("C4",)]
    assert view.weakest is not view.line("C4")
    empty = present({}, framework, "en")
    assert (empty.strongest, empty.weakest, empty.measured) == (None, None, ())


def test_no_preference_inside_the_error_and_gates_apart(framework: Framework) -> None:
    view = present(same(0.3, 0.5), framework, "en")
    assert view.preference is not None
    assert view.preference.role_id is None
    sales = next(fit for fit in view.fits if fit.role_id == "sales")
    assert sales.points == pytest.approx(54.5)
    gates = {gate.code: gate for gate in sales.gates}
    assert gates["C5"].verdict is Verdict.MET
    assert (gates["A1"].verdict, gates["A1"].measured) == (Verdict.UNKNOWN, False)


def test_a_clear_preference_is_named(framework: Framework) -> None:
    lopsided = same(0.0, 0.1) | {"C4": Estimated("C4", 2.5, 0.1, 40, True)}
    view = present(lopsided, framework, "zh_Hans")
    assert view.preference is not None
    assert view.preference.role_id == "operations"
    assert view.preference.name == framework.roles["operations"].name["zh_Hans"]


def test_own_weights_in_any_scale(framework: Framework) -> None:
    estimates = same(0.0, 0.5) | {"C1": Estimated("C1", 1.0, 0.5, 6, True)}
    fit = fit_for({"C1": 3, "C2": 1}, [Gate("C1", 3)], estimates, framework)
    assert fit.points == pytest.approx(50 + 15 * 0.75)
    assert fit.se_points == pytest.approx(15 * 0.5 * (0.75**2 + 0.25**2) ** 0.5)
    assert [(part.code, part.share) for part in fit.parts] == [("C1", 75), ("C2", 25)]
    assert fit.gates[0].verdict is Verdict.MET


def test_a_self_level_is_the_middle_of_its_band(framework: Framework) -> None:
    assert [level_points(level, framework) for level in range(1, 6)] == [20, 35, 50, 65, 80]


def test_the_mirror_says_above_below_or_close(framework: Framework) -> None:
    estimates = same(0.0, 0.4)

    def reading_of(level: int) -> str:
        view = present(estimates, framework, "en", dict.fromkeys(CODES, level))
        found = mirror(view, estimates, framework)
        assert found is not None
        assert found.practices == 7
        return found.reading

    assert [reading_of(level) for level in (1, 3, 5)] == ["below", "close", "above"]
    assert mirror(present(estimates, framework, "en"), estimates, framework) is None


def test_the_brier_score_is_the_chance_that_the_claim_is_wrong(framework: Framework) -> None:
    """With theta 0 and SE .5 the true level is 3 with P(-1 < z < 1) = .6827."""
    estimates = same(0.0, 0.5)
    found = mirror(present(estimates, framework, "en", {"C1": 3}), estimates, framework)
    assert found is not None
    assert found.brier == pytest.approx(1 - 0.682689, abs=1e-5)
    assert found.bias == 0


def test_self_ratings_move_no_measured_number(framework: Framework) -> None:
    plain = present(same(0.4, 0.5), framework, "en")
    rated = present(same(0.4, 0.5), framework, "en", dict.fromkeys(CODES, 5))
    assert [line.points for line in plain.lines] == [line.points for line in rated.lines]
    assert plain.fits == rated.fits
    assert plain.preference == rated.preference

"""What would change the order of two candidates: other weights, or narrower bands.

This tells how firm a reading is. It is no advice to move weights until somebody wins.
"""

from collections.abc import Mapping
from itertools import combinations

from domain.assessment.statistics.change import critical_difference
from domain.competencies.rolefit import role_fit
from domain.competencies.scale import Ability
from domain.hiring.comparison import Reading, compare
from domain.records import frozen

MOST_SHIFT = 30  # points of 100 moved to one practice; more is another job
MOST_TIMES = 10.0  # as many answers as now; more is no test that anybody sits

Abilities = Mapping[str, Ability]


@frozen
class Shift:
    """The smallest change of one weight after which the reading is another.

    before, after: points of 100 for the practice, the others keeping their proportions.
    """

    code: str
    before: int
    after: int
    reading: Reading


@frozen
class Turning:
    """How firm the reading of two candidates is. first, second: their places.

    times: with as many times the answers the difference, if it stayed, would be told apart; None
    where it is told apart already or no test is long enough. shift: None where no weight moved by
    MOST_SHIFT points changes the reading.
    """

    first: int
    second: int
    reading: Reading
    times: float | None
    shift: Shift | None


def turnings(
    people: Mapping[int, Abilities], weights: Mapping[str, float], z: float = 1.96
) -> tuple[Turning, ...]:
    """For every two of the people whose fit is measured; the firmest readings last.

    people: place -> code -> ability. weights: code -> share, any scale above 0.
    """
    fits = {place: role_fit(abilities, weights) for place, abilities in people.items()}
    found = []
    for one, two in combinations(people, 2):
        first, second = fits[one], fits[two]
        if first is None or second is None:
            continue
        reading = compare(first, second, z)
        shift = smallest_shift(people[one], people[two], weights, z)
        found.append(Turning(one, two, reading, _times(first, second, reading, z), shift))
    return tuple(sorted(found, key=_firmness))


def _firmness(turning: Turning) -> float:
    return turning.shift.after - turning.shift.before if turning.shift else 2.0 * MOST_SHIFT


def _times(first: Ability, second: Ability, reading: Reading, z: float) -> float | None:
    """The error shrinks with the root of the answers: (critical / difference) squared."""
    difference = abs(first.theta - second.theta)
    if reading is not Reading.EQUAL or difference == 0:
        return None
    times = (critical_difference(first, second, z) / difference) ** 2
    return times if times <= MOST_TIMES else None


def smallest_shift(
    first: Abilities, second: Abilities, weights: Mapping[str, float], z: float = 1.96
) -> Shift | None:
    """The change of one weight by the fewest points of 100 that makes another reading.

    Every practice that both have measured is tried, upwards and downwards, point by point.
    """
    total = sum(weights.values())
    shares = {code: 100 * weight / total for code, weight in weights.items()}
    now = _read(first, second, shares, z)
    for points in range(1, MOST_SHIFT + 1):
        for code in sorted(shares.keys() & first.keys() & second.keys()):
            for after in (shares[code] + points, shares[code] - points):
                if not 0 <= after <= 100 or shares[code] == 100:
                    continue
                reading = _read(first, second, moved(shares, code, after), z)
                if reading is not None and reading is not now:
                    return Shift(code, round(shares[code]), round(after), reading)
    return None


def moved(shares: Mapping[str, float], code: str, after: float) -> dict[str, float]:
    """Shares of 100 with one set anew; the others keep their proportions to each other."""
    rest = (100 - after) / (100 - shares[code])
    return {one: after if one == code else share * rest for one, share in shares.items()}


def _read(
    first: Abilities, second: Abilities, shares: Mapping[str, float], z: float
) -> Reading | None:
    one, two = role_fit(first, shares), role_fit(second, shares)
    return None if one is None or two is None else compare(one, two, z)

"""Test information: how much questions tell at each ability, from tables made once per model."""

from collections.abc import Iterable
from functools import lru_cache

from domain.assessment.estimation import GRID, GRID_END, GRID_POINTS
from domain.assessment.item_models import ItemModel, information

_STEP = 2 * GRID_END / (GRID_POINTS - 1)


@lru_cache(maxsize=4096)
def information_table(model: ItemModel) -> tuple[float, ...]:
    """Fisher information on the grid on which people are estimated."""
    return tuple(information(model, theta) for theta in GRID)


def place_on_grid(theta: float) -> tuple[int, float]:
    """The grid point at or below theta, and how far it lies towards the next one, 0 to 1.

    Abilities beyond the grid stand at its end.
    """
    place = (min(max(theta, -GRID_END), GRID_END) + GRID_END) / _STEP
    low = min(int(place), GRID_POINTS - 2)
    return low, place - low


def information_near(model: ItemModel, place: tuple[int, float]) -> float:
    """Information at a place on the grid, straight between its neighbours.

    Off by less than .001 a^4 for an item that is right or wrong.
    """
    low, part = place
    table = information_table(model)
    return table[low] + part * (table[low + 1] - table[low])


def summed_information(
    models: Iterable[tuple[ItemModel, float]], thetas: Iterable[float]
) -> tuple[float, ...]:
    """Information of a whole test at each theta. models: each with its evidence weight, 0 to 1."""
    weighed = tuple(models)
    return tuple(
        sum(weight * information(model, theta) for model, weight in weighed) for theta in thetas
    )

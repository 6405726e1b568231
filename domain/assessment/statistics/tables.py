"""Tables of marks as arrays, and the vectorised twin of the item response models."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from domain.assessment.estimation import GRID
from domain.assessment.item_models import ItemModel
from domain.records import frozen

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Marks = NDArray[np.int16]

UNSEEN = -1
NODES: Floats = np.array(GRID)  # the grid on which people are estimated too, in logits
SMALLEST = 1e-300  # as in item_models: keeps a logarithm finite
FAR = 1e4  # a threshold that nobody reaches, where an item has fewer than others
# People are taken in blocks whose products stay in the cache, and in one thread: on a busy machine
# threads of small products wait for each other many times longer than they compute.
BLOCK_PRODUCT = 2**18
LEAST_BLOCK = 32


def mark_table(marks: ArrayLike, max_marks: Sequence[int]) -> Marks:
    """Whole marks, people x items, with UNSEEN where an item was not seen.

    marks: people x items, numbers; NaN or -1 where not seen. max_marks: one per item, 1 or more.
    Raises ValueError for another shape, a mark that is not whole or cannot be had; the message
    names the column, counted from 0.
    """
    given = np.asarray(marks, dtype=np.float64)
    highest = np.asarray(max_marks, dtype=np.int16)
    if given.ndim != 2 or highest.shape != (given.shape[1],):
        raise ValueError("marks must be people x items, with one highest mark per item")
    if (highest < 1).any():
        raise ValueError("an item is worth one point or more")
    table = np.where(np.isnan(given), UNSEEN, given)
    wrong = (table != np.round(table)) | (table < UNSEEN) | (table > highest)
    if wrong.any():
        column = int(wrong.any(axis=0).argmax())
        raise ValueError(f"column {column} holds a mark that is not one of 0 to {highest[column]}")
    return table.astype(np.int16)


def seen_marks(marks: ArrayLike) -> Floats:
    """Marks as floats, people x items, NaN where an item was not seen (given as NaN or -1).

    Raises ValueError when the array has not two dimensions.
    """
    given = np.array(marks, dtype=np.float64)
    if given.ndim != 2:
        raise ValueError("marks must be people x items")
    given[given == UNSEEN] = np.nan
    return given


def complete_marks(marks: ArrayLike) -> Floats:
    """Marks of people who all saw all items, two of each or more.

    Raises ValueError where something is missing.
    """
    given = seen_marks(marks)
    if min(given.shape) < 2:
        raise ValueError("two people and two items or more are needed")
    if np.isnan(given).any():
        raise ValueError("everyone must have seen every item")
    return given


@frozen
class Columns:
    """One column for each mark that can be had: `item` and `mark` tell which, both of length C."""

    item: NDArray[np.intp]
    mark: NDArray[np.intp]

    @property
    def count(self) -> int:
        return len(self.item)

    def blocks(self, table: Marks) -> Iterator[tuple[slice, Floats]]:
        """Who has which mark, as ones and zeros, people x C; a block of people at a time."""
        people = max(LEAST_BLOCK, BLOCK_PRODUCT // (self.count * len(NODES)))
        for start in range(0, len(table), people):
            rows = slice(start, start + people)
            yield rows, (table[rows][:, self.item] == self.mark).astype(np.float64)


def columns(max_marks: Sequence[int]) -> Columns:
    """The columns of items with these highest marks, item by item and mark by mark."""
    counts = np.asarray(max_marks) + 1
    item = np.repeat(np.arange(len(counts)), counts)
    mark = np.concatenate([np.arange(count) for count in counts])
    return Columns(item, mark)


@frozen
class Bank:
    """Item models as arrays. a, c: I; thresholds: I x M, rising, FAR where an item has fewer."""

    a: Floats
    thresholds: Floats
    c: Floats


def bank_of(models: Sequence[ItemModel]) -> Bank:
    """Pack models. Raises ValueError for none."""
    if not models:
        raise ValueError("a bank holds one item or more")
    thresholds = np.full((len(models), max(model.max_mark for model in models)), FAR)
    for row, model in zip(thresholds, models, strict=True):
        row[: model.max_mark] = model.thresholds
    a = np.array([model.a for model in models])
    return Bank(a, thresholds, np.array([model.c for model in models]))


def reaching(bank: Bank, thetas: Floats) -> Floats:
    """L_k = 1 / (1 + exp(-a (theta - b_k))), without guessing; I x M x Q for Q thetas."""
    x = bank.a[:, None, None] * (thetas - bank.thresholds[:, :, None])
    return logistic(x)


def mark_curves(bank: Bank, thetas: Floats) -> Floats:
    """P(exactly k points | theta), I x (M + 1) x Q; 0 for marks that an item does not have.

    The same form as item_models.mark_probability, which does not lose digits at either end.
    """
    x = bank.a[:, None, None] * (thetas - bank.thresholds[:, :, None])
    steps = -np.expm1(x[:, 1:] - x[:, :-1])
    below, above = logistic(x), logistic(-x)
    chances = np.empty((x.shape[0], x.shape[1] + 1, x.shape[2]))
    chances[:, 0] = above[:, 0]
    chances[:, 1:-1] = below[:, :-1] * above[:, 1:] * steps
    chances[:, -1] = below[:, -1]
    guessed = bank.c[:, None]
    chances[:, 0] *= 1 - guessed
    # Guessing belongs to right/wrong items, whose mark 1 is all that is not 0.
    chances[:, 1] = np.where(guessed > 0, 1 - chances[:, 0], chances[:, 1])
    return chances


def information_curves(bank: Bank, thetas: Floats) -> Floats:
    """Fisher information, I x Q: the sum over marks of P'^2 / P."""
    level = reaching(bank, thetas)
    slopes = (1 - bank.c[:, None, None]) * bank.a[:, None, None] * level * (1 - level)
    edges = np.zeros((level.shape[0], 1, level.shape[2]))
    change = np.diff(np.concatenate([edges, slopes, edges], axis=1), axis=1)
    chances = np.maximum(mark_curves(bank, thetas), SMALLEST)
    found: Floats = (change**2 / chances).sum(axis=1)
    return found


def logistic(x: Floats) -> Floats:
    """1 / (1 + exp(-x)) without overflow at either end."""
    shrunk = np.exp(-np.abs(x))
    found: Floats = np.where(x >= 0, 1.0, shrunk) / (1 + shrunk)
    return found

"""The marks that people gave to open answers, once they are final.

Before that nobody is told anything: a mark that may still change is none.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.items import Criterion, Open
from domain.assessment.rubrics import THIRD, standing
from domain.records import frozen
from models.accounts import FreeText
from models.marking import Rating


@frozen
class CriterionMark:
    """A line of the rubric. given: what each rater gave of `most`; earned: the levels' words."""

    text: str
    given: tuple[int, ...]
    most: int
    earned: tuple[str, ...]


@frozen
class Rated:
    """A final mark. settled: a third rater gave it, and only theirs is told.

    notes: what the raters wrote to the person, without their names.
    """

    mark: int
    settled: bool
    criteria: tuple[CriterionMark, ...]
    notes: tuple[str, ...]


def rated(session: Session, questions: Mapping[int, tuple[int, Open]]) -> dict[int, Rated]:
    """Final marks by the id of the attempt's item; one statement.

    questions: the same id -> the pinned revision with its item; ratings belong to that revision.
    """
    rows = session.execute(
        select(
            Rating.attempt_item_id,
            Rating.item_revision_id,
            Rating.round,
            Rating.scores,
            Rating.mark,
            FreeText.body,
        )
        .outerjoin(FreeText, FreeText.id == Rating.note_id)
        .where(Rating.attempt_item_id.in_(list(questions)))
        .order_by(Rating.attempt_item_id, Rating.round)
    )
    given: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        if questions[row.attempt_item_id][0] == row.item_revision_id:
            given[row.attempt_item_id].append(row)
    found = {number: _final(rows, questions[number][1]) for number, rows in given.items()}
    return {number: final for number, final in found.items() if final is not None}


def _final(rows: list[Any], item: Open) -> Rated | None:
    mark = standing({row.round: row.mark for row in rows}).mark
    if mark is None:
        return None
    settled = any(row.round == THIRD for row in rows)
    counting = [row for row in rows if row.round == THIRD or not settled]
    return Rated(
        mark,
        settled,
        tuple(_criterion(criterion, counting) for criterion in item.rubric),
        tuple(row.body for row in counting if row.body),
    )


def _criterion(criterion: Criterion, rows: list[Any]) -> CriterionMark:
    given = tuple(int(row.scores[criterion.letter]) for row in rows)
    earned = tuple(dict.fromkeys(criterion.levels[points] for points in given))
    return CriterionMark(criterion.text, given, criterion.points, earned)

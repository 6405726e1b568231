"""Items compared between any two groups of people."""

import pytest
from flask import Flask
from sqlalchemy import select

from models.accounts import Person
from models.assessment import Attempt
from services.measuring.dif import ItemDif, dif_by
from services.session import reading
from tests.conftest import Cast
from tests.services.measuring.crowd import Crowd, gather

PLANTED = "C1-P01"


def compared(app: Flask, sizes: dict[str, int], **more: object) -> dict[str, ItemDif]:
    """Two groups that sat C1; to the second one the planted item is far harder."""
    first = gather(app, Crowd(sizes["first"], only=["C1"]))
    second = gather(app, Crowd(sizes["second"], only=["C1"], seed=12, wrong_keys=[PLANTED]))
    with app.app_context(), reading() as session:
        rows = session.execute(
            select(Attempt.id, Person.subject).join(Person, Person.id == Attempt.person_id)
        )
        subject_of = {row.id: row.subject for row in rows}
        groups = {subject_of[n]: "first" for n in first} | {subject_of[n]: "second" for n in second}
        groups["somebody who sat nothing"] = "first"
        groups["somebody who would not say"] = "third"
        found = dif_by(session, groups, "first", "second", **more)  # type: ignore[arg-type]
    return {one.key: one for one in found}


def test_a_planted_item_is_found_and_acted_on(app: Flask, cast: Cast) -> None:
    found = compared(app, {"first": 200, "second": 200}, name="age")
    assert {one.competency for one in found.values()} >= {"C1"}
    planted = found[PLANTED].dif
    assert (planted.name, planted.reference, planted.focal) == ("age", 200, 200)
    assert (planted.use, planted.dif_class) == ("acted on", "C")
    others = [one.dif for key, one in found.items() if key != PLANTED and one.competency == "C1"]
    assert planted.size is not None
    assert planted.size < -0.25  # of several points: in standard deviations
    assert all(other.size > planted.size for other in others if other.size is not None)


def test_from_a_hundred_on_it_is_shown(app: Flask, cast: Cast) -> None:
    found = compared(app, {"first": 130, "second": 100}, codes=["C1"])
    assert {one.dif.use for one in found.values()} == {"shown"}
    assert {one.competency for one in found.values()} == {"C1"}


def test_below_a_hundred_nothing_is_told(app: Flask, cast: Cast) -> None:
    assert not compared(app, {"first": 130, "second": 99})


def test_a_group_is_not_compared_with_itself(app: Flask) -> None:
    with app.app_context(), reading() as session, pytest.raises(ValueError, match="two different"):
        dif_by(session, {}, "first", "first")

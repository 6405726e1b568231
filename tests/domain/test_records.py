"""Frozen records are what the standard library would have made of them, only later."""

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace

import pytest

from domain.records import frozen


@frozen
class Berth:
    """Where a ship lies."""

    number: int
    quay: str = "north"
    depths: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlainBerth:
    """The same, as the standard library makes it."""

    number: int
    quay: str = "north"
    depths: Mapping[str, float] = field(default_factory=dict)


@frozen(kw_only=True)
class Named:
    name: str = ""


@frozen
class Crane(Named):
    lifts: int
    reach: float = 1.0

    def __post_init__(self) -> None:
        if self.lifts < 1:
            raise ValueError("lifts nothing")


@pytest.mark.parametrize(
    "made", [(1,), (1, "south"), (1, "south", {"low": 9.5})], ids=["one", "two", "three"]
)
def test_it_is_made_shown_and_compared_like_a_dataclass(made: tuple[int]) -> None:
    ours, plain = Berth(*made), PlainBerth(*made)
    assert asdict(ours) == asdict(plain)
    assert repr(ours) == repr(plain).replace("PlainBerth", "Berth")
    assert ours == Berth(*made)
    assert ours != plain  # type: ignore[comparison-overlap]  # and so at run time
    assert ours != Berth(2)
    assert [one.name for one in fields(ours)] == [one.name for one in fields(plain)]


def test_equal_records_are_one_key() -> None:
    assert len({Crane(3, name="a"), Crane(3, name="a"), Crane(3, name="b")}) == 2


def test_nothing_in_it_can_be_changed() -> None:
    berth = Berth(1)
    with pytest.raises(FrozenInstanceError):
        berth.quay = "south"  # type: ignore[misc]  # that is the point
    with pytest.raises(FrozenInstanceError):
        del berth.quay
    with pytest.raises(FrozenInstanceError):
        berth.colour = "red"  # type: ignore[attr-defined]
    assert not hasattr(berth, "__dict__")
    assert replace(berth, quay="south") == Berth(1, "south")


def test_a_field_that_is_missing_or_unknown_is_refused() -> None:
    with pytest.raises(TypeError, match="number"):
        Berth()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="colour"):
        Berth(1, colour="red")  # type: ignore[call-arg]


def test_it_inherits_by_name_and_checks_itself() -> None:
    crane = Crane(2, name="Big Li")
    assert (crane.lifts, crane.reach, crane.name) == (2, 1.0, "Big Li")
    with pytest.raises(ValueError, match="lifts nothing"):
        Crane(0)


def test_a_plain_frozen_dataclass_may_inherit_from_it() -> None:
    @dataclass(frozen=True)
    class Tug(Named):
        power: int = 0

    assert Tug(5, name="Ox") == Tug(5, name="Ox")


def test_copies_and_pickles_are_equal() -> None:
    crane = Crane(2, name="Big Li")
    assert copy.copy(crane) == crane
    assert copy.deepcopy(Berth(1, depths={"low": 2.0})) == Berth(1, depths={"low": 2.0})
    assert pickle.loads(pickle.dumps(crane)) == crane


def test_it_can_be_taken_apart_by_position() -> None:
    match Berth(7):
        case Berth(number, quay):
            assert (number, quay) == (7, "north")

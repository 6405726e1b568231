"""Frozen records: what `@dataclass(frozen=True, slots=True)` makes, its methods written when used.

The standard library compiles six methods for every class while it is imported. For three hundred
records that was a fifth of every start, and most of them never meet in one process: who shows a
lesson makes no calibration report. See docs/decisions/0012-records.md.
"""

from collections.abc import Callable
from dataclasses import (
    FrozenInstanceError,
    dataclass,
    field,
    fields,
    is_dataclass,
    make_dataclass,
)
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

T = TypeVar("T")
# Each method that is written later, and what the standard library writes it for.
WRITTEN_FOR = {"__init__": "init", "__repr__": "repr", "__eq__": "eq", "__hash__": "eq"}


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T] | None = None, /, *, kw_only: bool = False) -> Any:
    """Make a frozen dataclass with slots; `fields`, `replace` and `asdict` know it as one.

    kw_only: its own fields are given by name.
    """
    if cls is None:
        return lambda given: _made(given, kw_only)
    return _made(cls, kw_only)


def _made(given: type[T], kw_only: bool) -> type[T]:
    given.__doc__ = given.__doc__ or given.__name__  # else a signature is composed: it takes long
    inherits = any(map(is_dataclass, given.__bases__))  # then both must be frozen, or neither
    make = dataclass(init=False, repr=False, eq=False, frozen=inherits, slots=True, kw_only=kw_only)
    cls: Any = make(given)
    cls.__dataclass_params__.frozen = True
    for name, method in SHARED.items():
        setattr(cls, name, method)
    for name in WRITTEN_FOR:
        if given.__dict__.get(name) is None:  # a class with an __eq__ has None for its __hash__
            setattr(cls, name, _written_later(cls, name))
    made: type[T] = cls
    return made


def _refuse_setting(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _values(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _take_values(self: Any, state: list[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


# The same for every record. The last two are for copies: what is frozen cannot be filled otherwise.
SHARED: dict[str, Callable[..., Any]] = {
    "__setattr__": _refuse_setting,
    "__delattr__": _refuse_deleting,
    "__getstate__": _values,
    "__setstate__": _take_values,
}


def _written_later(cls: type[Any], name: str) -> Callable[..., Any]:
    """Stands for a method until its first call, which puts the real one in its place."""

    def first(self: object, *args: Any, **named: Any) -> Any:
        method = _written(cls, name)
        setattr(cls, name, method)
        return method(self, *args, **named)

    return first


def _written(cls: type[Any], name: str) -> Callable[..., Any]:
    """The method as the standard library writes it, for a twin with the same fields."""
    after = {"__post_init__": cls.__post_init__} if hasattr(cls, "__post_init__") else {}
    wanted = WRITTEN_FOR[name]
    twin = make_dataclass(
        cls.__name__,
        [(one.name, one.type, one) for one in fields(cls)],
        namespace={"__doc__": cls.__doc__, **after},
        frozen=True,
        init=wanted == "init",
        repr=wanted == "repr",
        eq=wanted == "eq",
    )
    method: Callable[..., Any] = getattr(twin, name)
    return method

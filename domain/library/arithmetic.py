"""Sums that authors write: checked in lessons, drawn with numbers in items. Exact decimals.

The language is a small part of Python's: + - * / ** ( ), numbers, names, and the functions below.
Nothing else can be written in it, and no expression can run long or grow large.
"""

import ast
import datetime as dt
import operator
import re
from collections.abc import Callable, Collection, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from decimal import localcontext as local_context
from zoneinfo import ZoneInfo

from domain.records import frozen

MOST_CHARACTERS = 300
GREATEST_POWER = 64
NAME = r"[a-z][a-z0-9_]{0,30}"
_EXACT = Context(prec=34)
_TOO_LARGE = Decimal(10) ** 15
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
_IN_TEXT = re.compile(r"\d+(?:\.\d+)?")
# 17,808 and 17 808 are one number to a reader.
_THOUSANDS = re.compile(r"(?<=\d)[,\u2009\u202f\u00a0](?=\d{3}(?!\d))")


class BadSum(ValueError):
    """The expression cannot be read or has no value; the message says why, for its author."""


def round_to(value: Decimal, decimals: int) -> Decimal:
    """Commercial rounding: halves go away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _round(value: Decimal, decimals: Decimal = Decimal(0)) -> Decimal:
    if decimals not in range(10):
        raise BadSum("round() takes 0 to 9 decimals")
    return round_to(value, int(decimals))


def _whole(rounding: str) -> Callable[[Decimal], Decimal]:
    return lambda value: value.to_integral_value(rounding=rounding)


_FUNCTIONS: dict[str, tuple[Callable[..., Decimal], tuple[int, int]]] = {
    "round": (_round, (1, 2)),
    "floor": (_whole(ROUND_FLOOR), (1, 1)),
    "ceil": (_whole(ROUND_CEILING), (1, 1)),
    "sqrt": (Decimal.sqrt, (1, 1)),
    "abs": (abs, (1, 1)),
    "min": (min, (2, 8)),
    "max": (max, (2, 8)),
}
_OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@frozen
class Expression:
    """A parsed expression; `names` are the values that it asks for."""

    text: str
    names: frozenset[str]
    _tree: ast.expr

    def value(self, values: Mapping[str, Decimal] | None = None) -> Decimal:
        """What it comes to. Raises BadSum for a division by zero and for numbers out of reach."""
        with local_context(_EXACT):
            try:
                found = _value(self._tree, values or {})
            except ArithmeticError:
                raise BadSum("has no value: it divides by zero or leaves the numbers") from None
        if not found.is_finite() or abs(found) >= _TOO_LARGE:
            raise BadSum("comes to a number of 10^15 or more")
        return found


def parse(text: str, names: Collection[str] = ()) -> Expression:
    """Read an expression in which only `names` may be used. Raises BadSum."""
    if len(text) > MOST_CHARACTERS:
        raise BadSum(f"is longer than {MOST_CHARACTERS} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadSum("is not a sum that can be read") from None
    used: set[str] = set()
    _check(tree, frozenset(names), used)
    return Expression(text.strip(), frozenset(used), tree)


def check_equation(text: str) -> tuple[Decimal, str]:
    """Recompute `left = number`; gives the left side rounded like the number, and the number.

    Raises BadSum when it cannot be read or when the two differ.
    """
    left, equals, right = text.rpartition("=")
    right = right.strip()
    if not equals or not _NUMBER.fullmatch(right):
        raise BadSum("must read: sum = number, such as 360 / 6 = 60")
    found = parse(left).value()
    decimals = len(right.partition(".")[2])
    shown = round_to(found, decimals)
    if shown != Decimal(right):
        raise BadSum(f"comes to {shown}, not to {right}")
    return shown, right


def numbers_in(text: str) -> frozenset[str]:
    """All numbers that stand in a text, without signs and thousands separators."""
    return frozenset(_IN_TEXT.findall(_THOUSANDS.sub("", text)))


def _check(node: ast.expr, names: frozenset[str], used: set[str]) -> None:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            if abs(number) >= _TOO_LARGE:  # infinity too, which 1e999 is
                raise BadSum("holds a number of 10^15 or more")
        case ast.Name(id=name):
            if name not in names:
                raise BadSum(f"uses {name!r}, which is not a parameter")
            used.add(name)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, names, used)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            _check(left, names, used)
            if not _is_power(right):
                raise BadSum(f"a power must be a whole number up to {GREATEST_POWER}")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _check(left, names, used)
            _check(right, names, used)
        case ast.Call(func=ast.Name(id="offset"), args=args, keywords=[]):
            _offset(args)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            least, most = _FUNCTIONS[name][1]
            if not least <= len(args) <= most:
                raise BadSum(f"{name}() takes {least} to {most} values")
            for argument in args:
                _check(argument, names, used)
        case _:
            known = ", ".join([*_FUNCTIONS, "offset"])
            raise BadSum(f"may hold numbers, + - * / ** and ( ), and the functions {known} only")


def _is_power(node: ast.expr) -> bool:
    """Whole and small; True and 2.0 equal whole numbers, and are none."""
    match node:
        case ast.Constant(value=power) if type(power) is int:
            return 0 <= power <= GREATEST_POWER
    return False


def _value(node: ast.expr, values: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.Constant(value=value):
            return Decimal(str(value))
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=op, operand=operand):
            inner = _value(operand, values)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(power))):
            return _value(left, values) ** power
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id="offset"), args=args):
            return _offset(args)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _FUNCTIONS[name][0](*(_value(argument, values) for argument in args))
    raise AssertionError("_check let through what has no value")


def _offset(args: list[ast.expr]) -> Decimal:
    """offset("Asia/Shanghai", "2027-01-15 09:00"): hours ahead of UTC at that local time."""
    match args:
        case [ast.Constant(value=str(zone)), ast.Constant(value=str(moment))]:
            try:
                local = dt.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
            except (ValueError, KeyError, OSError):
                raise BadSum(f"knows no time {moment!r} in {zone!r}") from None
            ahead = local.utcoffset() or dt.timedelta(0)
            return Decimal(ahead // dt.timedelta(minutes=1)) / 60
        case _:
            raise BadSum('offset() is written offset("Asia/Shanghai", "2027-01-15 09:00")')

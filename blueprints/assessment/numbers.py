"""Whole numbers out of a form, or refused by name."""

from collections.abc import Mapping

from blueprints.shared.requests import whole_number
from services.errors import Invalid

GREATEST = 2**31 - 1


def number(values: Mapping[str, object], name: str, least: int = 0) -> int:
    """The field as a whole number; raises Invalid where it is none, missing or out of range."""
    raw = values.get(name)
    is_one = isinstance(raw, str | int) and not isinstance(raw, bool)
    found = whole_number(str(raw).strip()) if is_one else None
    if found is None or not least <= found <= GREATEST:
        raise Invalid(fields={name: f"must be a whole number from {least} to {GREATEST}"})
    return found

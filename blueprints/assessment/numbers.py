"""Whole numbers out of a form, or refused by name."""

from collections.abc import Mapping

from services.errors import Invalid

GREATEST = 2**31 - 1


def number(values: Mapping[str, object], name: str, least: int = 0) -> int:
    """The field as a whole number; raises Invalid where it is none, missing or out of range."""
    raw = values.get(name)
    text = str(raw).strip() if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    if not (text.isdecimal() and len(text) <= 10 and least <= int(text) <= GREATEST):
        raise Invalid(fields={name: f"must be a whole number from {least} to {GREATEST}"})
    return int(text)

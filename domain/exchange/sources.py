"""The file of an item, written from its fields."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import yaml

# libyaml where the wheel has it: a file of a thousand questions is written while somebody waits.
_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):
    """Long texts as blocks, everything in the order that it was given in."""


def _text(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
# Every text and list is written out where it stands: files of this house know no aliases.
_Dumper.ignore_aliases = lambda self, data: True


def to_source(fields: Mapping[str, Any]) -> str:
    """The item's file. A date stays a date."""
    return yaml.dump(
        _dated(dict(fields)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """`review_by` is a date in a file, and text everywhere else."""
    value = fields.get("review_by")
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        loaded = yaml.safe_load(value) if _is_day(value) else value
        return fields | {"review_by": loaded}
    return fields


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True

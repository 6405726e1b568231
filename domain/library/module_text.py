"""Changing top fields of a YAML file; every other line stays as it is, byte for byte."""

import re
from collections.abc import Mapping, Sequence

_TOP = re.compile(r"([a-z_]+):")


def with_fields(source: str, changed: Mapping[str, str]) -> str:
    """The file with these fields as one line each; an empty value takes the field out.

    changed: name of a top-level field -> its value as YAML. A new field goes to the end.
    """
    kept: list[str] = []
    left = dict(changed)
    dropping = False
    for line in source.splitlines():
        if found := _TOP.match(line):
            dropping = found[1] in changed
            if dropping and (value := left.pop(found[1], "")):
                kept.append(f"{found[1]}: {value}")
        elif line.startswith("#"):
            dropping = False  # a remark between fields belongs to what follows
        if not dropping:
            kept.append(line)
    kept += [f"{name}: {value}" for name, value in left.items() if value]
    return "\n".join(kept) + "\n"


def as_list(entries: Sequence[str]) -> str:
    """Names as a YAML list on one line; nothing for none."""
    return f"[{', '.join(entries)}]" if entries else ""

"""Writing changed fields into the text of an item; every other line stays byte for byte."""

import re
from collections.abc import Mapping
from typing import Any

from domain.exchange.sheets import SHEETS, same
from domain.exchange.sources import to_source
from domain.library.documents import DocumentError, load_yaml

_TOP = re.compile(r"([A-Za-z_]\w*):")


def rewritten(source: str, fields: Mapping[str, Any]) -> str:
    """The text with these fields. What is unchanged keeps its own lines, remarks among them.

    A text that cannot be read, or not field by field, is written anew.
    """
    try:
        were = load_yaml(source, "").values
    except DocumentError:
        return to_source(fields)
    changed = [name for name in {**were, **fields} if not _alike(name, were, fields)]
    if not changed:
        return source
    blocks = _blocks(source)
    for name in changed:
        if name in fields:
            _put(blocks, name, to_source({name: fields[name]}), tuple(SHEETS[fields["kind"]]))
        else:
            blocks = [block for block in blocks if block[0] != name]
    text = "".join(lines for _, lines in blocks)
    try:
        if same(load_yaml(text, "").values, fields):
            return text
    except DocumentError:
        pass
    return to_source(fields)


def _alike(name: str, were: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    return same({name: were.get(name)}, {name: fields.get(name)})


def _blocks(source: str) -> list[tuple[str, str]]:
    """(name of a top field, its lines) in their order; remarks between fields have no name."""
    found: list[tuple[str, str]] = []
    for line in source.splitlines(keepends=True):
        if top := _TOP.match(line):
            found.append((top[1], line))
        elif not found or line.startswith("#"):
            found.append(("", line))
        else:
            name, lines = found[-1]
            found[-1] = name, lines + line
    return found


def _put(blocks: list[tuple[str, str]], name: str, lines: str, order: tuple[str, ...]) -> None:
    """In the field's place, or after the last one that authors write before it."""
    for place, (there, _) in enumerate(blocks):
        if there == name:
            blocks[place] = name, lines
            return
    before = order[: order.index(name)]
    place = max((n + 1 for n, (there, _) in enumerate(blocks) if there in before), default=0)
    if place and not blocks[place - 1][1].endswith("\n"):
        blocks[place - 1] = blocks[place - 1][0], blocks[place - 1][1] + "\n"
    blocks.insert(place, (name, lines))

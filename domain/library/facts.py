"""The front matter of a lesson as a form, written back without disturbing what stands beside it.

Only a field that was changed is written anew: its lines go, new lines come, and every other line of
the file, comments and unknown fields among them, stays as it is byte for byte.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from domain.library.documents import DocumentError, split_front_matter
from domain.records import frozen

TEXTS = ("title", "summary", "objective")
LISTS = ("competencies", "seeds", "prerequisites", "quiz")
PLAIN = ("level", "minutes", "review_by")
SOURCES, TRANSLATED = "sources", "translation_of"
# The order in which lessons of this house give their fields; a new one finds its place by it.
ORDER = (
    "id", "title", "summary", "objective", "competencies", "level", "seeds", "minutes",
    "prerequisites", "sources", "review_by", "sums", "quiz", "translation_of",
)  # fmt: skip
FIELDS = (*TEXTS, *LISTS, *PLAIN, SOURCES, TRANSLATED)
OPTIONAL = ("seeds", "prerequisites", "review_by")
LONGEST = 4000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BREAKS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029", "\ufeff": "\\ufeff"}
_URL = re.compile(r"https?://\S+")


@frozen
class _Span:
    """The lines of one field, from `start` up to `end`, without what follows its value."""

    start: int
    end: int
    tail: str
    node: Any


def facts_of(source: str, path: str) -> dict[str, str]:
    """Every field as the form shows it; "" where it is not given.

    Lists are divided by commas; a source is a line `title | year | address`.
    Raises DocumentError where the front matter cannot be read at all.
    """
    values = split_front_matter(source, path)[0].values
    return {name: _shown(name, values.get(name)) for name in FIELDS}


def with_facts(source: str, path: str, was: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The text with every field written anew that differs between the two forms.

    was: the fields as the form was given them; now: as it came back. A field that was changed in
    the text meanwhile stays as the text has it, unless the form changed it too.
    Raises DocumentError where the front matter cannot be read.
    """
    for name in FIELDS:
        if name not in now or name not in was:
            continue
        wanted = _clean(name, now[name])
        if wanted != _clean(name, was[name]) and wanted != facts_of(source, path)[name]:
            source = _written(source, path, name, wanted)
    return source


def _clean(name: str, given: str) -> str:
    lines = given[:LONGEST].replace("\0", "").splitlines()
    if name == SOURCES:
        return "\n".join(filter(None, (_line(line) for line in lines)))
    text = " ".join(" ".join(lines).split())
    if name in LISTS:
        return ", ".join(filter(None, (part.strip() for part in text.split(","))))
    return text


def _line(line: str) -> str:
    return " ".join(line.split())


def _shown(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == SOURCES and isinstance(value, list):
        return "\n".join(_source_line(entry) for entry in value)
    if name in LISTS and isinstance(value, list):
        return ", ".join(str(entry) for entry in value)
    return " ".join(str(value).split())


def _source_line(entry: object) -> str:
    if not isinstance(entry, dict):
        return _line(str(entry))
    given = [entry.get(part) for part in ("title", "year", "url")]
    return " | ".join(_line(str(part)) for part in given if part is not None)


def _written(source: str, path: str, name: str, wanted: str) -> str:
    """The text with one field replaced, added in its place, or taken out."""
    split_front_matter(source, path)  # refuses what cannot be read
    lines = source.splitlines(keepends=True)
    end = next(n for n, line in enumerate(lines) if n and line.rstrip("\r\n \t") == "---")
    spans = _spans("".join(lines[1:end]))
    span = spans.get(name)
    if not wanted and name in OPTIONAL:
        written: list[str] = []
    elif name == SOURCES:
        written = _sources(lines, wanted, span)
    else:
        written = [f"{name}: {_value(name, wanted)}{span.tail if span else ''}\n"]
    if span is not None:
        lines[span.start : span.end] = written
    else:
        place = _place(name, spans, end)
        lines[place:place] = written
    return "".join(lines)


def _place(name: str, spans: Mapping[str, _Span], end: int) -> int:
    """Where a field that was not given goes: after the last one that comes before it."""
    before = ORDER[: ORDER.index(name)]
    return max((spans[other].end for other in before if other in spans), default=end)


def _spans(front: str) -> dict[str, _Span]:
    """The lines of every field; counted in the file, in which the front matter begins on line 1."""
    node = _Loader(front).get_single_node()
    lines = front.splitlines()
    found = {}
    for key, value in node.value:
        last, column = _end(value)
        if last < key.start_mark.line:
            last, column = key.start_mark.line, len(lines[key.start_mark.line])
        while last > key.start_mark.line and not lines[last].strip():
            last, column = last - 1, 10**9  # empty lines below a block text stand between fields
        tail = lines[last][column:] if last < len(lines) else ""
        # What follows the value on its line can only be a comment; a block text has none.
        tail = tail if tail.lstrip().startswith("#") else ""
        found[key.value] = _Span(key.start_mark.line + 1, last + 2, tail, value)
    return found


def _end(node: Any) -> tuple[int, int]:
    """The last line of a value, and the column at which it ends there."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    mark = node.end_mark
    if isinstance(node, yaml.ScalarNode) and mark.column == 0 and mark.line > node.start_mark.line:
        return mark.line - 1, 10**9
    return mark.line, mark.column


def _value(name: str, wanted: str) -> str:
    if name in LISTS:
        parts = [part.strip() for part in wanted.split(",") if part.strip()]
        return f"[{', '.join(_scalar(part, flow=True) for part in parts)}]"
    if name in ("level", "minutes") and re.fullmatch(r"[0-9]{1,6}", wanted):
        return str(int(wanted))
    if name == "review_by" and _DATE.fullmatch(wanted):
        return wanted
    return _scalar(wanted)


def _scalar(text: str, flow: bool = False) -> str:
    """Text as YAML reads it back: plain where that is safe, else in double quotes."""
    frame = "[{}]" if flow else "k: {}"
    try:
        read = yaml.load(frame.format(text), Loader=_Loader)
    except (yaml.YAMLError, ValueError):
        read = None
    if read == ([text] if flow else {"k": text}) and not text.startswith(("&", "*")):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    for sign, escape in _BREAKS.items():
        quoted = quoted.replace(sign, escape)
    return quoted


def _sources(lines: list[str], wanted: str, span: _Span | None) -> list[str]:
    """The list of sources; an entry that was not changed keeps its own lines."""
    kept: dict[str, list[str]] = {}
    if span is not None and isinstance(span.node, yaml.SequenceNode) and not span.node.flow_style:
        for entry in span.node.value:
            first, last = entry.start_mark.line + 1, _end(entry)[0] + 2
            own = lines[first:last]
            if own and own[0].lstrip().startswith("-"):
                kept[_source_line(_plain_source(entry))] = own
    if not wanted:
        return [f"{SOURCES}: []\n"]
    made = [kept.get(line) or [f"  - {_source(line)}\n"] for line in wanted.splitlines()]
    return [f"{SOURCES}:\n", *(line for entry in made for line in entry)]


def _plain_source(entry: Any) -> object:
    if not isinstance(entry, yaml.MappingNode):
        return str(getattr(entry, "value", ""))
    return {key.value: value.value for key, value in entry.value}


def _source(line: str) -> str:
    """`title | year | address` as a mapping; what cannot be told apart is the title."""
    parts = [part.strip() for part in line.split(" | ")]
    url = parts.pop() if len(parts) > 1 and _URL.fullmatch(parts[-1]) else None
    year = parts.pop() if len(parts) > 1 and re.fullmatch(r"\d{1,4}", parts[-1]) else None
    fields = [f"title: {json.dumps(' | '.join(parts), ensure_ascii=False)}"]
    if year is not None:
        fields.append(f"year: {int(year)}")
    if url is not None:
        fields.append(f"url: {json.dumps(url, ensure_ascii=False)}")
    mapping = "{" + ", ".join(fields) + "}"
    for sign, escape in _BREAKS.items():
        mapping = mapping.replace(sign, escape)
    return mapping


__all__ = ["FIELDS", "DocumentError", "facts_of", "with_facts"]

"""Authored text documents: YAML and front matter, read strictly and with line numbers."""

import re
from collections.abc import Mapping
from typing import Any, cast

import yaml

from domain.records import frozen

MAX_YAML_BYTES = 256 * 1024
# Authored documents are three or four levels deep; a deeper one is an attack on the stack.
MAX_DEPTH = 20

# libyaml where the wheel has it: ten times as quick, and a course is a thousand documents.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"
_FENCE = re.compile(r"^---[ \t]*$")


@frozen
class Problem:
    """One fault of a document: where it stands and what is wrong, in words for its author.

    line: 1-based, or None when the fault has no place (the whole file).
    field: dotted path such as `options[2].why`, list positions counted from 1.
    """

    path: str
    line: int | None
    field: str | None
    message: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return (
            f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
        )


class DocumentError(Exception):
    """A document was refused; `problems` holds every fault that was found, in reading order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@frozen
class Document:
    """A YAML mapping with the 1-based line of every field path (see `Problem.field`).

    The empty path stands for the document itself, where a missing field is reported.
    """

    path: str
    values: Mapping[str, object]
    lines: Mapping[str, int]


def load_yaml(source: str, path: str, first_line: int = 1) -> Document:
    """Read one YAML mapping the strict way: no anchors, no aliases, no repeated or non-text keys.

    path: only named in problems; nothing is opened.
    first_line: the line of the file on which `source` begins.
    Raises DocumentError; also for more than 256 KB, more than 20 levels and non-finite dates.
    """
    if len(source.encode("utf-8", "replace")) > MAX_YAML_BYTES:
        raise _refusal(path, None, "is longer than 256 KB")
    try:
        _refuse_tricks(source)
        loader = _Loader(source)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise _refusal(path, first_line, "must be a mapping of fields to values")
        lines = {"": node.start_mark.line + first_line}
        problems = _walk(node, "", path, first_line, lines)
        if problems:
            raise DocumentError(tuple(problems))
        values = cast(dict[str, object], loader.construct_document(node))
    except yaml.YAMLError as error:
        raise _refusal(path, *_explain(error, source, first_line)) from None
    except ValueError as error:  # a number or date that looks right and is not, e.g. 2027-02-30
        raise _refusal(path, None, f"holds a value that cannot be read: {error}") from None
    return Document(path, values, lines)


def split_front_matter(source: str, path: str) -> tuple[Document, str, int]:
    """Divide a markdown document into its front matter, its body and the body's first line.

    The front matter stands between a first line `---` and the next line `---`.
    Returns (front matter, body, 1-based line of the body's first line). Raises DocumentError.
    """
    lines = source.removeprefix("\ufeff").splitlines(keepends=True)
    if not lines or not _FENCE.match(lines[0].rstrip("\r\n")):
        raise _refusal(path, 1, "must begin with front matter: a line of three dashes")
    for number, line in enumerate(lines[1:], start=2):
        if _FENCE.match(line.rstrip("\r\n")):
            document = load_yaml("".join(lines[1 : number - 1]), path, first_line=2)
            return document, "".join(lines[number:]), number + 1
    raise _refusal(path, 1, "the front matter is not closed by a line of three dashes")


def _refuse_tricks(source: str) -> None:
    """Refuse anchors, aliases and deep nesting before anything is built."""
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        mark: Any = event.start_mark
        if getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(
                problem="anchors (&) and aliases (*) are not used; quote it if it is text",
                problem_mark=mark,
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"is nested deeper than {MAX_DEPTH} levels", problem_mark=mark
            )


def _walk(
    node: yaml.Node, at: str, path: str, first_line: int, lines: dict[str, int]
) -> list[Problem]:
    """Note the line of every field below `node`; give back the faults of its keys."""
    problems: list[Problem] = []
    if isinstance(node, yaml.SequenceNode):
        for position, child in enumerate(node.value, start=1):
            field = f"{at}[{position}]"
            lines[field] = child.start_mark.line + first_line
            problems += _walk(child, field, path, first_line, lines)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            line = key.start_mark.line + first_line
            if key.tag == "tag:yaml.org,2002:int":  # `{1: -2}` is as good as `{"1": -2}`
                key.tag = _TEXT
            if not isinstance(key, yaml.ScalarNode) or key.tag != _TEXT:
                problems.append(Problem(path, line, at or None, "a field's name must be text"))
                continue
            field = f"{at}.{key.value}" if at else key.value
            if key.value in seen:
                problems.append(Problem(path, line, field, "is given twice"))
            seen.add(key.value)
            lines[field] = line
            problems += _walk(child, field, path, first_line, lines)
    return problems


def _explain(error: yaml.YAMLError, source: str, first_line: int) -> tuple[int | None, str]:
    """Line and wording of a YAML error, without the parser's own multi-line report."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        words = getattr(error, "problem", None) or "is not valid YAML"
        return mark.line + first_line, f"YAML: {words}"
    position = getattr(error, "position", None)
    if position is not None:
        line = source.count("\n", 0, position) + first_line
        return line, "YAML: holds a character that text files do not use"
    return None, "is not valid YAML"


def _refusal(path: str, line: int | None, message: str) -> DocumentError:
    return DocumentError((Problem(path, line, None, message),))

"""Modules: a title, a place in the order and a list of lessons."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from domain.library.documents import load_yaml
from domain.library.fields import COMPETENCY, SLUG, Fields

UNIT = "unit-"  # the form that closes a module is named after it: unit-<module>


@dataclass(frozen=True)
class Module:
    """title and summary: language to text, English always among them."""

    id: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    order: int
    competencies: tuple[str, ...]
    lessons: tuple[str, ...]


def parse_module(source: str, path: str) -> Module:
    """Read `.../<module>/module.yaml`. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    module = Module(
        id=fields.text("id", most=80, pattern=SLUG),
        title=fields.localised("title", most=120),
        summary=fields.localised("summary", most=600),
        order=fields.integer("order", 0, 999),
        competencies=fields.texts("competencies", COMPETENCY, most=9),
        lessons=fields.texts("lessons", SLUG),
    )
    folder = PurePosixPath(path).parent.name
    if module.id and module.id != folder:
        fields.problem("id", f"must equal the folder's name, “{folder}”")
    fields.finish()
    return module

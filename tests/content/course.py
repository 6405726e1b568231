"""The shipped course as plain records, read once for all tests of this folder."""

from functools import cache
from pathlib import Path

from config import ROOT
from domain.assessment.compiled import from_dict
from domain.assessment.items import Item
from domain.competencies.framework import Competency, parse_competencies
from gateways.files import read_folder
from services.library.compiling import Compiled, compile_all

FOLDER: Path = ROOT / "content"


@cache
def documents(kind: str, lang: str = "en") -> dict[str, Compiled]:
    """Every sound document of a kind in a language, by its key."""
    return {d.key: d for d in _compiled() if d.kind == kind and d.lang == lang}


@cache
def _compiled() -> tuple[Compiled, ...]:
    return tuple(compile_all(read_folder(FOLDER)[0])[0])


@cache
def bank() -> dict[str, list[Item]]:
    """The items by the competency whose folder they stand in."""
    found: dict[str, list[Item]] = {}
    for document in documents("item").values():
        item = from_dict(document.meta)
        found.setdefault(item.home, []).append(item)
    return found


@cache
def competencies() -> dict[str, Competency]:
    path = "framework/competencies.yaml"
    return {c.code: c for c in parse_competencies((FOLDER / path).read_text(), path)}

"""A course as one archive: the files of `content/` with what belongs to them, and their digests."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gateways import archives
from services import journal
from services.actor import Actor
from services.authoring import access
from services.errors import NotFound
from services.library import catalogue, loading, picture_files
from services.library.loading import digest_of

MANIFEST = "threshold.json"
PICTURES = "media/"


def modules(session: Session, actor: Actor, lang: str) -> tuple[tuple[str, str], ...]:
    """(key, title) of every module in its order."""
    access.author(actor)
    outline = catalogue.outline(session, lang)
    return tuple((m.key, m.titles.get(lang, m.titles["en"])) for m in outline.modules)


def export(session: Session, actor: Actor, modules: Sequence[str], now: datetime) -> bytes:
    """The archive of some modules, or of everything where none is named. Raises NotFound."""
    person_id = access.author(actor)
    known = {module.key for module in catalogue.outline(session, catalogue.SOURCE_LANG).modules}
    if not known.issuperset(modules):
        raise NotFound
    texts = loading.export(session)
    if modules:
        texts = _of(texts, set(modules))
    files = {path: text.encode() for path, text in texts.items()}
    shown = picture_files.files(session, texts)
    files |= {PICTURES + name: data for name, data in shown.items()}
    digests = {path: digest_of(text) for path, text in sorted(texts.items())}
    files[MANIFEST] = json.dumps({"digests": digests}, indent=1).encode() + b"\n"
    journal.append(session, actor, "course.exported", "person", person_id, now, files=len(files))
    return archives.write(files)


def _of(texts: Mapping[str, str], modules: set[str]) -> dict[str, str]:
    """The modules' own files, the questions that rest on their lessons, and all the words."""
    chosen = {
        path: text
        for path, text in texts.items()
        if path.startswith("courses/") and path.split("/")[1] in modules
    }
    for path, text in texts.items():
        if (
            path.startswith("items/figures/")
            or path.startswith("glossary/")
            or (path.startswith("items/") and any(f"\nlesson: {m}/" in text for m in modules))
            or path.removeprefix("forms/unit-").removesuffix(".yaml") in modules
        ):
            chosen[path] = text
    return chosen

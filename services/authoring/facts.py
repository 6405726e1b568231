"""What the form of the front matter sends, written into the text that came with it."""

import json
from collections.abc import Mapping

from domain.library.documents import DocumentError
from domain.library.facts import FIELDS, with_facts
from services.library.compiling import normalised

LONGEST = 20_000


def written(path: str, source: str, were: str, given: Mapping[str, str]) -> str:
    """The text with every field that the person changed in the form.

    were: the fields as the form was given them, as JSON. Where either the form or the text cannot
    be read the text stays as it was typed: nothing is lost, and the check names the fault.
    """
    text = normalised(source)
    was = _read(were)
    if not was:
        return source
    try:
        return with_facts(text, path, was, given)
    except DocumentError:
        return source


def _read(were: str) -> dict[str, str]:
    if not were or len(were) > LONGEST:
        return {}
    try:
        found = json.loads(were)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {k: v for k, v in found.items() if k in FIELDS and isinstance(v, str)}

"""What the readers of all kinds of item share."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.assessment.items import LETTERS, Option
from domain.library.fields import Fields

MOST_STEM = 4000
MOST_TEXT = 600
MOST_WHY = 1200

Core = Mapping[str, Any]  # the arguments that items of every kind take, see ItemCore


def options(fields: Fields, name: str) -> tuple[Option, ...]:
    """Three to eight choices listed under `name`, of which no two say the same."""
    found = tuple(
        Option(
            letter=letter,
            text=entry.text("text", most=MOST_TEXT),
            why=entry.text("why", most=MOST_WHY),
            key=entry.flag("key"),
        )
        for letter, entry in lettered(fields.children(name, least=3, most=8))
    )
    refuse_repeats(fields, name, [option.text for option in found])
    return found


def one_key(fields: Fields, name: str, keys: Sequence[bool]) -> None:
    """Note a fault unless exactly one of the entries under `name` is the key."""
    if keys and sum(keys) != 1:
        fields.problem(name, f"must have exactly one key, has {sum(keys)}")


def lettered(entries: Sequence[Fields]) -> list[tuple[str, Fields]]:
    return list(zip(LETTERS, entries, strict=False))


def refuse_repeats(fields: Fields, name: str, texts: Sequence[str]) -> None:
    for position, text in enumerate(texts):
        if text and text in texts[:position]:
            fields.problem(f"{name}[{position + 1}]", "repeats an earlier text")

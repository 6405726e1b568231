"""What an item says about itself, as the short words that other formats have room for."""

from collections.abc import Mapping
from typing import Any

TAGS = (
    "id", "kind", "pool", "competencies", "subtopic", "cognitive", "difficulty", "seeds", "lesson",
    "source", "review_by", "evidence", "unit", "decimals",
)  # fmt: skip


def tags_of(fields: Mapping[str, Any]) -> dict[str, str]:
    """The inverse: what an item says about itself, as tags."""
    found: dict[str, str] = {}
    for name in TAGS:
        value = fields.get(name)
        if value in (None, "", [], {}):
            continue
        if name == "competencies":
            found[name] = " ".join(f"{code}:{weight:g}" for code, weight in value.items())
        elif name == "seeds":
            found[name] = " ".join(value)
        else:
            found[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found

"""The company's own words in mails: plain text with named placeholders, and nothing else.

Stored text is never a program: it is cut at its braces once, and what stands between them is looked
up in a fixed list. What was put in is not looked at again.
"""

from collections.abc import Iterator, Mapping

PLACEHOLDERS = ("name", "position", "company", "sender", "minutes", "day", "link")
MOST_SUBJECT, MOST_MAIL, MOST_CONSENT = 200, 4000, 6000
LINK = "link"


def parts(text: str) -> Iterator[tuple[str, str | None]]:
    """Pairs of plain text and the name in the braces after it; None where the text ends."""
    while True:
        plain, brace, rest = text.partition("{")
        if not brace:
            yield plain, None
            return
        name, closed, after = rest.partition("}")
        if not closed:
            yield plain + brace + rest, None
            return
        yield plain, name
        text = after


def unknown(text: str) -> tuple[str, ...]:
    """The names in braces that stand for nothing, each once, in the order of the text."""
    found = (name for _, name in parts(text) if name is not None and name not in PLACEHOLDERS)
    return tuple(dict.fromkeys(found))


def holds(text: str, placeholder: str) -> bool:
    """Whether the text has this placeholder."""
    return any(name == placeholder for _, name in parts(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; a name without a value stays as it was written."""
    made = []
    for plain, name in parts(text):
        made.append(plain)
        if name is not None:
            made.append(values.get(name, "{" + name + "}"))
    return "".join(made)

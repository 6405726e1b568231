"""Who is named in a note, as @Name."""

from collections.abc import Mapping

LONGEST = 201  # a name has up to 200 characters; one more tells where it ends


def mentioned(body: str, people: Mapping[int, str]) -> frozenset[int]:
    """The people whose whole name follows an @ somewhere in the text; case does not matter.

    people: id -> name. Of two names where one begins with the other, the longer one is meant:
    "@Xu Lei" is not Xu. Two people of one name are both meant.
    """
    names = sorted(((name.casefold(), one) for one, name in people.items()), reverse=True)
    found: set[int] = set()
    text = body.casefold()
    for at, sign in enumerate(text):
        if sign != "@" or (at and text[at - 1].isalnum()):  # a mail address names nobody
            continue
        piece, longest = text[at + 1 : at + 1 + LONGEST], 0
        for name, one in names:
            if len(name) >= longest and _begins(piece, name):
                longest = len(name)
                found.add(one)
    return frozenset(found)


def _begins(text: str, name: str) -> bool:
    """Whether a text begins with a name and not with a longer word."""
    if not name or not text.startswith(name):
        return False
    after = text[len(name) : len(name) + 1]
    # Chinese is written without spaces: any character may follow a Chinese name.
    return not (after.isalnum() and after.isascii())

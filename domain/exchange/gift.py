"""GIFT: Moodle's text format for questions, read whole.

A question ends at an empty line. `\\` takes the meaning from ~ = # { } : and n makes a line.
Source: docs.moodle.org, "GIFT format".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.exchange import gift_answers
from domain.exchange.gift_text import FORMATS, Cut, as_markdown, cut, unescaped
from domain.exchange.questions import MOST_QUESTIONS, MOST_REFUSALS, Question, Reading, Refusal

_CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)")
_TAGGED = re.compile(r"\[(id|tag):((?:\\.|[^\]\\]){0,2000})\]")
BLANK = "_____"
MOST_COMMENT = 20_000  # characters of a comment in which tags are looked for


@dataclass
class _Block:
    line: int
    text: str
    tags: dict[str, str]
    idle: tuple[str, ...] = ()


def read_gift(text: str) -> Reading:
    """Every question of a GIFT file; what cannot be read is refused with its line."""
    questions: list[Question] = []
    refusals: list[Refusal] = []
    category = ""
    for block in _blocks(text):
        place = f"line {block.line}"
        if found := _CATEGORY.match(block.text):
            category = unescaped(found[1].strip())[:200]
            continue
        try:
            question = _question(block, place)
        except gift_answers.Refused as refused:
            refusals.append(Refusal(place, refused.element, str(refused)))
            if len(refusals) >= MOST_REFUSALS:
                refusals.append(Refusal(place, "file", "has too many faults to go on"))
                break
            continue
        questions.append(replace(question, category=category))
        if len(questions) >= MOST_QUESTIONS:
            why = f"a file may hold {MOST_QUESTIONS} questions; the rest was left out"
            refusals.append(Refusal(place, "file", why))
            break
    return Reading("gift", tuple(questions), tuple(refusals))


def _blocks(text: str) -> Iterator[_Block]:
    """Runs of lines between empty lines, without comments; a $CATEGORY line is one of its own."""
    lines = text.split("\n")
    held: list[str] = []
    tags: dict[str, str] = {}
    first, depth = 0, 0
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if bare.startswith("//"):
            tags.update(_tags(bare[:MOST_COMMENT]))
            continue
        if not held and not bare:
            continue
        if bare.startswith("$CATEGORY:"):
            if held:
                yield _Block(first, "\n".join(held), tags)
                held, tags, depth = [], {}, 0
            yield _Block(number, bare, {})
            continue
        if not bare and (depth <= 0 or _begins_anew(lines, number)):
            yield _Block(first, "\n".join(held), tags)
            held, tags, depth = [], {}, 0
            continue
        if not held:
            first = number
        held.append(line)
        depth += _opened(line)
    if held:
        yield _Block(first, "\n".join(held), tags)


def _begins_anew(lines: list[str], after: int) -> bool:
    """Whether the next lines are another question, though the last one was never closed."""
    for line in lines[after : after + 50]:
        bare = line.strip()
        if bare:
            return not bare.startswith(("=", "~", "#", "}", "%"))
    return True


def _opened(line: str) -> int:
    pieces = cut(line, "{}")
    return sum({"{": 1, "}": -1}.get(piece.mark, 0) for piece in pieces)


def _tags(comment: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, value in _TAGGED.findall(comment):
        plain = value.replace("\\]", "]").replace("\\\\", "\\")
        if kind == "id":
            found["id"] = plain
        elif "=" in plain:
            name, _, rest = plain.partition("=")
            found[name.strip()] = rest
    return found


def _question(block: _Block, place: str) -> Question:
    name, rest = _name(block.text)
    before, inside, after = _parts(rest)
    form = ""
    if found := FORMATS.match(before):
        form, before = found[1].lower(), before[found.end() :]
    stem = before if inside is None else before.rstrip()
    if inside is not None and after.strip():
        stem = f"{before}{BLANK}{after.rstrip()}"
    markdown, notes, pictures = as_markdown(stem, form)
    if inside is None:
        raise gift_answers.Refused("description", "is a text without a question")
    if not markdown.strip():
        raise gift_answers.Refused("question", "has no question text")
    question = gift_answers.read(inside, form)
    return replace(
        question,
        place=place,
        name=name,
        stem=markdown,
        tags=block.tags,
        pictures=pictures,
        notes=(*notes, *question.notes),
    )


def _name(text: str) -> tuple[str, str]:
    """The title between `::` and `::`, and the rest."""
    bare = text.lstrip()
    if not bare.startswith("::"):
        return "", text
    end = _find_title_end(bare)
    if end < 0:
        return "", bare
    return " ".join(unescaped(bare[2:end]).split())[:200], bare[end + 2 :]


def _find_title_end(text: str) -> int:
    at = text.find("::", 2)
    while at > 0 and text[at - 1] == "\\":
        at = text.find("::", at + 1)
    return at


def _parts(text: str) -> tuple[str, str | None, str]:
    """Text before the answers, the answers (None: there are none), text after them."""
    pieces: list[Cut] = cut(text, "{}")
    opens = [n for n, piece in enumerate(pieces) if piece.mark == "{"]
    closes = [n for n, piece in enumerate(pieces) if piece.mark == "}"]
    if not opens and not closes:
        return text, None, ""
    if not opens:
        raise gift_answers.Refused("question", "closes answers with } that no { opens")
    if not closes or closes[-1] < opens[0]:
        raise gift_answers.Refused("question", "opens answers with { and never closes them")
    if closes[0] < opens[0]:
        raise gift_answers.Refused("question", "closes answers with } before { opens them")
    if len(opens) > 1 and closes[0] < opens[1]:
        why = "has more than one block of answers; GIFT knows one gap, so ask each by itself"
        raise gift_answers.Refused("several gaps", why)
    if len(opens) > 1:
        raise gift_answers.Refused("question", "has a { inside its answers; write \\{ for the sign")
    if len(closes) > 1:
        raise gift_answers.Refused("question", "has a } too many; write \\} for the sign")
    before = "".join(p.mark + p.text for p in pieces[: opens[0]])
    inside = "".join(p.mark + p.text for p in pieces[opens[0] : closes[0]])[1:]
    after = "".join(p.mark + p.text for p in pieces[closes[0] :])[1:]
    return before, inside, after

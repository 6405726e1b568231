"""What stands between { and } of a GIFT question."""

import re
from decimal import Decimal

from domain.exchange.gift_text import as_plain, cut
from domain.exchange.questions import Answer, Question, number, share_of

_WEIGHT = re.compile(r"\s{0,50}%([+-]?[0-9.,]{1,20})%", re.ASCII)
_WORDS = {"t": True, "true": True, "f": False, "false": False}
_SPAN = re.compile(r"(.{1,40}?)\.\.(.{1,40})", re.DOTALL)


class Refused(ValueError):
    """A question that is not imported. element: what it is."""

    def __init__(self, element: str, why: str) -> None:
        super().__init__(why)
        self.element = element


class _Noted:
    """Texts on their way to being plain; what is left out of them is gathered."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.notes: list[str] = []

    def plain(self, raw: str) -> str:
        text, notes = as_plain(raw, self.form)
        self.notes += [note for note in notes if note not in self.notes]
        return text


def read(inside: str, form: str) -> Question:
    """The question that these answers make; its stem is the caller's. Raises Refused."""
    noted = _Noted(form)
    inside, general = _general_feedback(inside, noted)
    bare = inside.strip()
    if not bare:
        return Question("open", "", "", why=general, notes=tuple(noted.notes))
    if bare.startswith("#"):
        kind, answers = "numeric", _numbers(bare[1:], noted)
    elif _has(bare, "~"):
        kind, answers = _choices(bare, noted)
    elif _has(bare, "=") and _is_matching(bare):
        kind, answers = "matching", _pairs(bare, noted)
    else:
        truth = _truth(bare, noted)
        if truth is not None:
            return _with(truth, general, noted)
        kind, answers = "short", _accepted(bare, noted)
        if any("->" in answer.text for answer in answers) and len(answers) > 1:
            noted.notes.append("-> was read as letters: to match pairs, each answer needs it")
    return Question(kind, "", "", answers=tuple(answers), why=general, notes=tuple(noted.notes))


def _with(truth: Question, general: str, noted: _Noted) -> Question:
    return Question(
        "truefalse",
        "",
        "",
        truth=truth.truth,
        answers=truth.answers,
        why=general,
        notes=tuple(noted.notes),
    )


def _general_feedback(inside: str, noted: _Noted) -> tuple[str, str]:
    """What follows `####` is said to everybody."""
    at = inside.find("####")
    while at > 0 and inside[at - 1] == "\\":
        at = inside.find("####", at + 1)
    if at < 0:
        return inside, ""
    return inside[:at], noted.plain(inside[at + 4 :])


def _has(text: str, mark: str) -> bool:
    return len(cut(text, mark)) > 1


def _entries(text: str, marks: str) -> list[tuple[str, str]]:
    """(mark, text) of each answer; a text before the first mark counts as one without."""
    return [(p.mark, p.text) for p in cut(text, marks) if p.mark or p.text.strip()]


def _feedback(text: str, noted: _Noted) -> tuple[str, str]:
    """The answer as it is written, and its feedback as plain text."""
    pieces = cut(text, "#")
    if len(pieces) == 1:
        return text, ""
    return pieces[0].text, noted.plain("#".join(piece.text for piece in pieces[1:]))


def _weight(text: str) -> tuple[float | None, str]:
    """The share before an answer, None without one, and the rest. Raises Refused."""
    found = _WEIGHT.match(text)
    if not found:
        return None, text
    share = share_of(found[1])
    if share is None:
        raise Refused("weight", f"%{found[1]}% is no share of the mark from -100 to 100")
    return share, text[found.end() :]


def _choices(text: str, noted: _Noted) -> tuple[str, list[Answer]]:
    """Single when an answer is marked `=`; with weights only, several are to be ticked."""
    answers: list[Answer] = []
    marked = False
    for mark, raw in _entries(text, "=~"):
        if not mark:
            raise Refused("answers", f"“{raw.strip()[:40]}” stands before the first = or ~")
        marked = marked or mark == "="
        share, rest = _weight(raw)
        written, why = _feedback(rest, noted)
        plain = noted.plain(written)
        if share is None:
            share = 1.0 if mark == "=" else 0.0
        if plain:
            answers.append(Answer(plain, share, why))
        elif share > 0:
            raise Refused("answers", "has a right choice without a word")
        elif raw.strip():
            noted.notes.append(f"a choice without a word was left out: “{raw.strip()[:60]}”")
        # A bare ~ is one half of ~=, an old way to write the right choice.
    if len(answers) < 2:
        raise Refused("answers", "has only one choice")
    if all(answer.share <= 0 for answer in answers):
        raise Refused("answers", "marks no choice as right")
    return ("single" if marked else "multiple"), answers


def _is_matching(text: str) -> bool:
    return all("->" in raw for mark, raw in _entries(text, "=") if mark) and "->" in text


def _pairs(text: str, noted: _Noted) -> list[Answer]:
    answers = []
    for mark, raw in _entries(text, "="):
        if not mark:
            raise Refused("answers", f"“{raw.strip()[:40]}” stands before the first =")
        pair, why = _feedback(raw, noted)
        left, _, right = pair.partition("->")
        answers.append(
            Answer(noted.plain(left), 1.0 if left.strip() else 0.0, why, noted.plain(right))
        )
    if sum(bool(answer.text) for answer in answers) < 2:
        raise Refused("matching", "needs two pairs or more")
    if any(not answer.goes_with for answer in answers):
        raise Refused("matching", "has a left side without a right side")
    return answers


def _truth(text: str, noted: _Noted) -> Question | None:
    """TRUE or FALSE with what is said to who was wrong, and to who was right."""
    pieces = cut(text, "#")
    truth = _WORDS.get(pieces[0].text.strip().removeprefix("=").strip().lower())
    if truth is None or len(pieces) > 3:
        return None
    said = [noted.plain(piece.text) for piece in pieces[1:]] + ["", ""]
    right, wrong = Answer(str(truth), 1.0, said[1]), Answer(str(not truth), 0.0, said[0])
    return Question("truefalse", "", "", truth=truth, answers=(right, wrong))


def _accepted(text: str, noted: _Noted) -> list[Answer]:
    answers = []
    for mark, raw in _entries(text, "="):
        share, rest = _weight(raw)
        written, why = _feedback(rest, noted)
        if not mark and _has(text, "="):
            raise Refused("answers", f"“{raw.strip()[:40]}” stands before the first =")
        plain = noted.plain(written)
        if not plain:
            raise Refused("answers", "has an answer without a word")
        answers.append(Answer(plain, 1.0 if share is None else share, why))
    if all(answer.share <= 0 for answer in answers):
        raise Refused("answers", "accepts no answer")
    return answers


def _numbers(text: str, noted: _Noted) -> list[Answer]:
    if not text.strip():
        raise Refused("numerical", "has no number")
    answers: list[Answer] = []
    for mark, raw in _entries(text, "=~"):
        share, rest = _weight(raw)
        written, why = _feedback(rest, noted)
        plain = noted.plain(written)
        if share is None:
            share = 0.0 if mark == "~" else 1.0
        if plain in ("", "*"):
            answers.append(Answer("*", 0.0, why))
            continue
        value, tolerance = number_and_tolerance(plain)
        answers.append(Answer(plain, share, why, value=value, tolerance=tolerance))
    if all(answer.share <= 0 for answer in answers):
        raise Refused("numerical", "accepts no number")
    return answers


def number_and_tolerance(plain: str) -> tuple[str, str]:
    """`3:0.5`, `2.5..3.5` or `3` as a number and its tolerance. Raises Refused."""
    if span := _SPAN.fullmatch(plain):
        low, high = number(span[1]), number(span[2])
        if not low or not high:
            raise Refused("numerical", f"“{plain[:40]}” is no range of numbers")
        first, last = sorted((Decimal(low), Decimal(high)))
        return format(((first + last) / 2).normalize() + 0, "f"), format(
            ((last - first) / 2).normalize() + 0, "f"
        )
    value, _, tolerance = plain.partition(":")
    found, give = number(value), number(tolerance) if tolerance.strip() else "0"
    if not found or not give or give.startswith("-"):
        raise Refused("numerical", f"“{plain[:40]}” is no number with a tolerance")
    return found, give

"""Aiken: one question, its choices A. B. C., and `ANSWER: B`. Each fault is named with its line.

Letters and the word ANSWER are capitals. A choice may begin right after its dot or bracket, once
a question stands before it: so `A.B. Sons` is a question and `A)Yes` is a choice.
Source: docs.moodle.org, "Aiken format".
"""

import re
from collections.abc import Iterable

from domain.exchange.markup import escaped
from domain.exchange.questions import (
    MOST_QUESTIONS,
    MOST_REFUSALS,
    Answer,
    Question,
    Reading,
    Refusal,
)

CARRIES = frozenset({"single"})
_OPTION = re.compile(r"([A-Za-z])\s{0,5}[.)](\s*)(.*)$", re.DOTALL)
_ANSWER = re.compile(r"ANSWER\s{0,5}:\s{0,20}(.*)$", re.IGNORECASE | re.DOTALL)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Open:
    """A question that is being read."""

    def __init__(self) -> None:
        self.line = 0
        self.stem: list[str] = []
        self.options: list[str] = []
        self.faults: list[Refusal] = []

    def fault(self, line: int, why: str) -> None:
        self.faults.append(Refusal(f"line {line}", "question", why))


def read_aiken(text: str) -> Reading:
    """Every question of an Aiken file; one with a fault is refused with all its faults."""
    questions: list[Question] = []
    refusals: list[Refusal] = []
    held = _Open()
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if not bare:
            continue
        if answer := _ANSWER.match(bare):
            if not bare.startswith("ANSWER"):
                held.fault(number, "the word ANSWER is written in capital letters")
            _answered(held, number, answer[1].strip())
            if held.faults:
                refusals += held.faults
            else:
                questions.append(_question(held, answer[1].strip()))
            held = _Open()
            if len(refusals) >= MOST_REFUSALS:
                refusals.append(Refusal(f"line {number}", "file", "has too many faults to go on"))
                break
            if len(questions) >= MOST_QUESTIONS:
                why = f"a file may hold {MOST_QUESTIONS} questions; the rest was left out"
                refusals.append(Refusal(f"line {number}", "file", why))
                break
        elif (option := _OPTION.match(bare)) and _is_choice(held, option):
            _offered(held, number, option[1], option[3].strip())
        elif held.options:
            held.fault(held.line, "has choices and no line “ANSWER: …” after them")
            refusals += held.faults
            held = _Open()
            held.line, held.stem = number, [bare]
        else:
            held.line = held.line or number
            held.stem.append(bare)
    else:
        if held.stem or held.options:
            held.fault(held.line or len(lines), "has no line “ANSWER: …”")
            refusals += held.faults
    return Reading("aiken", tuple(questions), tuple(refusals))


def _is_choice(held: _Open, option: re.Match[str]) -> bool:
    """Whether this line offers a choice, and is not a text that begins like one."""
    if option[2] or not option[3]:
        return True
    return bool(held.stem) and option[1] == LETTERS[len(held.options) % len(LETTERS)]


def _offered(held: _Open, number: int, letter: str, text: str) -> None:
    held.line = held.line or number
    if not held.stem and not held.options:
        held.fault(number, "has choices and no question before them")
    expected = LETTERS[len(held.options)] if len(held.options) < len(LETTERS) else "none"
    if letter == expected.lower():
        held.fault(number, f"a choice begins with a capital letter: {expected}, not {letter}")
    elif letter != expected:
        held.fault(number, f"the next choice should be {expected}, not {letter}")
    if not text:
        held.fault(number, f"the choice {letter} is empty")
    held.options.append(text)


def _answered(held: _Open, number: int, letter: str) -> None:
    if not held.stem and not held.faults:
        held.fault(number, "“ANSWER” stands without a question before it")
    elif len(held.options) < 2:
        held.fault(number, "a question needs two choices or more before “ANSWER”")
    elif len(letter) != 1 or letter not in LETTERS[: len(held.options)]:
        last = LETTERS[min(len(held.options), len(LETTERS)) - 1]
        held.fault(number, f"the answer “{letter[:20]}” is no letter from A to {last} in capitals")


def _question(held: _Open, letter: str) -> Question:
    key = LETTERS.index(letter)
    answers = tuple(
        Answer(text, 1.0 if place == key else 0.0) for place, text in enumerate(held.options)
    )
    return Question("single", f"line {held.line}", escaped("\n".join(held.stem)), answers=answers)


def write_aiken(questions: Iterable[Question]) -> str:
    """An Aiken file of the single-choice questions."""
    parts = []
    for question in questions:
        if question.kind not in CARRIES:
            continue
        lines = [" ".join(question.stem.split())]
        letter = "A"
        for name, answer in zip(LETTERS, question.answers, strict=False):
            lines.append(f"{name}. {' '.join(answer.text.split())}")
            letter = name if answer.share == 1 else letter
        parts.append("\n".join([*lines, f"ANSWER: {letter}", ""]))
    return "\n".join(parts)

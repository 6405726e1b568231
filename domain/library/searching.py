"""Words as the search knows them: split alike for what is kept and for what is asked.

Chinese has no spaces, so each character is a word and a run of them is asked as a phrase: a word of
two characters is found wherever they stand side by side. All other words are found by their
beginning. Accents and capitals make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator

from domain.records import frozen

# Han characters and kana, one by one; else a run of letters and digits.
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_SPACE = re.compile(r"\s+")
MOST_PHRASES, MOST_WORDS, LONGEST_WORD = 8, 24, 60
BEFORE, EXCERPT = 60, 200


@frozen
class Phrase:
    """Words that stand side by side. open: the last of them may go on."""

    words: tuple[str, ...]
    open: bool


@frozen
class Piece:
    """A part of an excerpt; marked: it is what was asked for."""

    text: str
    marked: bool


def split(text: str) -> str:
    """A text as its words, one space between them: what both databases index."""
    return " ".join(word for word, _, _ in _places(text))


def phrases(asked: str) -> tuple[Phrase, ...]:
    """What somebody asks for: every phrase must be found. Empty where no word is in it."""
    found: list[Phrase] = []
    left = MOST_WORDS
    for part in asked.split():
        words = [word for word, _, _ in _places(part)][:left]
        left -= len(words)
        if words:
            found.append(Phrase(tuple(words), not _IS_HAN.match(words[-1])))
    return tuple(found[:MOST_PHRASES])


def as_fts5(asked: tuple[Phrase, ...]) -> str:
    """The question in the language of SQLite's FTS5; words hold letters and digits only."""
    return " AND ".join(f'"{" ".join(p.words)}"' + (" *" if p.open else "") for p in asked)


def as_tsquery(asked: tuple[Phrase, ...]) -> str:
    """The question in the language of PostgreSQL's to_tsquery."""
    return " & ".join("(" + " <-> ".join(p.words) + (":*)" if p.open else ")") for p in asked)


def excerpt(body: str, asked: tuple[Phrase, ...]) -> tuple[Piece, ...]:
    """The place of a text where the first thing asked for stands, with all of it marked."""
    body = _SPACE.sub(" ", body).strip()
    hits = _hits(body, asked)
    first = hits[0][0] if hits else 0
    start = max(0, first - BEFORE)
    end = min(len(body), start + EXCERPT)
    if start and (space := body.find(" ", start, first)) > 0:
        start = space + 1
    pieces = [Piece("… ", False)] if start else []
    at = start
    for begin, stop in hits:
        if begin < at or begin >= end:
            continue
        pieces += [Piece(body[at:begin], False), Piece(body[begin:stop], True)]
        at = stop
    if at < end:
        pieces.append(Piece(body[at:end], False))
    if end < len(body):
        pieces.append(Piece(" …", False))
    return tuple(piece for piece in pieces if piece.text)


def _hits(body: str, asked: tuple[Phrase, ...]) -> list[tuple[int, int]]:
    """Where in the text the phrases stand, in order; those that overlap are one."""
    places = list(_places(_around(body, asked)))
    words = [word for word, _, _ in places]
    found: list[tuple[int, int]] = []
    for phrase in asked:
        length = len(phrase.words)
        for at, word in enumerate(words):
            if word[0] == phrase.words[0][0] and _matches(phrase, words[at : at + length]):
                found.append((places[at][1], places[at + length - 1][2]))
    merged: list[tuple[int, int]] = []
    for begin, stop in sorted(found):
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((begin, stop))
    return merged


def _around(body: str, asked: tuple[Phrase, ...]) -> str:
    """The text up to a little beyond the first thing asked for: the rest need not be read."""
    firsts = {phrase.words[0] for phrase in asked}
    for word, begin, _ in _places(body):
        if word in firsts or any(word.startswith(first) for first in firsts):
            return body[: begin + EXCERPT + BEFORE]
    return body


def _matches(phrase: Phrase, words: list[str]) -> bool:
    if len(words) < len(phrase.words) or tuple(words[:-1]) != phrase.words[:-1]:
        return False
    last = phrase.words[-1]
    return words[-1].startswith(last) if phrase.open else words[-1] == last


def _places(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of a text in its plain form, with where it begins and ends."""
    for found in _WORD.finditer(text):
        if plain := _plain(found[0]):
            yield plain, found.start(), found.end()


def _plain(word: str) -> str:
    """Without accents and capitals; full-width letters become the usual ones."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    spread = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in spread if c.isalnum())[:LONGEST_WORD]

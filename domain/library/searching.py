"""Words as the search knows them: split alike for what is kept and for what is asked.

Chinese has no spaces, so each character is a word and a run of them is asked as a phrase: a word of
two characters is found wherever they stand side by side. What is kept for a character is it with
the next one, as pairs are rare where characters are not; so two are looked up at once, more as a
phrase of pairs, and one as the beginning of a pair. All other words are found by their beginning.
Accents and capitals make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from domain.records import frozen

# Han characters and kana, one by one; else a run of letters and digits.
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
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
    """A text as its words and pairs, one space between them: what both databases index."""
    words = [word for word, _, _ in _places(text)]
    return " ".join(_paired(words, at) for at in range(len(words)))


def _paired(words: Sequence[str], at: int) -> str:
    """A word; a character with the one after it, if there is one."""
    pair = words[at : at + 2]
    return "".join(pair) if len(pair) == 2 and all(map(_IS_HAN.match, pair)) else words[at]


def _terms(phrase: Phrase) -> tuple[str, bool]:
    """The phrase as words that are kept, and whether the last of them may go on."""
    words, last = phrase.words, len(phrase.words) - 1
    terms = [_paired(words, at) for at in range(len(words))]
    if phrase.open or not _IS_HAN.match(words[last]):
        return " ".join(terms), phrase.open
    if last and _IS_HAN.match(words[last - 1]):
        return " ".join(terms[:-1]), False  # the last character stands in the pair before
    return " ".join(terms), True


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
    told = (_terms(phrase) for phrase in asked)
    return " AND ".join(f'"{terms}"' + (" *" if may_go_on else "") for terms, may_go_on in told)


def as_tsquery(asked: tuple[Phrase, ...]) -> str:
    """The question in the language of PostgreSQL's to_tsquery."""
    told = ((terms.split(), may_go_on) for terms, may_go_on in map(_terms, asked))
    return " & ".join(f"({' <-> '.join(words)}{':*' if on else ''})" for words, on in told)


def excerpt(body: str, asked: tuple[Phrase, ...]) -> tuple[Piece, ...]:
    """The place of a text where the first thing asked for stands, with all of it marked."""
    body = " ".join(body.split())
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
    start, stop = _around(body, asked)
    places = [(word, start + at, start + end) for word, at, end in _places(body[start:stop])]
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


def _around(body: str, asked: tuple[Phrase, ...]) -> tuple[int, int]:
    """Where the first thing asked for stands, roughly: the rest of a text need not be read.

    Looked for as it is written. A text that has it with accents only is read whole.
    """
    lower = body.lower()
    found = _written(asked).search(lower) if len(lower) == len(body) else None
    if found is None:
        return 0, len(body)
    start = max(0, found.start() - BEFORE - LONGEST_WORD)
    # No word is cut in two; Chinese, which has no spaces, may be cut anywhere.
    space = body.rfind(" ", max(0, start - LONGEST_WORD), start + 1)
    return space if space >= 0 else start, found.start() + EXCERPT + BEFORE


@lru_cache(maxsize=64)
def _written(asked: tuple[Phrase, ...]) -> re.Pattern[str]:
    """Any of the phrases, as plain texts have them."""
    ways = []
    for phrase in asked:
        begins = "" if _IS_HAN.match(phrase.words[0]) else rf"(?<![^\W_{_HAN}])"
        ways.append(begins + r"[\W_]*".join(map(re.escape, phrase.words)))
    return re.compile("|".join(ways))


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

"""Finding lessons, words and items: each person only in what they may see.

Learners ask an index that holds nothing but published lessons and words; trainers ask a second one
beside it. Neither number, order nor excerpt of the first knows of the second.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.library.searching import Phrase, Piece, as_fts5, as_tsquery, excerpt, phrases
from domain.records import frozen
from services.actor import Actor
from services.library.indexing import DRAFT

MOST = 30
LONGEST = 120
RANKED = 300  # of more matches than these the ones with the words in their heading are ranked

_COLUMNS = "e.kind, e.key, e.lang, e.part, e.title, e.body"
_SQLITE = {
    audience: text(
        f"SELECT {_COLUMNS} FROM (SELECT rowid AS id, bm25(fts_{audience}, 8.0, 1.0) AS place "
        f"FROM fts_{audience} WHERE fts_{audience} MATCH :asked ORDER BY place, rowid LIMIT :most) "
        "AS hit JOIN search_entry e ON e.id = hit.id ORDER BY hit.place, e.id"
    )
    for audience in ("reader", "trainer")
}
# The function is in migration 0014, with why it is one.
_POSTGRESQL = text(
    f"SELECT {_COLUMNS} FROM fts_find(:asked, :audience, :ranked, :most) AS hit "
    "JOIN search_entry e ON e.id = hit.id ORDER BY hit.headed DESC, hit.place DESC, e.id"
)


@frozen
class Hit:
    """Something found. kind: lesson, item or word; place: the id of a word; name: what stands in
    an author's address of a lesson; excerpt: pieces of its text, to be escaped one by one."""

    kind: str
    key: str
    lang: str
    title: str
    is_draft: bool
    place: str
    excerpt: tuple[Piece, ...]

    @property
    def name(self) -> str:
        ending = "" if self.lang == "en" else f".{self.lang}"
        return f"{self.key.rpartition('/')[2]}{ending}"


@frozen
class Found:
    """readers: lessons and words; bank: items and drafts, always empty but for trainers.

    more: there are more of either than are shown; empty: no word was asked for.
    """

    asked: str
    readers: tuple[Hit, ...]
    bank: tuple[Hit, ...]
    more: bool
    empty: bool


def search(session: Session, actor: Actor, asked: str, lang: str) -> Found:
    """What this person may find, the best first; one statement, two for a trainer.

    A lesson that is found in several languages stands once, in the reader's where it can.
    """
    asked = asked.replace("\0", " ").strip()[:LONGEST]
    question = phrases(asked)
    if not question:
        return Found(asked, (), (), False, True)
    readers = _once(_rows(session, question, "reader"), lang)
    bank = _rows(session, question, "trainer") if "trainer" in actor.roles else []
    more = len(readers) > MOST or len(bank) > MOST
    return Found(
        asked,
        tuple(_hit(row, question) for row in readers[:MOST]),
        tuple(_hit(row, question) for row in bank[:MOST]),
        more,
        False,
    )


def _rows(session: Session, asked: tuple[Phrase, ...], audience: str) -> Sequence[Any]:
    most = 2 * MOST + 1  # both languages of a lesson may be among them
    if session.get_bind().dialect.name == "sqlite":
        given = {"asked": as_fts5(asked), "most": most}
        return session.execute(_SQLITE[audience], given).all()
    given = {"asked": as_tsquery(asked), "most": most, "audience": audience, "ranked": RANKED}
    return session.execute(_POSTGRESQL, given).all()


def _once(rows: Sequence[Any], lang: str) -> list[Any]:
    """Each lesson once, at its best place, in the reader's language where that was found."""
    chosen: dict[tuple[str, str, str], Any] = {}
    for row in rows:
        name = (row.kind, row.key, row.part)
        if name not in chosen or row.lang == lang:
            chosen[name] = row
    return list(chosen.values())


def _hit(row: Any, asked: tuple[Phrase, ...]) -> Hit:
    is_draft = row.part == DRAFT
    return Hit(
        kind=row.kind,
        key=row.key,
        lang=row.lang,
        title=row.title,
        is_draft=is_draft,
        place="" if is_draft else row.part,
        excerpt=excerpt(row.body, asked),
    )

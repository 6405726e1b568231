"""What a company writes for a position, in versions: reasons, records, consent, mails.

The words stand in `free_text`. A version is never changed: what a candidate agreed to, and what a
cut score rested on, can be shown again.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FreeText
from models.hiring import PositionWords

ABOUT = "position"
Place = tuple[str, str]  # kind and key: ("weight", "C1"), ("consent", "zh_Hans"), ("cut", "")


@frozen
class Wording:
    """One version of some words; an empty body means that they were taken away."""

    id: int
    kind: str
    key: str
    version: int
    body: str
    written_at: datetime


_COLUMNS = (
    PositionWords.id,
    PositionWords.kind,
    PositionWords.key,
    PositionWords.version,
    func.coalesce(FreeText.body, ""),
    PositionWords.written_at,
)


def all_versions(session: Session, position_id: int, kind: str | None = None) -> list[Wording]:
    """Every version of every wording of a position, the newest first."""
    statement = (
        select(*_COLUMNS)
        .outerjoin(FreeText, FreeText.id == PositionWords.text_id)
        .where(PositionWords.position_id == position_id)
        .order_by(PositionWords.version.desc(), PositionWords.kind, PositionWords.key)
    )
    if kind is not None:
        statement = statement.where(PositionWords.kind == kind)
    return [Wording(*row) for row in session.execute(statement)]


def current(session: Session, position_id: int, kind: str | None = None) -> dict[Place, Wording]:
    """The words that hold now; those that were taken away are left out."""
    found: dict[Place, Wording] = {}
    for wording in all_versions(session, position_id, kind):
        found.setdefault((wording.kind, wording.key), wording)
    return {place: wording for place, wording in found.items() if wording.body}


def in_language(found: Mapping[Place, Wording], kind: str, lang: str | None) -> Wording | None:
    """The words in a language; None where the company wrote none in it."""
    return found.get((kind, lang or "en"))


def of_id(session: Session, wording_id: int) -> Wording | None:
    """One version, whatever came after it."""
    row = session.execute(
        select(*_COLUMNS)
        .outerjoin(FreeText, FreeText.id == PositionWords.text_id)
        .where(PositionWords.id == wording_id)
    ).one_or_none()
    return Wording(*row) if row else None


def keep(
    session: Session, author_id: int, position_id: int, wanted: Mapping[Place, str], now: datetime
) -> None:
    """Add a version of everything that is worded otherwise than before; the rest stays."""
    newest: dict[Place, Wording] = {}
    for wording in all_versions(session, position_id):
        newest.setdefault((wording.kind, wording.key), wording)
    for place, raw in wanted.items():
        body, before = raw.strip(), newest.get(place)
        if body == (before.body if before else ""):
            continue
        text_id = None
        if body:
            text_id = session.execute(
                insert(FreeText)
                .values(
                    author_id=author_id, about_kind=ABOUT, about_id=position_id, body=body,
                    created_at=now,
                )
                .returning(FreeText.id)
            ).scalar_one()  # fmt: skip
        session.execute(
            insert(PositionWords).values(
                position_id=position_id,
                kind=place[0],
                key=place[1],
                version=before.version + 1 if before else 1,
                text_id=text_id,
                written_at=now,
            )
        )

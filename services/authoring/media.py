"""The library of pictures: what authors may show, each with words for those who do not see it."""

import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.exchange.questions import PictureFile, Unreadable
from domain.records import frozen
from gateways import isolated
from gateways.pictures import size_of
from models.accounts import Person
from models.library import Document, Published, Revision
from models.media import Picture
from models.media import PictureFile as StoredFile
from services import journal
from services.actor import Actor
from services.authoring import access
from services.errors import Conflict, Invalid, NotFound
from services.session import changed_rows

PAGE = 48
MOST_ALT = 300
MOST_BYTES = 8 * 1024 * 1024
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SHOWN = re.compile(r"\]\(media:([a-z0-9-]{1,120})")
_SIGNS = re.compile(r"[^a-z0-9]+")


@frozen
class Tile:
    """A picture in the library. used: the lessons and items that show it, as (kind, key)."""

    id: int
    key: str
    alt: str
    width: int
    height: int
    bytes: int
    by: str | None
    at: datetime
    used: tuple[tuple[str, str], ...]


@frozen
class Library:
    """One page of the library, newest first."""

    tiles: tuple[Tile, ...]
    page: int
    pages: int
    count: int
    words: str


@frozen
class Incoming:
    """A picture on its way into the library. data: base64."""

    key: str
    alt: str
    media_type: str
    width: int
    height: int
    digest: str
    data: str


def encode(data: bytes) -> dict[str, Any]:
    """The picture as it will be kept; opens no transaction. Raises Invalid with the reason."""
    if len(data) > MOST_BYTES:
        raise Invalid(fields={"file": f"is larger than {MOST_BYTES // 1024 // 1024} MB"})
    try:
        found: dict[str, Any] = isolated.run("gateways.uploads:picture", data, {})
    except Unreadable as refusal:
        raise Invalid(fields={"file": str(refusal)}) from None
    return found


def add(
    session: Session, actor: Actor, encoded: Mapping[str, Any], name: str, alt: str, now: datetime
) -> str:
    """Put an encoded picture into the library and give back its key. Raises Invalid."""
    person_id = access.author(actor)
    alt = _checked_alt(alt)
    key = _free_key(session, slug_of(name), set())
    _keep_file(session, encoded["digest"], encoded)
    picture_id = session.execute(
        insert(Picture)
        .values(key=key, digest=encoded["digest"], alt=alt, added_by=person_id, added_at=now)
        .returning(Picture.id)
    ).scalar_one()
    journal.append(session, actor, "picture.added", "picture", picture_id, now)
    return key


def _checked_alt(alt: str) -> str:
    alt = " ".join(alt.split())
    if not alt:
        raise Invalid(fields={"alt": "Say in words what the picture shows."})
    if len(alt) > MOST_ALT or any(ord(letter) < 32 for letter in alt):
        raise Invalid(fields={"alt": f"Say it in up to {MOST_ALT} characters."})
    return alt


def describe(session: Session, actor: Actor, picture_id: int, alt: str, now: datetime) -> None:
    """Change the words for a picture; lessons that give their own keep them."""
    access.author(actor)
    alt = _checked_alt(alt)
    changed = session.execute(update(Picture).where(Picture.id == picture_id).values(alt=alt))
    if not changed_rows(changed):
        raise NotFound
    journal.append(session, actor, "picture.described", "picture", picture_id, now)


def remove(session: Session, actor: Actor, picture_id: int, now: datetime) -> None:
    """Take a picture out of the library; refused while anything shows it."""
    access.author(actor)
    key = session.scalar(
        select(Picture.key).where(Picture.id == picture_id, Picture.retired_at.is_(None))
    )
    if key is None:
        raise NotFound
    if _used(session, [key])[key]:
        raise Conflict("This picture is shown somewhere, so it stays.")
    session.execute(update(Picture).where(Picture.id == picture_id).values(retired_at=now))
    journal.append(session, actor, "picture.removed", "picture", picture_id, now)


def slug_of(name: str) -> str:
    """A key out of a file's name."""
    stem = name.rpartition("/")[2].rpartition("\\")[2]
    stem = stem.rpartition(".")[0] or stem
    return _SIGNS.sub("-", stem.lower()).strip("-")[:60].strip("-") or "picture"


def _free_key(session: Session, slug: str, taken: set[str]) -> str:
    there = set(session.scalars(select(Picture.key).where(Picture.key.startswith(slug)))) | taken
    if slug not in there:
        return slug
    return next(key for n in range(2, 100_000) if (key := f"{slug}-{n}") not in there)


def _keep_file(session: Session, digest: str, encoded: Mapping[str, Any]) -> None:
    if session.get(StoredFile, digest) is not None:
        return
    session.execute(
        insert(StoredFile).values(
            digest=digest,
            media_type=encoded["type"],
            width=encoded["width"],
            height=encoded["height"],
            bytes=len(b64decode(encoded["data"])),
            data=encoded["data"],
        )
    )


def shown(session: Session, key: str) -> tuple[str, str, bytes]:
    """(media type, digest, bytes) of a picture, whoever asks; raises NotFound."""
    row = session.execute(
        select(StoredFile.media_type, StoredFile.digest, StoredFile.data)
        .join(Picture, Picture.digest == StoredFile.digest)
        .where(Picture.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.media_type, row.digest, b64decode(row.data)


def library(session: Session, actor: Actor, words: str, page: int) -> Library:
    """One page of the library; `words` stand in the key or the description."""
    access.author(actor)
    words = " ".join(words.split())[:80]
    wanted: list[ColumnElement[bool]] = [Picture.retired_at.is_(None)]
    if words:
        like = f"%{words.replace('%', '').replace('_', '')}%"
        wanted.append(or_(Picture.key.ilike(like), Picture.alt.ilike(like)))
    count = session.scalar(select(func.count()).select_from(Picture).where(*wanted)) or 0
    pages = max(1, -(-count // PAGE))
    page = min(max(1, page), pages)
    rows = session.execute(
        select(
            Picture.id,
            Picture.key,
            Picture.alt,
            StoredFile.width,
            StoredFile.height,
            StoredFile.bytes,
            Person.name,
            Picture.added_at,
        )
        .join(StoredFile, StoredFile.digest == Picture.digest)
        .outerjoin(Person, Person.id == Picture.added_by)
        .where(*wanted)
        .order_by(Picture.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    used = _used(session, [row.key for row in rows])
    tiles = tuple(Tile(*row, tuple(used[row.key])) for row in rows)
    return Library(tiles, page, pages, count, words)


def _used(session: Session, keys: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """key -> (kind, key) of the newest texts that show it, drafts of items included."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if not keys:
        return found
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    rows = session.execute(
        select(Document.kind, Document.key, Revision.source)
        .join(Revision, Revision.document_id == Document.id)
        .outerjoin(Published, Published.document_id == Document.id)
        .where(
            Document.kind.in_(["lesson", "item"]),
            or_(Revision.id.in_(newest), Revision.id == Published.revision_id),
            Revision.source.contains("](media:"),
        )
    )
    for kind, document, source in rows:
        for key in set(SHOWN.findall(source)) & set(keys):
            if (kind, document) not in found[key]:
                found[key].append((kind, document))
    return found


def keys_for(
    session: Session, pictures: Sequence[PictureFile]
) -> tuple[list[Incoming], dict[str, str]]:
    """Pictures of an import on their way into the library, and data -> key; one there is reused."""
    incoming: list[Incoming] = []
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for picture in pictures:
        if picture.data in keys:
            continue
        data = b64decode(picture.data)
        digest = sha256(data).hexdigest()
        there = session.scalar(
            select(Picture.key).where(Picture.digest == digest, Picture.retired_at.is_(None))
        )
        if there is not None:
            keys[picture.data] = there
            continue
        key = _free_key(session, slug_of(picture.name), taken)
        taken.add(key)
        keys[picture.data] = key
        width, height, kind = size_of(data)
        words = key.replace("-", " ")
        incoming.append(Incoming(key, words, kind, width, height, digest, picture.data))
    return incoming, keys


def keep_all(session: Session, actor: Actor, incoming: Iterable[Incoming], at: datetime) -> None:
    """Put the pictures of an import into the library, in the caller's transaction."""
    for one in incoming:
        values = {
            "type": one.media_type, "width": one.width, "height": one.height, "data": one.data
        }  # fmt: skip
        _keep_file(session, one.digest, values)
        session.execute(
            insert(Picture).values(
                key=one.key,
                digest=one.digest,
                alt=one.alt,
                added_by=actor.person_id,
                added_at=at,
            )
        )


def keys(session: Session) -> frozenset[str]:
    """The keys of all pictures that may be shown."""
    return frozenset(session.scalars(select(Picture.key).where(Picture.retired_at.is_(None))))

"""The library's pictures as files: `media/<key>.png` and their words in `media/pictures.json`."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.exchange.questions import Unreadable
from domain.library.documents import Problem
from domain.library.pictures import pictures_of
from gateways.pictures import encode, size_of
from models.media import Picture, PictureFile

LIST = "pictures.json"
MOST_ALT = 300


def files(session: Session, texts: Mapping[str, str]) -> dict[str, bytes]:
    """name -> bytes of every picture that the texts show, and of the list; empty without any."""
    wanted = sorted({key for text in texts.values() for _, key in pictures_of(text)})
    found: dict[str, bytes] = {}
    listed: dict[str, dict[str, str]] = {}
    for key in wanted:
        row = session.execute(
            select(PictureFile.media_type, PictureFile.data, Picture.alt)
            .join(Picture, Picture.digest == PictureFile.digest)
            .where(Picture.key == key)
        ).one_or_none()
        if row is not None:
            name = f"{key}.{row.media_type.partition('/')[2].replace('jpeg', 'jpg')}"
            found[name] = b64decode(row.data)
            listed[key] = {"file": name, "alt": row.alt}
    if listed:
        found[LIST] = json.dumps(listed, indent=1, ensure_ascii=False).encode() + b"\n"
    return found


def load(session: Session, given: Mapping[str, bytes], now: datetime) -> list[Problem]:
    """Take in the pictures whose key the library does not have; a key never gets other bytes.

    The bytes are kept as they are: the folder is reviewed, and what we wrote must come back.
    """
    if LIST not in given:
        return []
    try:
        listed = json.loads(given[LIST])
        wanted = {str(k): (str(v["file"]), str(v["alt"]).strip()) for k, v in listed.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return [Problem(f"media/{LIST}", None, None, "must map each key to a file and its words")]
    there = set(session.scalars(select(Picture.key)))
    problems: list[Problem] = []
    for key, (name, alt) in wanted.items():
        if key in there:
            continue
        try:
            encode(given.get(name, b""))
        except Unreadable as refusal:
            problems.append(Problem(f"media/{name}", None, None, str(refusal)))
            continue
        if not alt or len(alt) > MOST_ALT:
            problems.append(
                Problem(f"media/{LIST}", None, key, "needs its words, up to 300 letters")
            )
            continue
        _keep(session, key, given[name], alt, now)
    return problems


def _keep(session: Session, key: str, data: bytes, alt: str, now: datetime) -> None:
    digest = sha256(data).hexdigest()
    if session.get(PictureFile, digest) is None:
        width, height, kind = size_of(data)
        values = {"media_type": kind, "width": width, "height": height, "bytes": len(data)}
        encoded = b64encode(data).decode()
        session.execute(insert(PictureFile).values(digest=digest, data=encoded, **values))
    session.execute(insert(Picture).values(key=key, digest=digest, alt=alt, added_at=now))

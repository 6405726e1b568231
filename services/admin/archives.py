"""The file that a backup is: a tar.gz of `manifest.json` and one part for each table.

A part holds one JSON array a row, in the order of the manifest's columns; times are ISO 8601 in
UTC. Nothing in it belongs to one kind of database, so a backup of SQLite goes into PostgreSQL too.
"""

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from domain.records import frozen

FORMAT = 1
MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 4 * 1024 * 1024
BROKEN = (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, KeyError, TypeError)

Row = list[Any]


class ArchiveError(Exception):
    """The file is not a whole backup; the message is one line."""


@frozen
class Part:
    """One table. sha256 is of the part's text, `bytes` its length."""

    table: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        return f"tables/{self.table}.jsonl"


@frozen
class Manifest:
    """What a backup says of itself. revision: the form that the database had."""

    app: str
    database: str
    revision: str
    made_at: datetime
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


def write_part(folder: Path, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> Part:
    """Write the part of one table below a folder, a row at a time, and say what was written."""
    digest, count, size = hashlib.sha256(), 0, 0
    with (folder / f"{table}.jsonl").open("wb") as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
            size += file.write(raw := line.encode() + b"\n")
            digest.update(raw)
            count += 1
    return Part(table, columns, count, size, digest.hexdigest())


def write(target: Path, fill: Callable[[Path], Manifest]) -> Manifest:
    """Make an archive of the parts that `fill` writes into the folder it is given.

    The file is readable by its owner only, and appears whole or not at all.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix=".backup-", dir=target.parent) as work:
        folder = Path(work)
        manifest = fill(folder)
        half = folder / target.name
        with (
            os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive,
        ):
            # First, so that a list of backups reads the beginning of each file only.
            _add(archive, MANIFEST, manifest.made_at, io.BytesIO(_as_json(manifest)))
            for part in manifest.parts:
                with (folder / f"{part.table}.jsonl").open("rb") as content:
                    _add(archive, part.name, manifest.made_at, content)
        with half.open("rb") as whole:
            os.fsync(whole.fileno())
        half.rename(target)
    return manifest


def _add(archive: tarfile.TarFile, name: str, at: datetime, content: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size = content.seek(0, io.SEEK_END)
    content.seek(0)
    info.mode, info.mtime = 0o600, int(at.timestamp())
    archive.addfile(info, content)


def _as_json(manifest: Manifest) -> bytes:
    facts = {"format": FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    return json.dumps(facts, indent=1).encode()


def read_manifest(path: Path) -> Manifest:
    """What the archive says of itself; raises ArchiveError. The parts are not looked at."""
    with _open(path) as archive:
        return _manifest_of(archive, path)


def _manifest_of(archive: tarfile.TarFile, path: Path) -> Manifest:
    member = archive.next()
    content = archive.extractfile(member) if member else None
    if not member or member.name != MANIFEST or member.size > MOST_MANIFEST_BYTES or not content:
        raise ArchiveError(f"{path}: is not a backup of Threshold")
    facts = json.loads(content.read())
    if facts.pop("format") != FORMAT:
        raise ArchiveError(f"{path}: was made by a newer Threshold; restore it with that one")
    parts = tuple(
        Part(**{**part, "columns": tuple(part["columns"])}) for part in facts.pop("parts")
    )
    return Manifest(**{**facts, "made_at": datetime.fromisoformat(facts["made_at"])}, parts=parts)


def check(path: Path) -> Manifest:
    """Read the whole archive and compare every part with the manifest; raises ArchiveError."""
    with _open(path) as archive:
        manifest = _manifest_of(archive, path)
        for part, content in _contents(archive, manifest, path):
            digest, size = hashlib.sha256(), 0
            while block := content.read(1 << 20):
                digest.update(block)
                size += len(block)
            if (digest.hexdigest(), size) != (part.sha256, part.bytes):
                raise ArchiveError(f"{path}: the part of table {part.table} is damaged")
    return manifest


def read(path: Path) -> Iterator[tuple[Part, Iterator[Row]]]:
    """The parts in their order, each with its rows; read the rows before going on."""
    with _open(path) as archive:
        manifest = _manifest_of(archive, path)
        for part, content in _contents(archive, manifest, path):
            yield part, (json.loads(line) for line in content)


def _contents(
    archive: tarfile.TarFile, manifest: Manifest, path: Path
) -> Iterator[tuple[Part, IO[bytes]]]:
    """Exactly the members that the manifest names, in its order: nothing else is ever read."""
    for part in manifest.parts:
        member = archive.next()
        content = archive.extractfile(member) if member else None
        if not member or member.name != part.name or not content:
            raise ArchiveError(f"{path}: the part of table {part.table} is missing")
        yield part, content
    if archive.next() is not None:
        raise ArchiveError(f"{path}: holds more than its manifest names")


@contextmanager
def _open(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:gz") as archive:
            yield archive
    except FileNotFoundError:
        raise ArchiveError(f"{path}: is not there") from None
    except BROKEN as error:
        raise ArchiveError(f"{path}: is damaged or not a backup ({type(error).__name__})") from None

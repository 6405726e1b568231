"""The list of who was erased, kept beside the backups: a restored backup is erased by it again.

A line holds SHA-256 of the subject that the person had, and the time. The database alone could
not say it: a backup that was made before an erasure knows nothing of it. A subject is random and
belongs to nobody else, whereas numbers are given again after a restore.
"""

import hashlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from services.admin.backups import folder_of

NAME = "erased.txt"


def mark_of(subject: str) -> str:
    """By what a person is found again whose subject is gone."""
    return hashlib.sha256(subject.encode()).hexdigest()


def note(instance: Path, mark: str, at: datetime) -> None:
    """Append to the list, and have it on the disk before anything is said to be done."""
    path = folder_of(instance) / NAME
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = f"{mark} {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def marks(folders: Iterable[Path]) -> frozenset[str]:
    """Every mark of the lists in these folders; a line that was cut short is passed over."""
    found = set()
    for folder in folders:
        try:
            lines = (folder / NAME).read_text().splitlines()
        except FileNotFoundError:
            continue
        found |= {line.partition(" ")[0] for line in lines}
    return frozenset(mark for mark in found if len(mark) == 64)

"""The folder of authored material, as path -> text."""

import os
from datetime import datetime
from pathlib import Path

from domain.library.documents import Problem

SUFFIXES = frozenset({".md", ".yaml", ".svg"})
MAX_BYTES = 1024 * 1024
PICTURES = "media"  # the folder of pictures, which are no text
MOST_PICTURE_BYTES = 8 * MAX_BYTES


def read_folder(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """Every file of `content/` below the folder; unreadable ones are reported, none is guessed."""
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        parts = path.relative_to(folder).parts
        if parts[0] == PICTURES or any(part.startswith(".") for part in parts):
            continue
        if path.suffix not in SUFFIXES:
            problems.append(Problem(name, None, None, "is not a .md, .yaml or .svg file"))
        elif path.stat().st_size > MAX_BYTES:
            problems.append(Problem(name, None, None, "is larger than 1 MB"))
        else:
            try:
                files[name] = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError as error:
                problems.append(Problem(name, None, None, f"is not UTF-8 at byte {error.start}"))
    return files, problems


def write_folder(folder: Path, files: dict[str, str]) -> list[str]:
    """Write files below the folder, byte for byte; gives back those that changed."""
    changed = []
    for name, text in files.items():
        path, content = folder / name, text.encode()
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(name)
    return changed


def write_private(path: Path, content: bytes) -> None:
    """A file that its owner alone may read, under its name only once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)


def clear_older(folder: Path, moment: datetime) -> int:
    """Take away the files of a folder that were last written before a moment; how many."""
    paths = folder.iterdir() if folder.is_dir() else ()
    old = [path for path in paths if path.stat().st_mtime < moment.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def read_pictures(folder: Path) -> dict[str, bytes]:
    """The files of `content/media/` by name; larger ones than a picture may be are passed over."""
    return {
        path.name: path.read_bytes()
        for path in sorted((folder / PICTURES).glob("*"))
        if path.is_file() and path.stat().st_size <= MOST_PICTURE_BYTES
    }


def write_pictures(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Write files into `content/media/`; gives back the paths that changed."""
    changed = []
    for name, content in files.items():
        path = folder / PICTURES / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(f"{PICTURES}/{name}")
    return changed

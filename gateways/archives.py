"""ZIP archives by people who are not trusted: an allow-list, counted bytes, never extracted."""

import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping
from io import BytesIO

from domain.exchange.questions import Unreadable

MOST_FILES = 2000
MOST_BYTES = 48 * 1024 * 1024  # of all files together, unpacked
MOST_ONE = 24 * 1024 * 1024
MOST_RATIO = 200  # times that a file may be larger than its packed form, beyond the first 64 KB
_END = b"PK\x05\x06"
_LINK, _KIND = 0o120000, 0o170000
_DIRECTORY = 1024 * 1024  # bytes of the list of files


def read(data: bytes, allowed: Collection[str]) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """path -> bytes of each file with an allowed ending, and (path, why) of those left out.

    allowed: endings in lower case with the dot. Raises Unreadable for an archive that is damaged,
    too large or made to deceive.
    """
    _refuse_endless(data)
    files: dict[str, bytes] = {}
    left_out: list[tuple[str, str]] = []
    total = 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES:
                raise Unreadable(f"holds more than {MOST_FILES:,} files")
            for entry in entries:
                name = _path(entry)
                if name is None:
                    continue
                if not name.lower().endswith(tuple(allowed)):
                    left_out.append((name, "is no kind of file that is read here"))
                    continue
                if name in files:
                    raise Unreadable(f"holds the file “{name[:80]}” twice")
                files[name] = _unpacked(archive, entry, name, MOST_BYTES - total)
                total += len(files[name])
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError) as error:
        raise Unreadable(f"is a damaged ZIP archive ({type(error).__name__})") from None
    except NotImplementedError:
        raise Unreadable(
            "is packed in a way that is not read here; pack it as a plain ZIP"
        ) from None
    except (RuntimeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("is a ZIP archive with a password, or a damaged one") from None
    return files, left_out


def _refuse_endless(data: bytes) -> None:
    """Look at the list's size before anything is built from it; it is said at the end."""
    at = data.rfind(_END, max(0, len(data) - 66_000))
    if at < 0 or len(data) < at + 22:
        raise Unreadable("is a damaged ZIP archive: its list of files is missing")
    count, size, offset = struct.unpack("<HLL", data[at + 10 : at + 20])
    if 0xFFFF in (count,) or 0xFFFFFFFF in (size, offset):
        raise Unreadable(f"holds more than {MOST_FILES:,} files, or files of many gigabytes")
    if count > MOST_FILES or size > _DIRECTORY:
        raise Unreadable(f"holds more than {MOST_FILES:,} files")


def _path(entry: zipfile.ZipInfo) -> str | None:
    """The file's path; None for a folder. Raises Unreadable for one that leads outside."""
    name = entry.filename
    shown = name[:80].encode("utf-8", "replace").decode()
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        raise Unreadable(f"holds a file with an absolute path: “{shown}”")
    if ".." in parts:
        raise Unreadable(f"holds a file that leads outside: “{shown}”")
    if (entry.external_attr >> 16) & _KIND == _LINK:
        raise Unreadable(f"holds a link: “{shown}”")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name) or len(name) > 250:
        raise Unreadable(f"holds a file whose name is no name: “{shown!r}”")
    if entry.is_dir() or "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db"):
        return None
    return "/".join(part for part in parts if part not in ("", "."))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, room: int) -> bytes:
    """A file's bytes, counted while they come and not as the archive says."""
    most = min(MOST_ONE, room, 65536 + entry.compress_size * MOST_RATIO)
    parts: list[bytes] = []
    count = 0
    with archive.open(entry) as file:
        while part := file.read(65536):
            count += len(part)
            if count > most:
                raise Unreadable(f"unpacks to far more than it holds, at “{name[:80]}”")
            parts.append(part)
    return b"".join(parts)


def write(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files, the same bytes for the same files."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return whole.getvalue()

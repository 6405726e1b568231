"""Reading a file that a trainer sends, in a process of its own: its format, and what it holds."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from domain.exchange.aiken import read_aiken
from domain.exchange.gift import read_gift
from domain.exchange.moodle import read_moodle
from domain.exchange.qti import read_package, read_single
from domain.exchange.questions import PictureFile, Question, Reading, Refusal, Unreadable, to_json
from domain.exchange.tables import read_csv, read_rows
from domain.exchange.workbook import rows_of
from gateways import archives, pictures

MOST_BYTES = 12 * 1024 * 1024
MOST_PICTURES = 300
COURSE = (".md", ".yaml", ".svg", ".json", ".png", ".jpg", ".webp")
PACKAGE = (".xml", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
_AIKEN = re.compile(r"^\s{0,20}ANSWER\s{0,5}:", re.MULTILINE | re.IGNORECASE)
_CHOICE = re.compile(r"^\s{0,20}[A-Za-z]\s{0,5}[.)]", re.MULTILINE)
_OTHERS = (
    (b"%PDF", "is a PDF; save the questions as GIFT, Moodle XML, QTI, CSV or XLSX"),
    (b"\xd0\xcf\x11\xe0", "is an old Office file; save it as XLSX"),
    (b"\x1f\x8b", "is a gzip archive; pack it as ZIP"),
    (b"Rar!", "is a RAR archive; pack it as ZIP"),
    (b"7z\xbc\xaf", "is a 7z archive; pack it as ZIP"),
    (b"\x89PNG", "is a picture; pictures go into the library of pictures"),
    (b"\xff\xd8\xff", "is a picture; pictures go into the library of pictures"),
    (b"GIF8", "is a picture; pictures go into the library of pictures"),
)


def read(data: bytes, options: Mapping[str, Any]) -> dict[str, Any]:
    """{"reading": ...} for questions, {"course": {path: text}, ...} for a course.

    options: format, one of models' FORMATS or "" to find out. Raises Unreadable.
    """
    form = str(options.get("format") or "") or guess(data)
    if form in ("xlsx", "course") and not data.startswith(b"PK"):
        raise Unreadable("is no ZIP archive, which this format is")
    if form == "course":
        return _course(data)
    reading = _READERS[form](data)
    if not reading.questions and not reading.refusals:
        raise Unreadable("holds no question of this format")
    return {"reading": to_json(_with_small_pictures(reading))}


def guess(data: bytes) -> str:
    """The format, by what stands in the file and not by its name. Raises Unreadable."""
    if not data.strip():
        raise Unreadable("is empty")
    for mark, why in _OTHERS:
        if data.startswith(mark):
            raise Unreadable(why)
    if data.startswith(b"PK"):
        return _guess_archive(data)
    head = data[:8000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<") or data.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")):
        if b"questestinterop" in head:
            raise Unreadable("is QTI 1.2; save it as QTI 2.1, 2.2 or 3.0")
        if b"assessmentItem" in head or b"qti-assessment-item" in head:
            return "qti"
        return "moodle"
    text = decoded(data)
    first = text.partition("\n")[0].lower()
    if re.search(r"\bkind\b", first[:4000]) and re.search(r"\bquestion\b", first[:4000]):
        return "csv"
    if _AIKEN.search(text) and _CHOICE.search(text) and "{" not in text:
        return "aiken"
    return "gift"


def _guess_archive(data: bytes) -> str:
    files, _ = archives.read(data, (".xml", ".md", ".yaml"))
    names = set(files)
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.endswith((".md", ".yaml")) for name in names):
        return "course"
    if any(name.endswith(".xml") for name in names):
        return "qti"
    raise Unreadable("is an archive in which there is neither a QTI package, a sheet nor a course")


def decoded(data: bytes) -> str:
    """The text of a file; raises Unreadable for what is none."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"is not UTF-8 at line {line}; save it as UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable(f"holds a NUL character at line {line}: it is no text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _package(data: bytes) -> Reading:
    if not data.startswith(b"PK"):
        return read_single(data)
    files, left_out = archives.read(data, PACKAGE)
    reading = read_package(files)
    more = tuple(
        Refusal(name, "file", why)
        for name, why in left_out
        if not name.endswith((".xsd", ".dtd", ".css", ".txt", ".html"))
    )
    return replace(reading, refusals=(*reading.refusals, *more[:50]))


def _sheet(data: bytes) -> Reading:
    files, _ = archives.read(data, (".xml",))
    return read_rows("xlsx", rows_of(files))


_READERS: dict[str, Callable[[bytes], Reading]] = {
    "gift": lambda data: read_gift(decoded(data)),
    "aiken": lambda data: read_aiken(decoded(data)),
    "csv": lambda data: read_csv(decoded(data)),
    "moodle": read_moodle,
    "qti": _package,
    "xlsx": _sheet,
}


def _with_small_pictures(reading: Reading) -> Reading:
    """Every picture as we encode them; one that cannot be read is left out and named."""
    left = MOST_PICTURES
    questions = []
    for question in reading.questions:
        if question.pictures:
            question = _encoded(question, left)
            left -= len(question.pictures)
        questions.append(question)
    return replace(reading, questions=tuple(questions))


def _encoded(question: Question, left: int) -> Question:
    kept: list[PictureFile] = []
    stem, notes = question.stem, list(question.notes)
    for place, picture in enumerate(question.pictures):
        try:
            if place >= left:
                raise Unreadable(f"is one of more than {MOST_PICTURES} pictures in the file")
            encoded = pictures.encode(_bytes(picture.data))
        except Unreadable as refusal:
            notes.append(f"the picture “{picture.name}” {refusal}; it was left out")
            stem = re.sub(rf"!\[([^\]]*)\]\(media:{re.escape(picture.name)}\)", r"\1", stem)
            continue
        suffix = encoded.media_type.partition("/")[2]
        name = f"{picture.name.rpartition('.')[0][:60] or 'picture'}.{suffix}"
        stem = stem.replace(f"(media:{picture.name})", f"(media:{name})")
        kept.append(PictureFile(name, b64encode(encoded.data).decode()))
    return replace(question, stem=stem, notes=tuple(notes), pictures=tuple(kept))


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise Unreadable("is no sound base64") from None


def _course(data: bytes) -> dict[str, Any]:
    """The files of a course, as text; pictures as we encode them."""
    files, left_out = archives.read(data, COURSE)
    root = _root_of(files)
    texts: dict[str, str] = {}
    shown: dict[str, Any] = {}
    for path, content in files.items():
        if not path.startswith(root):
            left_out.append((path, "does not stand beside the others"))
            continue
        name = path.removeprefix(root)
        try:
            if name.startswith("media/") and not name.endswith(".json"):
                encoded = pictures.encode(content)
                shown[name] = {
                    "type": encoded.media_type,
                    "width": encoded.width,
                    "height": encoded.height,
                    "digest": encoded.digest,
                    "data": b64encode(encoded.data).decode(),
                }
            else:
                texts[name] = decoded(content)
        except Unreadable as refusal:
            left_out.append((name, str(refusal)))
    return {"course": texts, "pictures": shown, "left_out": left_out}


def _root_of(files: Mapping[str, bytes]) -> str:
    """The folder in the archive that holds `courses/` and `items/`; archives often have one."""
    for path in sorted(files, key=len):
        for start in ("courses/", "items/", "framework/", "glossary/", "forms/", "media/"):
            at = path.find(start)
            if at == 0 or (at > 0 and path[at - 1] == "/"):
                return path[:at]
    raise Unreadable("holds no folder “courses” or “items” of a course")


def picture(data: bytes, options: Mapping[str, Any]) -> dict[str, Any]:
    """One picture for the library; see gateways/pictures.py."""
    encoded = pictures.encode(data)
    return {
        "type": encoded.media_type,
        "width": encoded.width,
        "height": encoded.height,
        "digest": encoded.digest,
        "data": b64encode(encoded.data).decode(),
    }

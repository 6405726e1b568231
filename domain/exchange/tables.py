"""Items as rows of a spreadsheet: a column for each field, and `more` (JSON) for what has none.

So a sheet carries every field of every kind. Columns: id, kind, pool, competencies, subtopic,
cognitive, difficulty, seeds, lesson, source, review_by, question; then for n = 1, 2, ...
`answer n`, `mark n`, `goes with n`, `reason n`; then reason, unit, tolerance, decimals, more.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from domain.exchange.questions import Question, Reading, Refusal, Unreadable, number

CORE = (
    "id", "kind", "pool", "competencies", "subtopic", "cognitive", "difficulty", "seeds", "lesson",
    "source", "review_by", "question",
)  # fmt: skip
AFTER = ("reason", "unit", "tolerance", "decimals", "more")
MOST_ANSWERS = 14
MOST_ROWS = 5000
MOST_COLUMNS = 200
# Where a kind keeps its answers: (field, text, mark, goes with).
PLACES = {
    "single": ("options", "text", "key", ""),
    "multiple": ("options", "text", "key", ""),
    "ordering": ("steps", "text", "", ""),
    "matching": ("pairs", "left", "", "right"),
    "truefalse": ("reasons", "text", "key", ""),
    "sjt": ("actions", "text", "score", ""),
    "hotspot": ("areas", "label", "key", ""),
    "numeric": ("slips", "value", "", ""),
    "likert": ("statements", "text", "", "facet"),
}
# What a spreadsheet program takes for the beginning of a formula, or skips to find one; the wide
# signs are such in programs set to Chinese or Japanese.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_DELIMITERS = (",", ";", "\t")


def head(most: int) -> list[str]:
    """The columns of a sheet whose items have up to `most` answers."""
    names = ("answer", "mark", "goes with", "reason")
    return [
        *CORE,
        *(f"{name} {n}" for n in range(1, most + 1) for name in names),
        *AFTER,
    ]


def row_of(item: Mapping[str, Any], most: int) -> list[str]:
    """An item's fields (as its YAML has them) as the cells of `head(most)`."""
    rest = {name: value for name, value in item.items() if name not in CORE}
    cells = {name: _cell(item.get(name)) for name in CORE}
    weights = item.get("competencies") or {}
    cells["competencies"] = " ".join(f"{code}:{weight:g}" for code, weight in weights.items())
    cells["seeds"] = " ".join(item.get("seeds") or [])
    cells["question"] = str(item.get("stem", ""))
    rest.pop("stem", None)
    listed, text, mark, other = PLACES.get(str(item.get("kind")), ("", "", "", ""))
    answers = [dict(entry) for entry in rest.pop(listed, [])] if listed else []
    more: list[dict[str, Any]] = []
    for n, answer in enumerate(answers, start=1):
        cells[f"answer {n}"] = _cell(answer.pop(text, ""))
        cells[f"mark {n}"] = _cell(answer.pop(mark, "")) if mark else ""
        cells[f"goes with {n}"] = _cell(answer.pop(other, "")) if other else ""
        cells[f"reason {n}"] = _cell(answer.pop("why", ""))
        more.append(answer)
    if any(more):
        rest[listed] = more
    for name, field in (
        ("reason", "why"),
        ("unit", "unit"),
        ("tolerance", "tolerance"),
        ("decimals", "decimals"),
    ):
        cells[name] = _cell(rest.pop(field, ""))
    cells["more"] = json.dumps(rest, ensure_ascii=False, default=str) if rest else ""
    return [cells.get(name, "") for name in head(most)]


def _cell(value: object) -> str:
    if value is None or value == "":
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def answers_in(item: Mapping[str, Any]) -> int:
    """How many answer columns an item needs."""
    place = PLACES.get(str(item.get("kind")))
    return len(item.get(place[0]) or []) if place else 0


def shielded(text: str) -> str:
    """A cell for CSV: a leading quote of its own is doubled, as one is put before formulas."""
    return f"'{text}" if text.startswith("'") else text


def read_csv(text: str) -> Reading:
    """Items of a CSV file, with commas, semicolons or tabs. Raises Unreadable."""
    first = text.partition("\n")[0][:4000]
    delimiter = max(_DELIMITERS, key=first.count)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [_unshielded(cell) for cell in cells]))
            if len(rows) > MOST_ROWS + 1:
                raise Unreadable(f"has more than {MOST_ROWS:,} rows; divide it into several files")
    except csv.Error as error:
        raise Unreadable(f"is no sound CSV at line {reader.line_num}: {error}") from None
    return read_rows("csv", rows)


def _unshielded(cell: str) -> str:
    if cell.startswith("'") and cell[1:].startswith((*DANGEROUS, "'")):
        return cell[1:]
    return cell


def read_rows(form: str, rows: Sequence[tuple[int, list[str]]]) -> Reading:
    """Items of a sheet whose first row names the columns. Raises Unreadable."""
    if not rows:
        raise Unreadable("is empty")
    names = [" ".join(cell.lower().split()) for cell in rows[0][1]]
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"has more than {MOST_COLUMNS} columns")
    if "kind" not in names or "question" not in names:
        raise Unreadable("has no columns “kind” and “question” in its first row")
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    if repeated:
        raise Unreadable(f"names a column twice: {', '.join(repeated)[:80]}")
    known = set(head(MOST_ANSWERS))
    notes = [
        f"The column “{name[:40]}” is not known here and was left out."
        for name in names
        if name and name not in known
    ]
    questions: list[Question] = []
    refusals: list[Refusal] = []
    for number_, cells in rows[1:]:
        place = f"row {number_}"
        record = {n: c.strip() for n, c in zip(names, cells, strict=False) if n and c.strip()}
        try:
            questions.append(_question(record, place))
        except ValueError as error:
            refusals.append(Refusal(place, record.get("kind", "row")[:40], str(error)))
    return Reading(form, tuple(questions), tuple(refusals), tuple(notes[:20]))


def _question(record: Mapping[str, str], place: str) -> Question:
    kind = record.get("kind", "").lower()
    more = _more(record)
    if not kind or kind not in {*PLACES, "short", "table", "open"}:
        raise ValueError(f"“{kind[:40]}” is not a kind of question here")
    if not record.get("question"):
        raise ValueError("has no question text")
    given: dict[str, Any] = {}
    for name in CORE:
        if name in record and name not in ("question", "competencies", "seeds"):
            given[name] = record[name]
    given["kind"] = kind
    if "difficulty" in given:
        given["difficulty"] = _typed(given["difficulty"])
    if "competencies" in record:
        given["competencies"] = weights(record["competencies"])
    if "seeds" in record:
        given["seeds"] = record["seeds"].split()
    given["stem"] = record["question"]
    if kind in PLACES:
        listed = _answers(record, kind, more.pop(PLACES[kind][0], []))
        if listed:
            given[PLACES[kind][0]] = listed
    for name, field in (
        ("reason", "why"),
        ("unit", "unit"),
        ("tolerance", "tolerance"),
        ("decimals", "decimals"),
    ):
        if name in record:
            value = record[name]
            given[field] = value if field in ("why", "unit") else _typed(value)
    given |= more
    return Question(kind, place, record["question"], given=given)


def _more(record: Mapping[str, str]) -> dict[str, Any]:
    if not record.get("more"):
        return {}
    try:
        found = json.loads(record["more"], parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ValueError("the column “more” holds no sound JSON") from None
    if not isinstance(found, dict):
        raise ValueError("the column “more” must hold a JSON object")
    return found


def _refuse(word: str) -> None:
    raise ValueError(word)


def weights(text: str) -> dict[str, float]:
    """`C2:1 C3:0.5` as weights; a code alone weighs 1."""
    found: dict[str, float] = {}
    for part in text.replace(",", " ").split():
        code, _, weight = part.partition(":")
        plain = number(weight) if weight else "1"
        if not plain:
            raise ValueError(f"“{part[:20]}” is no competency with a weight, as in C2:0.5")
        found[code] = float(plain)
    return found


def _typed(text: str) -> Any:
    plain = number(text)
    if not plain:
        return text
    return float(plain) if "." in plain else int(plain)


def _answers(record: Mapping[str, str], kind: str, more: Any) -> list[dict[str, Any]]:
    _, text, mark, other = PLACES[kind]
    extra = more if isinstance(more, list) else []
    found: list[dict[str, Any]] = []
    for n in range(1, MOST_ANSWERS + 1):
        if f"answer {n}" not in record:
            continue
        entry: dict[str, Any] = {text: record[f"answer {n}"]}
        if kind == "numeric":
            entry[text] = _typed(entry[text])
        if mark == "key" and record.get(f"mark {n}", "").lower() in ("true", "1", "x", "yes"):
            entry["key"] = True
        if mark == "score":
            entry["score"] = _typed(record.get(f"mark {n}", "0"))
        if other and f"goes with {n}" in record:
            entry[other] = record[f"goes with {n}"]
        if f"reason {n}" in record:
            entry["why"] = record[f"reason {n}"]
        place = len(found)
        if place < len(extra) and isinstance(extra[place], dict):
            entry |= extra[place]
        found.append(entry)
    return found

"""What the item editor sends, either side of it: the form or the text. And where faults belong."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, request
from wtforms import Field, FieldList, FormField

from blueprints.authoring.item_forms import MOST_ROWS, ItemForm, RowList
from blueprints.authoring.item_forms_numbers import FORMS
from blueprints.authoring.item_words import plain
from blueprints.authoring.typing_forms import number
from domain.exchange.sheets import Sheet
from domain.library.documents import Problem
from domain.records import frozen
from services.authoring.item_editing import Typed
from services.authoring.item_sheets import Choices

_STEP = re.compile(r"([A-Za-z_]\w*|[A-Z]\d)|\[(\d+)\]")
# What a text says in one field, and a form in another.
_ELSEWHERE = {"from": "low", "to": "high", "circle": "x", "rect": "x", "points": "levels"}


@frozen
class Told:
    """A fault for people. at: the id of its field, "" where it has none in the form."""

    at: str
    label: str
    message: str


def typed_sheet() -> Sheet | None:
    """The filled-in form; None where the text itself was sent."""
    if request.form.get("view") != "form":
        return None
    form = FORMS.get(request.form.get("kind", ""))
    if form is None:
        abort(400)
    sheet: Sheet = form(request.form).data
    return sheet


def sent_text() -> str:
    """The text that was typed, or the one that the form was made from: the form writes into it."""
    return request.form.get("was" if request.form.get("view") == "form" else "source", "")


def typed(source: str) -> Typed:
    """A text with the state that the form was read at."""
    return Typed(source, number("base"), number("version"))


def moved(sheet: Sheet, wish: str) -> Sheet:
    """The form after “Add”, “Remove”, “Up” or “Down”: `options.up.2`, places from 0."""
    name, _dot, rest = wish.partition(".")
    verb, _dot, place = rest.partition(".")
    if not isinstance(sheet.get(name), list):
        return sheet  # such as "look again": only the form itself is drawn anew
    rows = list(sheet[name])
    at = int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else -1
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append({})
    elif 0 <= at < len(rows):
        to = {"up": at - 1, "down": at + 1}.get(verb, at)
        if verb == "remove":
            del rows[at]
        elif 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
    return sheet | {name: rows}


def form_of(sheet: Sheet, choices: Choices) -> ItemForm | None:
    """The form with its lists; None where it has no room for all rows of a text."""
    lists = [value for value in sheet.values() if isinstance(value, list)]
    if any(len(rows) > MOST_ROWS for rows in lists):
        return None
    if sheet["kind"] == "table":
        sheet = sheet | {"rows": [_with_cells(row, sheet) for row in sheet["rows"]]}
    form = FORMS[sheet["kind"]](formdata=None, data=sheet)
    unset = ("", "–")
    form.subtopic.offer([unset, *choices.subtopics])
    form.lesson.offer([unset, *choices.lessons])
    for row in form.competencies:
        row.form.code.offer([unset, *choices.competencies])
    if sheet["kind"] == "hotspot":
        form.figure.offer([unset, *choices.figures])
    return form


def _with_cells(row: Sheet, sheet: Sheet) -> Sheet:
    """A row with a cell below each heading; one too many stays while something is written in it."""
    headings = len([line for line in str(sheet["columns"] or "").splitlines() if line.strip()])
    cells = list(row.get("cells") or ())
    wanted = max(1, headings - 1)
    while len(cells) > wanted and not any(v for n, v in cells[-1].items() if n != "way"):
        cells.pop()
    cells += [{"way": "number"}] * (wanted - len(cells))
    return row | {"cells": cells[:MOST_ROWS]}


def tell(form: ItemForm | None, problems: Sequence[Problem]) -> list[Told]:
    """Write each fault beside its field; gives back all of them, for the top of the page."""
    told = []
    for problem in problems:
        control = _place(form, problem.field or "") if form is not None else None
        message = plain(problem.message)
        if control is None:
            where = f"{problem.field} " if problem.field else ""
            told.append(Told("", where.strip(), message))
            continue
        if isinstance(control, FormField):
            control.form.form_errors.append(message)
        else:
            control.errors = [*control.errors, message]
        told.append(Told(control.id, _label(form, control), message))
    return told


def _place(form: ItemForm | None, path: str) -> Any:
    """The deepest control on the way that a problem names; None where the form has none."""
    at: Any = form
    for name, place in _STEP.findall(path):
        inner = at.form if isinstance(at, FormField) else at
        if place and isinstance(inner, FieldList):
            found = inner.entries[int(place) - 1] if int(place) <= len(inner.entries) else None
        elif isinstance(inner, FieldList):
            found = next((row for row in inner if _is_named(row, name)), None)
        elif isinstance(inner, Field):
            found = None
        else:
            found = next((f for f in inner if f.short_name == _ELSEWHERE.get(name, name)), None)
        if found is None:
            break
        at = found
    if isinstance(at, FormField) and "weight" in at.form:
        at = at.form.weight  # a text says of a competency nothing but its weight
    return at if isinstance(at, Field) and at.type != "HiddenField" else None


def _is_named(row: Any, name: str) -> bool:
    """Competencies and parameters are rows in a form, and names in a text."""
    own = [row.form[word].data for word in ("code", "name") if word in row.form]
    return name in own


def _label(form: ItemForm | None, control: Any) -> str:
    """The words of a field, with the list and the number of its row."""
    for _name, rows in _lists(form):
        for place, row in enumerate(rows, start=1):
            if control is row or control.id.startswith(f"{row.id}-"):
                own = "" if control is row else f": {control.label.text}"
                return f"{rows.label.text}, {place}{own}"
    return str(control.label.text)


def _lists(form: ItemForm | None) -> Iterator[tuple[str, RowList]]:
    return form.places() if form is not None else iter(())

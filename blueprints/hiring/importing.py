"""Inviting many at once: bring a table, look at it, say yes."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Optional

from blueprints.hiring.blueprint import REFUSALS, bp, said
from blueprints.shared.forms import Form
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import LANGUAGES, NAMES, language
from blueprints.shared.requests import now
from blueprints.shared.uploads import takes_file
from blueprints.shared.words import said as worded
from services.errors import Conflict, Invalid
from services.hiring import importing
from services.hiring import positions as desk
from services.hiring.importing import MOST_ROWS
from services.hiring.invitations import DEFAULT_DAYS, MOST_DAYS
from services.session import reading, writing

MOST_BYTES = 7 * 1024 * 1024  # 5,000 rows come to 3 MB at most; longer tables are told their rows
TOO_LARGE = _l(
    "A table may have 5,000 rows, and 7 MB as a file or 1 MB pasted. Nothing of it was read."
)
NEEDED = InputRequired(_l("This cannot be empty."))


class TableForm(Form):
    """A table, and what counts for rows that say nothing."""

    table = FileField(_l("Table (CSV or XLSX)"), [Optional()])
    pasted = TextAreaField(_l("Or rows, pasted from a spreadsheet"), [Optional()])
    lang = RadioField(
        _l("Language where a row names none"),
        choices=[SelectChoice(code, NAMES[code]) for code in LANGUAGES],
    )
    expires = DateField(_l("Last day where a row names none"), [NEEDED])

    def content(self) -> bytes:
        """The bytes of the file, or else of what was pasted."""
        if self.table.data:
            with self.table.data.stream as file:  # a large one stands on the disk until closed
                return bytes(file.read())
        return (self.pasted.data or "").encode("utf-8", "replace")


def _said(error: Invalid) -> list[str]:
    """What is wrong with the file as a whole."""
    words = {
        "empty": _("The file holds no candidate."),
        "kind": _("This is an old Excel file. Save it as XLSX or CSV."),
        "encoding": _("The text of the file cannot be read. Save it as CSV UTF-8 or as XLSX."),
        "rows": _("The file has more than %(n)s rows. Split it.", n=MOST_ROWS),
        "broken": _("The file is damaged or no table. Save it again as CSV or XLSX."),
        "headers": _("The first row must name the columns: name, email, and if you like language, "
                     "expires (or 姓名, 邮箱, 语言, 截止日期)."),
    }  # fmt: skip
    fields = error.fields
    found = [words[fields["file"]]] if fields.get("file") in words else []
    if "unknown" in fields:
        found.append(_("Unknown columns: %(names)s", names=fields["unknown"]))
    if "missing" in fields:
        found.append(_("Missing columns: %(names)s", names=fields["missing"]))
    if "doubled" in fields:
        found.append(_("Columns that stand there twice: %(names)s", names=fields["doubled"]))
    return found


@bp.route("/positions/<int:position_id>/import", methods=["GET", "POST"])
@allow("recruiter", scope="position")
@takes_file(MOST_BYTES, TOO_LARGE)
def bring_table(position_id: int) -> ResponseReturnValue:
    """Bring a table of candidates; nobody is invited before it was looked at."""
    with reading() as session:
        standing = desk.standing(session, actor(), position_id)
    form = TableForm()
    if not form.is_submitted():
        form.lang.data = language()
        form.expires.data = now().date() + timedelta(days=DEFAULT_DAYS)
    elif form.validate():
        last = now().date() + timedelta(days=MOST_DAYS)
        try:
            if not now().date() < form.expires.data <= last:
                raise Invalid(fields={"expires": "must be a day in the time to come"})
            with writing() as session:
                import_id = importing.read(
                    session, actor(), position_id, form.content(), form.lang.data,
                    form.expires.data, now(),
                )  # fmt: skip
            return redirect(url_for(".table", import_id=import_id), 303)
        except Invalid as error:
            if "expires" in error.fields:
                form.expires.errors = [REFUSALS["expires"]]
            if "plan" in error.fields:
                form.form_errors.append(said(error))
            form.table.errors = [*form.table.errors, *_said(error)]
        except Conflict as error:
            form.form_errors.append(worded(error.message))
    page = render_template("hiring/import.html", form=form, standing=standing)
    return page, 422 if form.errors else 200


@bp.get("/imports/<int:import_id>")
@allow("recruiter", scope="table of candidates")
def table(import_id: int) -> ResponseReturnValue:
    """The table as it was read, with its faults; later how far inviting is."""
    with reading() as session:
        page = importing.page(session, actor(), import_id)
    return render_template("hiring/table.html", page=page, names=NAMES)


@bp.post("/imports/<int:import_id>")
@allow("recruiter", scope="table of candidates")
def invite_table(import_id: int) -> ResponseReturnValue:
    """Invite the sound rows of a table."""
    try:
        with writing() as session:
            importing.confirm(session, actor(), import_id, now())
    except Conflict as error:
        flash(worded(error.message), "care")
    except Invalid as error:
        flash(said(error), "care")
    return redirect(url_for(".table", import_id=import_id), 303)


@bp.post("/imports/<int:import_id>/drop")
@allow("recruiter", scope="table of candidates")
def drop_table(import_id: int) -> ResponseReturnValue:
    """Take a table away without inviting anybody."""
    with writing() as session:
        position_id = importing.drop(session, actor(), import_id, now())
    flash(_("The table was dropped. Nobody was invited."), "done")
    return redirect(url_for(".position", position_id=position_id), 303)

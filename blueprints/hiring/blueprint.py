"""The blueprint of recruiters and hiring managers, and what its routes share."""

from datetime import UTC, date, datetime, time

from flask import Blueprint, current_app, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from services.errors import Invalid

bp = Blueprint("hiring", __name__, url_prefix="/hiring")

# What a service refuses, said in the reader's language.
REFUSALS = {
    "name": _l("A name has 1 to 200 characters."),
    "email": _l("A mail address looks like name@company.example; it is needed to send a mail."),
    "lang": _l("Choose a language."),
    "expires": _l("Choose a day from tomorrow on, at most 90 days ahead."),
    "title": _l("A title has 1 to 200 characters."),
    "profile": _l("Choose operations, sales or own weights."),
    "weights": _l("The seven weights must add up to 100."),
    "form_key": _l("Choose a form."),
    "minutes": _l("The time is 5 to 300 minutes."),
    "retention_days": _l("Results are kept for 1 to 1095 days."),
    "state": _l("Choose open or closed."),
    "owner_id": _l("Choose a hiring manager."),
    "reviewer_ids": _l("Choose hiring managers."),
    "outcome": _l("Choose what you decided."),
    "reason_code": _l("Choose the main reason."),
    "reason": _l("Say why in your own words, in up to 4000 characters."),
    "note": _l("Write something, in up to 4000 characters."),
    "remark": _l("Write something, in up to 4000 characters."),
    "by_mail": _l("This candidate has no mail address: hand the link over instead."),
    "once": _l("Reload the page and send the form again."),
}


def refuse(form: FlaskForm, error: Invalid) -> None:
    """Show what a service refused beside the field that it is about, or above all fields."""
    for name, message in error.fields.items():
        words = REFUSALS.get(name, message)
        if name in form and form[name].type != "HiddenField":
            form[name].errors = [*form[name].errors, words]
        else:
            form.form_errors.append(words)


def said(error: Invalid) -> str:
    """What a service refused, in one sentence, for pages whose form is a button."""
    return " ".join(str(REFUSALS.get(name, text)) for name, text in error.fields.items())


def base_url() -> str:
    """Where this installation lives: links are built from the settings, never from a request."""
    return str(current_app.extensions["threshold.settings"].base_url)


def end_of(day: date | None) -> datetime:
    """The last second of a day, in UTC; a day that was not given is long past."""
    return datetime.combine(day or date(2000, 1, 1), time(23, 59, 59), UTC)


def page_number() -> int:
    """The page of a list that the address asks for, 1 where it says nothing that makes sense."""
    raw = request.args.get("page", "1")
    return int(raw) if raw.isdecimal() and len(raw) < 7 else 1

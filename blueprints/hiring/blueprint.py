"""The blueprint of recruiters and hiring managers, and what its routes share."""

from datetime import UTC, date, datetime, time

from flask import Blueprint, current_app
from flask_babel import lazy_gettext as _l

from blueprints.shared.forms import Form
from blueprints.shared.requests import asked_number
from services.errors import Invalid

LAST_PAGE = 10**6  # no list is longer
bp = Blueprint("hiring", __name__, url_prefix="/hiring")

# What a service refuses, said in the reader's language.
REFUSALS = {
    "name": _l("A name has 1 to 200 characters."),
    "email": _l("A mail address looks like name@company.example; it is needed to send a mail."),
    "lang": _l("Choose a language."),
    "expires": _l("Choose a day from tomorrow on, at most 90 days ahead."),
    "title": _l("A title has 1 to 200 characters."),
    "profile": _l("Choose operations, sales, mixed or own weights."),
    "weights": _l("The seven weights must add up to 100."),
    "form_key": _l("Choose a form."),
    "minutes": _l("The time is 5 to 300 minutes."),
    "retention_days": _l("Results are kept for 1 to 1095 days."),
    "state": _l("Choose draft, open, closed or archived."),
    "weight": _l("A weight is a whole number from 0 to 100."),
    "gate": _l("A gate is a level from 2 to 5."),
    "plan": _l(
        "An adaptive assessment needs 80 calibrated secure questions on each of its practices."
    ),
    "cut": _l("A cut score is 0 to 100 points."),
    "cut_method": _l("Say by which method the cut score was found."),
    "cut_set_on": _l("Say on which day the cut score was set, today at the latest."),
    "cut_judges": _l("Say how many people judged: 1 to 200."),
    "cut_words": _l("Say who set the cut score, in up to 2000 characters."),
    "analysis": _l("Say by whom the job was analysed, in up to 2000 characters."),
    "analysed_on": _l("Say on which day the job was analysed, today at the latest."),
    "study": _l("A study needs the analysis that it rests on; up to 2000 characters."),
    "before": _l("Give up to three different days from 1 to 60, such as 3, 1."),
    "silence": _l("Give up to three different days from 1 to 60, such as 5."),
    "consent": _l("A consent text has up to 6000 characters."),
    "mail": _l("A mail has the link in it, known placeholders only, and up to 4000 characters."),
    "percent": _l("Choose one of the percentages."),
    "words": _l("Choose extra time, or write up to 2000 characters."),
    "verdict": _l("Choose whether the answer counts."),
    "owner_id": _l("Choose a hiring manager."),
    "reviewer_ids": _l("Choose hiring managers."),
    "outcome": _l("Choose what you decided."),
    "reason_code": _l("Choose the main reason."),
    "reason": _l("Say why in your own words, in up to 4000 characters."),
    "reason_C": _l("Say why this practice weighs so much, in up to 500 characters."),
    "note": _l("Write something, in up to 4000 characters."),
    "remark": _l("Write something, in up to 4000 characters."),
    "by_mail": _l("This candidate has no mail address: hand the link over instead."),
    "chosen": _l("Tick candidates whom this step is for, at most 10,000 at a time."),
    "view_name": _l("A view needs a name of 1 to 80 characters; you may keep 20 for a position."),
    "subject": _l("A subject has 1 to 200 characters, on one line."),
    "body": _l("Write the letter, in up to 4000 characters."),
    "ratings": _l("Rate at least one question before you hand in."),
    "once": _l("Reload the page and send the form again."),
}


def refuse(form: Form, error: Invalid) -> None:
    """Show what a service refused beside the field that it is about, or above all fields."""
    for name, message in error.fields.items():
        words = worded(name, message)
        if name in form and form[name].type != "HiddenField":
            form[name].errors = [*form[name].errors, words]
        else:
            form.form_errors.append(words)


def said(error: Invalid) -> str:
    """What a service refused, in one sentence, for pages whose form is a button."""
    return " ".join(worded(name, text) for name, text in error.fields.items())


def worded(name: str, message: str) -> str:
    """The words about a field, or about its kind: weight_C1 is a weight, mail_en a mail.

    What follows a colon in the message is a detail that needs no translation: a name, numbers.
    """
    kind = "reason_C" if name.startswith("reason_C") else name.partition("_")[0]
    words = str(REFUSALS.get(name) or REFUSALS.get(kind) or message)
    detail = message.partition(": ")[2]
    return f"{words} ({detail})" if detail and words != message else words


def base_url() -> str:
    """Where this installation lives: links are built from the settings, never from a request."""
    return str(current_app.extensions["threshold.settings"].base_url)


def end_of(day: date | None) -> datetime:
    """The last second of a day, in UTC; a day that was not given is long past."""
    return datetime.combine(day or date(2000, 1, 1), time(23, 59, 59), UTC)


def page_number() -> int:
    """The page of a list that the address asks for, 1 where it says nothing that makes sense."""
    asked = asked_number("page") or 1
    return asked if asked <= LAST_PAGE else 1

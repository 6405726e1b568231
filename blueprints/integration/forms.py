"""The shape of what people send about keys and webhooks."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput

from blueprints.shared.forms import Form
from blueprints.shared.requests import whole_number
from services.errors import Invalid

SCOPES = {
    "positions:read": _l("read positions"),
    "applications:read": _l("read applications, with names and mail addresses"),
    "reports:read": _l("read reports"),
    "decisions:read": _l("read decisions"),
    "invitations:write": _l("invite candidates"),
}
EVENTS = {
    "application.invited": _l("somebody was invited"),
    "application.started": _l("an assessment was started"),
    "application.finished": _l("an assessment has ended"),
    "application.decided": _l("a decision was recorded"),
    "application.erased": _l("a candidate was erased"),
}
# What a delivery failed of, as gateways/http.py and services/integration/delivering.py name it.
FAULTS = {
    "unknown host": _l("the name is not known"),
    "not a public address": _l("the name leads to no public address"),
    "no connection": _l("nobody answers there"),
    "no trusted certificate": _l("its certificate is not trusted"),
    "no answer in time": _l("no answer within five seconds"),
    "answer too long": _l("the answer is longer than 1 MB"),
    "not HTTP": _l("the answer is not HTTP"),
    "the secret cannot be opened: make a new webhook": _l("the secret is lost: make a new webhook"),
}
REFUSALS = {
    "name": _l("A name has 1 to 80 characters."),
    "scopes": _l("Tick what the program may do; only recruiters make keys that reach candidates."),
    "days": _l("A key works for 1 to 366 days."),
    "position_id": _l("Choose a position of the list."),
    "url": _l("The address begins with https:// and leads to a public server, not into a network."),
    "events": _l("Tick at least one event."),
}


def _ticks(words: Any) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class KeyForm(Form):
    """A new key."""

    name = StringField(_l("What is it for?"))
    scopes = SelectMultipleField(
        _l("What may the program do?"), choices=_ticks(SCOPES), option_widget=CheckboxInput()
    )
    position_id = SelectField(
        _l("For which positions?"), coerce=whole_number, validate_choice=False
    )
    days = IntegerField(_l("For how many days?"), default=90)


class HookForm(Form):
    """A new webhook."""

    url = StringField(_l("Address"))
    events = SelectMultipleField(
        _l("What is it told?"), choices=_ticks(EVENTS), option_widget=CheckboxInput()
    )
    position_id = SelectField(
        _l("For which positions?"), coerce=whole_number, validate_choice=False
    )


def offer(form: KeyForm | HookForm, positions: Any) -> None:
    """Fill the list of positions."""
    every = [("", _l("all positions")), *positions]
    form.position_id.choices = [SelectChoice(value, label) for value, label in every]


def refuse(form: Form, error: Invalid) -> None:
    """Show what a service refused beside its field."""
    for name in error.fields:
        form[name].errors = [REFUSALS[name]]

"""Forms of actions on many candidates, of letters, of scorecards and of hiring: shape only."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from blueprints.hiring.forms import reasons
from blueprints.shared.forms import Form
from services.hiring.deciding import MOST
from services.hiring.invitations import DEFAULT_DAYS


class BulkForm(Form):
    """What an action on many needs. once: a form that is sent twice acts once."""

    once = HiddenField()
    reason_code = SelectField(_l("Main reason"))
    reason = TextAreaField(_l("Why, in your own words"), [Length(max=MOST)])
    expires = DateField(_l("The link can be used until"), [Optional()])

    def begin(self, today: date, once: str) -> None:
        """The values of an empty form."""
        self.once.data, self.expires.data = once, today + timedelta(days=DEFAULT_DAYS)

    def offer(self) -> None:
        """Fill in the choices."""
        empty = SelectChoice("", _("choose"))
        self.reason_code.choices = [empty, *(SelectChoice(*pair) for pair in reasons().items())]


class LetterForm(Form):
    """A letter about a decision. decision: the one it is about."""

    decision = HiddenField()
    subject = StringField(_l("Subject"), [Length(max=200)])
    body = TextAreaField(_l("Letter"), [Length(max=MOST)])


class HireForm(Form):
    email = StringField(_l("Mail address at which they join"), [Length(max=254)])

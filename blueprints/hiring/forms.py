"""The forms of hiring: shape only, what is allowed is asked in the services."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from blueprints.hiring.blueprint import end_of
from blueprints.shared.forms import Form
from blueprints.shared.locale import LANGUAGES, NAMES
from services.hiring.deciding import MOST, REASONS
from services.hiring.invitations import DEFAULT_DAYS, InvitationDraft

NEEDED = InputRequired(_l("This cannot be empty."))


def outcomes() -> dict[str, str]:
    """What can be decided, in the reader's language."""
    return {
        "advance": _("Invite to the next step"),
        "offer": _("Make an offer"),
        "hold": _("Keep in mind for later"),
        "reject": _("Do not go on"),
        "withdrawn": _("The candidate withdrew"),
        "hired": _("Hired"),
        "reopened": _("Decision taken back: open again"),
    }


def reasons() -> dict[str, str]:
    """Main reasons of a decision, in the reader's language."""
    words = {
        "fit": _("Fit to the role profile"),
        "gate": _("A gate of the role"),
        "evidence": _("Evidence beyond the assessment"),
        "interview": _("The interview"),
        "withdrew": _("The candidate's own wish"),
        "position_closed": _("The position is filled or closed"),
        "mistake": _("A mistake in an earlier entry"),
        "other": _("Another reason"),
    }
    return {code: words[code] for code in REASONS}


class InviteForm(Form):
    """An invitation. once: a form that is sent twice invites once."""

    once = HiddenField()
    name = StringField(_l("Name of the candidate"), [NEEDED, Length(max=200)])
    email = StringField(_l("Mail address"), [Optional(), Length(max=254)])
    way = RadioField(
        _l("How the link gets there"),
        choices=[
            SelectChoice("mail", _l("Send it by mail, and show it to me")),
            SelectChoice("link", _l("Only show it to me: I hand it over")),
        ],
        default="mail",
    )
    lang = RadioField(
        _l("Language of the mail"), choices=[SelectChoice(code, NAMES[code]) for code in LANGUAGES]
    )
    expires = DateField(_l("The link can be used until"), [NEEDED])

    def begin(self, today: date, once: str, lang: str) -> None:
        """The values of an empty form."""
        self.once.data, self.lang.data = once, lang
        self.expires.data = today + timedelta(days=DEFAULT_DAYS)

    def draft(self) -> InvitationDraft:
        """What was typed."""
        return InvitationDraft(
            name=self.name.data,
            email=self.email.data or "",
            by_mail=self.way.data == "mail",
            lang=self.lang.data or "",
            expires_at=end_of(self.expires.data),
            once=self.once.data or "",
        )


class DayForm(Form):
    """The day on which an invitation ends."""

    expires = DateField(_l("The link can be used until"), [NEEDED])
    way = SelectField(
        _l("New link"),
        choices=[
            SelectChoice("link", _l("show it to me")),
            SelectChoice("mail", _l("send it by mail too")),
        ],
        default="link",
    )


class NoteForm(Form):
    note = TextAreaField(_l("Your note"), [NEEDED, Length(max=MOST)])


class DecisionForm(Form):
    outcome = SelectField(_l("Decision"), [NEEDED])
    reason_code = SelectField(_l("Main reason"), [NEEDED])
    reason = TextAreaField(_l("Why, in your own words"), [NEEDED, Length(max=MOST)])

    def offer(self) -> None:
        """Fill in the choices."""
        empty = SelectChoice("", _("choose"))
        self.outcome.choices = [empty, *(SelectChoice(*pair) for pair in outcomes().items())]
        self.reason_code.choices = [empty, *(SelectChoice(*pair) for pair in reasons().items())]

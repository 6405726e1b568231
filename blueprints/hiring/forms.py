"""The forms of hiring: shape only, what is allowed is asked in the services."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from blueprints.hiring.blueprint import end_of
from blueprints.shared.locale import LANGUAGES, NAMES
from domain.hiring.profiles import GATE_LEVELS, GATED, SEVEN
from services.hiring.deciding import MOST, REASONS
from services.hiring.invitations import DEFAULT_DAYS, InvitationDraft
from services.hiring.positions import Desk, PositionDraft, Standing

NEEDED = InputRequired(_l("This cannot be empty."))
AS_PROFILE, NO_GATE = "", "0"


def outcomes() -> dict[str, str]:
    """What can be decided, in the reader's language."""
    return {
        "advance": _("Invite to the next step"),
        "offer": _("Make an offer"),
        "hold": _("Keep in mind for later"),
        "reject": _("Do not go on"),
        "withdrawn": _("The candidate withdrew"),
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
        "other": _("Another reason"),
    }
    return {code: words[code] for code in REASONS}


class PositionForm(FlaskForm):
    """A position. The weights and gates of each competency are added below the class."""

    version = HiddenField()
    title = StringField(_l("Title"), [NEEDED, Length(max=200, message=_l("At most 200."))])
    profile = RadioField(
        _l("Role profile"),
        choices=[
            SelectChoice("operations", _l("Operations")),
            SelectChoice("sales", _l("Sales")),
            SelectChoice("own", _l("Own weights")),
        ],
        default="sales",
        validators=[NEEDED],
    )
    form_key = SelectField(_l("Form of the assessment"), [NEEDED])
    minutes = IntegerField(_l("Time limit in minutes"), [NEEDED])
    retention_days = IntegerField(
        _l("Days that results are kept"), [NEEDED], default=180,
    )  # fmt: skip
    owner_id = SelectField(_l("Owner (hiring manager)"), [NEEDED])
    reviewer_ids = SelectMultipleField(_l("Reviewers"), option_widget=CheckboxInput())
    state = RadioField(
        _l("State"),
        choices=[
            SelectChoice("open", _l("Open")),
            SelectChoice("closed", _l("Closed: no new invitations")),
        ],
        default="open",
    )

    def offer(self, desk: Desk) -> None:
        """Fill in the choices and the names of the practices."""
        self.form_key.choices = [SelectChoice(form.key, form.title) for form in desk.forms]
        self.owner_id.choices = [SelectChoice(m.value, m.label) for m in desk.managers]
        self.reviewer_ids.choices = [SelectChoice(m.value, m.label) for m in desk.managers]
        for practice in desk.practices:
            self[f"weight_{practice.value}"].label.text = f"{practice.value} {practice.label}"
        for competency in desk.gated:
            gate = self[f"gate_{competency.value}"]
            gate.label.text = f"{competency.value} {competency.label}"
            gate.choices = [
                SelectChoice(AS_PROFILE, _("as the role profile")),
                SelectChoice(NO_GATE, _("no gate")),
                *(
                    SelectChoice(str(level), _("level %(level)s", level=level))
                    for level in GATE_LEVELS
                ),
            ]
        if self.minutes.data is None and not self.is_submitted() and desk.forms:
            self.minutes.data = desk.forms[0].minutes

    def show(self, standing: Standing) -> None:
        """Fill the form with a position as it stands."""
        position = standing.position
        self.version.data = str(position.version)
        self.title.data = position.title
        self.profile.data = position.profile
        self.form_key.data = position.form_key
        self.minutes.data = position.minutes
        self.retention_days.data = position.retention_days
        self.state.data = position.state
        self.owner_id.data = str(standing.owner.person_id) if standing.owner else ""
        self.reviewer_ids.data = [str(member.person_id) for member in standing.reviewers]
        for code in SEVEN:
            self[f"weight_{code}"].data = position.weights.get(code, 0)
        for code in GATED:
            # A gate that is not there was taken away, or the profile never had it: both are "0".
            self[f"gate_{code}"].data = str(position.gates.get(code, NO_GATE))

    def draft(self) -> PositionDraft:
        """What was typed."""
        gates = {code: self[f"gate_{code}"].data for code in GATED}
        return PositionDraft(
            title=self.title.data,
            profile=self.profile.data,
            weights={code: self[f"weight_{code}"].data or 0 for code in SEVEN},
            gates={code: int(level) for code, level in gates.items() if level},
            form_key=self.form_key.data,
            minutes=self.minutes.data,
            retention_days=self.retention_days.data,
            state=self.state.data,
            owner_id=int(self.owner_id.data),
            reviewer_ids=tuple(int(one) for one in self.reviewer_ids.data or ()),
        )

    @property
    def expected_version(self) -> int:
        """The version that the form was opened with; 0 for nonsense, which is never current."""
        raw = self.version.data or ""
        return int(raw) if raw.isdecimal() and len(raw) < 10 else 0


for _code in SEVEN:
    setattr(
        PositionForm,
        f"weight_{_code}",
        IntegerField(_code, [Optional(), NumberRange(0, 100, _l("A number from 0 to 100."))]),
    )
for _code in GATED:
    setattr(PositionForm, f"gate_{_code}", SelectField(_code, default=AS_PROFILE, choices=[]))


class InviteForm(FlaskForm):
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


class DayForm(FlaskForm):
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


class NoteForm(FlaskForm):
    note = TextAreaField(_l("Your note"), [NEEDED, Length(max=MOST)])


class DecisionForm(FlaskForm):
    outcome = SelectField(_l("Decision"), [NEEDED])
    reason_code = SelectField(_l("Main reason"), [NEEDED])
    reason = TextAreaField(_l("Why, in your own words"), [NEEDED, Length(max=MOST)])

    def offer(self) -> None:
        """Fill in the choices."""
        empty = SelectChoice("", _("choose"))
        self.outcome.choices = [empty, *(SelectChoice(*pair) for pair in outcomes().items())]
        self.reason_code.choices = [empty, *(SelectChoice(*pair) for pair in reasons().items())]

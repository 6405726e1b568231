"""The form of a position: shape only, what is allowed is asked in the services."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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

from blueprints.shared.forms import Form
from blueprints.shared.locale import LANGUAGES, NAMES
from domain.hiring.cut_scores import CutScore
from domain.hiring.profiles import GATE_LEVELS, GATED, SEVEN
from services.hiring.position_drafts import PositionDraft
from services.hiring.positions import Desk, Standing

NEEDED = InputRequired(_l("This cannot be empty."))
AS_PROFILE, NO_GATE = "", "0"
NOWHERE = -1  # stands for what was typed and is no number; no rule takes it
OWN_WORDS = ("consent", "subject", "mail")


class PositionForm(Form):
    """A position. The weights and gates of each competency are added below the class."""

    version = HiddenField()
    title = StringField(_l("Title"), [NEEDED, Length(max=200, message=_l("At most 200."))])
    profile = RadioField(
        _l("Role profile"),
        choices=[
            SelectChoice("operations", _l("Operations")),
            SelectChoice("sales", _l("Sales")),
            SelectChoice("mixed", _l("Mixed: the mean of both, with the stricter gates")),
            SelectChoice("own", _l("Own weights")),
        ],
        default="sales",
        validators=[NEEDED],
    )
    form_key = SelectField(_l("Form of the assessment"), [NEEDED])
    plan = RadioField(
        _l("How questions are chosen"),
        choices=[
            SelectChoice("form", _l("The same form for everybody")),
            SelectChoice("adaptive", _l("Adaptive: the next question depends on the answers")),
        ],
        default="form",
    )
    minutes = IntegerField(_l("Time limit in minutes"), [NEEDED])
    retention_days = IntegerField(
        _l("Days that results are kept"), [NEEDED], default=180,
    )  # fmt: skip
    owner_id = SelectField(_l("Owner (hiring manager)"), [NEEDED])
    reviewer_ids = SelectMultipleField(_l("Reviewers"), option_widget=CheckboxInput())
    state = RadioField(
        _l("State"),
        choices=[
            SelectChoice("draft", _l("Draft: nobody can be invited yet")),
            SelectChoice("open", _l("Open")),
            SelectChoice("closed", _l("Closed: no new invitations")),
            SelectChoice("archived", _l("Archived: closed, and out of the list")),
        ],
        default="open",
    )

    cut = IntegerField(_l("Cut score, in points"), [Optional()])
    cut_method = SelectField(_l("Method"), choices=[], default="")
    cut_set_on = DateField(_l("Set on"), [Optional()])
    cut_judges = IntegerField(_l("Number of judges"), [Optional()])
    cut_words = TextAreaField(_l("Who set it, and on what"), [Optional()])
    analysis = TextAreaField(_l("Who analysed the job, and how"), [Optional()])
    analysed_on = DateField(_l("Analysed on"), [Optional()])
    study = TextAreaField(_l("Local study, if there is one"), [Optional()])
    before = StringField(_l("Days before the last day"), [Optional(), Length(max=60)])
    silence = StringField(_l("Days after the invitation"), [Optional(), Length(max=60)])

    def offer(self, desk: Desk) -> None:
        """Fill in the choices and the names of the practices."""
        self.form_key.choices = [SelectChoice(form.key, form.title) for form in desk.forms]
        self.owner_id.choices = [SelectChoice(m.value, m.label) for m in desk.managers]
        self.cut_method.choices = [
            SelectChoice("", _("no cut score")),
            SelectChoice("angoff", _("Angoff")),
            SelectChoice("bookmark", _("Bookmark")),
            SelectChoice("borderline", _("Borderline group")),
            SelectChoice("contrasting", _("Contrasting groups")),
            SelectChoice("policy", _("Policy of the company")),
        ]
        self.reviewer_ids.choices = [SelectChoice(m.value, m.label) for m in desk.managers]
        for practice in desk.practices:
            self[f"weight_{practice.value}"].label.text = f"{practice.value} {practice.label}"
            self[f"reason_{practice.value}"].label.text = _("Why, %(code)s", code=practice.value)
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

        self._show_records(standing)

    def _show_records(self, standing: Standing) -> None:
        """Cut score, validation, reminders and own words."""
        position, words = standing.position, standing.words
        self.plan.data = position.plan
        self.cut.data, self.cut_judges.data = position.cut, position.cut_judges
        self.cut_method.data = position.cut_method or ""
        self.cut_set_on.data, self.analysed_on.data = position.cut_set_on, position.analysed_on
        self.cut_words.data = words.get(("cut", ""), "")
        self.analysis.data = words.get(("analysis", ""), "")
        self.study.data = words.get(("study", ""), "")
        for name in ("before", "silence"):
            self[name].data = ", ".join(str(day) for day in position.reminders.get(name, ()))
        for code in SEVEN:
            self[f"reason_{code}"].data = words.get(("weight", code), "")
        for kind in OWN_WORDS:
            for lang in LANGUAGES:
                self[f"{kind}_{lang}"].data = words.get((kind, lang), "")

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
            reasons={code: self[f"reason_{code}"].data or "" for code in SEVEN},
            plan=self.plan.data,
            cut=self._cut(),
            analysis=self.analysis.data or "",
            analysed_on=self.analysed_on.data,
            study=self.study.data or "",
            consents=self._own("consent"),
            subjects=self._own("subject"),
            mails=self._own("mail"),
            before=days(self.before.data or ""),
            silence=days(self.silence.data or ""),
        )

    def _cut(self) -> CutScore | None:
        """The cut as typed; what is half there comes out whole, so that its faults are named."""
        typed = (self.cut.data, self.cut_method.data, self.cut_words.data)
        if all(one in (None, "") for one in typed):
            return None
        points = NOWHERE if self.cut.data is None else self.cut.data
        return CutScore(
            points,
            self.cut_method.data or "",
            self.cut_set_on.data,
            self.cut_judges.data,
            self.cut_words.data or "",
        )

    def _own(self, kind: str) -> dict[str, str]:
        return {lang: self[f"{kind}_{lang}"].data or "" for lang in LANGUAGES}

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
    setattr(PositionForm, f"reason_{_code}", StringField(_code, [Optional(), Length(max=500)]))
for _code in GATED:
    setattr(PositionForm, f"gate_{_code}", SelectField(_code, default=AS_PROFILE, choices=[]))
for _lang in LANGUAGES:
    setattr(PositionForm, f"subject_{_lang}", StringField(NAMES[_lang], [Optional()]))
    for _kind in ("consent", "mail"):
        setattr(PositionForm, f"{_kind}_{_lang}", TextAreaField(NAMES[_lang], [Optional()]))


def days(typed: str) -> tuple[int, ...]:
    """Days as people write a few: "7, 3, 1". What is no number becomes one that is refused."""
    parts = typed.replace("，", " ").replace(",", " ").replace("、", " ").split()
    return tuple(int(one) if one.isdecimal() and len(one) < 5 else NOWHERE for one in parts)

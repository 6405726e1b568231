"""The shape of what an admin sends."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.shared.forms import Form
from services.errors import Invalid

# What a role is called, and what whoever has it may do.
ROLES = {
    "learner": (_l("Learner"), _l("studies, rates themself and takes the placement")),
    "trainer": (_l("Trainer"), _l("writes lessons and publishes them")),
    "recruiter": (_l("Recruiter"), _l("opens positions and invites candidates")),
    "manager": (_l("Hiring manager"), _l("reads results of own positions and decides")),
    "admin": (_l("Admin"), _l("manages people, settings and backups; sees no answers")),
}
NEEDED = InputRequired(_l("Please fill this in."))
REFUSALS = {
    "name": _l("A name has 1 to 200 characters."),
    "email": _l("This is not a mail address. It looks like name@company.example."),
    "roles": _l("Choose at least one role."),
}


def role_name(role: str) -> str:
    """What a role is called in the reader's language."""
    return str(ROLES[role][0]) if role in ROLES else role


def role_hint(role: str) -> str:
    """What whoever has the role does here."""
    return str(ROLES[role][1])


class RolesField(SelectMultipleField):
    """One tick box for each role."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, **kwargs: object) -> None:
        choices = [SelectChoice(role, name) for role, (name, _) in ROLES.items()]
        super().__init__(
            _l("Roles"),
            [InputRequired(REFUSALS["roles"])],
            choices=choices,
            validate_choice=True,
            **kwargs,
        )


class RolesForm(Form):
    roles = RolesField()


class AddForm(Form):
    name = StringField(_l("Name"), [NEEDED, Length(1, 200, REFUSALS["name"])])
    email = StringField(_l("Mail address"), [NEEDED, Length(3, 254, REFUSALS["email"])])
    roles = RolesField()


def refuse(form: Form, error: Invalid) -> None:
    """Show what a service refused beside the field that it is about."""
    for name, message in error.fields.items():
        form[name].errors = [*form[name].errors, REFUSALS.get(name, message)]

"""The shape of what people send about their account."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from blueprints.shared.forms import Form
from blueprints.shared.locale import LANGUAGES, NAMES
from services.accounts.passwords import LONGEST, SHORTEST, check_strength
from services.errors import Invalid

NEEDED = InputRequired(_l("Please fill this in."))
NAME_LENGTH = Length(1, 200, _l("A name has 1 to 200 characters."))


def length_hint(shortest: int = SHORTEST) -> str:
    """How long a new password has to be."""
    text: str = _l(
        "At least %(low)s characters, at most %(high)s. Four or five unrelated words are strong "
        "and easy to keep in mind.",
        low=shortest,
        high=LONGEST,
    )
    return text


# What a service refuses, said in the reader's language.
REFUSALS = {
    "name": _l("A name has 1 to 200 characters."),
    "email": _l("This is not a mail address. It looks like name@company.example."),
}


class StrongPassword:
    """Refuses what the service would refuse, before any check is counted."""

    def __call__(self, form: Form, field: PasswordField) -> None:
        shortest = getattr(form, "shortest", SHORTEST)
        try:
            check_strength(field.data or "", shortest)
        except Invalid:
            if shortest <= len(field.data or "") <= LONGEST:
                text = _l("Choose another one: anybody would try this among the first.")
            else:
                text = _l(
                    "A password has %(low)s to %(high)s characters; this one has %(count)s.",
                    low=shortest,
                    high=LONGEST,
                    count=len(field.data or ""),
                )
            raise ValidationError(text) from None


def new_password(label: str) -> PasswordField:
    """A field in which a new password is chosen."""
    return PasswordField(label, [NEEDED, StrongPassword()], description=length_hint())


def allow_from(form: Form, shortest: int) -> None:
    """Let the new password of a form be as short as this, and say so beside it."""
    form.shortest = shortest
    form.password.description = length_hint(shortest)


class SignInForm(Form):
    email = StringField(_l("Mail address"), [NEEDED])
    password = PasswordField(_l("Password"), [NEEDED])
    remember = BooleanField(_l("Keep me signed in on this device for 14 days"))
    next = HiddenField()


class FirstAdminForm(Form):
    name = StringField(_l("Your name"), [NEEDED, NAME_LENGTH])
    email = StringField(_l("Mail address"), [NEEDED])
    password = new_password(_l("Password"))


class NewPasswordForm(Form):
    """For a join link and for a reset link."""

    password = new_password(_l("New password"))


class ForgottenForm(Form):
    email = StringField(_l("Mail address"), [NEEDED])


class SettingsForm(Form):
    """An empty language or theme follows the device."""

    name = StringField(_l("Name"), [NEEDED, NAME_LENGTH])
    locale = RadioField(
        _l("Language"),
        choices=[
            SelectChoice("", _l("As the browser asks")),
            *(SelectChoice(code, NAMES[code]) for code in LANGUAGES),
        ],
    )
    theme = RadioField(
        _l("Light or dark"),
        choices=[
            SelectChoice("", _l("As the device is set")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
    )


class ChangePasswordForm(Form):
    current = PasswordField(_l("Current password"), [NEEDED])
    password = new_password(_l("New password"))


class CodeForm(Form):
    """A code of the app or, at sign-in, a recovery code."""

    code = StringField(_l("Code"), [NEEDED])


class TurnOffForm(Form):
    own_password = PasswordField(_l("Your password"), [NEEDED])
    code = StringField(_l("Code from your app, or a recovery code"), [NEEDED])


class ChangeEmailForm(Form):
    email = StringField(_l("New mail address"), [NEEDED])
    own_password = PasswordField(_l("Your password"), [NEEDED])


def refuse(form: Form, error: Invalid) -> None:
    """Show what a service refused beside the field that it is about."""
    for name, message in error.fields.items():
        refuse_field(form, name, REFUSALS.get(name, message))


def refuse_field(form: Form, name: str, message: str) -> None:
    """Show one more error beside a field."""
    form[name].errors = [*form[name].errors, message]

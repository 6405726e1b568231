"""Whether the person at the keyboard knows the password of the account that is signed in."""

from flask_babel import gettext as _

from blueprints.accounts import devices
from blueprints.accounts.forms import refuse_field
from blueprints.shared.forms import Form
from blueprints.shared.guards import actor
from blueprints.shared.requests import now
from services.accounts import signing_in
from services.session import writing


def is_owner(form: Form, field: str) -> bool:
    """Check the password in a field of a form; a wrong one is said beside it, and counted."""
    with writing() as db:
        check = signing_in.open_own_check(db, actor(), devices.source(), now())
    fits = check.fits(form[field].data)  # slow on purpose: no transaction waits for it
    with writing() as db:
        signing_in.close_own_check(db, check, fits, now())
    if not fits:
        refuse_field(form, field, _("This is not your password."))
    return fits

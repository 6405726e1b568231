"""The blueprint of the admin's pages, and what all of them show."""

from flask import Blueprint, current_app
from flask_babel import format_decimal
from flask_babel import gettext as _

from blueprints.admin.forms import ROLES, role_hint, role_name
from config import Settings

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.context_processor
def _common() -> dict[str, object]:
    """places: (endpoint, label) of each tab; then how roles and figures are written."""
    places = (
        ("admin.people", _("People")),
        ("admin.audit", _("Audit log")),
        ("admin.mail", _("Mail")),
        ("integration.keys", _("Interfaces")),
        ("admin.backups", _("Backups")),
        ("admin.system", _("System")),
    )
    words = {
        "role_name": role_name,
        "role_hint": role_hint,
        "all_roles": tuple(ROLES),
        "count": count,
    }
    return {"places": places, **words}


def count(figure: int) -> str:
    """A whole number as the reader writes it: 10,000."""
    return str(format_decimal(figure))


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["threshold.settings"]
    return found

"""The front door."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.shared.guards import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What Threshold is, for a visitor; Today, for a member."""
    return render_template("home/welcome.html")

"""The front door."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.shared.guards import actor, public
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.learning.today import today
from services.session import reading

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What Threshold is, for a visitor; Today, for a member."""
    who = actor()
    if who.person_id is None or who.has("candidate"):
        return render_template("home/welcome.html")
    if not who.has("learner"):
        return render_template("home/today.html", page=None)
    with reading() as session:
        page = today(session, who, language(), now())
    return render_template("home/today.html", page=page)

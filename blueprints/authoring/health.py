"""The health of the course: what asks for a trainer's hand, worst first."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.authoring.typing_forms import number
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.authoring import health as looking
from services.learning import unclear
from services.session import reading, writing


@bp.get("/health")
@allow("trainer")
def health() -> ResponseReturnValue:
    """Everything to mend, or one kind of it."""
    with reading() as session:
        page = looking.health_page(session, actor(), request.args.get("kind", ""), now())
    return render_template("authoring/health.html", page=page)


@bp.post("/health/resolve")
@allow("trainer")
def resolve_unclear() -> ResponseReturnValue:
    """The section is clear now."""
    document_id, section = number("document"), request.form.get("section", "")[:120]
    with writing() as session:
        count = unclear.resolve(session, actor(), document_id, section, now())
    if count:
        flash(_("Done: the section no longer stands in the list."), "done")
    else:
        flash(_("Nothing was open at this section."), "care")
    return redirect(url_for(".health"), 303)

"""What is the candidate's own: a copy of their data, erasing it, and lessons to go on with."""

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from blueprints.hiring.candidate import bp
from blueprints.hiring.data_words import LABELS, readable
from blueprints.shared.downloads import attached
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from blueprints.shared.sign_in import let_out
from services.admin import candidates, own_data
from services.errors import Gone
from services.hiring import lessons
from services.session import reading, writing


@bp.get("/candidate/data")
@allow("candidate", scope="own application")
@recent
def data() -> ResponseReturnValue:
    """Everything that is kept about the candidate, to read; the look is journaled."""
    with writing() as session:
        kept = own_data.own_data(session, actor(), now())
    return render_template("candidate/data.html", kept=readable(kept), labels=LABELS)


@bp.get("/candidate/data.json")
@allow("candidate", scope="own application")
@recent
def data_file() -> ResponseReturnValue:
    """The same as a file; journaled too."""
    with writing() as session:
        kept = own_data.own_data(session, actor(), now())
    body = json.dumps(kept, ensure_ascii=False, indent=2, default=str)
    return attached(Response(body, content_type="application/json"), "my-data.json")


@bp.get("/candidate/erase")
@allow("candidate", scope="own application")
def erase_asked() -> ResponseReturnValue:
    """What erasing means, and the button."""
    return render_template("candidate/erase.html")


@bp.post("/candidate/erase")
@allow("candidate", scope="own application")
@recent
def erase() -> ResponseReturnValue:
    """Erase the candidate; they are signed out at once, and the link opens nothing any more."""
    with writing() as session:
        candidates.erase_own(session, actor(), now())
    let_out()
    return render_template("candidate/erased.html", viewer=None)


@bp.get("/candidate/lessons/<module>/<name>")
@allow("candidate", scope="own application")
def lesson(module: str, name: str) -> ResponseReturnValue:
    """A lesson that the candidate's report names."""
    try:
        with reading() as session:
            position, frame = lessons.own_lesson(
                session, actor(), f"{module}/{name}", language(), now()
            )
    except Gone as error:
        return render_template("candidate/closed.html", why=error.message), 410
    return render_template("candidate/lesson.html", position=position, frame=frame, overdue=False)

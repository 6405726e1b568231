"""Statistics and parameters as files."""

from flask import Response
from flask.typing import ResponseReturnValue

from blueprints.authoring.routes import bp
from blueprints.shared.downloads import attached
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.requests import now
from services.measuring import exports
from services.session import writing

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/exports/<what>.<form>")
@allow("trainer")
@recent
def export(what: str, form: str) -> ResponseReturnValue:
    """Hand out a table; that it was taken stands in the journal."""
    moment = now()
    with writing() as session:
        sheet = exports.sheet(session, actor(), what, form, moment)
    name = f"threshold-{what}-{moment:%Y-%m-%d}.{form}"
    body = sheet.csv() if form == "csv" else sheet.xlsx()
    return attached(Response(body, content_type=TYPES[form]), name)

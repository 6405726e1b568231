"""Statistics and parameters as files."""

from flask import Response
from flask.typing import ResponseReturnValue

from blueprints.authoring.routes import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.measuring import exports
from services.session import writing

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/exports/<what>.<form>")
@allow("trainer")
def export(what: str, form: str) -> ResponseReturnValue:
    """Hand out a table; that it was taken stands in the journal."""
    moment = now()
    with writing() as session:
        sheet = exports.sheet(session, actor(), what, form, moment)
    name = f"threshold-{what}-{moment:%Y-%m-%d}.{form}"
    return Response(
        sheet.csv() if form == "csv" else sheet.xlsx(),
        content_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

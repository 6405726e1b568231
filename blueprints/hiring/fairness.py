"""The fairness pages: of one position and of the whole company; each view is journaled."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.hiring.blueprint import bp
from blueprints.shared.downloads import attached
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.requests import now
from domain.hiring.cut_chart import cut_chart
from services.errors import Conflict
from services.hiring import fairness, harder
from services.hiring.fairness import FairnessPage
from services.hiring.fairness_audit import audit_csv
from services.session import writing

QUESTIONS = {
    "gender": _l("Gender"),
    "age": _l("Age"),
    "language": _l("First language"),
}
ANSWERS = {
    ("gender", "woman"): _l("woman"),
    ("gender", "man"): _l("man"),
    ("gender", "other"): _l("another answer"),
    ("age", "under-30"): _l("under 30"),
    ("age", "30-to-39"): _l("30 to 39"),
    ("age", "40-to-49"): _l("40 to 49"),
    ("age", "50-and-over"): _l("50 and over"),
    ("language", "chinese"): _l("a Chinese language"),
    ("language", "english"): _l("English"),
    ("language", "other"): _l("another language"),
}


def asked() -> tuple[str, ...]:
    """What this installation asks candidates about themselves."""
    questions: tuple[str, ...] = current_app.extensions["threshold.settings"].voluntary_questions
    return questions


def _small_left_out() -> bool:
    return request.args.get("small") == "out"


@bp.get("/fairness")
@allow("recruiter")
def company_fairness() -> ResponseReturnValue:
    """The figures of all positions together."""
    with writing() as session:
        page = fairness.company_page(session, actor(), asked(), _small_left_out(), now())
    return _page(page)


@bp.get("/positions/<int:position_id>/fairness")
@allow("recruiter", "manager", scope="position")
def position_fairness(position_id: int) -> ResponseReturnValue:
    """The figures of one position, with what other cut scores would do."""
    with writing() as session:
        page = fairness.position_page(session, actor(), position_id, *_wanted(), now())
    return _page(page)


@bp.get("/fairness/audit.csv")
@allow("recruiter")
@recent
def company_audit() -> ResponseReturnValue:
    """What the company's page shows, as a table."""
    with writing() as session:
        page = fairness.company_page(session, actor(), asked(), _small_left_out(), now())
        lines = audit_csv(session, actor(), page, now())
    return _file(lines, "fairness.csv")


@bp.get("/positions/<int:position_id>/fairness/audit.csv")
@allow("recruiter", "manager", scope="position")
@recent
def position_audit(position_id: int) -> ResponseReturnValue:
    """What the position's page shows, as a table."""
    with writing() as session:
        page = fairness.position_page(session, actor(), position_id, *_wanted(), now())
        lines = audit_csv(session, actor(), page, now())
    return _file(lines, f"fairness-{position_id}.csv")


@bp.post("/fairness/questions")
@allow("recruiter")
def look_at_questions() -> ResponseReturnValue:
    """Ask for a look at whether questions are harder for one group than for equals in another."""
    try:
        with writing() as session:
            harder.ask(session, actor(), now())
        flash(_("The questions are being looked at. It takes some minutes."), "info")
    except Conflict:
        flash(_("The questions are being looked at already."), "info")
    return redirect(url_for(".company_fairness", _anchor="questions"), 303)


def _wanted() -> tuple[tuple[str, ...], str, bool]:
    """What is asked here, by which question the what-if is split, and whether small groups go."""
    return asked(), request.args.get("by", ""), _small_left_out()


def _page(page: FairnessPage) -> str:
    return render_template(
        "hiring/fairness.html",
        page=page,
        chart=cut_chart(page.cuts),
        questions=QUESTIONS,
        answers=ANSWERS,
    )


def _file(lines: list[str], name: str) -> Response:
    return attached(Response(lines, mimetype="text/csv"), name)

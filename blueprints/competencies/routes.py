"""The profile: estimates, evidence, self-rating. Everybody sees their own, and nothing else."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.assessment import results, reviews
from services.competencies import profile as profiles
from services.competencies import self_rating as ratings
from services.errors import Invalid, NotFound
from services.session import reading, writing

bp = Blueprint("competencies", __name__, url_prefix="/profile")


@bp.get("/")
@allow("learner", "trainer")
def profile() -> ResponseReturnValue:
    """Everything measured so far."""
    with reading() as session:
        page = profiles.profile_page(session, actor(), language(), now())
    return render_template("competencies/profile.html", page=page)


@bp.get("/evidence/<code>")
@allow("learner", "trainer")
def evidence(code: str) -> ResponseReturnValue:
    """The lines behind one number: of the whole profile, or with `?attempt=` of one attempt."""
    attempt_id = _positive("attempt")
    page_number = _positive("page") or 1
    with reading() as session:
        who = actor()
        part = results.evidence_slice(session, who, attempt_id) if attempt_id else None
        page = profiles.evidence_page(
            session, who, code, language(), now(), page=page_number, part=part
        )
        sources = results.sources(session, who, [row.line for row in page.rows], language())
    return render_template(
        "competencies/evidence.html", page=page, sources=sources, attempt_id=attempt_id
    )


@bp.get("/answers/<int:attempt_id>")
@allow("learner", "trainer", scope="own attempt")
def answers(attempt_id: int) -> ResponseReturnValue:
    """Every question of an ended attempt with the own answer, the right one and the reasons."""
    with reading() as session:
        page = reviews.answers_page(session, actor(), attempt_id, language())
    return render_template("assessment/answers.html", page=page)


@bp.get("/self-rating")
@allow("learner", "trainer")
def self_rating() -> ResponseReturnValue:
    """Seven ladders of five sentences."""
    with reading() as session:
        page = ratings.rating_page(session, actor(), language())
    return render_template("competencies/self_rating.html", page=page)


@bp.post("/self-rating")
@allow("learner", "trainer")
def save_self_rating() -> ResponseReturnValue:
    """Keep what the person says of themself."""
    sent = {name: value for name, value in request.form.items() if name != "csrf_token"}
    try:
        with writing() as session:
            changed = ratings.rate(session, actor(), sent, now())
    except Invalid as refused:
        with reading() as session:
            page = ratings.rating_page(session, actor(), language(), sent, refused.fields)
        refusal = {"page": page, "nothing_sent": not sent, "refused": True}
        return render_template("competencies/self_rating.html", **refusal), 422
    flash(_("Your self-rating is saved.") if changed else _("Nothing has changed."), "done")
    return redirect(url_for(".profile"))


def _positive(name: str) -> int | None:
    """A whole number above 0 from the address; raises NotFound for anything else."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and int(text[:20]) > 0):
        raise NotFound
    return int(text[:20])

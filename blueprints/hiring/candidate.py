"""The candidate's own pages: the link, consent, a practice question, the start, the report."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from blueprints.hiring.blueprint import said
from blueprints.shared.guards import actor, allow, public
from blueprints.shared.locale import LANGUAGES, language
from blueprints.shared.requests import now
from blueprints.shared.sign_in import let_in, let_out
from domain.hiring.applications import Stage
from services.accounts import settings
from services.accounts.people import Viewer
from services.actor import Actor
from services.errors import Conflict, Gone, Invalid
from services.hiring import accommodating, deciding, entering, lessons, reports, trying
from services.hiring.entering import Offer
from services.session import reading, writing

bp = Blueprint("candidate", __name__)


def _closed(error: Gone) -> ResponseReturnValue:
    """A genuine link that starts nothing any more: say why, and how to get a new one."""
    return render_template("candidate/closed.html", why=error.message), 410


def _offered(offer: Offer, status: int = 200, fault: str = "") -> ResponseReturnValue:
    page = "candidate/return.html" if offer.consented else "candidate/invite.html"
    return render_template(page, offer=offer, fault=fault), status


def _speak(offer: Offer) -> None:
    """Take the invitation's language where the visitor has not chosen one at the switch."""
    if offer.lang in LANGUAGES and "language" not in session:
        g.language = offer.lang
        refresh()


def _speaking(viewer: Viewer) -> Viewer:
    """The candidate with the language that they chose at the switch before they came in."""
    chosen = session.get("language")
    if chosen not in LANGUAGES or chosen == viewer.locale:
        return viewer
    with writing() as db:
        who = Actor(viewer.id, viewer.subject, viewer.roles)
        settings.choose_language(db, who, chosen)
    return replace(viewer, locale=chosen)


def _is(person_id: int) -> bool:
    return bool(current_user.is_authenticated and current_user.viewer.id == person_id)


def _address() -> str:
    return request.remote_addr or ""


@bp.get("/invite/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """What the link opens: the offer, or the way back in. Changes nothing."""
    try:
        with reading() as db:
            offer = entering.offer(db, token, now())
    except Gone as error:
        return _closed(error)
    if _is(offer.person_id):
        return redirect(url_for(".home"))
    _speak(offer)
    return _offered(offer)


@bp.post("/invite/<token>")
@public
def consent(token: str) -> ResponseReturnValue:
    """Keep the candidate's consent, sign them in and show the return code, this once."""
    version, agreed = request.form.get("version", ""), request.form.get("agree") == "yes"
    try:
        if not (agreed and version.isdecimal() and len(version) < 10):
            with reading() as db:
                offer = entering.offer(db, token, now())
            _speak(offer)
            fault = _("Tick the box to go on. Without your consent nothing is recorded.")
            return _offered(offer, 422, fault)
        with writing() as db:
            once = request.form.get("once", "")
            done = entering.consent(db, token, int(version), once, now())
    except Gone as error:
        return _closed(error)
    except Conflict as error:
        if not isinstance(error.current, Offer) or error.current.consented:
            return redirect(url_for(".invitation", token=token), 303)
        _speak(error.current)
        fault = _("What candidates are told has changed since you opened this page. Read it again.")
        return _offered(error.current, 409, fault)
    let_in(_speaking(done.viewer))
    return render_template("candidate/code.html", code=done.code, has_mail=done.has_mail)


@bp.post("/invite/<token>/return")
@public
def come_back(token: str) -> ResponseReturnValue:
    """Let a candidate in on another device, by link and code."""
    try:
        with writing() as db:
            viewer = entering.come_back(db, token, request.form.get("code", ""), _address(), now())
        if viewer is None:
            with reading() as db:
                offer = entering.offer(db, token, now())
            _speak(offer)
            fault = _("This code does not belong to this link. Check it letter by letter.")
            return _offered(offer, 422, fault)
    except Gone as error:
        return _closed(error)
    let_in(_speaking(viewer))
    return redirect(url_for(".home"), 303)


@bp.post("/invite/<token>/code")
@public
def ask_code(token: str) -> ResponseReturnValue:
    """Ask for a new return code by mail; the answer is always the same."""
    try:
        with writing() as db:
            entering.ask_code(db, token, _address(), now())
    except Gone as error:
        return _closed(error)
    flash(_asked(), "info")
    return redirect(url_for(".invitation", token=token), 303)


def _asked() -> str:
    return str(
        _(
            "If we know a mail address for this invitation, a new code is on its way there. "
            "The old code works until the mail is sent."
        )
    )


@bp.get("/candidate/")
@allow("candidate", scope="own application")
def home() -> ResponseReturnValue:
    """The candidate's page: what comes next, and after the end their report."""
    try:
        with reading() as db:
            page = reports.own_page(db, actor(), language(), now())
            wish = accommodating.wish_of(db, page.offer.application_id)
            helpful = lessons.readings(db, page.next_steps, language())
    except Gone as error:
        return _closed(error)
    name = "report" if page.result else "waiting" if page.stage is Stage.FINISHED else "home"
    return render_template(f"candidate/{name}.html", page=page, wish=wish, readings=helpful)


@bp.post("/candidate/code")
@allow("candidate", scope="own application")
def mail_code() -> ResponseReturnValue:
    """Mail a new code to a candidate who is signed in."""
    with writing() as db:
        entering.ask_own_code(db, actor(), _address(), now())
    flash(_asked(), "info")
    return redirect(url_for(".home"), 303)


@bp.route("/candidate/practice", methods=["GET", "POST"])
@allow("candidate", scope="own application")
def practice() -> ResponseReturnValue:
    """One practice question with its reasons; nothing of it is kept."""
    letter = request.form.get("choice") if request.method == "POST" else None
    with reading() as db:
        page = trying.try_page(db, letter)
    missing = request.method == "POST" and not page.answered
    return render_template("candidate/practice.html", page=page, missing=missing)


@bp.post("/candidate/start")
@allow("candidate", scope="own application")
def start() -> ResponseReturnValue:
    """Start the clock, or go on, and open the questions on this device."""
    without = request.form.get("without") == "yes"
    try:
        with writing() as db:
            attempt_id = entering.start(db, actor(), now(), without)
    except Gone as error:
        return _closed(error)
    except Conflict as error:
        if error.message != "waiting":
            raise
        flash(_("Your wish has no answer yet. Wait for it, or choose to begin without."), "care")
        return redirect(url_for(".home"), 303)
    # 307 repeats the POST at the opening, which gives this device the next lease.
    return redirect(url_for("assessment.open", attempt_id=attempt_id), 307)


@bp.post("/candidate/remark")
@allow("candidate", scope="own application")
def remark() -> ResponseReturnValue:
    """Say something about the own result: the readers of the position see it."""
    try:
        with writing() as db:
            deciding.write_remark(db, actor(), request.form.get("remark", ""), now())
        flash(_("Your remark is with the people who read your result."), "done")
    except Invalid as error:
        flash(said(error), "signal")
    return redirect(url_for(".home", _anchor="remark"), 303)


@bp.post("/candidate/sign-out")
@allow("candidate")
def sign_out() -> ResponseReturnValue:
    """End the session on this device."""
    let_out()
    return render_template("candidate/bye.html", viewer=None)

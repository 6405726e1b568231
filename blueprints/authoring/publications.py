"""From a draft to what readers see: review, publishing now or later, restoring, history."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.authoring.typing_forms import LESSON, again, both_texts, number, refusal, typed
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.authoring import (
    drafts,
    history,
    pages,
    previewing,
    publishing,
    reviewing,
    scheduling,
)
from services.authoring.access import path_of
from services.authoring.publishing import Outcome, Unsound
from services.errors import Conflict, Forbidden, Invalid
from services.session import reading, writing


@bp.post(f"{LESSON}/publish")
@allow("trainer")
def publish(module: str, name: str) -> ResponseReturnValue:
    """Make the text the one that readers see."""
    form, path = typed(module, name), path_of(module, name)
    with reading() as session:  # checked before the writers' queue: it may take two seconds
        checked = previewing.check(session, actor(), path, form.source)
    reason, asks = request.form.get("reason", ""), request.form.get("asks", "nothing")
    try:
        with writing() as session:
            outcome = publishing.publish(session, actor(), path, form, checked, reason, now(), asks)
    except Conflict as conflict:
        return both_texts(conflict)
    except Unsound:
        return again(module, name, form)
    except Invalid as error:
        return again(module, name, form, 422, refusal(error))
    _tell(outcome)
    return redirect(url_for(".edit", module=module, name=name))


def _tell(outcome: Outcome) -> None:
    if outcome.first:
        flash(_("The lesson is published and stands last in its module."), "done")
    elif outcome.new:
        flash(_("Revision %(n)s is published: readers see it now.", n=outcome.number), "done")
    else:
        flash(_("This text is revision %(n)s, which readers see already.", n=outcome.number))


@bp.post(f"{LESSON}/schedule")
@allow("trainer")
def schedule(module: str, name: str) -> ResponseReturnValue:
    """Save the text, and publish it at a time."""
    form, path = typed(module, name), path_of(module, name)
    with reading() as session:
        checked = previewing.check(session, actor(), path, form.source)
    reason, asks = request.form.get("reason", ""), request.form.get("asks", "nothing")
    try:
        with writing() as session:
            version = drafts.save_draft(session, actor(), path, form, now())
            scheduling.schedule(
                session, actor(), path, version, checked, _due(), asks, reason, now()
            )
    except Conflict as conflict:
        if conflict.current is None:
            said = _(
                "Somebody published a newer text. Save yours and look at the difference first."
            )
            return again(module, name, form, 409, said)
        return both_texts(conflict)
    except Unsound:
        return again(module, name, form)
    except Invalid as error:
        return again(module, name, form, 422, refusal(error))
    flash(_("The text is saved and will be published at the time that you chose."), "done")
    return redirect(url_for(".edit", module=module, name=name))


def _due() -> datetime:
    """Day and time of the form, in UTC as the page says."""
    day, time = request.form.get("due_day", ""), request.form.get("due_time", "") or "00:00"
    try:
        return datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(fields={"due_at": "must be a day and a time"}) from None


@bp.post(f"{LESSON}/unschedule")
@allow("trainer")
def unschedule(module: str, name: str) -> ResponseReturnValue:
    """Give the plan up."""
    with writing() as session:
        scheduling.cancel(session, actor(), path_of(module, name), now())
    flash(_("The plan is given up. The draft stays."), "done")
    return redirect(url_for(".edit", module=module, name=name))


@bp.post(f"{LESSON}/review")
@allow("trainer")
def ask_review(module: str, name: str) -> ResponseReturnValue:
    """Save the text, and ask the others to read it."""
    form, path = typed(module, name), path_of(module, name)
    try:
        with writing() as session:
            version = drafts.save_draft(session, actor(), path, form, now())
            reviewing.ask(session, actor(), path, version, now())
    except Conflict as conflict:
        return both_texts(conflict)
    except Invalid as error:
        return again(module, name, form, None, refusal(error))
    flash(_("The other trainers see now that this text waits for a review."), "done")
    return redirect(url_for(".edit", module=module, name=name))


@bp.post(f"{LESSON}/verdict")
@allow("trainer")
def decide_review(module: str, name: str) -> ResponseReturnValue:
    """Approve the draft, or give it back."""
    verdict, note = request.form.get("verdict", ""), request.form.get("note", "")
    path = path_of(module, name)
    try:
        with writing() as session:
            reviewing.decide(session, actor(), path, number("version"), verdict, note, now())
    except Conflict:
        flash(_("The text was changed or decided since you opened the page. Look again."), "care")
    except Forbidden:
        flash(_("Nobody approves what they wrote themselves."), "care")
    except Invalid:
        flash(_("Say in a sentence what should change, up to 1,000 characters."), "care")
    else:
        flash(_("Your decision is kept, and the writer sees it."), "done")
    return redirect(url_for(".edit", module=module, name=name))


@bp.get(f"{LESSON}/history", endpoint="history")
@allow("trainer")
def lesson_history(module: str, name: str) -> ResponseReturnValue:
    """All revisions, and two of them compared."""
    old, new, view = (request.args.get(word) for word in ("old", "new", "view"))
    with reading() as session:
        page = history.history_page(session, actor(), path_of(module, name), old, new, view)
    return render_template("authoring/history.html", page=page)


@bp.post(f"{LESSON}/restore")
@allow("trainer")
def restore(module: str, name: str) -> ResponseReturnValue:
    """Publish an older text once more, as a new revision."""
    path, revision, base = path_of(module, name), number("revision"), number("base")
    with reading() as session:
        text = pages.text_of_revision(session, actor(), path, revision)
        checked = previewing.check(session, actor(), path, text)
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            outcome = publishing.restore(session, actor(), path, base, checked, reason, now())
    except Conflict as conflict:
        return both_texts(conflict)
    except Unsound:
        flash(_("This old text has faults by today's rules. Open it in the editor."), "care")
        return redirect(url_for(".edit", module=module, name=name, revision=revision))
    except Invalid as error:
        flash(refusal(error), "care")
        return redirect(url_for(".history", module=module, name=name))
    _tell(outcome)
    return redirect(url_for(".history", module=module, name=name))


@bp.post("/approval")
@allow("admin")
def set_approval() -> ResponseReturnValue:
    """Switch on or off that a text needs a second trainer's approval."""
    with writing() as session:
        reviewing.set_approval(session, actor(), request.form.get("needed") == "yes", now())
    flash(_("The rule for publishing is changed."), "done")
    return redirect(url_for(".approval"))


@bp.get("/approval")
@allow("admin", "trainer")
def approval() -> ResponseReturnValue:
    """Whether lessons need a second trainer's approval."""
    with reading() as session:
        needed = reviewing.approval_needed(session)
    return render_template("authoring/approval.html", needed=needed)

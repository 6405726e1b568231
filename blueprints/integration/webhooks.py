"""Pages about webhooks: make one, see its secret once, its deliveries, switch it, send again."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.integration.blueprint import bp
from blueprints.integration.forms import EVENTS, FAULTS, HookForm, offer, refuse
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.requests import now
from services.errors import Invalid
from services.integration import keys, webhooks
from services.integration.webhooks import HookDraft
from services.session import reading, writing


@bp.get("/integration/webhooks")
@allow("recruiter")
def hooks() -> ResponseReturnValue:
    """The webhooks that there are."""
    return _page(HookForm()), 200


@bp.post("/integration/webhooks")
@allow("recruiter")
@recent
def make_hook() -> ResponseReturnValue:
    """Make a webhook and show its secret, this once."""
    form = HookForm()
    draft = HookDraft(
        (form.url.data or "").strip(), tuple(form.events.data or ()), form.position_id.data
    )
    try:
        with writing() as session:
            made = webhooks.make(session, actor(), draft, now())
    except Invalid as error:
        refuse(form, error)
        return _page(form), 422
    return render_template("integration/hook_made.html", made=made)


@bp.get("/integration/webhooks/<int:hook_id>")
@allow("recruiter", scope="webhook")
def hook(hook_id: int) -> ResponseReturnValue:
    """What became of its newest events."""
    with reading() as session:
        deliveries = webhooks.deliveries(session, actor(), hook_id)
        (line,) = (one for one in webhooks.lines(session, actor()) if one.id == hook_id)
    return render_template(
        "integration/hook.html", hook=line, deliveries=deliveries, events=EVENTS, faults=FAULTS
    )


@bp.post("/integration/webhooks/<int:hook_id>/off")
@allow("recruiter", scope="webhook")
def hook_off(hook_id: int) -> ResponseReturnValue:
    """Switch it off."""
    with writing() as session:
        webhooks.switch(session, actor(), hook_id, False, now())
    flash(_("The webhook is off. Nothing is sent."), "done")
    return redirect(url_for(".hook", hook_id=hook_id), 303)


@bp.post("/integration/webhooks/<int:hook_id>/on")
@allow("recruiter", scope="webhook")
def hook_on(hook_id: int) -> ResponseReturnValue:
    """Switch it on again; what waits is sent first."""
    with writing() as session:
        webhooks.switch(session, actor(), hook_id, True, now())
    flash(_("The webhook is on. What waited is sent first."), "done")
    return redirect(url_for(".hook", hook_id=hook_id), 303)


@bp.post("/integration/webhooks/<int:hook_id>/deliveries/<int:delivery_id>/replay")
@allow("recruiter", scope="webhook")
def replay(hook_id: int, delivery_id: int) -> ResponseReturnValue:
    """Send an event once more."""
    with writing() as session:
        webhooks.replay(session, actor(), hook_id, delivery_id, now())
    flash(_("The event is sent again within a minute, under its old number."), "done")
    return redirect(url_for(".hook", hook_id=hook_id), 303)


def _page(form: HookForm) -> str:
    with reading() as session:
        lines = webhooks.lines(session, actor())
        offer(form, keys.choices(session, actor()))
    return render_template("integration/hooks.html", form=form, lines=lines, events=EVENTS)

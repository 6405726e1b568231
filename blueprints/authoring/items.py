"""The editor of an item: its form and its text, both previews, publishing, retiring."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.item_typing import form_of, moved, sent_text, tell, typed, typed_sheet
from blueprints.authoring.routes import bp
from blueprints.authoring.typing_forms import number, refusal
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from domain.exchange.sheets import Sheet
from domain.library.documents import Problem
from services.authoring import item_checking, item_conflicts, item_editing, item_sheets, retiring
from services.authoring.item_editing import READY, Typed
from services.authoring.publishing import Unsound
from services.errors import Conflict, Invalid
from services.measuring.pages import item_told
from services.session import reading, writing

ITEM = "/items/<key>"


@bp.get(f"{ITEM}/edit")
@allow("trainer")
def edit_item(key: str) -> ResponseReturnValue:
    """The editor, with the draft or the published text in it."""
    return _editor(key, as_text=request.args.get("view") == "text")


def _editor(
    key: str,
    sent: Typed | None = None,
    status: int = 200,
    message: str = "",
    *,
    as_text: bool = False,
    sheet: Sheet | None = None,
    fault: Problem | None = None,
) -> ResponseReturnValue:
    """The editor's page. sheet: the form just as it was filled in, shown without a check."""
    with reading() as session:
        page = item_editing.edit_page(session, actor(), key, sent, check=sheet is None)
        told = item_told(session, actor(), key) if page.text.state == READY else None
        home = key.partition("-")[0]
        shown = sheet or (None if as_text else item_sheets.sheet_in(page.typed.source))
        choices = item_sheets.choices(session, home, language()) if shown else None
        plan = item_sheets.plan(session, shown["figure"]) if shown and "figure" in shown else None
    form = form_of(shown, choices) if shown and choices else None
    problems = [fault] if fault else list(page.checked.problems if page.checked else ())
    html = render_template(
        "authoring/item_edit.html",
        page=page,
        form=form,
        plan=plan,
        as_text=as_text,
        faults=tell(form, problems),
        lines={} if form else {n: p.line for n, p in enumerate(problems) if p.line},
        told=told,
        message=message,
    )
    return html, status


class _Again(Exception):
    """The form cannot become a text: it is shown once more, with the fault beside its field."""

    def __init__(self, key: str, sheet: Sheet, problem: Problem) -> None:
        super().__init__(key)
        self.key, self.sheet, self.problem = key, sheet, problem


@bp.errorhandler(_Again)
def _show_again(again: _Again) -> ResponseReturnValue:
    sent = typed(sent_text())
    return _editor(again.key, sent, 422, sheet=again.sheet, fault=again.problem)


def _sent(key: str) -> Typed:
    """The text that was sent, or the one that the form makes."""
    source, sheet = sent_text(), typed_sheet()
    if sheet is not None:
        try:
            with reading() as session:
                source = item_sheets.source_with(session, source, sheet)
        except item_sheets.Unwritable as fault:
            raise _Again(key, sheet, fault.problem) from None
    return typed(source)


def _is_text() -> bool:
    return request.form.get("view") != "form"


def _both(conflict: Conflict, sent: Typed) -> ResponseReturnValue:
    """409 with both texts; nothing typed is lost."""
    stands = conflict.current
    if not isinstance(stands, item_editing.ItemText):
        raise conflict
    with reading() as session:
        clash = item_conflicts.clash(session, stands, sent)
    return render_template("authoring/item_conflict.html", clash=clash), 409


@bp.post(f"{ITEM}/edit")
@allow("trainer")
def save_item(key: str) -> ResponseReturnValue:
    """Keep the text as the draft."""
    sent = _sent(key)
    try:
        with writing() as session:
            item_editing.save(session, actor(), key, sent, now())
    except Conflict as conflict:
        return _both(conflict, sent)
    except Invalid as error:
        return _editor(key, sent, 422, refusal(error), as_text=_is_text())
    flash(_("The draft is saved. Nobody is asked it until you publish it."), "done")
    view = "text" if _is_text() else None
    return redirect(url_for(".edit_item", key=key, view=view), 303)


@bp.post(f"{ITEM}/preview")
@allow("trainer")
def preview_item(key: str) -> ResponseReturnValue:
    """The typed text as candidates and markers would see it; nothing is kept.

    `do` changes the rows of the form, `show` turns to the other side: form or text.
    """
    wish, sheet = request.form.get("do", ""), typed_sheet()
    if wish and sheet is not None:
        sent = typed(sent_text())
        return _editor(key, sent, sheet=moved(sheet, wish))
    show = request.form.get("show", "text" if _is_text() else "form")
    return _editor(key, _sent(key), as_text=show == "text")


@bp.post(f"{ITEM}/publish")
@allow("trainer")
def publish_item(key: str) -> ResponseReturnValue:
    """Make the text the one that is asked from now on."""
    sent = _sent(key)
    with reading() as session:  # checked before the writers' queue: it may take two seconds
        states = item_editing.STATES
        path = item_editing.item_text(session, actor(), key, states=states).path
        checked = item_checking.check(session, path, key, sent.source)
    try:
        with writing() as session:
            new = item_editing.publish(
                session, actor(), key, sent, checked, request.form.get("reason", ""), now()
            )
    except Conflict as conflict:
        return _both(conflict, sent)
    except Unsound:
        return _editor(key, sent, 422, as_text=_is_text())
    except Invalid as error:
        return _editor(key, sent, 422, refusal(error), as_text=_is_text())
    if new:
        flash(_("The item is published. Attempts that run keep the text they began with."), "done")
    else:
        flash(_("This text is published already."))
    return redirect(url_for(".item", key=key), 303)


@bp.post(f"{ITEM}/discard")
@allow("trainer")
def discard_item(key: str) -> ResponseReturnValue:
    """Throw the draft away."""
    try:
        with writing() as session:
            item_editing.discard(session, actor(), key, number("version"))
    except Conflict:
        flash(_("Somebody saved this draft since you opened the page, so it was kept."), "care")
    else:
        flash(_("The draft is discarded. Readers saw nothing of it."), "done")
    return redirect(url_for(".edit_item", key=key), 303)


@bp.post(f"{ITEM}/retire")
@allow("trainer")
def retire_item(key: str) -> ResponseReturnValue:
    """Ask nobody the item any more."""
    try:
        with writing() as session:
            retiring.retire(session, actor(), key, number("number"), now())
    except Conflict:
        flash(_("Somebody published this item since you opened the page. Look again."), "care")
    except retiring.StillAsked as refused:
        places = ", ".join(refused.places[:5])
        flash(_("It stays: take it out of these first: %(places)s", places=places), "care")
    else:
        flash(_("The item is retired. Answers to it stay; publish it to use it again."), "done")
    return redirect(url_for(".edit_item", key=key), 303)

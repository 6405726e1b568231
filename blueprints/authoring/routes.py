"""The lists of trainers: lessons by module, and the item bank."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import asked_number, now
from services.authoring import items, pages, reviewing
from services.measuring.pages import item_told
from services.session import reading

bp = Blueprint("authoring", __name__, url_prefix="/author")
LESSON = "/lessons/<module>/<name>"


@bp.get("/")
@allow("trainer")
def index() -> ResponseReturnValue:
    """All lessons by module, with their drafts."""
    with reading() as session:
        modules = pages.index(session, actor(), language(), now())
        needed = reviewing.approval_needed(session)
    return render_template("authoring/index.html", modules=modules, approval_needed=needed)


@bp.get("/items")
@allow("trainer")
def item_list() -> ResponseReturnValue:
    """The item bank, overdue items first."""
    words = {name: request.args.get(name, "") for name in ("competency", "pool", "kind", "state")}
    number = asked_number("page") or 1
    with reading() as session:
        page = items.items_page(session, actor(), items.Filter(**words), number, now())
    return render_template("authoring/items.html", page=page)


@bp.get("/items/<key>")
@allow("trainer")
def item(key: str) -> ResponseReturnValue:
    """One item with its keys and reasons."""
    with reading() as session:
        page = items.item_page(session, actor(), key, now())
        told = item_told(session, actor(), key)
    return render_template("authoring/item.html", page=page, told=told)

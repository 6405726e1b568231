"""Parts of pages that many requests share, rendered once and kept in memory.

`fragment` keeps a part; its key names everything that the part depends on. `whole_page` keeps the
frame that all readers of a page share, with places for the parts that are their own. What differs
per request is a place too: the form token `{{ token_place }}`, the page's path `{{ path_place }}`.
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any

from flask import Flask, current_app, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from blueprints.shared.locale import language
from domain.records import frozen

# A word of this process in private characters: no authored text can guess it.
OPEN, CLOSE = f"\ue000{secrets.token_hex(16)}-", "\ue001"
TOKEN_PLACE, PATH_PLACE = f"{OPEN}token{CLOSE}", f"{OPEN}path{CLOSE}"
PLACE = re.compile(f"{OPEN}part-([a-z]+){CLOSE}")
MOST = 400  # fragments a process; the oldest goes first


@frozen
class _Kept:
    """A rendered part, and whether it has places to fill."""

    html: str
    token: bool
    path: bool


_kept: OrderedDict[tuple[str, str, Hashable], _Kept] = OrderedDict()
_frames: OrderedDict[tuple[str, str, Hashable], list[str]] = OrderedDict()


def fragment(template: str, key: Hashable, **context: Any) -> Markup:
    """A rendered part, from memory where this process has it."""
    place = (current_app.instance_path, template, key)
    kept = _kept.get(place)
    if kept is None:
        html = render_template(template, **context, token_place=TOKEN_PLACE, path_place=PATH_PLACE)
        kept = _kept[place] = _Kept(html, TOKEN_PLACE in html, PATH_PLACE in html)
        _forget_oldest(_kept)
    html = kept.html
    if kept.path:
        html = html.replace(PATH_PLACE, str(escape(request.path)))
    if kept.token:
        html = html.replace(TOKEN_PLACE, generate_csrf())
    return Markup(html)  # the parts are templates of ours, escaped when they were rendered


def whole_page(template: str, key: Hashable, parts: Mapping[str, str], **context: Any) -> str:
    """A page for a signed-in person: the kept frame with their parts in its places.

    The template writes `{{ parts.name }}` where a part goes. The account menu is a part by itself;
    roles, theme and language are in the key already. A page with a message is never kept.
    """
    viewer = current_user.viewer
    place = (
        current_app.instance_path,
        template,
        (key, viewer.roles, viewer.theme, language()),
    )
    frame = _frames.get(place)
    if frame is None:
        marks = {name: Markup(f"{OPEN}part-{name}{CLOSE}") for name in [*parts, "account"]}
        keep = "_flashes" not in session
        frame = PLACE.split(
            render_template(template, **context, parts=marks, account_part=marks["account"])
        )
        if keep:
            _frames[place] = frame
            _forget_oldest(_frames)
    account = fragment("_layouts/_account.html", (viewer, language()))
    pieces = frame.copy()
    for number in range(1, len(pieces), 2):
        pieces[number] = account if pieces[number] == "account" else parts[pieces[number]]
    return "".join(pieces)


def _forget_oldest(memory: OrderedDict[Any, Any]) -> None:
    if len(memory) > MOST:
        memory.popitem(last=False)


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()
    _frames.clear()


def install(app: Flask) -> None:
    """Give templates `fragment(...)`."""
    app.jinja_env.globals["fragment"] = fragment

"""Parts of pages that many requests share, rendered once and kept in memory.

A template asks with `{{ fragment("learning/_article.html", key, page=page) }}`; the key names
everything that the part depends on. What differs per request is written as a placeholder: the form
token as `{{ token_place }}`, the page's own path as `{{ path_place }}`.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

TOKEN_PLACE, PATH_PLACE = "\ue000token\ue001", "\ue000path\ue001"
MOST = 400  # fragments a process; the oldest goes first


@dataclass(frozen=True, slots=True)
class _Kept:
    """A rendered part, and whether it has places to fill."""

    html: str
    token: bool
    path: bool


_kept: OrderedDict[tuple[str, str, Hashable], _Kept] = OrderedDict()


def fragment(template: str, key: Hashable, **context: Any) -> Markup:
    """A rendered part, from memory where this process has it."""
    place = (current_app.instance_path, template, key)
    kept = _kept.get(place)
    if kept is None:
        html = render_template(template, **context, token_place=TOKEN_PLACE, path_place=PATH_PLACE)
        kept = _kept[place] = _Kept(html, TOKEN_PLACE in html, PATH_PLACE in html)
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    html = kept.html
    if kept.path:
        html = html.replace(PATH_PLACE, str(escape(request.path)))
    if kept.token:
        html = html.replace(TOKEN_PLACE, generate_csrf())
    return Markup(html)  # the parts are templates of ours, escaped when they were rendered


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()


def install(app: Flask) -> None:
    """Give templates `fragment(...)`."""
    app.jinja_env.globals["fragment"] = fragment

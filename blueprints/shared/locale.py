"""The language of a page: the person's choice, then the browser's."""

from flask import Flask, g, request, session
from flask_babel import Babel
from flask_login import current_user

LANGUAGES = ("en", "zh_Hans")
HTML_LANG = {"en": "en", "zh_Hans": "zh-Hans"}
NAMES = {"en": "English", "zh_Hans": "中文"}


def language() -> str:
    """One of LANGUAGES; taken once per request."""
    if "language" not in g:
        g.language = _choose()
    return g.language  # type: ignore[no-any-return]


def _choose() -> str:
    if not g.get("database_away") and current_user.is_authenticated and current_user.viewer.locale:
        return str(current_user.viewer.locale)
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    best = request.accept_languages.best_match(["en", "zh-Hans", "zh-CN", "zh"])
    return "zh_Hans" if best and best.startswith("zh") else "en"


def install(app: Flask) -> None:
    """Switch on the catalogs in translations/."""
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "UTC"
    Babel(app, locale_selector=language)

"""What every template may use: the viewer, the menu, the language."""

from typing import Any

from flask import Flask, g, request
from flask_babel import gettext as _
from flask_login import current_user

from blueprints.shared.locale import HTML_LANG, LANGUAGES, NAMES, language
from blueprints.shared.requests import now
from config import Settings
from domain.records import frozen


@frozen
class Door:
    """One entry of the main menu."""

    endpoint: str
    label: str
    icon: str
    current: bool


def doors() -> list[Door]:
    """The viewer's menu, in the order of the streets."""
    if g.get("database_away") or not current_user.is_authenticated:
        return []
    # Words stand here, not in a constant: the language is known only inside a request.
    every = (
        ("home.index", _("Today"), "door", {"learner"}),
        ("learning.contents", _("Learn"), "book", {"learner", "trainer"}),
        ("assessment.index", _("Assess"), "ruler", {"learner"}),
        ("competencies.profile", _("Profile"), "radar", {"learner"}),
        ("hiring.positions", _("Hiring"), "users", {"recruiter", "manager"}),
        ("authoring.index", _("Author"), "pen", {"trainer"}),
        ("admin.people", _("Admin"), "lock", {"admin"}),
    )
    return [
        Door(endpoint, label, icon, endpoint.split(".")[0] == area())
        for endpoint, label, icon, wanted in every
        if not current_user.roles.isdisjoint(wanted)
    ]


def area() -> str:
    """The street that the request is in."""
    return (request.endpoint or "").split(".")[0]


def install(app: Flask, settings: Settings) -> None:
    """Give templates their common words."""

    @app.context_processor
    def _common() -> dict[str, Any]:
        known = not g.get("database_away") and current_user.is_authenticated
        lang = language()
        return {
            "viewer": current_user.viewer if known else None,
            "lang": lang,
            "html_lang": HTML_LANG[lang],
            "now": now(),
        }

    app.jinja_env.globals.update(
        company=settings.company,
        doors=doors,
        area=area,
        languages=[(code, NAMES[code]) for code in LANGUAGES],
    )

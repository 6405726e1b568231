"""The lesson that the authoring tests edit, and its people's typing."""

from dataclasses import replace

from flask import Flask

from services.authoring import pages, previewing, publishing
from services.authoring.drafts import Typed, save_draft
from services.authoring.publishing import Outcome
from services.session import reading, writing
from tests.conftest import NOW, Cast

PATH = "courses/industry/know-what-you-sell.md"
KEY = "industry/know-what-you-sell"
URL = f"/author/lessons/{KEY}"


def opened(app: Flask, cast: Cast, name: str) -> Typed:
    """What the editor gives this person: text, base and version."""
    with app.app_context(), reading() as session:
        return pages.editor_page(session, cast.actor(name), PATH, "en", NOW).typed


def with_words(typed: Typed, words: str) -> Typed:
    """The same form with a sentence added at the end of the text."""
    return replace(typed, source=f"{typed.source}\n{words}\n")


def saved(app: Flask, cast: Cast, name: str, typed: Typed) -> Typed:
    """Save the form and give back what the next form holds."""
    actor = cast.actor(name)
    with app.app_context(), writing() as session:
        version = save_draft(session, actor, PATH, typed, NOW)
    return replace(typed, version=version)


def published(app: Flask, cast: Cast, name: str, typed: Typed, reason: str = "") -> Outcome:
    """Check and publish the form, as the route does."""
    actor = cast.actor(name)
    with app.app_context():
        with reading() as session:
            checked = previewing.check(session, actor, PATH, typed.source)
        with writing() as session:
            return publishing.publish(session, actor, PATH, typed, checked, reason, NOW)

"""The pages around the editor, with something on each: by day in English, by night in Chinese."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import update

from models.accounts import Person
from services.authoring import media, pages, previewing, publishing
from services.authoring.access import path_of
from services.learning import prerequisites, unclear
from services.library import catalogue
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

MODULE = "personality"
TRANSLATED = "crossing-the-threshold/five-level-ladder"
OPENED = "trade-practice"
PAGES = (
    ("/author/", "author"),
    ("/author/new", "new"),
    ("/author/new/module", "new-module"),
    ("/author/courses", "courses"),
    ("/author/courses/trade-practice", "module"),
    ("/author/media", "media"),
    ("/author/health", "health"),
    ("/author/health?kind=unclear", "unclear"),
    ("/author/lessons/{lesson}", "editor"),
    (f"/author/lessons/{TRANSLATED}.zh_Hans", "translation"),
    ("/author/lessons/{lesson}/history", "history"),
    ("/author/lessons/{lesson}/history?old=1&new=2&view=sides", "sides"),
    ("/author/lessons/{lesson}/history?old=1&new=2&view=page", "rendered"),
    ("/learn/search?q=FOB", "search"),
    ("/learn/people/{learner}", "learner"),
)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("lang", "dark"), [("en", False), ("zh_Hans", True)])
def test_every_page_of_the_studio(
    site: Site, visit: Callable[..., Visitor], lang: str, dark: bool
) -> None:
    lesson, learner = prepared(site)
    trainer = site.member("Ruth Adler", "trainer")
    site.write(lambda db: db.execute(
        update(Person).where(Person.id == trainer).values(locale=lang)
    ))  # fmt: skip
    visitor = visit(trainer, dark=dark)
    for path, name in PAGES:
        visitor.go(path.format(lesson=lesson, learner=learner), f"{name}-{lang}")
        assert "404" not in visitor.page.locator("main").inner_text()


def prepared(site: Site) -> tuple[str, int]:
    """A lesson with two revisions and a mark of a reader."""
    outline = site.read(lambda db: catalogue.outline(db, "en"))
    key = next(m for m in outline.modules if m.key == MODULE).lessons[0].key
    path = path_of(*key.split("/"))
    now = datetime.now(UTC)
    tao = site.actor(site.member("He Tao", "trainer"))
    typed = site.read(lambda db: pages.editor_page(db, tao, path, "en", now).typed)
    source = typed.source.rstrip() + "\n\nA last word on it.\n"
    if typed.base == 1:
        checked = site.read(lambda db: previewing.check(db, tao, path, source))
        site.write(lambda db: publishing.publish(db, tao, path, typed, checked, "Said more", now))
    learner = site.member("Lin Yue", "learner")
    text = site.read(lambda db: catalogue.lesson(db, key, "en"))
    section = text.meta["sections"][1]["anchor"]
    site.write(lambda db: unclear.mark(db, site.actor(learner), key, section, "en", now))
    site.write(lambda db: prerequisites.waive(db, tao, learner, OPENED, now))
    site.write(lambda db: media.add(db, tao, png(), "Crane.png", "A crane at the quay", now))
    return key, learner


def png() -> dict[str, object]:
    """A picture as the process that encodes gives it back."""
    whole = BytesIO()
    Image.new("RGB", (320, 200), "steelblue").save(whole, "PNG")
    data = whole.getvalue()
    return {
        "type": "image/png", "width": 320, "height": 200, "digest": sha256(data).hexdigest(),
        "data": b64encode(data).decode(),
    }  # fmt: skip

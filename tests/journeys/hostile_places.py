"""A company in which every text that somebody could write is hostile."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from domain.library.markdown import render
from models.accounts import FreeText, Person
from models.authoring import Draft
from models.hiring import Application, Position
from models.library import Document, Revision
from models.marking import Contest
from models.media import Picture
from services.actor import Actor
from services.assessment.starting import start_quiz
from services.authoring import commenting, drafts, importing, searching
from services.authoring.drafts import Typed
from services.hiring import deciding, wordings
from services.hiring import importing as tables
from services.library.search import LONGEST
from services.marking import contests
from tests.caller import Caller
from tests.conftest import Cast, _forget
from tests.journeys.applying import finish, invite, open_position, start
from tests.journeys.hostile import HOST, Supply
from tests.journeys.site import Site
from tests.services.authoring.bringing import add_picture

LESSON, ITEM, QUIZ = "industry/know-what-you-sell", "C2-Q01", "trade-practice/who-pays-who-risks"
PLACEHOLDER = "A word about it."
PROSE = {
    *("title", "summary", "objective", "text", "why", "stem", "term", "chinese", "means"),
    *("statement", "model_answer", "note", "also", "says", "shown", "question"),
}


LESSON_PAGE = f"/author/lessons/{LESSON}"
EACH = 25  # of so many payloads one is asked for in the search by itself


@dataclass(frozen=True)
class Places:
    """Where the texts stand: (who looks, address) of every page."""

    pages: tuple[tuple[str | int | None, str], ...]


def searches(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Searches that find the texts, and some for a text itself, which the page says again."""
    found = [("lin", "/learn/search?q=alert"), ("tao", "/learn/search?q=alert")]
    alerts = [one for one in texts if "alert" in one and len(one) <= LONGEST]
    for one in alerts[::EACH]:
        plain = one.encode("utf-8", "replace").decode()
        found.append(("tao", f"/learn/search?q={quote(plain, safe='')}"))
    return tuple(found)


def conflict(mara: Caller, texts: tuple[str, ...]) -> TestResponse:
    """Both texts side by side, each full of payloads: what a stale save is answered with."""
    page = mara.get(LESSON_PAGE).get_data(as_text=True)
    base = re.search(r'name="base"[^>]*value="(\d+)"', page)
    assert base is not None
    mine = "---\ntitle: Mine\n---\n\n" + "\n\n".join(texts)
    typed = {"source": mine, "base": base[1], "version": "0", "reason": " ".join(texts)[:200]}
    return mara.post(LESSON_PAGE, typed)


def furnish(app: Flask, cast_: Cast) -> Places:
    """Positions, candidates, remarks, drafts, a file that was read: one of each, still harmless."""
    site = Site(HOST, Path(app.instance_path), app, cast(Any, None))
    now, later = datetime.now(UTC), date.today() + timedelta(days=9)
    recruiter, trainer, learner = cast_.actor("min"), cast_.actor("tao"), cast_.actor("lin")
    position = open_position(site, "Sales")
    wanted = {("consent", "en"): PLACEHOLDER, ("mail", "en"): f"{PLACEHOLDER} {{link}}"}
    site.write(lambda db: wordings.keep(db, cast_.min, position, wanted, now))
    fresh = invite(site, position, "Ana Prado")
    who, attempt = start(site, invite(site, position, "Sun Yi"))
    finish(site, who, attempt, lambda place: place % 2 == 0)
    application = _application(site, who)
    site.write(lambda db: deciding.write_remark(db, who, PLACEHOLDER, now))
    site.write(lambda db: deciding.write_note(
        db, recruiter, application, f"@Xu Lei {PLACEHOLDER}", now
    ))  # fmt: skip
    site.write(lambda db: deciding.decide(
        db, recruiter, application, "advance", "evidence", PLACEHOLDER, now
    ))  # fmt: skip
    quiz = site.write(lambda db: start_quiz(db, learner, QUIZ, "en", 1, now))
    finish(site, learner, quiz, lambda place: place == 1)
    site.write(lambda db: contests.contest(db, learner, quiz, 1, PLACEHOLDER, now))
    contested = _contested(site)
    other, second = start(site, invite(site, position, "Wei Min"))
    finish(site, other, second, lambda place: place % 3 == 0)
    both = [application, _application(site, other)]
    mara = cast_.actor("mara")
    running = site.write(lambda db: start_quiz(db, mara, QUIZ, "en", 2, now))
    path = f"courses/{LESSON}.md"
    source = site.read(lambda db: db.scalar(
        select(Revision.source).join(Document, Document.id == Revision.document_id)
        .where(Document.path == path)
    ))  # fmt: skip
    assert source is not None
    site.write(lambda db: drafts.save_draft(db, trainer, path, Typed(f"{source}\n.", 1, 0), now))
    site.write(lambda db: commenting.add(
        db, trainer, path, f"{source}\n.", 1, PLACEHOLDER, now
    ))  # fmt: skip
    add_picture(cast_)
    table = site.write(lambda db: tables.read(
        db, recruiter, position, b"name,email\nAna <b>,ana@e.example\n\"><b>,b\n", "en", later, now
    ))  # fmt: skip
    candidate, hiring = f"/hiring/candidates/{application}", f"/hiring/positions/{position}"
    return Places(
        (
            ("lin", "/"), ("lin", "/learn/"), ("lin", f"/learn/{LESSON}"),
            ("lin", "/learn/glossary"), ("lin", "/assess/"), ("lin", "/profile/"),
            ("lin", f"/assess/attempts/{quiz}/result"),
            ("lin", f"/assess/attempts/{quiz}/questions/1/contest"),
            ("lin", "/account/settings"),
            ("min", "/hiring/"), ("min", hiring), ("min", f"{hiring}/edit"),
            ("min", f"{hiring}/consent"), ("min", candidate),
            ("min", f"{candidate}/letter"), ("min", f"{candidate}/interview"),
            ("min", f"{hiring}/compare?a={both[0]}&a={both[1]}"),
            *(("min", f"{hiring}/bulk?action={deed}&a={both[0]}&a={both[1]}")
              for deed in ("hold", "reject", "revoke")),
            ("mara", f"/assess/attempts/{running}"), ("mara", f"/assess/attempts/{running}?q=2"),
            ("mara", f"/assess/attempts/{running}/review"),
            ("lei", "/hiring/for-you"), ("lei", candidate),
            (who.person_id, "/candidate/"), (who.person_id, "/candidate/data"),
            (None, fresh.removeprefix(HOST)),
            ("tao", "/author/"), ("tao", f"/author/lessons/{LESSON}"),
            ("tao", f"/author/lessons/{LESSON}/history"), ("tao", "/author/items"),
            ("tao", f"/author/items/{ITEM}"), ("tao", "/author/forms"),
            ("tao", "/author/forms/hiring-a"), ("tao", "/author/media"),
            ("tao", "/author/contests"), ("tao", f"/author/contests/{contested}"),
            ("tao", "/learn/people"),
            ("anna", "/admin/"), ("anna", "/admin/audit"), ("anna", f"/admin/people/{cast_.lin}"),
            ("min", f"/hiring/imports/{table}"),
        )
    )  # fmt: skip


def _application(site: Site, who: Actor) -> int:
    found = site.read(
        lambda db: db.scalar(select(Application.id).where(Application.person_id == who.person_id))
    )
    assert found is not None
    return int(found)


def _contested(site: Site) -> int:
    found = site.read(lambda db: db.scalar(select(Contest.revision_id)))
    assert found is not None
    return int(found)


def poison(app: Flask, cast_: Cast, texts: tuple[str, ...]) -> int:
    """Put these texts wherever words stand; gives back the batch of a file that holds them."""
    supply = Supply(texts)
    html = "".join(map(_html, texts)) + _html("\n\n".join(texts))
    site = Site(HOST, Path(app.instance_path), app, cast(Any, None))

    def deed(db: Any) -> None:
        for one in db.scalars(select(Person)):
            one.name = supply.all() if one.kind == "candidate" else supply.take(40)
        for one in db.scalars(select(Position)):
            one.title = supply.all()
        for one in db.scalars(select(Picture)):
            one.alt = supply.all()
        for one in db.scalars(select(FreeText)):
            if PLACEHOLDER in one.body or "alert" in one.body:
                mention = "@Xu Lei " if one.about_kind == "note" else ""
                one.body = one.body if one.body.startswith(("[", "{")) else mention + supply.all()
        for one in db.scalars(select(Draft)):
            one.source = _shortened(one.source) + "\n\n".join(texts)
        rows = db.execute(
            select(Revision, Document).join(Document, Document.id == Revision.document_id)
            .where(Document.kind.in_(("lesson", "module", "glossary", "item", "form")))
        )  # fmt: skip
        for revision, document in rows:
            revision.title = supply.take(3)
            if document.key in (LESSON, ITEM):
                revision.html = html
            elif document.kind == "item" and revision.meta["lesson"] != QUIZ:
                continue  # a line of the list of items; nobody opens it here
            elif document.kind == "item":
                revision.html = _html(supply.take(6))
            revision.meta = _filled(revision.meta, supply, 2)
        db.flush()
        searching.rebuild(db)

    site.write(deed)
    _forget()
    gift = "\n\n".join("::{0}::{0} {{={0} ~{0}}}".format(_gift(one)) for one in texts)
    found = importing.read_file(gift.encode("utf-8", "replace"), "")
    return site.write(lambda db: importing.keep(db, cast_.actor("tao"), found, datetime.now(UTC)))


def _html(text: str) -> str:
    return render(text, {}).html


def _shortened(source: str) -> str:
    """A lesson with its front matter and first parts, so that what follows is not cut off."""
    return source.split("\n.", 1)[0] + "\n.\n\n"


def _gift(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", " ".join(text.split()))


def _filled(value: Any, supply: Supply, count: int, is_prose: bool = False) -> Any:
    """The same record with payloads where it has prose."""
    if isinstance(value, dict):
        return {k: _filled(v, supply, count, is_prose or k in PROSE) for k, v in value.items()}
    if isinstance(value, list):
        return [_filled(v, supply, count, is_prose) for v in value]
    return supply.take(count) if is_prose and isinstance(value, str) and value else value

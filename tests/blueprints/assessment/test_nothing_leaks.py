"""Keys, reasons, parameters and other people's data: in no answer of the server before their time.

Two proofs over the same walk (walking.py) through an attempt at every kind of form. By text: no
reason, pattern, level, hint, secure id or stranger's word is in anything that was sent. By twins:
a second site whose questions look the same and have other keys, reasons, numbers and facts sends
the very same bytes, so that no form in which a key could be written down can have been in them.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import make_app
from blueprints.assessment import answering
from domain.assessment.adaptive_forms import is_adaptive
from domain.assessment.compiled import from_dict, to_dict
from domain.assessment.items import Item, SingleChoice
from domain.assessment.marking import mark
from models.base import db
from models.library import Document, Revision
from services.accounts.people import load_viewer
from services.assessment import adaptive, attempt_pages, starting
from services.assessment.delivery import Saved
from services.assessment.pages import Question, question_of
from services.assessment.responding import Asked, asked
from services.library import catalogue
from services.session import reading, writing
from tests.blueprints.assessment.secrecy import public_texts, reasons_of, with_other_secrets
from tests.blueprints.assessment.walking import Form, Walk
from tests.blueprints.assessment.wire import RecordingClient, Sent, plain
from tests.building import settings_for
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.assessment.calibrated import calibrate_all
from tests.services.assessment.sitting import sit
from tests.services.assessment.timed import rewrite
from tests.services.hiring import adapting, opening

FORMS = {
    "placement": "placement",
    "narrow-c2": "narrow",
    "trade-practice/who-pays-who-risks": "quiz",
    "unit-law": "unit",
    "kinds-1": "practice",
    "kinds-2": "practice",
    "exam-1": "exam",
    "adaptive-c1": "adaptive",
    "hiring-a": "hiring",
    "adaptive-hiring": "hiring",
    "tryout": "tryout",
}
# One of each way through an attempt; the others take minutes and are the whole proof.
SAMPLE = {"trade-practice/who-pays-who-risks", "exam-1", "kinds-1", "adaptive-c1"}
SAMPLE |= {"adaptive-hiring"}
SAMPLED = [pytest.param(key, marks=() if key in SAMPLE else pytest.mark.proof) for key in FORMS]
SHARP = 1.2345671  # a discrimination that no page would print by chance
WORDS = "Words that only Eve wrote, on an evening in Piraeus."
HINTS = ("First think of where the goods cross the rail.", "It is aboard, and not before.")
LEAST = 12  # letters and digits by which a text is known; shorter ones are left to the twins


@pytest.fixture(autouse=True)
def recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Flask, "test_client_class", RecordingClient)


def begin(cast: Cast, key: str) -> Walk:
    """An attempt of the form that is not open on any device yet, by Lin or a candidate."""
    app, purpose, now = cast.app, FORMS[key], datetime.now(UTC)
    if purpose == "hiring":
        if is_adaptive(key):
            position = adapting.position(app, cast, a=SHARP)
        else:
            position = opening.open_position(app, cast)
        opening.join_cast(cast, "yan", position, "Yan Ke")
        done = opening.join_cast(cast, "sun", position)
        return Walk(Caller(app, done.viewer.id), opening.begin(app, done, now))
    lin = cast.actor("lin")
    if purpose in ("narrow", "adaptive"):
        sit(cast).submit()
    with app.app_context(), writing() as session:
        match purpose:
            case "quiz":
                number = starting.start_quiz(session, lin, key, "en", 7, now)
            case "adaptive":
                number = adaptive.start(session, lin, key, "en", 7, now)
            case "tryout":
                number = _try_out(session, cast, now)
            case _:
                number = starting.start_form(session, lin, key, "en", 7, now)
    return Walk(Caller(app, cast.lin), number)


def _try_out(session: Any, cast: Cast, now: datetime) -> int:
    """Questions to try the pages on: they stand in no form of their own."""
    form = catalogue.form(session, "kinds-1")
    keys, revision = form.meta["items"][:6], form.id
    number = starting.create_attempt(
        session,
        cast.lin,
        "tryout",
        "tryout",
        "en",
        7,
        now,
        item_keys=keys,
        form_revision_id=revision,
    )
    starting.begin(session, cast.actor("lin"), number, now)
    return number


def also_eve(cast: Cast) -> None:
    """Eve sits a form with an open question, and writes something."""
    other = sit(cast, "eve", purpose="practice", form_key="kinds-1")
    for question in other.asked():
        if question.item.kind == "open":
            other.save(question.position, {"text": WORDS})


def go(walk: Walk, key: str, app: Flask) -> None:
    if is_adaptive(key):
        walk.through_by_turns(4 if FORMS[key] == "adaptive" else 15)  # into the second part
    else:
        walk.through(one_of_each(questions(app, walk)))


def questions(app: Flask, walk: Walk) -> list[Asked]:
    with app.app_context(), reading() as session:
        return list(asked(session, walk.attempt_id))


def one_of_each(found: list[Asked]) -> Callable[[Form], bool]:
    """Picks the forms of the first question of each way of answering."""
    first: dict[str, int] = {}
    for question in found:
        first.setdefault(question_of(question).way, question.position)
    places = {str(position) for position in first.values()}
    return lambda form: form.fields.get("position") in places


def sent_by(walk: Walk) -> list[Sent]:
    client = walk.caller.client
    assert isinstance(client, RecordingClient)
    return client.sent


def strangers(cast: Cast, own: str) -> set[str]:
    """Names, addresses and subjects of everybody else, what Eve wrote, and a calibration."""
    hidden = {WORDS, f"{SHARP}"}
    with cast.app.app_context(), reading() as session:
        for key, number in cast.ids.items():
            viewer = load_viewer(session, number)
            if viewer is not None and key != own:
                hidden |= {viewer.subject, f"{key}@beilun.example"}
                if key != "lei" or own == "lin":  # a candidate is told who owns the position
                    hidden.add(viewer.name)
    return hidden


def hidden_texts(items: list[Item]) -> set[str]:
    """What the reasons of questions say and nothing else on their pages does."""
    public = " ".join(plain(text) for item in items for text in public_texts(item))
    texts = {plain(text) for item in items for text in reasons_of(item)}
    return {text for text in texts if len(text) >= LEAST and text not in public}


def found_in(sent: list[Sent], texts: set[str], words: set[str]) -> list[str]:
    """Where something secret was sent. texts: plain; words: as they stand."""
    found = []
    for answer in sent:
        whole = answer.whole
        said = plain(whole)
        found += [f"{answer.request}: {text[:60]}" for text in texts if text in said]
        found += [f"{answer.request}: {word}" for word in words if word in whole]
    return found


@pytest.mark.parametrize("key", SAMPLED)
def test_no_secret_is_in_anything_that_is_sent(app: Flask, cast: Cast, key: str) -> None:
    for competency in ("C1", "C2"):
        calibrate_all(app, competency, "practice", SHARP)
        calibrate_all(app, competency, "secure", SHARP)
    also_eve(cast)
    walk = begin(cast, key)
    go(walk, key, app)
    items = [question.item for question in questions(app, walk)]
    own = "sun" if FORMS[key] == "hiring" else "lin"
    texts, words = hidden_texts(items), strangers(cast, own) | {item.id for item in items}
    assert len(texts) > 2 * len(items), "hardly anything was looked for"
    sent = sent_by(walk)
    statuses = {answer.status for answer in sent}
    assert {200, 400, 404, 405, 409, 413, 422} <= statuses, statuses
    assert not found_in(sent, texts, words)
    # Secure questions stay closed to their person after the end; others' data always do.
    before = len(sent)
    walk.hand_in()
    walk.look_around()
    secure = [item for item in items if item.is_secure]
    words = strangers(cast, own) | {item.id for item in secure}
    assert not found_in(sent[before:], hidden_texts(secure), words)


def twin_of(app: Flask, walk: Walk, folder: Path, chosen: bool) -> tuple[Flask, Walk]:
    """The same site with the same attempt, and all secrets of its questions others."""
    settings = settings_for(folder)
    source = app.extensions["threshold.settings"].sqlite_path
    with (
        closing(sqlite3.connect(source)) as here,
        closing(sqlite3.connect(settings.sqlite_path)) as there,
    ):
        here.backup(there)
    twin = make_app(settings)
    with twin.app_context(), writing() as session:
        rows = session.execute(
            select(Revision.id, Revision.meta)
            .join(Document, Document.id == Revision.document_id)
            .where(Document.kind == "item")
        ).all()
        for row in rows:
            other = to_dict(with_other_secrets(from_dict(row.meta), chosen))
            session.execute(update(Revision).where(Revision.id == row.id).values(meta=other))
    with walk.caller.client.session_transaction() as cookie:
        person_id = int(cookie["_user_id"].partition(".")[0])
    return twin, Walk(Caller(twin, person_id), walk.attempt_id)


def forget(twin: Flask) -> None:
    with twin.app_context():
        db.engine.dispose()


def unlike(app: Flask, walk: Walk, key: str, folder: Path) -> list[str]:
    """The requests whose answers tell the two sites apart."""
    twin, other = twin_of(app, walk, folder, chosen=is_adaptive(key))
    go(walk, key, app)
    go(other, key, twin)
    forget(twin)
    one, two = sent_by(walk), sent_by(other)
    assert len(one) == len(two) > 40
    pairs = [pair for pair in zip(one, two, strict=True) if " /assess/" in pair[0].request]
    return [a.unlike(b) for a, b in pairs if a.comparable != b.comparable]


@pytest.mark.parametrize("key", SAMPLED)
def test_a_site_with_other_keys_sends_the_same(
    app: Flask, cast: Cast, tmp_path: Path, key: str
) -> None:
    assert unlike(app, begin(cast, key), key, tmp_path) == []


def test_the_twin_has_other_keys(app: Flask, cast: Cast, tmp_path: Path) -> None:
    """What is right on one site is wrong on the other, for every question that can be right."""
    for key in ("placement", "kinds-1", "kinds-2"):
        walk = begin(cast, key)
        folder = tmp_path / key
        folder.mkdir()
        twin, _ = twin_of(app, walk, folder, chosen=False)
        for one, two in zip(questions(app, walk), questions(twin, walk), strict=True):
            assert question_of(one) == question_of(two)
            assert one.item != two.item
        forget(twin)


def test_hints_and_reasons_come_one_at_a_time(app: Flask, cast: Cast) -> None:
    """Opened by the person, and of that question only."""
    hints = [{"text": text, "cost": 0.25} for text in HINTS]
    rewrite(cast, "item", "C5-U01", hints=hints)
    rewrite(cast, "form", "unit-law", feedback="each")
    walk = begin(cast, "unit-law")
    walk.door()
    walk.open()
    items = [question.item for question in questions(app, walk)]
    first, rest = hidden_texts(items[:1]), hidden_texts(items[1:])
    closed, sent = [plain(text) for text in HINTS], sent_by(walk)
    for number in range(len(HINTS)):
        walk.look()
        walk.follow(walk.caller.post(f"{walk.url}/hints", {"position": 1, "hint": 2 - number}))
        walk.go_wrong()
        assert not found_in(sent, first | rest | set(closed[number:]), set())
        walk.caller.post(f"{walk.url}/hints", {"position": 1, "hint": number + 1})
        assert closed[number] in plain(walk.caller.get(walk.url).text)
        sent.clear()
    walk.follow(walk.caller.post(f"{walk.url}/reasons", {"position": 1}))
    assert not found_in(sent, first | rest, set())  # not before there is an answer
    walk.answer_by_script(1, {"choice": "a"})
    walk.follow(walk.caller.post(f"{walk.url}/reasons", {"position": 1}))
    assert found_in(sent, first, set())
    walk.look()
    assert not found_in(sent, rest, set())


def with_a_reason(found: Asked) -> Question:
    """A page record that carries one reason too many."""
    question = question_of(found)
    if isinstance(found.item, SingleChoice):
        html = f"{question.html}<p hidden>{found.item.options[0].why}</p>"
        return replace(question, html=html)
    return question


def with_the_key_first(found: Asked) -> Question:
    """A page record without a word too many, whose order gives the key away."""
    question = question_of(found)
    if not isinstance(found.item, SingleChoice):
        return question
    keyed = {option.letter for option in found.item.options if option.key}
    parts = sorted(question.parts, key=lambda part: part.letter not in keyed)
    return replace(question, parts=tuple(parts))


@pytest.mark.parametrize("flaw", [with_a_reason, with_the_key_first])
def test_a_page_that_says_too_much_is_caught(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flaw: Any
) -> None:
    monkeypatch.setattr(attempt_pages, "question_of", flaw)
    walk = begin(cast, "narrow-c2")
    requests = unlike(app, walk, "narrow-c2", tmp_path)
    assert any(request.startswith(f"GET {walk.url}?") for request in requests)
    texts = hidden_texts([question.item for question in questions(app, walk)])
    assert bool(found_in(sent_by(walk), texts, set())) is (flaw is with_a_reason)


def test_a_save_that_says_how_it_was_is_caught(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One number more in a payload: no text, and yet the whole key to whoever asks often enough."""
    told = answering._told
    walk = begin(cast, "narrow-c2")

    def with_the_mark(saved: Saved) -> Any:
        answer: Any = told(saved)
        if isinstance(answer, tuple):
            return answer
        with reading() as session:
            found = asked(session, walk.attempt_id, [saved.position])[0]
        answer.headers["X-Mark"] = str(mark(found.item, found.response).points)
        return answer

    monkeypatch.setattr(answering, "_told", with_the_mark)
    requests = unlike(app, walk, "narrow-c2", tmp_path)
    assert any(request.startswith(f"POST {walk.url}/answers?") for request in requests)

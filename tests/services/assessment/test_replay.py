"""An attempt replays: ten later edits of each of its questions change no byte of its pages and no
number, because it pins what it asked, with the numbers and the order that were drawn for it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import yaml
from flask import Flask
from sqlalchemy import select, update

from config import ROOT
from domain.assessment.items import Numeric, way_of
from models.assessment import AttemptItem
from models.competencies import Estimate, Evidence
from models.library import Document, Published, Revision
from services.actor import SYSTEM
from services.assessment import starting
from services.assessment.responding import Asked, asked
from services.library import catalogue, loading
from services.library.compiling import compile_one
from services.session import reading, writing
from tests.blueprints.assessment.walking import Walk
from tests.caller import Caller
from tests.conftest import Cast, _forget
from tests.domain.assessment.samples import source
from tests.services.assessment.sitting import SIX_KINDS, right_payload

# Every kind and every way to be asked, with parameters and without.
ITEMS = (
    "A1-Q02",
    "A1-Q05",
    "A1-Q04",
    "A1-Q01",
    "C1-Q04",
    "A1-Q08",
    "A1-Q10",
    "C1-K01",
    "C1-K02",
    "C1-K03",
    "C1-K04",
    "C1-K05",
    "C1-K06",
    "C7-K05",
    "C1-K07",
)
WAYS = 14  # the kinds, and two more of judgement items
EDITS = 10
HINTS = [{"text": "Count the days first.", "cost": 0.25}, {"text": "There are nine.", "cost": 0.5}]
ONE_TIME = re.compile(r'name="csrf_token"[^>]*>')
Make = Callable[..., Caller]


def edited(fields: dict[str, Any], number: int) -> dict[str, Any]:
    """Another text, another key, other reasons, other hints, another difficulty."""
    stem = f"{fields['stem'].rstrip()} Edit {number}."
    hints = [{"text": f"Hint {n} of edit {number}.", "cost": 0.1} for n in (1, 2, 3)]
    changed = {**_edited(fields, number), "stem": stem, "hints": hints}
    changed["difficulty"] = fields["difficulty"] % 5 + 1
    if "parameters" in fields:
        changed["parameters"] = {k: list(v)[1:] + list(v)[:1] for k, v in _lists(fields).items()}
    for name, part in (("options", "key"), ("areas", "key"), ("actions", "score")):
        if name in changed:
            values = [entry.pop(part, None) for entry in changed[name]]
            for entry, value in zip(changed[name], values[1:] + values[:1], strict=True):
                if value is not None:
                    entry[part] = value
    if "answer" in fields and isinstance(fields["answer"], bool):
        changed["answer"] = not fields["answer"]
    if "steps" in changed:
        changed["steps"] = changed["steps"][1:] + changed["steps"][:1]
    return changed


def _lists(fields: dict[str, Any]) -> dict[str, Any]:
    """The parameters that are written as lists of values; others stay as they are."""
    return {k: v for k, v in fields["parameters"].items() if isinstance(v, list)}


def _edited(value: Any, number: int) -> Any:
    """The same with every reason changed."""
    if isinstance(value, dict):
        return {
            name: f"{part} See {number}." if name == "why" else _edited(part, number)
            for name, part in value.items()
        }
    return [_edited(part, number) for part in value] if isinstance(value, list) else value


class Library:
    """The published texts of the attempt's questions, to be edited over and over."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.figures = {
            p.relative_to(ROOT / "content").as_posix(): p.read_text()
            for p in (ROOT / "content").rglob("*.svg")
        }
        with app.app_context(), reading() as session:
            texts = loading.export(session)
        self.texts = {key: yaml.safe_load(texts[path_of(key)]) for key in ITEMS}

    def publish(self, key: str, fields: dict[str, Any]) -> None:
        self.texts[key] = fields
        compiled = compile_one(path_of(key), source(fields), self.figures)
        with self.app.app_context(), writing() as session:
            document = session.scalars(select(Document.id).where(Document.key == key)).one()
            now = datetime.now(UTC)
            revision = loading.save_revision(session, document, compiled, SYSTEM, now)
            loading.publish(session, SYSTEM, document, revision, now)

    def edit_all(self) -> None:
        for number in range(1, EDITS + 1):
            for key in ITEMS:
                self.publish(key, edited(self.texts[key], number))


def path_of(key: str) -> str:
    return f"items/{key.partition('-')[0]}/{key}.yaml"


def sit_down(cast: Cast, caller: Caller, form_key: str) -> Walk:
    """An attempt over ITEMS, opened, with a hint of the first and an answer to each, some right."""
    now = datetime.now(UTC)
    with cast.app.app_context(), writing() as session:
        form = catalogue.form(session, "kinds-1")
        number = starting.create_attempt(
            session,
            cast.lin,
            "practice",
            form_key,
            "en",
            5,
            now,
            item_keys=ITEMS,
            form_revision_id=form.id,
        )
        starting.begin(session, cast.actor("lin"), number, now)
    walk = Walk(caller, number)
    walk.open()
    walk.caller.post(f"{walk.url}/hints", {"position": 1, "hint": 1})
    walk.answer_all_by_script()
    for question in questions(cast.app, walk):
        if question.item.kind in SIX_KINDS:
            walk.answer_by_script(question.position, right_payload(question.item))
    return walk


def shown(walk: Walk, tail: str) -> str:
    answer = walk.caller.get(walk.url + tail)
    assert answer.status_code == 200, answer.text
    return ONE_TIME.sub("", answer.text)


def numbers(app: Flask, walk: Walk) -> list[Any]:
    """Marks, evidence and estimates of an attempt, as they are kept and as they are drawn again."""
    found = questions(app, walk)
    with app.app_context(), reading() as session:
        lines = session.execute(
            select(Evidence.__table__)
            .where(Evidence.source_id.in_([question.id for question in found]))
            .order_by(Evidence.id)
        ).all()
        estimates = session.execute(select(Estimate.__table__).order_by(Estimate.id)).all()
    marks = [(q.position, q.mark, q.item, q.html, q.option_order, q.hints) for q in found]
    return [marks, [tuple(line) for line in lines], [tuple(line) for line in estimates]]


def questions(app: Flask, walk: Walk) -> list[Asked]:
    with app.app_context(), reading() as session:
        return list(asked(session, walk.attempt_id))


def checked(app: Flask) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["attempts", "rescore", "--check"])
    return done.exit_code, done.output.splitlines()[-1]


def test_ten_edits_of_each_question_change_nothing(
    any_app: Flask, cast: Cast, caller: Make
) -> None:
    library = Library(any_app)
    library.publish(ITEMS[0], library.texts[ITEMS[0]] | {"hints": HINTS})
    ended = sit_down(cast, caller("lin"), "ended")
    ended.hand_in()
    running = sit_down(cast, caller("lin"), "running")
    found = questions(any_app, running)
    assert len({way_of(question.item) for question in found}) == WAYS
    assert any(isinstance(q.item, Numeric) and q.item.parameters for q in found)
    assert found[0].hints == 1
    before = [shown(running, "?view=all"), shown(running, "/review"), shown(ended, "/result")]
    counted = [numbers(any_app, running), numbers(any_app, ended)]
    assert HINTS[0]["text"] in before[0]

    library.edit_all()
    _forget()  # as after a restart: nothing is remembered, all is read again
    assert checked(any_app) == (0, "0 differences")
    assert [numbers(any_app, running), numbers(any_app, ended)] == counted
    after = [shown(running, "?view=all"), shown(running, "/review"), shown(ended, "/result")]
    assert after == before

    # Handed in now it is marked by what was asked; a new attempt gets what is published.
    marks = [question.mark for question in questions(any_app, running)]
    running.hand_in()
    assert [question.mark for question in questions(any_app, running)] == marks
    assert checked(any_app) == (0, "0 differences")
    fresh = sit_down(cast, caller("lin"), "fresh")
    assert shown(fresh, "?view=all").count(f"Edit {EDITS}.") == len(ITEMS)


def test_an_attempt_that_followed_the_edits_would_be_seen(
    app: Flask, cast: Cast, caller: Make
) -> None:
    """The planted flaw: questions are read as they are published and not as they were asked."""
    library = Library(app)
    ended = sit_down(cast, caller("lin"), "ended")
    ended.hand_in()
    before = shown(ended, "/result")
    library.edit_all()
    with app.app_context(), writing() as session:
        newest = (
            select(Published.revision_id)
            .join(Revision, Revision.document_id == Published.document_id)
            .where(Revision.id == AttemptItem.revision_id)
            .scalar_subquery()
        )
        session.execute(update(AttemptItem).values(revision_id=newest))
    _forget()
    assert shown(ended, "/result") != before
    code, last = checked(app)
    assert code == 1
    assert int(last.split()[0]) > 0

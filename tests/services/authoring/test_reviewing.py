"""A second pair of eyes, a plan, remarks: bound to the very text that somebody decided on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from jobs.publishing import publish_due
from models.authoring import DuePublication
from models.library import Revision
from services.authoring import (
    commenting,
    impact,
    previewing,
    publishing,
    reviewing,
    scheduling,
)
from services.authoring.drafts import Typed, open_draft
from services.authoring.publishing import Unapproved
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.learning import progress
from services.learning.today import today
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.authoring.lessons import KEY, PATH, opened, published, saved, with_words

LATER = NOW + timedelta(hours=2)


def with_draft(app: Flask, cast: Cast, words: str = "Mine.") -> Typed:
    return saved(app, cast, "tao", with_words(opened(app, cast, "tao"), words))


def need_approval(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session:
        reviewing.set_approval(session, cast.actor("anna"), True, NOW)


def ask(app: Flask, cast: Cast, name: str, typed: Typed) -> None:
    actor = cast.actor(name)
    with app.app_context(), writing() as session:
        reviewing.ask(session, actor, PATH, typed.version, NOW)


def decide(app: Flask, cast: Cast, name: str, typed: Typed, verdict: str, note: str = "") -> None:
    actor = cast.actor(name)
    with app.app_context(), writing() as session:
        reviewing.decide(session, actor, PATH, typed.version, verdict, note, NOW)


def state_for(app: Flask, cast: Cast, name: str) -> reviewing.Standing:
    actor = cast.actor(name)
    with app.app_context(), reading() as session:
        document_id = session.scalar(select(Revision.document_id).where(Revision.source != ""))
        assert document_id
        from_path = previewing.access.lesson_document(session, actor, PATH)
        return reviewing.standing(session, actor, from_path.id, open_draft(session, from_path.id))


def test_only_the_text_that_somebody_else_approved_is_published(any_app: Flask, cast: Cast) -> None:
    need_approval(any_app, cast)
    mine = with_draft(any_app, cast)
    with pytest.raises(Unapproved):
        published(any_app, cast, "tao", mine)
    ask(any_app, cast, "tao", mine)
    with pytest.raises(Forbidden):
        decide(any_app, cast, "tao", mine, "approved")
    decide(any_app, cast, "mara", mine, "approved")
    assert state_for(any_app, cast, "tao").state == "approved"
    changed = saved(any_app, cast, "tao", with_words(mine, "And more."))
    with pytest.raises(Unapproved):
        published(any_app, cast, "tao", changed)
    back = saved(any_app, cast, "tao", replace(mine, version=changed.version))
    assert published(any_app, cast, "tao", back).number == 2


def test_who_changed_a_word_of_it_does_not_approve_it(app: Flask, cast: Cast) -> None:
    mine = with_draft(app, cast)
    hers = saved(app, cast, "mara", with_words(mine, "A word."))
    ask(app, cast, "tao", hers)
    with pytest.raises(Forbidden):
        decide(app, cast, "mara", hers, "approved")


def test_given_back_with_a_word_why(app: Flask, cast: Cast) -> None:
    mine = with_draft(app, cast)
    ask(app, cast, "tao", mine)
    ask(app, cast, "tao", mine)
    with pytest.raises(Invalid):
        decide(app, cast, "mara", mine, "returned")
    decide(app, cast, "mara", mine, "returned", "Too long.")
    found = state_for(app, cast, "tao")
    assert (found.state, found.note, found.decided_by) == (
        "returned",
        "Too long.",
        "Mara Lindqvist",
    )
    with pytest.raises(Conflict):
        decide(app, cast, "mara", mine, "approved")


def test_the_rule_is_the_admins(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session, pytest.raises(Forbidden):
        reviewing.set_approval(session, cast.actor("tao"), True, NOW)
    mine = with_draft(app, cast)
    with pytest.raises(NotFound):
        ask(app, cast, "lin", mine)


def plan(
    app: Flask, cast: Cast, typed: Typed, due_at: datetime = LATER, asks: str = "nothing"
) -> None:
    actor = cast.actor("tao")
    with app.app_context():
        with reading() as session:
            checked = previewing.check(session, actor, PATH, typed.source)
        with writing() as session:
            scheduling.schedule(
                session, actor, PATH, typed.version, checked, due_at, asks, "Due", NOW
            )


def plans(app: Flask) -> list[tuple[str, str]]:
    with app.app_context(), reading() as session:
        rows = session.execute(
            select(DuePublication.state, DuePublication.outcome).order_by(DuePublication.id)
        )
        return [(row.state, row.outcome) for row in rows]


def swept(app: Flask, now: datetime) -> int:
    with app.app_context():
        return publish_due(now)


def test_a_plan_is_carried_out_once_at_its_time(any_app: Flask, cast: Cast) -> None:
    mine = with_draft(any_app, cast)
    plan(any_app, cast, mine)
    assert swept(any_app, LATER - timedelta(seconds=1)) == 0
    with any_app.app_context(), reading() as session:
        (due_id,) = scheduling.due_ids(session, LATER)
        checked = scheduling.check_due(session, due_id)
    assert swept(any_app, LATER) == 1
    # A second sweeper had read the same list before: nothing is left for it.
    with any_app.app_context(), writing() as session:
        assert not scheduling.carry_out(session, due_id, checked, LATER)
    assert opened(any_app, cast, "mara") == Typed(mine.source, 2, 0)
    assert plans(any_app) == [("done", "")]


def test_what_changed_before_its_time_is_reported_and_not_forced(
    any_app: Flask, cast: Cast
) -> None:
    mine = with_draft(any_app, cast)
    plan(any_app, cast, mine)
    more = saved(any_app, cast, "mara", with_words(mine, "Hers."))
    assert swept(any_app, LATER) == 0
    assert plans(any_app) == [("refused", "changed")]
    assert opened(any_app, cast, "tao") == more


def test_another_plan_takes_the_place_of_the_first(app: Flask, cast: Cast) -> None:
    mine = with_draft(app, cast)
    plan(app, cast, mine)
    plan(app, cast, mine, LATER + timedelta(hours=1))
    with pytest.raises(Invalid):
        plan(app, cast, mine, NOW)
    with app.app_context(), writing() as session:
        scheduling.cancel(session, cast.actor("mara"), PATH, NOW)
    assert plans(app) == [("cancelled", ""), ("cancelled", "")]
    assert swept(app, LATER + timedelta(days=1)) == 0


def test_a_plan_for_a_text_that_was_published_since_is_refused(app: Flask, cast: Cast) -> None:
    mine = with_draft(app, cast)
    plan(app, cast, mine)
    published(app, cast, "tao", mine)
    assert swept(app, LATER) == 0
    assert plans(app) == [("refused", "gone")]


def remark(app: Flask, cast: Cast, typed: Typed, line: int, body: str) -> None:
    with app.app_context(), writing() as session:
        commenting.add(session, cast.actor("mara"), PATH, typed.source, line, body, NOW)


def remarks(app: Flask, cast: Cast, source: str) -> tuple[commenting.Comment, ...]:
    actor = cast.actor("tao")
    with app.app_context(), reading() as session:
        document = previewing.access.lesson_document(session, actor, PATH)
        return commenting.comments(session, document.id, source)


def test_a_remark_moves_with_its_line_through_saves_and_publishing(
    any_app: Flask, cast: Cast
) -> None:
    typed = opened(any_app, cast, "tao")
    line = typed.source.splitlines().index("---", 1) + 2
    remark(any_app, cast, typed, line, "Still so?")
    text = typed.source.replace("---\n", "---\n\nNew first line.\n\n", 2).replace(
        "---\n\nNew first line.\n\n", "---\n", 1
    )
    mine = saved(any_app, cast, "tao", replace(typed, source=text))
    (found,) = remarks(any_app, cast, mine.source)
    assert (found.line, found.body, found.by) == (line + 3, "Still so?", "Mara Lindqvist")
    published(any_app, cast, "tao", mine)
    (found,) = remarks(any_app, cast, mine.source)
    assert found.words == typed.source.splitlines()[line - 1]
    with any_app.app_context(), writing() as session:
        commenting.resolve(session, cast.actor("tao"), PATH, found.id, NOW)
    assert remarks(any_app, cast, mine.source) == ()


def test_a_remark_names_a_line_and_says_something(app: Flask, cast: Cast) -> None:
    typed = opened(app, cast, "tao")
    for line, body in ((0, "x"), (99_999, "x"), (1, "  ")):
        with pytest.raises(Invalid):
            remark(app, cast, typed, line, body)


def test_people_who_finished_are_asked_again_and_the_quiz_may_be_taken_again(
    app: Flask, cast: Cast
) -> None:
    lin, tao = cast.actor("lin"), cast.actor("tao")
    with app.app_context(), writing() as session:
        progress.finish(session, lin, KEY, "en", NOW)
    with app.app_context(), reading() as session:
        touched = impact.impact(session, tao, PATH)
    assert (touched.begun, touched.finished, touched.evidence) == (0, 1, 0)
    assert touched.items
    mine = with_draft(app, cast)
    plan(app, cast, mine, asks="reread")
    assert swept(app, LATER) == 1
    with app.app_context(), reading() as session:
        steps = today(session, lin, "en", LATER).steps
    assert [s.state.lesson.key for s in steps if s.kind == "reread" and s.state] == [KEY]
    with app.app_context(), writing() as session:
        progress.finish(session, lin, KEY, "en", LATER + timedelta(minutes=1))
    with app.app_context(), reading() as session:
        steps = today(session, lin, "en", LATER).steps
    assert "reread" not in {step.kind for step in steps}


def test_restoring_makes_a_new_revision_and_leaves_the_draft(any_app: Flask, cast: Cast) -> None:
    first = opened(any_app, cast, "tao")
    published(any_app, cast, "tao", with_words(first, "Wrong."))
    mine = saved(any_app, cast, "mara", with_words(opened(any_app, cast, "mara"), "Hers."))
    actor = cast.actor("tao")
    with any_app.app_context():
        with reading() as session:
            checked = previewing.check(session, actor, PATH, first.source)
        with writing() as session, pytest.raises(Conflict):
            publishing.restore(session, actor, PATH, 1, checked, "", NOW)
        with writing() as session:
            outcome = publishing.restore(session, actor, PATH, 2, checked, "Back", NOW)
        with reading() as session:
            assert catalogue.lesson(session, KEY, "en").number == outcome.number == 3
            assert session.scalar(
                select(func.count()).select_from(Revision).where(Revision.source == first.source)
            ) == 2  # fmt: skip
    assert opened(any_app, cast, "mara") == mine

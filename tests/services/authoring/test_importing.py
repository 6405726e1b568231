"""Questions from a file: shown first, then all of them or none, as drafts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.importing import ImportBatch
from models.library import Document, Published, Revision
from models.measuring import Work
from services.authoring import drafted, importing, importing_work
from services.errors import Conflict, Invalid
from services.session import reading, writing
from tests.conftest import Cast

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CHOSEN = {
    "subtopic": "C2:incoterms",
    "lesson": "trade-practice/who-pays-who-risks",
    "source": "ICC, Incoterms 2020",
}
THREE = """
// [id:C2-P01]
::One::Who bears the risk {=The buyer#Risk passed. ~The seller#Not any more. ~The carrier#Never.}

::Two::How many rules? {#11:0#Eleven.}

Half a question {=a
"""


def read(app: Flask, cast: Cast, text: str, form: str = "") -> int:
    found = importing.read_file(text.encode(), form)
    with app.app_context(), writing() as session:
        return importing.keep(session, cast.actor("tao"), found, NOW)


def imported(app: Flask, cast: Cast, batch: int, **chosen: str) -> int:
    with app.app_context(), writing() as session:
        return importing.begin(session, cast.actor("tao"), batch, CHOSEN | chosen, NOW)


def carry_out(app: Flask, work_id: int) -> None:
    with app.app_context():
        importing_work.run(work_id, lambda: NOW)


def drafts(app: Flask) -> list[Any]:
    with app.app_context(), reading() as session:
        return list(session.execute(
            select(Document.key, Revision.source)
            .join(Revision, Revision.document_id == Document.id)
            .outerjoin(Published, Published.document_id == Document.id)
            .where(Document.kind == "item", Published.document_id.is_(None))
            .order_by(Document.key)
        ))  # fmt: skip


def test_a_file_is_shown_then_imported_as_drafts(any_app: Flask, cast: Cast) -> None:
    batch = read(any_app, cast, THREE)
    with any_app.app_context(), reading() as session:
        page = importing.preview(session, cast.actor("tao"), batch, "en", 1)
    assert [(line.kind, line.state) for line in page.lines] == [
        ("single", "new"),
        ("numeric", "new"),
    ]
    assert [(r.place, r.element) for r in page.refusals] == [("line 7", "question")]
    assert drafts(any_app) == []

    work_id = imported(any_app, cast, batch)
    carry_out(any_app, work_id)
    carry_out(any_app, work_id)  # a message that comes twice
    found = drafts(any_app)
    assert [row.key for row in found] == ["C2-I01", "C2-I02"]
    assert "lesson: trade-practice/who-pays-who-risks" in found[0].source
    with any_app.app_context(), reading() as session:
        page = importing.preview(session, cast.actor("tao"), batch, "en", 1)
    assert page.work is not None
    assert (page.work.state, page.outcome["created"], page.outcome["ready"]) == ("done", 2, 2)


def test_what_the_bank_has_is_skipped(app: Flask, cast: Cast) -> None:
    carry_out(app, imported(app, cast, read(app, cast, THREE)))
    batch = read(app, cast, THREE + "\n::Again::How many rules? {#11:0#Eleven.}\n")
    with app.app_context(), reading() as session:
        page = importing.preview(session, cast.actor("tao"), batch, "en", 1)
    assert [(line.state, line.like) for line in page.lines] == [
        ("known", "C2-I01"), ("known", "C2-I02"), ("twice", "line 5"),
    ]  # fmt: skip
    carry_out(app, imported(app, cast, batch))
    assert len(drafts(app)) == 2


def test_a_cancelled_import_leaves_nothing(app: Flask, cast: Cast) -> None:
    batch = read(app, cast, THREE)
    work_id = imported(app, cast, batch)
    with app.app_context(), writing() as session:
        assert importing.cancel(session, cast.actor("tao"), batch, NOW)
    carry_out(app, work_id)
    assert drafts(app) == []
    with app.app_context(), writing() as session:
        assert not importing.cancel(session, cast.actor("tao"), batch, NOW)


def test_an_import_cancelled_half_way_leaves_nothing(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = read(app, cast, THREE)
    work_id = imported(app, cast, batch)
    said = importing_work.note

    def stop_then_say(work: int, done: int, total: int) -> None:
        with writing() as session:
            importing.cancel(session, cast.actor("tao"), batch, NOW)
        said(work, done, total)

    monkeypatch.setattr(importing_work, "note", stop_then_say)
    carry_out(app, work_id)
    assert drafts(app) == []


def test_an_import_whose_process_was_killed_is_carried_out_anew(app: Flask, cast: Cast) -> None:
    """Between `take` and the one writing transaction nothing is kept, so it begins again."""
    work_id = imported(app, cast, read(app, cast, THREE))
    with app.app_context(), writing() as session:
        session.execute(Work.__table__.update().values(state="running", done=1))
    carry_out(app, work_id)
    assert len(drafts(app)) == 2


def test_nothing_is_begun_without_a_subject(app: Flask, cast: Cast) -> None:
    batch = read(app, cast, THREE)
    with pytest.raises(Invalid) as refused:
        imported(app, cast, batch, subtopic="C2:nonsense", lesson="")
    assert set(refused.value.fields) == {"subtopic", "lesson"}
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Work)) == 0


def test_a_draft_is_completed_and_published(any_app: Flask, cast: Cast) -> None:
    actor = cast.actor("tao")
    text = "::T::Which way? {=North#So it is. ~South ~East#No.}"
    carry_out(any_app, imported(any_app, cast, read(any_app, cast, text)))
    with any_app.app_context(), reading() as session:
        draft = drafted.draft_page(session, actor, "C2-I01")
        assert drafted.compile_ready(session, actor, ["C2-I01"])[0] == []
    assert [problem.field for problem in draft.problems] == ["options[2].why"]
    whole = draft.source.replace("why: ''", "why: Wrong.")
    with any_app.app_context(), writing() as session:
        assert drafted.save(session, actor, "C2-I01", draft.number, whole, NOW) == 2
    with any_app.app_context(), writing() as session, pytest.raises(Conflict):
        drafted.save(session, actor, "C2-I01", draft.number, draft.source + "#\n", NOW)
    with any_app.app_context(), reading() as session:
        ready, lacking = drafted.compile_ready(session, actor, ["C2-I01"])
    assert not lacking
    with any_app.app_context(), writing() as session:
        assert drafted.publish(session, actor, ready, NOW) == 1
        assert drafted.publish(session, actor, ready, NOW) == 0
    assert drafts(any_app) == []


def test_a_thousand_questions_take_seconds(app: Flask, cast: Cast) -> None:
    """Ten seconds are allowed; what is counted is the work itself, without the queue."""
    text = "\n\n".join(
        f"::Q{n}::What is {n} plus {n}? {{={2 * n}#Right. ~{n}#No. ~{3 * n + 1}#No.}}"
        for n in range(1, 1001)
    )
    work_id = imported(app, cast, read(app, cast, text))
    started = datetime.now(UTC)
    carry_out(app, work_id)
    seconds = (datetime.now(UTC) - started).total_seconds()
    assert len(drafts(app)) == 1000
    assert seconds < 10, f"{seconds:.1f} s"
    with app.app_context(), reading() as session:
        assert session.scalar(select(ImportBatch.parsed)) == ""

"""Publishing: one transaction, never over a newer revision, and readers keep their place."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from models.accounts import FreeText
from models.authoring import Draft
from models.journal import JournalEntry
from models.library import Publication, Revision
from services.authoring.drafts import Clash, Typed
from services.authoring.publishing import LONGEST_REASON, Unsound
from services.errors import Conflict, Invalid, NotFound
from services.learning import pages as learning
from services.learning import progress
from services.library.content_folder import export_folder, load_folder
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.authoring.lessons import KEY, PATH, opened, published, saved, with_words


def counts(app: Flask) -> tuple[int, ...]:
    with app.app_context(), reading() as session:
        tables = (Revision, Publication, Draft, FreeText)
        return tuple(session.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


def read_by(app: Flask, cast: Cast, name: str) -> learning.LessonPage:
    actor = cast.actor(name)
    with app.app_context(), reading() as session:
        return learning.lesson_page(session, actor, KEY, "en", NOW)


def test_readers_see_the_new_revision_and_the_draft_is_gone(any_app: Flask, cast: Cast) -> None:
    mine = saved(any_app, cast, "tao", with_words(opened(any_app, cast, "tao"), "New words."))
    assert "New words." not in read_by(any_app, cast, "lin").frame.html
    assert published(any_app, cast, "tao", mine).number == 2
    page = read_by(any_app, cast, "lin")
    assert page.frame.revision == 2
    assert "<p>New words.</p>" in page.frame.html
    assert opened(any_app, cast, "mara") == Typed(mine.source, 2, 0)


def test_the_reason_stands_in_the_free_text_and_the_journal_holds_its_id(
    app: Flask, cast: Cast
) -> None:
    typed = with_words(opened(app, cast, "tao"), "New.")
    published(app, cast, "tao", typed, reason="  FCA said\nearlier ")
    with app.app_context(), reading() as session:
        text = session.execute(
            select(FreeText).where(FreeText.about_kind == "revision")
        ).scalar_one()
        entry = session.execute(
            select(JournalEntry)
            .where(JournalEntry.event == "document.published")
            .order_by(JournalEntry.id.desc())
            .limit(1)
        ).scalar_one()
        assert (text.body, text.author_id) == ("FCA said earlier", cast.tao)
        assert entry.actor_id == cast.tao
        assert entry.data == {"revision": text.about_id, "reason": text.id}


def test_a_repeat_gives_the_first_outcome(any_app: Flask, cast: Cast) -> None:
    typed = saved(any_app, cast, "tao", with_words(opened(any_app, cast, "tao"), "New."))
    first = published(any_app, cast, "tao", typed, "why")
    before = counts(any_app)
    second = published(any_app, cast, "tao", typed, "why")
    assert (first.new, second.new) == (True, False)
    assert first.number == second.number
    assert counts(any_app) == before


def test_a_newer_revision_is_never_overwritten(any_app: Flask, cast: Cast) -> None:
    hers, mine = opened(any_app, cast, "mara"), opened(any_app, cast, "tao")
    hers, mine = with_words(hers, "Hers."), with_words(mine, "Mine.")
    published(any_app, cast, "mara", hers)
    before = counts(any_app)
    with pytest.raises(Conflict) as caught:
        published(any_app, cast, "tao", mine, "why")
    clash = caught.value.current
    assert isinstance(clash, Clash)
    assert (clash.kind, clash.by, clash.base) == ("published", "Mara Lindqvist", 2)
    assert (clash.mine, clash.theirs) == (mine.source, hers.source)
    assert counts(any_app) == before
    merged = Typed(clash.theirs + "\nMine.\n", clash.base, clash.version)
    assert published(any_app, cast, "tao", saved(any_app, cast, "tao", merged)).number == 3
    assert "Hers." in read_by(any_app, cast, "lin").frame.html


def test_a_draft_on_an_old_revision_is_kept_and_refused_at_publishing(
    app: Flask, cast: Cast
) -> None:
    mine = saved(app, cast, "tao", with_words(opened(app, cast, "tao"), "Mine."))
    with app.app_context():
        folder = _folder_with(app, "On disk.")
        assert load_folder(folder, NOW).changed == [PATH]
    mine = saved(app, cast, "tao", with_words(mine, "More."))
    with pytest.raises(Conflict):
        published(app, cast, "tao", mine)
    assert opened(app, cast, "tao") == mine


def _folder_with(app: Flask, words: str) -> Path:
    """A copy of the content folder in which one lesson ends with these words."""
    folder = Path(app.instance_path) / words.strip(".")
    for path in (ROOT / "content").rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(ROOT / "content")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    lesson = folder / PATH
    lesson.write_text(f"{lesson.read_text()}\n{words}\n")
    return folder


def test_a_draft_that_somebody_else_saved_is_not_published_unseen(app: Flask, cast: Cast) -> None:
    mine = saved(app, cast, "tao", with_words(opened(app, cast, "tao"), "Mine."))
    saved(app, cast, "mara", with_words(mine, "Hers."))
    with pytest.raises(Conflict) as caught:
        published(app, cast, "tao", mine)
    assert isinstance(caught.value.current, Clash)
    assert caught.value.current.kind == "draft"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: ", "titel: "),
        ("competencies: [C3]", "competencies: [C9]"),
        ("C3-Q01", "C3-Q99"),
        ("C3-Q01", "C3-S01"),
        ("- [x]", "- [ ]"),
        ("figures/", "figures/no-"),
        ("\nid: ", "\nid: other-"),
    ],
)
def test_a_faulty_text_is_not_published(app: Flask, cast: Cast, old: str, new: str) -> None:
    typed = opened(app, cast, "tao")
    assert old in typed.source
    before = counts(app)
    with pytest.raises(Unsound):
        published(app, cast, "tao", replace(typed, source=typed.source.replace(old, new)))
    assert counts(app) == before


def test_a_reason_without_end_is_refused(app: Flask, cast: Cast) -> None:
    typed = with_words(opened(app, cast, "tao"), "New.")
    with pytest.raises(Invalid) as caught:
        published(app, cast, "tao", typed, "x" * (LONGEST_REASON + 1))
    assert "reason" in caught.value.fields


def test_a_learner_cannot_publish(app: Flask, cast: Cast) -> None:
    with pytest.raises(NotFound):
        published(app, cast, "lin", with_words(opened(app, cast, "tao"), "New."))


def test_what_was_read_stays_read_in_sections_that_stay(app: Flask, cast: Cast) -> None:
    first = read_by(app, cast, "lin").frame.sections[0]
    lin = cast.actor("lin")
    with app.app_context(), writing() as session:
        progress.keep_place(session, lin, KEY, first.anchor, "en", NOW)
    published(app, cast, "tao", with_words(opened(app, cast, "tao"), "New words."))
    page = read_by(app, cast, "lin")
    assert page.frame.revision == 2
    assert page.read == {first.anchor}


def test_the_folder_keeps_what_was_published_and_the_export_writes_it(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    typed = with_words(opened(app, cast, "tao"), "New words.")
    published(app, cast, "tao", typed)
    with app.app_context():
        report = load_folder(ROOT / "content", NOW + timedelta(days=1))
        assert (report.kept, report.changed, report.conflicts) == ([PATH], [], [])
    with app.app_context(), writing() as session:
        export_folder(session, tmp_path)
    assert (tmp_path / PATH).read_bytes() == typed.source.encode()

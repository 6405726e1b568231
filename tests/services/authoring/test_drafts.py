"""Drafts: one a lesson, saved under a version, never over somebody else's words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.authoring import Draft
from services.authoring import drafts
from services.authoring.drafts import Clash, TooLong, Typed, discard_draft, save_draft
from services.errors import Conflict, Invalid, NotFound
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.authoring.lessons import PATH, opened, published, saved, with_words


def clash_of(caught: pytest.ExceptionInfo[Conflict]) -> Clash:
    clash = caught.value.current
    assert isinstance(clash, Clash)
    return clash


def discard(app: Flask, cast: Cast, name: str, version: int) -> None:
    actor = cast.actor(name)
    with app.app_context(), writing() as session:
        discard_draft(session, actor, PATH, version, NOW)


def draft_rows(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(Draft)) or 0


def test_opening_writes_nothing(app: Flask, cast: Cast) -> None:
    typed = opened(app, cast, "tao")
    assert (typed.version, typed.base) == (0, 1)
    assert draft_rows(app) == 0


def test_a_saved_draft_is_what_everybody_opens_next(any_app: Flask, cast: Cast) -> None:
    mine = saved(any_app, cast, "tao", with_words(opened(any_app, cast, "tao"), "Mine."))
    assert opened(any_app, cast, "mara") == mine
    again = saved(any_app, cast, "mara", with_words(mine, "Hers."))
    assert again.version == mine.version + 1
    assert draft_rows(any_app) == 1


def test_a_repeated_save_gives_the_first_outcome(any_app: Flask, cast: Cast) -> None:
    typed = with_words(opened(any_app, cast, "tao"), "Mine.")
    assert saved(any_app, cast, "tao", typed) == saved(any_app, cast, "tao", typed)


def test_a_stale_save_is_refused_with_both_texts(any_app: Flask, cast: Cast) -> None:
    hers, mine = opened(any_app, cast, "mara"), opened(any_app, cast, "tao")
    hers = saved(any_app, cast, "mara", with_words(hers, "Hers."))
    mine = with_words(mine, "Mine.")
    with pytest.raises(Conflict) as caught:
        saved(any_app, cast, "tao", mine)
    clash = clash_of(caught)
    assert (clash.kind, clash.by) == ("draft", "Mara Lindqvist")
    assert (clash.mine, clash.theirs) == (mine.source, hers.source)
    assert (clash.difference.added, clash.difference.removed) == (1, 1)
    assert opened(any_app, cast, "tao") == hers


def test_saving_again_from_the_conflict_takes_the_place(any_app: Flask, cast: Cast) -> None:
    mine = with_words(opened(any_app, cast, "tao"), "Mine.")
    saved(any_app, cast, "mara", with_words(opened(any_app, cast, "mara"), "Hers."))
    with pytest.raises(Conflict) as caught:
        saved(any_app, cast, "tao", mine)
    clash = clash_of(caught)
    saved(any_app, cast, "tao", Typed(clash.mine, clash.base, clash.version))
    assert opened(any_app, cast, "mara").source == mine.source


def test_a_draft_that_is_gone_is_a_conflict_with_the_published_text(
    any_app: Flask, cast: Cast
) -> None:
    mine = saved(any_app, cast, "tao", with_words(opened(any_app, cast, "tao"), "Mine."))
    discard(any_app, cast, "mara", mine.version)
    with pytest.raises(Conflict) as caught:
        saved(any_app, cast, "tao", with_words(mine, "More."))
    clash = clash_of(caught)
    assert (clash.kind, clash.version, clash.base) == ("gone", 0, 1)
    assert saved(any_app, cast, "tao", Typed(clash.mine, clash.base, clash.version)).version > 0


def test_a_page_of_a_discarded_draft_cannot_be_saved_over_the_next_one(
    app: Flask, cast: Cast
) -> None:
    old = saved(app, cast, "tao", with_words(opened(app, cast, "tao"), "Mine."))
    discard(app, cast, "mara", old.version)
    actor = cast.actor("mara")
    hers = with_words(opened(app, cast, "mara"), "Hers.")
    with app.app_context(), writing() as session:
        save_draft(session, actor, PATH, hers, NOW + timedelta(minutes=1))
    with pytest.raises(Conflict):
        saved(app, cast, "tao", with_words(old, "More."))


def test_discarding_twice_is_discarding_once(app: Flask, cast: Cast) -> None:
    mine = saved(app, cast, "tao", with_words(opened(app, cast, "tao"), "Mine."))
    discard(app, cast, "tao", mine.version)
    discard(app, cast, "tao", mine.version)
    assert draft_rows(app) == 0


def test_a_draft_that_somebody_saved_since_is_not_discarded(app: Flask, cast: Cast) -> None:
    mine = saved(app, cast, "tao", with_words(opened(app, cast, "tao"), "Mine."))
    saved(app, cast, "mara", with_words(mine, "Hers."))
    with pytest.raises(Conflict):
        discard(app, cast, "tao", mine.version)
    assert draft_rows(app) == 1


def test_the_line_ends_of_browsers_are_no_change(app: Flask, cast: Cast) -> None:
    typed = opened(app, cast, "tao")
    sent = replace(typed, source=typed.source.replace("\n", "\r\n"))
    saved(app, cast, "tao", sent)
    assert opened(app, cast, "tao").source == typed.source
    assert not published(app, cast, "tao", sent).new


def test_a_faulty_text_is_kept_as_a_draft(app: Flask, cast: Cast) -> None:
    typed = replace(opened(app, cast, "tao"), source="---\nid: [\n")
    saved(app, cast, "tao", typed)
    assert opened(app, cast, "mara").source == "---\nid: [\n"


def test_characters_that_databases_refuse_do_not_break_a_save(any_app: Flask, cast: Cast) -> None:
    typed = replace(opened(any_app, cast, "tao"), source="a\0b \U0001f6a2 \x07\n")
    saved(any_app, cast, "tao", typed)
    assert opened(any_app, cast, "tao").source == "ab \U0001f6a2 \x07\n"


def test_a_text_over_the_cap_and_a_base_that_never_was_are_refused(app: Flask, cast: Cast) -> None:
    typed = opened(app, cast, "tao")
    with pytest.raises(TooLong):
        saved(app, cast, "tao", replace(typed, source="x" * (drafts.MAX_BYTES + 1)))
    with pytest.raises(Invalid):
        saved(app, cast, "tao", replace(with_words(typed, "x"), base=77))
    assert draft_rows(app) == 0


@pytest.mark.parametrize("name", ["lin", "min", "lei", "anna"])
def test_to_everybody_else_a_lesson_cannot_be_edited(app: Flask, cast: Cast, name: str) -> None:
    typed = opened(app, cast, "tao")
    with pytest.raises(NotFound):
        saved(app, cast, name, with_words(typed, "x"))
    with pytest.raises(NotFound):
        discard(app, cast, name, 0)


@pytest.mark.parametrize("path", ["courses/no/no.md", "items/C2/C2-P01.yaml", "courses/../x.md"])
def test_what_is_not_a_lesson_is_not_found(app: Flask, cast: Cast, path: str) -> None:
    actor, typed = cast.actor("tao"), Typed("x", 1, 0)
    with app.app_context(), writing() as session, pytest.raises(NotFound):
        save_draft(session, actor, path, typed, NOW)

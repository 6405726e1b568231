"""An item from its beginning to its end: new, copied, drafted, published, retired, found."""

import pytest
from flask import Flask
from sqlalchemy import select

from models.library import Document, Published
from services.actor import Actor
from services.authoring import (
    importing_work,
    item_beginning,
    item_checking,
    item_conflicts,
    item_editing,
    retiring,
)
from services.authoring.importing_work import Prepared
from services.authoring.item_editing import STATES, ItemText, Typed
from services.errors import Conflict, Invalid, NotFound
from services.library import catalogue, loading, search
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.library import publishing

KEY, PATH = "C5-Q02", "items/C5/C5-Q02.yaml"


def stands(app: Flask, actor: Actor, key: str) -> ItemText:
    with app.app_context(), reading() as session:
        return item_editing.item_text(session, actor, key, states=STATES)


def begin(app: Flask, actor: Actor, kind: str, home: str = "C4") -> str:
    with app.app_context(), writing() as session:
        return item_beginning.begin(session, actor, kind, home, NOW)


def save(app: Flask, actor: Actor, key: str, typed: Typed) -> None:
    with app.app_context(), writing() as session:
        item_editing.save(session, actor, key, typed, NOW)


def publish(app: Flask, actor: Actor, key: str, typed: Typed) -> bool:
    path = f"items/{key[:2]}/{key}.yaml"
    with app.app_context(), reading() as session:
        checked = item_checking.check(session, path, key, typed.source)
    with app.app_context(), writing() as session:
        return item_editing.publish(session, actor, key, typed, checked, "", NOW)


def retire(app: Flask, actor: Actor, key: str, number: int) -> None:
    with app.app_context(), writing() as session:
        retiring.retire(session, actor, key, number, NOW)


def found(app: Flask, trainer: Actor, words: str) -> set[str]:
    with app.app_context(), reading() as session:
        return {hit.key for hit in search.search(session, trainer, words, "en").bank}


def test_a_new_item_becomes_one_that_is_asked(any_app: Flask, cast: Cast) -> None:
    tao, mara = cast.actor("tao"), cast.actor("mara")
    key = begin(any_app, tao, "single")
    assert begin(any_app, tao, "single") == key  # a second wish, nothing written yet
    assert begin(any_app, tao, "likert") != key
    assert begin(any_app, mara, "single") != key
    with pytest.raises(Invalid):
        begin(any_app, tao, "riddle")
    with pytest.raises(Invalid):
        begin(any_app, tao, "single", "C9")
    with pytest.raises(NotFound):
        begin(any_app, cast.actor("lin"), "single")

    empty = stands(any_app, tao, key)
    assert (empty.state, empty.number, empty.version) == ("draft", 1, 0)
    like = publishing.text_of(any_app, "items/C4/C4-Q11.yaml")
    whole = like.replace("id: C4-Q11", f"id: {key}")
    save(any_app, tao, key, Typed(whole, 1, 0))
    with pytest.raises(Conflict) as refused:
        save(any_app, mara, key, Typed(empty.source + "# mine\n", 1, 0))
    assert isinstance(refused.value.current, ItemText)
    assert refused.value.current.source == whole
    assert begin(any_app, tao, "single") != key

    assert publish(any_app, tao, key, Typed(whole, 2, 0))
    assert not publish(any_app, tao, key, Typed(whole, 2, 0))  # a repeat
    assert stands(any_app, tao, key).state == "ready"
    assert publishing.text_of(any_app, f"items/C4/{key}.yaml") == whole


def test_a_copy_is_a_draft_of_its_own(any_app: Flask, cast: Cast) -> None:
    tao = cast.actor("tao")
    keys = []
    for _ in range(2):
        with any_app.app_context(), writing() as session:
            keys.append(item_beginning.copy(session, tao, KEY, NOW))
    assert keys[0] == keys[1]
    copy, first = stands(any_app, tao, keys[0]), publishing.text_of(any_app, PATH)
    assert copy.state == "draft"
    assert copy.source == first.replace(f"id: {KEY}", f"id: {keys[0]}")
    assert publishing.text_of(any_app, PATH) == first


def test_two_texts_are_joined_where_they_do_not_touch(any_app: Flask, cast: Cast) -> None:
    tao, mara = cast.actor("tao"), cast.actor("mara")
    text = publishing.text_of(any_app, PATH)
    first, last = text.splitlines()[6], text.splitlines()[-1]
    save(any_app, tao, KEY, Typed(text.replace(last, last + "\n# theirs"), 1, 0))
    mine = Typed(text.replace(first, first + "  # mine"), 1, 0)
    with pytest.raises(Conflict) as refused:
        save(any_app, mara, KEY, mine)
    now_there = refused.value.current
    assert isinstance(now_there, ItemText)
    with any_app.app_context(), reading() as session:
        clash = item_conflicts.clash(session, now_there, mine)
    assert clash.joined is not None
    assert "# mine" in clash.joined
    assert "# theirs" in clash.joined
    save(any_app, mara, KEY, Typed(clash.joined, now_there.base, now_there.version))
    assert stands(any_app, tao, KEY).source == clash.joined


def test_a_retired_item_is_asked_nowhere_and_a_load_leaves_it_so(
    any_app: Flask, cast: Cast
) -> None:
    tao = cast.actor("tao")
    with any_app.app_context(), reading() as session:
        free = next(
            e.key for e in catalogue.published(session, "item")
            if not retiring.asked_by(session, e.key)
        )  # fmt: skip
    text = stands(any_app, tao, free)
    with pytest.raises(Conflict):
        retire(any_app, tao, free, 7)
    for _ in range(2):
        retire(any_app, tao, free, text.number)
    assert stands(any_app, tao, free).state == "retired"
    with any_app.app_context(), reading() as session:
        assert not catalogue.published(session, "item", [free])
    assert free not in found(any_app, tao, free)

    with any_app.app_context(), reading() as session:
        files = {**loading.export(session), text.path: text.source}
        report = loading.unchanged(session, files)
    assert report is not None
    assert report.kept == [text.path]
    assert publish(any_app, tao, free, Typed(text.source, text.number, 0))
    assert stands(any_app, tao, free).state == "ready"
    assert free in found(any_app, tao, free)


def test_what_a_form_asks_is_not_retired(app: Flask, cast: Cast) -> None:
    text = stands(app, cast.actor("tao"), "C1-P01")
    with pytest.raises(retiring.StillAsked) as refused:
        retire(app, cast.actor("tao"), "C1-P01", text.number)
    assert "Placement" in refused.value.places
    with app.app_context(), reading() as session:
        row = session.scalar(
            select(Published.retired_at)
            .join(Document, Document.id == Published.document_id)
            .where(Document.key == "C1-P01")
        )
    assert row is None


def test_imported_drafts_are_found_at_once(any_app: Flask, cast: Cast) -> None:
    drafts = [
        Prepared(f"C2-I0{n}", f"id: C2-I0{n}\nstem: zanzibarword {n}\n", f"zanzibarword {n}", 1)
        for n in (1, 2)
    ]
    assert found(any_app, cast.actor("tao"), "zanzibarword") == set()
    with any_app.app_context(), writing() as session:
        importing_work.keep_drafts(session, cast.actor("tao"), drafts, NOW)
    assert found(any_app, cast.actor("tao"), "zanzibarword") == {"C2-I01", "C2-I02"}

"""What is found, by whom: on both databases, in the transaction that publishes."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from models.authoring import Draft
from models.search import SearchEntry
from services.authoring import drafts, searching
from services.authoring.drafts import Typed
from services.library import indexing
from services.library.search import Found, search
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.library import publishing

LESSON = "courses/trade-practice/who-pays-who-risks.md"
KEY = "trade-practice/who-pays-who-risks"


def find(app: Flask, cast: Cast, who: str, asked: str, lang: str = "en") -> Found:
    with app.app_context(), reading() as session:
        return search(session, cast.actor(who), asked, lang)


def keys(found: Found) -> list[str]:
    return [hit.key for hit in found.readers]


def test_lessons_and_words_are_found_in_both_languages(any_app: Flask, cast: Cast) -> None:
    publishing.change(any_app, LESSON, lambda s: s + "\nThe zebrafish pays 斑马 nobody.\n")
    assert keys(find(any_app, cast, "lin", "ZEBRAF")) == [KEY]
    hit = find(any_app, cast, "lin", "斑马").readers[0]
    assert (hit.key, [p.text for p in hit.excerpt if p.marked]) == (KEY, ["斑马"])
    assert not find(any_app, cast, "lin", "马斑").readers
    assert "word" in {hit.kind for hit in find(any_app, cast, "lin", "报价").readers}
    publishing.change(any_app, LESSON, lambda s: s.replace("zebrafish", "fish"))
    assert not find(any_app, cast, "lin", "zebrafish").readers


@pytest.mark.parametrize(
    "asked", ["马", "斑马", "斑马线", "马线旁", "线旁FOB", "FOB港", "港", "FOB"]
)
def test_any_part_of_a_chinese_text_is_found(any_app: Flask, cast: Cast, asked: str) -> None:
    publishing.change(any_app, LESSON, lambda s: s + "\nZebrafish 斑马线旁FOB港。\n")
    hits = {hit.key: hit for hit in find(any_app, cast, "lin", f"zebrafish {asked}").readers}
    assert list(hits) == [KEY]
    assert asked in [piece.text for piece in hits[KEY].excerpt if piece.marked]


@pytest.mark.parametrize("asked", ["线斑", "斑线", "马港", "B港旁"])
def test_characters_that_do_not_stand_so_are_not_found(
    any_app: Flask, cast: Cast, asked: str
) -> None:
    publishing.change(any_app, LESSON, lambda s: s + "\nZebrafish 斑马线旁FOB港。\n")
    assert not find(any_app, cast, "lin", f"zebrafish {asked}").readers


def test_learners_find_nothing_of_items_and_drafts(any_app: Flask, cast: Cast) -> None:
    """Not by number, order or excerpt; a trainer finds both."""
    before = find(any_app, cast, "lin", "incoterms")
    with any_app.app_context(), writing() as session:
        indexing.feed_draft(session, 1, "A draft", "nothing")  # a framework has no draft to find
        source = session.scalar(
            text("SELECT source FROM revision r JOIN published p ON p.revision_id = r.id "
                 "JOIN document d ON d.id = p.document_id WHERE d.path = :path"),
            {"path": LESSON},
        )  # fmt: skip
        assert source
        typed = Typed(source + "\nQuokka incoterms incoterms.\n", 1, 0)
        drafts.save_draft(session, cast.actor("tao"), LESSON, typed, datetime.now(UTC))
    assert find(any_app, cast, "lin", "incoterms") == before
    assert find(any_app, cast, "lin", "quokka") == Found("quokka", (), (), False, False)
    found = find(any_app, cast, "tao", "quokka").bank
    assert [(hit.key, hit.is_draft) for hit in found] == [(KEY, True)]
    item = find(any_app, cast, "tao", "C3 E01")
    assert [hit.kind for hit in item.bank][:1] == ["item"]
    assert not find(any_app, cast, "lin", "C3 E01").bank


def test_a_rebuild_finds_the_same(any_app: Flask, cast: Cast) -> None:
    before = find(any_app, cast, "tao", "quote")
    with any_app.app_context(), writing() as session:
        kept = session.scalar(select(func.count()).select_from(SearchEntry))
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
        assert searching.rebuild(session) == kept
    after = find(any_app, cast, "tao", "quote")
    assert {hit.key for hit in before.readers} == {hit.key for hit in after.readers}
    assert {hit.key for hit in before.bank} == {hit.key for hit in after.bank}


ODD = ('"', "a OR", "* ^ -", "NEAR(a b", "x" * 500, "\0", "' & |", "的 \\")


@pytest.mark.parametrize("odd", ODD)
def test_odd_questions_are_no_error(odd: str, any_app: Flask, cast: Cast) -> None:
    assert isinstance(find(any_app, cast, "tao", odd), Found)


def test_a_lesson_of_a_closed_module_is_for_trainers(app: Flask, cast: Cast) -> None:
    assert KEY in keys(find(app, cast, "lin", "who pays who risks"))
    path = "courses/trade-practice/module.yaml"
    publishing.change(app, path, lambda s: s + "state: closed\n")
    found = find(app, cast, "lin", "who pays who risks")
    assert KEY not in keys(found)
    assert KEY in [hit.key for hit in find(app, cast, "tao", "who pays who risks").bank]

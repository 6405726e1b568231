"""The glossary as readers use it, and the lesson's own words; also on the page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from models.accounts import Person
from models.library import Document, Published, Revision
from services.library import catalogue, words
from services.library.loading import digest_of
from services.library.words import Word
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.library.publishing import change, put, text_of
from tests.statements import counted

LESSON = "industry/know-what-you-sell"
PATH = f"courses/{LESSON}.md"
GLOSSARY = """\
id: test-words
terms:
  - id: xylograph
    term: Xylograph
    zh_Hans: 木版印画
    means: {en: "A print from a wooden block.", zh_Hans: "用木版印出来的画。"}
    lesson: industry/know-what-you-sell
    also: [woodcut]
  - id: zebra-crate
    term: zebra crate
    zh_Hans: 条纹箱
    means: {en: "A striped box for <b> goods.", zh_Hans: "带条纹的箱子。"}
    lesson: industry/know-what-you-sell
  - id: 9d-print
    term: 9D print
    zh_Hans: 九维印
    means: {en: "Nothing yet.", zh_Hans: "还没有。"}
    lesson: industry/know-what-you-sell
"""
Make = Callable[..., Caller]


@pytest.fixture
def glossary(app: Flask) -> Flask:
    """The application with three words of its own beside the course's."""
    put(app, "glossary/test-words.yaml", GLOSSARY)
    return app


def found(app: Flask, asked: str, lang: str = "en") -> list[str]:
    with app.app_context(), reading() as session:
        return [word.id for word in words.find(session, lang, asked)]


def all_words(app: Flask, lang: str = "en") -> dict[str, Word]:
    with app.app_context(), reading() as session:
        return words.words(session, lang)


@pytest.mark.parametrize("lang", ["en", "zh_Hans"])
@pytest.mark.parametrize(
    "asked", ["xylograph", "XYLO", "woodcut", "木版印画", "版印", "  xylo   木版 ", "xylo wood"]
)
def test_a_word_is_found_by_any_of_its_names(glossary: Flask, asked: str, lang: str) -> None:
    assert found(glossary, asked, lang) == ["xylograph"]


def test_a_word_is_found_by_its_sentence_in_the_readers_language(glossary: Flask) -> None:
    assert found(glossary, "wooden block") == ["xylograph"]
    assert found(glossary, "wooden block", "zh_Hans") == []
    assert found(glossary, "用木版印出来", "zh_Hans") == ["xylograph"]


@pytest.mark.parametrize("asked", ["xylograph zebra", "%", "_", "xy%h", "\0"])
def test_every_part_must_be_there_as_it_is(glossary: Flask, asked: str) -> None:
    assert "xylograph" not in found(glossary, asked)


def test_nothing_asked_is_everything_in_the_order_of_the_alphabet(glossary: Flask) -> None:
    everything = list(all_words(glossary).values())
    assert [word.id for word in everything] == found(glossary, "")
    terms = [word.term.lower() for word in everything]
    assert terms == sorted(terms)


def test_a_word_knows_its_letter_and_its_lesson(glossary: Flask) -> None:
    known = all_words(glossary)
    assert [known[w].letter for w in ("xylograph", "zebra-crate", "9d-print")] == ["X", "Z", "#"]
    with glossary.app_context(), reading() as session:
        title = catalogue.lesson(session, LESSON, "en").title
    assert (known["xylograph"].lesson_key, known["xylograph"].lesson_title) == (LESSON, title)


def test_the_words_are_kept_until_something_is_published(glossary: Flask) -> None:
    all_words(glossary)
    with counted(glossary) as sent:
        all_words(glossary)
    assert len(sent) == 1, "the library's version alone"
    change(glossary, "glossary/test-words.yaml", lambda text: text.replace("Xylograph", "Woodcut"))
    assert all_words(glossary)["xylograph"].term == "Woodcut"


def test_two_languages_are_kept_side_by_side(glossary: Flask) -> None:
    def both() -> None:
        with glossary.app_context(), reading() as session:
            for lang in ("en", "zh_Hans"):
                words.words(session, lang)
                catalogue.outline(session, lang)

    both()
    with counted(glossary) as sent:
        both()
    assert len(sent) == 4, "the library's version alone, each time"


def test_a_retired_glossary_is_not_shown(glossary: Flask) -> None:
    with glossary.app_context(), writing() as session:
        mine = select(Document.id).where(Document.path == "glossary/test-words.yaml")
        retired = update(Published).where(Published.document_id.in_(mine))
        session.execute(retired.values(retired_at=NOW))
    put(glossary, PATH, text_of(glossary, PATH) + "\nOne more line.\n")
    assert "xylograph" not in all_words(glossary)


def speak(app: Flask, person_id: int, locale: str) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Person).where(Person.id == person_id).values(locale=locale))


def test_the_page_in_english(glossary: Flask, caller: Make) -> None:
    page = caller("lin").get("/learn/glossary").text
    assert '<div id="term-xylograph"><dt>Xylograph <span lang="zh-Hans">木版印画</span>' in page
    assert "A print from a wooden block." in page
    assert f'href="/learn/{LESSON}"' in page
    assert "A striped box for &lt;b&gt; goods." in page
    assert 'href="#letter-x"' in page
    assert 'id="letter-x"' in page
    assert 'href="#letter-digit"' in page


def test_the_page_in_chinese(glossary: Flask, cast: Cast, caller: Make) -> None:
    speak(glossary, cast.lin, "zh_Hans")
    page = caller("lin").get("/learn/glossary").text
    assert '<html lang="zh-Hans"' in page
    assert "用木版印出来的画。" in page
    assert "A print from a wooden block." not in page
    assert "Xylograph" in page


@pytest.mark.parametrize("asked", ["woodcut", "木版"])
def test_the_page_after_a_search(glossary: Flask, caller: Make, asked: str) -> None:
    page = caller("tao").get("/learn/glossary", query_string={"q": asked}).text
    assert re.findall(r'<div id="term-([\w-]+)">', page) == ["xylograph"]
    assert "1 word found" in page
    assert f'value="{asked}"' in page
    assert 'class="letters"' not in page


def test_the_page_without_a_find_leads_back(glossary: Flask, caller: Make) -> None:
    page = caller("lin").get("/learn/glossary?q=<b>nowhere").text
    assert "No such word" in page
    assert "<b>nowhere" not in page
    assert "0 words found" in page


def test_the_glossary_is_for_learners_and_trainers(glossary: Flask, caller: Make) -> None:
    statuses = [caller(name).get("/learn/glossary").status_code for name in ("lin", "tao", "min")]
    assert statuses == [200, 200, 403]
    assert caller().get("/learn/glossary").status_code == 302


def test_the_glossary_costs_the_same_for_every_search(glossary: Flask, caller: Make) -> None:
    lin = caller("lin")
    lin.get("/learn/glossary")
    with counted(glossary) as sent:
        lin.get("/learn/glossary?q=claim")
    assert len(sent) <= 2, "\n".join(sent)


def linked(text: str) -> str:
    """The lesson with two more words linked in a paragraph of its own at the end."""
    return (
        text + "\nA [crate](term:zebra-crate), a [print](term:xylograph), [no](term:gone-word).\n"
    )


def test_a_link_to_a_word_leads_to_its_place(glossary: Flask, caller: Make) -> None:
    change(glossary, PATH, linked)
    page = caller("lin").get(f"/learn/{LESSON}").text
    assert '<a href="/learn/glossary#term-zebra-crate" rel="noopener noreferrer">crate</a>' in page


def test_a_lesson_leads_to_its_own_words(glossary: Flask, cast: Cast, caller: Make) -> None:
    change(glossary, PATH, linked)
    lin, address = caller("lin"), f"/learn/glossary?lesson={LESSON}"
    assert f'href="{address}"' in lin.get(f"/learn/{LESSON}").text
    page = lin.get(address).text
    names = re.findall(r'<div id="term-([\w-]+)">', page)
    assert {"zebra-crate", "xylograph"} <= set(names), "and a word that is gone is left out"
    assert len(names) < len(all_words(glossary))
    assert "A print from a wooden block." in page
    speak(glossary, cast.lin, "zh_Hans")
    assert "用木版印出来的画。" in lin.get(address).text
    assert lin.get("/learn/glossary?lesson=no/such").status_code == 404


def test_a_lesson_kept_from_before_there_were_words_is_shown(app: Flask, caller: Make) -> None:
    """An older release compiled its lessons without them, and a load leaves what is the same."""
    new = ("terms", "claims", "blocks", "sums", "translation_of")
    with app.app_context(), writing() as session:
        revision = session.scalars(
            select(Revision)
            .join(Published, Published.revision_id == Revision.id)
            .join(Document, Document.id == Published.document_id)
            .where(Document.path == PATH)
        ).one()
        revision.meta = {k: v for k, v in revision.meta.items() if k not in new}
    answer = caller("lin").get(f"/learn/{LESSON}")
    assert answer.status_code == 200
    assert "Words of this lesson" not in answer.text


def translated(app: Flask, digest: str) -> None:
    source = text_of(app, PATH)
    front, _, body = source.removeprefix("---\n").partition("\n---\n")
    front = re.sub(r"(?m)^title: .*$", "title: 知道你卖的是什么", front)
    told = f"---\ntranslation_of: {digest}\n{front}\n---\n{body}"
    put(app, PATH.replace(".md", ".zh_Hans.md"), told)


def lesson_in(caller: Caller, app: Flask, person_id: int, locale: str) -> Any:
    speak(app, person_id, locale)
    return caller.get(f"/learn/{LESSON}").text


def test_a_translation_says_when_its_source_has_changed(
    app: Flask, cast: Cast, caller: Make
) -> None:
    lin = caller("lin")
    translated(app, digest_of(text_of(app, PATH))[:12])
    fresh = lesson_in(lin, app, cast.lin, "zh_Hans")
    assert "<h1>知道你卖的是什么</h1>" in fresh
    notices = fresh.count('role="note"')
    change(app, PATH, lambda text: text + "\nOne more line.\n")
    stale = lesson_in(lin, app, cast.lin, "zh_Hans")
    assert stale.count('role="note"') == notices + 1
    assert 'role="note"' not in lesson_in(lin, app, cast.lin, "en")
    translated(app, digest_of(text_of(app, PATH))[:12])
    assert lesson_in(lin, app, cast.lin, "zh_Hans").count('role="note"') == notices


def test_the_notice_is_in_the_readers_language(app: Flask, cast: Cast, caller: Make) -> None:
    translated(app, "0123456789ab")
    page = lesson_in(caller("lin"), app, cast.lin, "zh_Hans")
    notice = re.search(r'<p class="call call--note" role="note">([^<]+)</p>', page)
    assert notice is not None
    assert re.search("[\u4e00-\u9fff]", notice[1])

"""New lessons, translations and modules, from the form to a reader, and names that are refused."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from domain.library.beginnings import is_name, lesson_source, name_for
from domain.library.documents import DocumentError
from domain.library.lessons import parse_lesson
from models.authoring import Draft
from models.library import Document, Revision
from services.library import loading
from services.session import reading
from tests.blueprints.authoring.test_courses import form_of as module_form
from tests.blueprints.authoring.test_editor import form_of, text_of
from tests.caller import Caller
from tests.services.library import publishing

Browser = Callable[..., Caller]
NEW = "/author/new"
URL, READER = "/author/lessons/industry/tide-tables", "/learn/industry/tide-tables"
SAMPLE = "courses/industry/know-what-you-sell.md"
FIELDS = {
    "module": "industry",
    "title": "Tide: tables",
    "name": "tide-tables",
    "summary": "When ships come in.",
    "objective": "You can read a tide table.",
    "competencies": ["C3"],
    "level": "2",
    "minutes": "8",
    "sources": "Harbour office | 2026 | https://harbour.example/tides",
    "text": "Ships wait for water.",
}


def whole(app: Flask, typed: str) -> str:
    """The text of a lesson of the course under the front matter that was typed."""
    body = publishing.text_of(app, SAMPLE).split("\n---\n", 1)[1]
    body = re.sub(r"(?m)^!\[.*\n", "", body)  # a figure belongs to its module
    front = typed.replace("\r\n", "\n").split("\n---\n", 1)[0]
    return f"{front}\nquiz: [C3-Q01]\n---\n{body}"


def begun(tao: Caller, **changes: object) -> None:
    answer = tao.post(NEW, {**FIELDS, **changes})
    assert answer.status_code == 303, text_of(answer)


def test_a_lesson_from_the_form_to_a_reader(any_app: Flask, caller: Browser) -> None:
    tao, lin = caller("tao"), caller("lin")
    begun(tao)
    page = text_of(tao.get(URL))
    assert "No reader sees this lesson before you publish it." in page
    form = form_of(page)
    assert 'title: "Tide: tables"' in form["source"]
    assert "Ships wait for water." in form["source"]
    kept = '{title: "Harbour office", year: 2026, url: "https://harbour.example/tides"}'
    assert kept in form["source"]
    assert "Not published yet" in text_of(tao.get("/author/"))
    assert lin.get(READER).status_code == 404
    assert "Tide" not in text_of(lin.get("/learn/"))
    assert "Tide" not in text_of(lin.get("/learn/search?q=tide"))
    assert "Tide: tables" in text_of(tao.get("/learn/search?q=tide"))
    with any_app.app_context(), reading() as session:
        assert "courses/industry/tide-tables.md" not in loading.export(session)

    done = {**form, "source": whole(any_app, form["source"])}
    assert tao.post(URL, done).status_code == 302
    answer = tao.post(f"{URL}/publish", form_of(text_of(tao.get(URL))))
    assert answer.status_code == 302
    assert "stands last in its module" in text_of(tao.get(URL))
    assert lin.get(READER).status_code == 200
    assert "Tide: tables" in text_of(lin.get("/learn/"))
    module = publishing.text_of(any_app, "courses/industry/module.yaml")
    assert "rivals-and-news, tide-tables]" in module
    assert "Not published yet" not in text_of(tao.get("/author/"))
    # As any lesson from here on.
    again = form_of(text_of(tao.get(URL)))
    assert tao.post(f"{URL}/publish", again).status_code == 302
    assert "readers see already" in text_of(tao.get(URL))


def test_a_first_text_with_faults_is_refused_and_stays(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    begun(tao, text="", competencies=[], summary="")
    form = form_of(text_of(tao.get(URL)))
    assert "## First section" in form["source"]
    answer = tao.post(f"{URL}/publish", form)
    assert answer.status_code == 422
    assert "quiz" in text_of(answer)
    assert tao.get(f"{URL}/history").status_code == 200
    assert "Readers see this" not in text_of(tao.get(f"{URL}/history"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"title": "x" * 121}, "A title has 1 to 120 characters."),
        ({"name": "Tide_Tables"}, "Use small Latin letters"),
        ({"name": "../tides"}, "Use small Latin letters"),
        ({"name": "glossary"}, "Use small Latin letters"),
        ({"title": "潮汐表", "name": ""}, "Use small Latin letters"),
        ({"name": "know-what-you-sell"}, "Something has this name already."),
        ({"module": "nowhere"}, "Choose a module of the course."),
        ({"minutes": "0"}, "From 1 to 90 minutes."),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_nothing_typed_is_lost(
    any_app: Flask, caller: Browser, changes: dict[str, str], said: str
) -> None:
    answer = caller("tao").post(NEW, {**FIELDS, **changes})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "Ships wait for water." in text_of(answer)
    with any_app.app_context(), reading() as session:
        new = Document.path == "courses/industry/tide-tables.md"
        assert session.scalar(select(Document.id).where(new)) is None


def test_a_name_comes_out_of_the_title_and_is_given_once(any_app: Flask, caller: Browser) -> None:
    assert name_for("Über 20 Fragen & mehr!") == "uber-20-fragen-mehr"
    assert not is_name(name_for("潮汐表"))
    tao, mara = caller("tao"), caller("mara")
    begun(tao, name="")
    answer = mara.post(NEW, {**FIELDS, "name": ""})
    assert answer.status_code == 422
    assert "Something has this name already." in text_of(answer)


def test_the_outline_to_fill_in_lacks_only_what_the_form_leaves_out() -> None:
    path = "courses/industry/tides.md"
    facts = {"title": "T", "summary": "S", "objective": "O", "competencies": "C3", "level": "1"}
    source = lesson_source(path, "tides", facts | {"minutes": "9"}, "")
    with pytest.raises(DocumentError) as found:
        parse_lesson(source, path)
    assert {problem.field for problem in found.value.problems} == {"sources", "quiz"}


def test_a_translation_begins_as_the_english_text(any_app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    begun(tao)
    assert "Translate into Chinese" not in text_of(tao.get(URL))  # nobody reads the English yet
    form = form_of(text_of(tao.get(URL)))
    tao.post(f"{URL}/publish", {**form, "source": whole(any_app, form["source"])})
    assert "Translate into Chinese" in text_of(tao.get(URL))
    for _ in range(2):  # a second press leads to the same text
        answer = tao.post(f"{URL}/translate")
        assert answer.headers["Location"].endswith("tide-tables.zh_Hans")
    assert "Translate into Chinese" not in text_of(tao.get(URL))
    chinese = text_of(tao.get(f"{URL}.zh_Hans"))
    assert "This translation is up to date" in chinese
    form = form_of(chinese)
    form["source"] = form["source"].replace("Tide: tables", "潮汐表")
    assert tao.post(f"{URL}.zh_Hans/publish", form).status_code == 302
    with any_app.app_context(), reading() as session:
        path = "courses/industry/tide-tables.zh_Hans.md"
        assert "潮汐表" in loading.export(session)[path]
    assert publishing.text_of(any_app, "courses/industry/module.yaml").count("tide-tables") == 1


def test_a_module_opens_once_it_has_a_lesson(any_app: Flask, caller: Browser) -> None:
    tao, lin = caller("tao"), caller("lin")
    sent = {
        "title": "Harbours", "title_zh": "港口", "summary": "Where ships land.", "summary_zh": "",
        "name": "harbours", "competencies": ["C3", "C2"],
    }  # fmt: skip
    answer = tao.post(f"{NEW}/module", sent)
    assert answer.headers["Location"].endswith("/author/new?module=harbours")
    assert tao.post(f"{NEW}/module", sent).status_code == 422  # the name is taken now
    assert '<option selected value="harbours">' in text_of(tao.get(f"{NEW}?module=harbours"))
    url = "/author/courses/harbours"
    assert "This module has no lesson yet" in text_of(tao.get(url))
    assert tao.post(url, module_form(tao, url, state="open")).status_code == 422
    begun(tao, module="harbours")
    lesson = "/author/lessons/harbours/tide-tables"
    form = form_of(text_of(tao.get(lesson)))
    done = {**form, "source": whole(any_app, form["source"])}
    assert tao.post(f"{lesson}/publish", done).status_code == 302
    assert lin.get("/learn/harbours/tide-tables").status_code == 404  # still closed
    assert tao.post(url, module_form(tao, url, state="open")).status_code == 303
    assert lin.get("/learn/harbours/tide-tables").status_code == 200
    assert "Harbours" in text_of(lin.get("/learn/"))


@pytest.mark.parametrize("lack", ["title", "summary", "competencies"])
def test_a_module_lacks_nothing_that_its_file_needs(app: Flask, caller: Browser, lack: str) -> None:
    sent = {"title": "H", "summary": "S", "name": "harbours", "competencies": "C3"}
    answer = caller("tao").post(f"{NEW}/module", {**sent, lack: ""})
    assert answer.status_code == 422
    assert "Please fill this in." in text_of(answer)


def test_thrown_away_before_anybody_read_it(any_app: Flask, caller: Browser) -> None:
    tao, mara = caller("tao"), caller("mara")
    begun(tao)
    tao.post(URL, {**form_of(text_of(tao.get(URL))), "source": "Half a word"})
    version = form_of(text_of(tao.get(URL)))["version"]
    mara.post(URL, {**form_of(text_of(mara.get(URL))), "source": "Her words"})
    tao.post(f"{URL}/abandon", {"version": version})
    assert "so it was kept" in text_of(tao.get(URL))
    page = text_of(tao.get(URL))
    assert tao.post(f"{URL}/abandon", {"version": form_of(page)["version"]}).status_code == 303
    assert tao.get(URL).status_code == 404
    with any_app.app_context(), reading() as session:
        assert session.scalars(select(Draft.id)).all() == []
        kept = select(Revision.id).where(Revision.title == "Tide: tables")
        assert session.scalars(kept).all() == []
    begun(tao)  # the name is free again


def test_what_readers_saw_is_never_thrown_away(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    url = "/author/lessons/industry/know-what-you-sell"
    assert tao.post(f"{url}/abandon", {"version": "0"}).status_code == 303
    assert "so it was kept" in text_of(tao.get(url))


@pytest.mark.parametrize("name", ["lin", "min", "lei", "anna"])
def test_others_begin_nothing(app: Flask, caller: Browser, name: str) -> None:
    for address in (NEW, f"{NEW}/module"):
        assert caller(name).get(address).status_code == 403
        assert caller(name).post(address, FIELDS).status_code == 403

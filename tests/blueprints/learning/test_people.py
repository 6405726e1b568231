"""The trainers' pages: who has read what, what is asked of whom, and who may not look."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from domain.assessment.items import Item
from models.accounts import Person
from models.learning import Assignment
from services.library import catalogue
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.competencies.sitting import sit_form
from tests.services.hiring import opening
from tests.services.learning.assigning import MODULE, assign, newcomers, read_module
from tests.statements import counted

Make = Callable[..., Caller]
SOON = datetime.now(UTC).date() + timedelta(days=9)


def rows(page: str) -> list[str]:
    return re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)


def row_of(page: str, name: str) -> str:
    (row,) = [row for row in rows(page) if name in row]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def size(app: Flask) -> tuple[int, int, int]:
    """Lessons and modules of the course, and lessons of the module that the tests assign."""
    with app.app_context(), reading() as session:
        outline = catalogue.outline(session, "en")
    of_one = next(len(m.lessons) for m in outline.modules if m.key == MODULE)
    return len(outline.lessons), len(outline.modules), of_one


def test_the_list_says_what_each_has_read(app: Flask, cast: Cast, caller: Make) -> None:
    read_module(cast)
    assign(cast, NOW.date())
    assign(cast, NOW.date(), module="law")
    page = caller("tao").get("/learn/people").text
    lessons, modules, own = size(app)
    lin = row_of(page, "Lin Yue")
    assert f"1 / {modules} {own} / {lessons}" in lin
    assert "2 1 overdue" in lin
    eve = row_of(page, "Eve Okafor")
    assert f"0 / {modules} 0 / {lessons} not yet not measured –" in eve
    assert "Invented" in eve
    assert len(rows(page)) == 2, "members who do not study are not in it"


def test_the_list_shows_levels_of_those_who_are_measured(
    app: Flask, cast: Cast, caller: Make
) -> None:
    def knows(position: int, item: Item) -> bool:
        return item.home != "C5"

    with app.app_context(), writing() as session:
        sit_form(session, cast.actor("lin"), "placement", NOW, knows)
    page = caller("mara").get("/learn/people").text
    (lin,) = [row for row in rows(page) if "Lin Yue" in row]
    assert len(re.findall(r'<span title="[^"]+">', lin)) == 7
    assert "not measured" in row_of(page, "Eve Okafor")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("yue", ["Lin Yue"]),
        ("LIN yu", ["Lin Yue"]),
        ("nobody", []),
        ("%", []),
        ("Tao", []),
        ("", ["Eve Okafor", "Lin Yue"]),
    ],
)
def test_the_list_is_searched_by_name(caller: Make, asked: str, names: list[str]) -> None:
    page = caller("tao").get("/learn/people", query_string={"q": asked}).text
    assert re.findall(r'<a href="/learn/people/\d+">([^<]+)</a>', page) == names


def test_the_list_goes_page_by_page(app: Flask, caller: Make) -> None:
    newcomers(app, range(24))
    tao = caller("tao")
    pages = [tao.get(f"/learn/people?page={n}").text for n in (1, 2, 3, -1)]
    assert [len(rows(page)) for page in pages] == [25, 1, 1, 25]
    assert "26 people" in pages[1]


def test_statements_do_not_grow_with_the_learners(app: Flask, cast: Cast, caller: Make) -> None:
    newcomers(app, range(3))
    tao = caller("tao")

    def statements() -> int:
        with counted(app) as sent:
            assert tao.get("/learn/people").status_code == 200
        return len(sent)

    assert len(rows(tao.get("/learn/people").text)) == 5
    five = statements()
    newcomers(app, range(3, 23))
    read_module(cast)
    read_module(cast, "eve", "law")
    for name in ("lin", "eve"):
        assign(cast, SOON, name, "marketing")
        with app.app_context(), writing() as session:
            sit_form(session, cast.actor(name), "placement", NOW)
    assert len(rows(tao.get("/learn/people").text)) == 25
    assert statements() == five <= 14


def test_one_learner_with_every_module(app: Flask, cast: Cast, caller: Make) -> None:
    read_module(cast)
    assign(cast, SOON, module="law")
    page = caller("tao").get(f"/learn/people/{cast.lin}").text
    _, modules, own = size(app)
    assert "<h1>Lin Yue" in page
    assert "lin@beilun.example" in page
    assert page.count("<option") == modules - 2, "neither what is read nor what is assigned"
    assert "Take back" in page
    with app.app_context(), reading() as session:
        title = next(m for m in catalogue.outline(session, "en").modules if m.key == MODULE)
    assert f"{own} / {own}" in row_of(page, title.titles["en"])


def test_the_page_is_in_the_trainers_language(app: Flask, cast: Cast, caller: Make) -> None:
    assign(cast, SOON, module="law")
    with app.app_context(), writing() as session:
        session.execute(update(Person).where(Person.id == cast.tao).values(locale="zh_Hans"))
    with app.app_context(), reading() as session:
        law = next(m for m in catalogue.outline(session, "en").modules if m.key == "law")
    page = caller("tao").get(f"/learn/people/{cast.lin}").text
    assert law.titles["zh_Hans"] in page
    assert law.titles["en"] not in page


def assignments(app: Flask) -> list[tuple[int, int, str]]:
    with app.app_context(), reading() as session:
        rows = session.execute(select(Assignment.id, Assignment.person_id, Assignment.module_key))
        return [(row[0], row[1], row[2]) for row in rows]


def test_a_module_is_assigned_seen_and_taken_back(any_app: Flask, cast: Cast, caller: Make) -> None:
    tao, url = caller("tao"), f"/learn/people/{cast.lin}"
    answer = tao.post(f"{url}/assign", {"module": MODULE, "due_on": SOON.isoformat()})
    assert (answer.status_code, answer.location) == (303, url)
    assert "The module is assigned" in tao.get(url).text
    ((number, person, module),) = assignments(any_app)
    assert (person, module) == (cast.lin, MODULE)
    with any_app.app_context(), reading() as session:
        title = next(m for m in catalogue.outline(session, "en").modules if m.key == MODULE)
    assert title.titles["en"] in caller("lin").get("/").text
    assert title.titles["en"] not in caller("eve").get("/").text
    assert tao.post(f"{url}/assignments/{number}/withdraw").status_code == 303
    assert assignments(any_app) == []
    assert "The assignment is taken back" in tao.get(url).text
    assert tao.post(f"{url}/assignments/{number}/withdraw").status_code == 404


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"module": ""}, {"module"}),
        ({"module": "no-module"}, {"module"}),
        ({"due_on": ""}, {"due_on"}),
        ({"due_on": "soon"}, {"due_on"}),
        ({"due_on": "2020-01-01"}, {"due_on"}),
        ({"due_on": "9999-12-31"}, {"due_on"}),
        ({"module": "", "due_on": ""}, {"module", "due_on"}),
    ],
)
def test_what_is_wrong_stands_by_its_field(
    app: Flask, cast: Cast, caller: Make, changes: dict[str, str], fields: set[str]
) -> None:
    form = {"module": MODULE, "due_on": SOON.isoformat(), **changes}
    answer = caller("tao").post(f"/learn/people/{cast.lin}/assign", form)
    assert answer.status_code == 422
    named = set(re.findall(r'<(?:input|select)[^>]*name="(\w+)"[^>]*aria-invalid', answer.text))
    named |= set(re.findall(r'<(?:input|select)[^>]*aria-invalid[^>]*name="(\w+)"', answer.text))
    assert named == fields
    assert assignments(app) == []


def test_people_who_do_not_study_are_missing(app: Flask, cast: Cast, caller: Make) -> None:
    """A member without the role, a candidate and nobody give the same answer."""
    number = assign(cast, SOON)
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    with app.app_context():
        candidate = opening.person_of(invited)
    tao = caller("tao")
    form = {"module": MODULE, "due_on": SOON.isoformat()}
    for person_id in (cast.mara, cast.min, candidate, 999_999):
        url = f"/learn/people/{person_id}"
        assert tao.get(url).status_code == 404
        assert tao.post(f"{url}/assign", form).status_code == 404
        assert tao.post(f"{url}/assignments/{number}/withdraw").status_code == 404
    assert [(person, module) for _, person, module in assignments(app)] == [(cast.lin, MODULE)]


@pytest.mark.parametrize("name", ["lin", "min", "lei", "anna"])
def test_only_trainers_look_after_learners(cast: Cast, caller: Make, name: str) -> None:
    somebody = caller(name)
    url = f"/learn/people/{cast.lin}"
    assert [somebody.get(u).status_code for u in ("/learn/people", url)] == [403, 403]
    assert somebody.post(f"{url}/assign").status_code == 403

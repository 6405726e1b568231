"""A picture is shown to those who may read a text that shows it, and to nobody who guesses."""

from collections.abc import Callable

from flask import Flask

from tests.blueprints.authoring.test_editor import form_of, text_of
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.authoring import bringing
from tests.services.authoring.lessons import PATH, URL
from tests.services.hiring import opening
from tests.services.library import publishing

Browser = Callable[..., Caller]
PICTURE, LINE = "/media/crane", "\n![A crane](media:crane)\n"
ITEM = "items/C3/C3-Q01.yaml"


def may_see(who: Caller) -> bool:
    answer = who.get(PICTURE)
    assert answer.status_code in (200, 404)
    if answer.status_code == 404:
        assert "immutable" not in answer.headers["Cache-Control"]
    return answer.status_code == 200


def test_what_only_a_draft_shows_is_for_trainers(
    any_app: Flask, cast: Cast, caller: Browser
) -> None:
    bringing.add_picture(cast)
    tao, lin, min_ = caller("tao"), caller("lin"), caller("min")
    assert [may_see(who) for who in (tao, lin, min_)] == [True, False, False]
    form = form_of(text_of(tao.get(URL)))
    tao.post(URL, {**form, "source": form["source"] + LINE})
    assert [may_see(who) for who in (tao, lin, min_)] == [True, False, False]
    tao.post(f"{URL}/publish", form_of(text_of(tao.get(URL))))
    assert [may_see(who) for who in (tao, lin, min_)] == [True, True, False]


def test_a_closed_module_keeps_its_pictures(app: Flask, cast: Cast, caller: Browser) -> None:
    bringing.add_picture(cast)
    publishing.put(app, PATH, publishing.text_of(app, PATH) + LINE)
    assert may_see(caller("lin"))
    module = "courses/industry/module.yaml"
    publishing.put(app, module, publishing.text_of(app, module) + "state: closed\n")
    assert not may_see(caller("lin"))
    assert may_see(caller("tao"))


def test_a_question_shows_its_picture_to_those_who_are_asked(
    any_app: Flask, cast: Cast, caller: Browser
) -> None:
    bringing.add_picture(cast)
    source = publishing.text_of(any_app, ITEM)
    shown = source.replace("stem: |\n", "stem: |\n  ![A crane](media:crane)\n\n", 1)
    assert shown != source
    publishing.put(any_app, ITEM, shown)
    opening.join_cast(cast, "sun", opening.open_position(any_app, cast))
    lin, sun = caller("lin"), caller("sun")
    assert not may_see(lin)
    assert not may_see(sun)
    assert may_see(caller("lei"))  # who reads what others answered
    lin.post("/learn/industry/know-what-you-sell/finish")
    assert lin.post("/assess/quiz/industry/know-what-you-sell").status_code == 307
    assert may_see(lin)
    # Changed since, and still the one that was asked of her.
    publishing.put(any_app, ITEM, source)
    assert may_see(lin)

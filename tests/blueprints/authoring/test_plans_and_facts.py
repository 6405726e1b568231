"""Through the routes: a plan, an older text back, the form of facts, a stale save, a quiz again."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.blueprints.authoring.test_editor import form_of, text_of, typed
from tests.caller import Caller
from tests.services.authoring.lessons import KEY, URL

Browser = Callable[..., Caller]
JSON = {"Accept": "application/json"}
LEARN, QUIZ = f"/learn/{KEY}", f"/assess/quiz/{KEY}"


def in_hours(hours: int) -> dict[str, str]:
    due = datetime.now(UTC) + timedelta(hours=hours)
    return {"due_day": due.strftime("%Y-%m-%d"), "due_time": due.strftime("%H:%M")}


def test_a_stale_autosave_is_told_both_texts_as_json(any_app: Flask, caller: Browser) -> None:
    tao, mara = caller("tao"), caller("mara")
    mine, hers = typed(tao, "Mine."), typed(mara)
    first = hers["source"].split("\r\n## ", 1)[0].rstrip()
    hers["source"] = hers["source"].replace(first, f"{first}\r\n\r\nHers.", 1)
    version = mara.post(URL, hers, headers=JSON).get_json()["version"]
    answer = tao.post(URL, mine, headers=JSON)
    assert answer.status_code == 409
    told = answer.get_json()
    assert told["error"]["status"] == 409
    clash = told["clash"]
    assert (clash["kind"], clash["version"], clash["base"]) == ("draft", version, 1)
    assert (clash["by"], "Mine." in clash["mine"], "Hers." in clash["theirs"]) == (
        "Mara Lindqvist", True, True,
    )  # fmt: skip
    # They do not touch, so both fit into one; saved at her version it goes through.
    assert "Mine." in clash["merged"]
    assert "Hers." in clash["merged"]
    again = {**mine, "version": str(version), "source": clash["merged"]}
    assert tao.post(URL, again, headers=JSON).get_json() == {"version": version + 1}
    theirs = {**hers, "version": str(version), "source": "Something else"}
    clash = mara.post(URL, theirs, headers=JSON).get_json()["clash"]
    assert clash["merged"] is None  # the same lines, two ways: nobody joins them but a person


def test_a_plan_is_made_shown_and_given_up(any_app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    answer = tao.post(f"{URL}/schedule", {**typed(tao, "Later."), **in_hours(3), "asks": "reread"})
    assert answer.status_code == 302
    page = text_of(tao.get(URL))
    assert "He Tao planned to publish this text" in page
    assert "Later." in form_of(page)["source"]  # saved as the draft with it
    assert "Planned" in text_of(tao.get("/author/"))
    assert "Later." not in text_of(caller("lin").get(LEARN))
    assert tao.post(f"{URL}/unschedule").status_code == 302
    page = text_of(tao.get(URL))
    assert "The plan is given up." in page
    assert "planned to publish" not in page
    assert "Later." in form_of(page)["source"]


@pytest.mark.parametrize(
    "due",
    [
        in_hours(-2),
        in_hours(24 * 400),
        {"due_day": "", "due_time": "09:00"},
        {"due_day": "tomorrow", "due_time": ""},
        {"due_day": "2027-02-30", "due_time": "09:00"},
    ],
)
def test_a_time_that_is_none_is_refused_with_the_text_kept(
    app: Flask, caller: Browser, due: dict[str, str]
) -> None:
    tao = caller("tao")
    answer = tao.post(f"{URL}/schedule", {**typed(tao, "Later."), **due})
    assert answer.status_code == 422
    assert "Choose a day and a time later than now" in text_of(answer)
    assert "Later." in form_of(text_of(answer))["source"]
    assert "planned to publish" not in text_of(tao.get(URL))


def test_no_plan_for_a_faulty_text_or_one_that_others_overtook(app: Flask, caller: Browser) -> None:
    tao, mara = caller("tao"), caller("mara")
    faulty = {**typed(tao), "source": "---\r\nid: x\r\n---\r\n"}
    assert tao.post(f"{URL}/schedule", {**faulty, **in_hours(1)}).status_code == 422
    mine = typed(tao, "Mine.")
    old = {**mine, "version": "0"}
    assert mara.post(URL, typed(mara, "Hers.")).status_code == 302
    answer = tao.post(f"{URL}/schedule", {**old, **in_hours(1)})
    assert answer.status_code == 409
    assert "Mine." in text_of(answer)
    assert "Hers." in text_of(answer)
    assert mara.post(f"{URL}/publish", form_of(text_of(mara.get(URL)))).status_code == 302
    behind = {**typed(tao, "Mine."), "base": "1", **in_hours(1)}
    answer = tao.post(f"{URL}/schedule", behind)
    assert answer.status_code == 409
    assert "Somebody published a newer text." in text_of(answer)
    assert "Mine." in form_of(text_of(answer))["source"]


def test_an_older_text_is_brought_back(any_app: Flask, caller: Browser) -> None:
    tao, lin = caller("tao"), caller("lin")
    for words in ("One.", "Two."):
        tao.post(f"{URL}/publish", typed(tao, words))
    sent = {"revision": "2", "base": "3", "reason": "Two was wrong"}
    assert tao.post(f"{URL}/restore", {**sent, "base": "2"}).status_code == 409
    assert tao.post(f"{URL}/restore", sent).status_code == 302
    page = text_of(tao.get(f"{URL}/history"))
    assert "Revision 4 is published" in page
    assert "“Two was wrong”" in page
    shown = text_of(lin.get(LEARN))
    assert "One." in shown
    assert "<p>Two.</p>" not in shown
    assert tao.post(f"{URL}/restore", {**sent, "base": "4"}).status_code == 302
    assert "readers see already" in text_of(tao.get(f"{URL}/history"))
    too_long = {"revision": "1", "base": "4", "reason": "x" * 501}
    assert tao.post(f"{URL}/restore", too_long).status_code == 302
    assert "in up to 500 characters" in text_of(tao.get(f"{URL}/history"))
    assert tao.post(f"{URL}/restore", {"revision": "9", "base": "4"}).status_code == 404
    assert tao.post(f"{URL}/restore", {"revision": "x", "base": "4"}).status_code == 400


def test_the_form_of_the_front_matter_writes_into_the_text_without_script(
    app: Flask, caller: Browser
) -> None:
    tao = caller("tao")
    page = text_of(tao.get(URL))
    were = re.search(r'name="facts" value="([^"]*)"', page)
    assert were is not None
    given = {"facts": were[1].replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")}
    form = {**typed(tao, "My words."), **given}
    answer = tao.post(f"{URL}/facts", {**form, "fact.minutes": "44", "fact.title": "Tea: green"})
    written = form_of(text_of(answer))["source"]
    assert answer.status_code == 200
    assert "\nminutes: 44\r\n" in written
    assert '\ntitle: "Tea: green"\r\n' in written
    assert "My words." in written
    assert 'id="fact-minutes" name="fact.minutes" value="44"' in text_of(answer)
    assert "Not saved yet" in text_of(answer)
    assert "minutes: 44" not in form_of(text_of(tao.get(URL)))["source"]
    # The same for the script, which puts both into the page it has.
    told = tao.post(f"{URL}/facts", {**form, "fact.minutes": "44"}, headers=JSON).get_json()
    assert "\nminutes: 44\n" in told["source"]
    assert 'value="44"' in told["form"]
    # A text whose front matter cannot be read keeps every letter, and the fault is named.
    broken = {**form, "source": "---\r\ntitle: [\r\n---\r\nx\r\n", "fact.minutes": "44"}
    answer = tao.post(f"{URL}/facts", broken)
    assert answer.status_code == 422
    assert "title: [" in form_of(text_of(answer))["source"]


def taken(lin: Caller) -> str:
    """Start the quiz, hand it in, and give back its number."""
    opening = lin.post(QUIZ).headers["Location"]
    number = re.search(r"/attempts/(\d+)/", opening)
    assert number is not None
    lin.post(opening)
    lin.post(f"/assess/attempts/{number[1]}/submit")
    return number[1]


def test_a_quiz_is_asked_again_after_a_change_that_matters(any_app: Flask, caller: Browser) -> None:
    tao, lin = caller("tao"), caller("lin")
    assert lin.post(f"{LEARN}/finish").status_code == 302
    first = taken(lin)
    assert "You have taken this quiz." in text_of(lin.get(LEARN))
    assert taken(lin) == first  # an ended one is given back, not begun anew
    tao.post(f"{URL}/publish", {**typed(tao, "A comma."), "asks": "nothing"})
    assert taken(lin) == first
    tao.post(f"{URL}/publish", {**typed(tao, "New facts."), "asks": "retest"})
    assert "Read it again" in text_of(lin.get("/"))
    assert lin.post(f"{LEARN}/finish").status_code == 302
    assert "Start the quiz" in text_of(lin.get(LEARN))
    second = taken(lin)
    assert second != first
    assert taken(lin) == second
    assert "You have taken this quiz." in text_of(lin.get(LEARN))

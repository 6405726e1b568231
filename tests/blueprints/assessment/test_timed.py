"""The pages of a timed attempt without script: parts, breaks, flags, hints, extra time, held."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

from flask import Flask

from services.assessment.responding import Asked
from tests.blueprints.assessment.test_answering import begin, body, fields_of, questions
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.assessment import timed
from tests.services.assessment.sitting import right_payload

Make = Callable[..., Caller]


def test_a_learner_sits_an_exam_with_parts(any_app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    assert "Start the exam" in lin.get("/assess/").text
    attempt_id = begin(lin, timed.EXAM)
    url = f"/assess/attempts/{attempt_id}"
    page = lin.get(url).text
    assert "Part 1 of 3: The offer" in page
    assert re.search(r'data-seconds-left="8[34]\d"', page)
    assert 'id="q-7"' in page
    assert 'id="q-8"' not in page
    review = lin.get(f"{url}/review").text
    assert "Close this part" in review
    assert f"{url}/submit" not in review
    for number in (1, 1, 2):
        assert lin.post(f"{url}/sections/next", {"number": number}).location == url
    last = lin.get(url).text
    assert "Part 3 of 3: Rules and conduct" in last
    assert "There is no way back here" in last
    on = {"position": 15, "lease": 1, "go": "16", "choice": "a"}
    first = questions(cast.app, attempt_id)[14]
    choice = right_payload(first.item)
    assert lin.post(f"{url}/answers", {**on, **choice}).status_code == 303
    later = lin.get(f"{url}?q=15").text
    assert 'id="q-15"' not in later
    assert re.search(r'id="q-16"[^>]*data-elapsed="0">', later)
    refused = lin.post(f"{url}/answers", {**on, **choice})
    assert (refused.status_code, "This question is closed" in refused.text) == (409, True)
    assert lin.post(f"{url}/submit").location == f"{url}/result"
    assert "Exam" in lin.get(f"{url}/result").text


def test_a_closed_question_has_a_clear_409_for_script(app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    url = f"/assess/attempts/{begin(lin, timed.EXAM)}"
    early = lin.post_json(f"{url}/answers", body(position=8))
    assert early.status_code == 409
    assert early.json
    assert (early.json["outcome"], early.json["state"]) == ("late", "running")
    assert "closed" in early.json["error"]["message"]


def test_a_beat_is_cheap_and_says_how_the_clock_stands(
    any_app: Flask, cast: Cast, caller: Make
) -> None:
    lin = caller("lin")
    url = f"/assess/attempts/{begin(lin, timed.EXAM)}"
    for send in (lambda: lin.post(f"{url}/beat", {"lease": 1}),
                 lambda: lin.post_json(f"{url}/beat", {"lease": 1})):  # fmt: skip
        heard = send()
        assert heard.status_code == 200
        assert heard.json
        assert (heard.json["heard"], heard.json["credited_s"]) == ("alive", 0)
        assert heard.json["seconds_left"] > timed.EXAM_S - 60
    for wrong in ({}, {"lease": "x"}, {"lease": "0"}, {"lease": "9" * 40}, {"lease": "7"}):
        assert lin.post(f"{url}/beat", wrong).status_code == 422
    assert lin.post_json(f"{url}/beat", [1]).status_code == 400
    lin.post(f"{url}/open")
    assert lin.post(f"{url}/beat", {"lease": 1}).status_code == 409
    lin.post(f"{url}/submit")
    assert lin.post(f"{url}/beat", {"lease": 2}).status_code == 410


def test_a_break_shows_no_question(any_app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    url = f"/assess/attempts/{begin(lin, timed.EXAM)}"
    assert "1 break left" in lin.get(url).text
    assert lin.post(f"{url}/break").location == url
    for tail in ("", "?q=3", "?view=all", "/review"):
        page = lin.get(url + tail).text
        assert "You are taking a break" in page
        assert "item__stem" not in page
    assert lin.post_json(f"{url}/answers", body()).json["outcome"] == "resting"  # type: ignore[index]
    assert lin.post(f"{url}/submit").status_code == 409
    assert lin.post(f"{url}/break/end").location == url
    page = lin.get(url).text
    assert "item__stem" in page
    assert "Take a break" not in page


def test_flags_and_hints_work_by_the_buttons_of_the_form(
    any_app: Flask, cast: Cast, caller: Make
) -> None:
    timed.rewrite(cast, "item", "C1-P01", hints=[{"text": "Think of the quay.", "cost": 0.25}])
    lin = caller("lin")
    attempt_id = begin(lin)
    url = f"/assess/attempts/{attempt_id}"
    answer = right_payload(questions(cast.app, attempt_id)[0].item)
    form = {"position": 1, "lease": 1, **answer}
    assert "Show a hint (costs 25 %)" in lin.get(url).text
    assert lin.post(f"{url}/answers", {**form, "hint": "1"}).location == f"{url}?q=1"
    page = lin.get(url).text
    assert "Think of the quay." in page
    assert "Show a hint" not in page
    assert questions(cast.app, attempt_id)[0].answer is not None, "the answer was saved as well"
    assert lin.post(f"{url}/answers", {**form, "flag": "1"}).status_code == 303
    review = lin.get(f"{url}/review").text
    assert "Flagged by you" in review
    assert f'href="{url}?q=1"' in review
    lin.post(f"{url}/flags", {"position": 1, "flag": 0})
    assert "Flagged by you" not in lin.get(f"{url}/review").text


def part_of(question: Asked) -> Any:
    """The first part of a question that has a reason."""
    item: Any = question.item
    names = ("options", "actions", "steps", "lefts")
    return next(getattr(item, name)[0] for name in names if hasattr(item, name))


def test_reasons_at_once_and_a_locked_answer(any_app: Flask, cast: Cast, caller: Make) -> None:
    timed.rewrite(cast, "form", "placement", feedback="each")
    lin = caller("lin")
    attempt_id = begin(lin)
    url = f"/assess/attempts/{attempt_id}"
    first, second = questions(cast.app, attempt_id)[:2]
    form = {"position": 1, "lease": 1, **fields_of(first), "check": "1"}
    assert lin.post(f"{url}/answers", form).status_code == 303
    page = lin.get(url).text
    assert "This answer is locked." in page
    shown, closed = (unescape(page).count(part.why) for part in (part_of(first), part_of(second)))
    assert (shown, closed) == (1, 0)
    assert lin.post(f"{url}/answers", form).status_code == 409


def test_trainers_see_who_runs_and_give_time(any_app: Flask, cast: Cast, caller: Make) -> None:
    lin, tao = caller("lin"), caller("tao")
    empty = tao.get("/assess/running").text
    assert "Nobody sits an exam now" in empty
    attempt_id = begin(lin, timed.EXAM)
    page = tao.get("/assess/running").text
    assert "Lin Yue" in page
    assert f"/assess/running/{attempt_id}" in page
    given = tao.post(f"/assess/running/{attempt_id}", {"percent": "25", "minutes": "", "seen": "0"})
    assert given.location == "/assess/running"
    assert "9 minutes of extra time" in tao.get("/assess/running").text
    beat = lin.post(f"/assess/attempts/{attempt_id}/beat", {"lease": 1}).json
    assert beat
    assert beat["seconds_left"] > timed.EXAM_S
    for wrong in ({"seen": "0"}, {"seen": "1", "percent": "30"}, {"seen": "1", "minutes": "x"}):
        status = tao.post(f"/assess/running/{attempt_id}", wrong).status_code
        assert status == 422
    noted = tao.post("/assess/accommodations", {"person_id": cast.lin, "percent": "50"})
    assert noted.location == "/assess/running"
    assert "50 %" in tao.get("/assess/running").text
    assert tao.post("/assess/accommodations", {"person_id": cast.min}).status_code == 404
    for who in ("lin", "min", "anna"):
        assert caller(who).get("/assess/running").status_code == 403


def test_a_trainer_judges_what_came_after_the_end(any_app: Flask, cast: Cast, caller: Make) -> None:
    tao = caller("tao")
    assert "Nothing to decide" in tao.get("/assess/held").text
    answer_id = timed.offline_answer(cast, "lin", "exam", timed.EXAM, datetime.now(UTC))
    page = tao.get("/assess/held").text
    assert "Lin Yue" in page
    assert tao.post(f"/assess/held/{answer_id}", {"verdict": "accept"}).status_code == 422
    assert tao.post(f"/assess/held/{answer_id}", {"verdict": "x", "reason": "y"}).status_code == 422
    lin = caller("lin")
    ended = re.search(r"/assess/attempts/\d+", lin.get("/assess/").text)
    assert ended
    result = f"{ended[0]}/result"
    assert "A trainer looks at it" in lin.get(result).text
    deed = {"verdict": "accept", "reason": "The log of the network shows it."}
    assert tao.post(f"/assess/held/{answer_id}", deed).location == "/assess/held"
    assert "The log of the network shows it." in tao.get("/assess/held").text
    assert "was accepted: the result was worked out again" in lin.get(result).text

"""Answers on the wire: by script as JSON, by forms without script, and everything that is wrong."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from domain.assessment.marking import mark
from services.accounts.people import insert_person
from services.actor import Actor
from services.assessment.responding import Asked, asked
from services.assessment.starting import begin as begin_attempt
from services.assessment.starting import create_attempt
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.assessment.sitting import SIX_KINDS, right_payload, sit
from tests.statements import counted

Make = Callable[..., Caller]


def begin(caller: Caller, form: str = "placement") -> int:
    """Start and open; a browser repeats its POST at the 307 by itself."""
    return follow(caller, f"/assess/forms/{form}")


def follow(caller: Caller, start: str) -> int:
    started = caller.post(start)
    assert started.status_code == 307, started.text
    opened = caller.post(started.location)
    assert opened.status_code == 303
    found = re.fullmatch(r"/assess/attempts/(\d+)", opened.location)
    assert found
    return int(found[1])


def questions(app: Flask, attempt_id: int) -> list[Asked]:
    with app.app_context(), reading() as session:
        return list(asked(session, attempt_id))


def body(**changes: Any) -> dict[str, Any]:
    return {"position": 1, "lease": 1, "sequence": 1, "response": {}, "elapsed_ms": 10, **changes}


def fields_of(question: Asked) -> dict[str, Any]:
    """The right answer as the fields of its form."""
    payload: dict[str, Any] = right_payload(question.item)
    if "order" in payload:
        return {f"order.{letter}": n for n, letter in enumerate(payload["order"], 1)}
    if "pairs" in payload:
        return {f"pairs.{letter}": label for letter, label in payload["pairs"].items()}
    return payload


def test_saved_by_script(any_app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    first = questions(cast.app, attempt_id)[0]
    url = f"/assess/attempts/{attempt_id}/answers"
    sent = body(response=right_payload(first.item))
    with counted(cast.app) as statements:
        answer = lin.post_json(url, sent)
    assert answer.status_code == 200
    assert answer.json
    assert answer.json.keys() == {"saved", "sequence", "received_at"}
    assert len(statements) <= 4
    again = lin.post_json(url, sent)
    assert again.json == answer.json
    kept = questions(cast.app, attempt_id)[0]
    assert mark(kept.item, kept.response).points == kept.item.max_mark


def test_every_kind_is_shown_and_saved_without_script(
    any_app: Flask, cast: Cast, caller: Make
) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    url = f"/assess/attempts/{attempt_id}"
    asked_for = questions(cast.app, attempt_id)
    for kind in SIX_KINDS:
        question = next(q for q in asked_for if q.item.kind == kind)
        data = {"position": question.position, "lease": 1, "go": question.position}
        sent = lin.post(f"{url}/answers", data | fields_of(question))
        assert sent.status_code == 303, sent.text
        assert sent.location.endswith(f"?q={question.position}")
        shown = Form.of(lin.get(sent.location), question.position)
        assert shown == {
            k: v if isinstance(v, list) else str(v) for k, v in fields_of(question).items()
        }
    saved = [q for q in questions(cast.app, attempt_id) if q.answer]
    assert len(saved) == len(SIX_KINDS)
    assert all(mark(q.item, q.response).points == q.item.max_mark for q in saved)


class Form(HTMLParser):
    """What is filled in in one question's form."""

    @classmethod
    def of(cls, response: TestResponse, position: int) -> dict[str, Any]:
        assert response.status_code == 200
        start = response.text.index(f'id="q-{position}"')
        parser = cls()
        parser.found = {}
        parser.select = ""
        parser.option: str | None = None  # type: ignore[misc]
        parser.feed(response.text[start : response.text.index("</form>", start)])
        return parser.found

    found: dict[str, Any]
    select: str
    option: str | None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        name = a.get("name") or ""
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in a:
            self.option = a.get("value")
            if self.option is not None:
                self.found[self.select] = self.option
            else:
                self.option = ""
        elif tag == "input" and a["type" if "type" in a else "name"] == "radio" and "checked" in a:
            self.found[name] = a["value"]
        elif tag == "input" and a.get("type") == "checkbox" and "checked" in a:
            self.found.setdefault(name, []).append(a["value"])
            self.found[name].sort()
        elif tag == "input" and name == "value":
            self.found[name] = a["value"]

    def handle_data(self, data: str) -> None:
        if self.option == "" and data.strip():
            self.found[self.select] = data.strip()
            self.option = None


def test_what_was_typed_is_not_lost_when_it_cannot_be_read(
    app: Flask, cast: Cast, caller: Make
) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    every = questions(app, attempt_id)
    number = next(q for q in every if q.item.kind == "numeric")
    url = f"/assess/attempts/{attempt_id}/answers"
    wrong = lin.post(url, {"position": number.position, "lease": 1, "value": "about 3"})
    assert wrong.status_code == 422
    assert 'value="about 3"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    order = next(q for q in every if q.item.kind == "ordering")
    twice = dict.fromkeys(fields_of(order), "2")
    wrong = lin.post(url, {"position": order.position, "lease": 1, **twice})
    assert wrong.status_code == 422
    assert wrong.text.count("<option selected>2</option>") == len(twice)


def test_a_cleared_answer_is_open_again(app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    question = questions(app, attempt_id)[0]
    url = f"/assess/attempts/{attempt_id}/answers"
    place = {"position": 1, "lease": 1}
    lin.post(url, place | fields_of(question))
    lin.post(url, place | fields_of(question) | {"clear": "1"})
    assert questions(app, attempt_id)[0].response is None


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"position": NaN}', 400),
        (b'{"position": Infinity}', 400),
        (b'{"response": {"value": "\\u0000"}}', 400),
        (b'{"response": {"value": "\\ud800"}}', 400),
        (b"[" * 30_000 + b"]" * 30_000, 400),
        (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, 400),
        (b'{"position": ' + b"9" * 5_000 + b"}", 400),
        (b"[1]", 400),
        (b"null", 400),
        (b" " * 65_537, 413),
        (json.dumps(body(extra=1)).encode(), 422),
        (json.dumps(body(position="1")).encode(), 422),
        (json.dumps(body(position=True)).encode(), 422),
        (json.dumps(body(position=1.5)).encode(), 422),
        (json.dumps(body(sequence=0)).encode(), 422),
        (json.dumps(body(sequence=2**63)).encode(), 422),
        (json.dumps(body(lease=7)).encode(), 422),
        (json.dumps(body(response=[])).encode(), 422),
        (json.dumps(body(response={"order": [[[[]]]]})).encode(), 422),
        (json.dumps(body(response={"__proto__": 1})).encode(), 422),
        (json.dumps({"position": 1}).encode(), 422),
        (json.dumps(body(position=99)).encode(), 404),
    ],
)
def test_nonsense_has_a_status_and_a_reason(
    app: Flask, caller: Make, raw: bytes, status: int
) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    answer = lin.client.post(
        f"/assess/attempts/{attempt_id}/answers",
        data=raw,
        content_type="application/json",
        headers={"X-CSRFToken": lin.token(), "Accept": "application/json"},
    )
    assert answer.status_code == status, answer.text
    assert answer.json
    assert answer.json["error"]["status"] == status
    assert not any(q.answer for q in questions(app, attempt_id))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"position": "x", "lease": "1"},
        {"position": "9" * 5000, "lease": "1"},
        {"position": "1", "lease": "1", "choice": "\x00"},
        {"position": "1", "lease": "-1"},
        {"position": "1", "lease": "1", "order.zz": "1"},
    ],
)
def test_nonsense_in_a_form_is_a_422(any_app: Flask, caller: Make, data: dict[str, str]) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    assert lin.post(f"/assess/attempts/{attempt_id}/answers", data).status_code == 422


def test_an_older_window_says_so_and_stops(any_app: Flask, cast: Cast, caller: Make) -> None:
    phone, desk = caller("lin"), caller("lin")
    attempt_id = begin(phone)
    url = f"/assess/attempts/{attempt_id}"
    assert "Continue on this device" in desk.get(url).text
    assert desk.post(f"{url}/open").status_code == 303
    assert "Question 1" in desk.get(url).text
    refused = phone.post_json(f"{url}/answers", body())
    assert refused.status_code == 409
    assert refused.json
    assert refused.json["outcome"] == "stale"
    assert phone.post(f"{url}/answers", {"position": 1, "lease": 1}).status_code == 409
    assert "Continue on this device" in phone.get(url).text


def test_a_strangers_attempt_is_like_a_missing_one(any_app: Flask, caller: Make) -> None:
    attempt_id = begin(caller("lin"))
    eve = caller("eve")
    for method, tail in (
        ("get", ""),
        ("get", "/review"),
        ("get", "/result"),
        ("post", "/open"),
        ("post", "/submit"),
        ("post", "/answers"),
        ("json", "/answers"),
    ):
        answers = []
        for number in (attempt_id, 987654, 2**70):
            url = f"/assess/attempts/{number}{tail}"
            if method == "get":
                answer = eve.get(url)
            elif method == "json":
                answer = eve.post_json(url, body())
            else:
                answer = eve.post(url, {"position": 1, "lease": 1})
            assert answer.status_code == 404
            # Pages differ in the address that they were asked for and in their tokens only.
            answers.append(re.sub(rf"attempts/{number}|name=\"csrf_token\".*?>", "", answer.text))
        assert answers[0] == answers[1] == answers[2]


def test_looking_changes_nothing(app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    with counted(app) as sent:
        for tail in ("", "?q=5", "?view=all", "?q=999", "?q=x", "/review"):
            assert lin.get(f"/assess/attempts/{attempt_id}{tail}").status_code == 200
    assert not [s for s in sent if not s.lstrip().upper().startswith("SELECT")]
    assert len(sent) <= 6 * 6 + 1


def test_no_key_and_no_reason_leaves_the_server(app: Flask, caller: Make) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    text = lin.get(f"/assess/attempts/{attempt_id}?view=all").text
    for question in questions(app, attempt_id):
        parts: Any = (
            getattr(question.item, "options", None)
            or getattr(question.item, "actions", None)
            or getattr(question.item, "steps", None)
            or ()
        )
        for part in parts:
            assert part.why not in text


def test_handing_in_twice_leads_to_one_result(any_app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    url = f"/assess/attempts/{attempt_id}"
    review = lin.get(f"{url}/review")
    assert "earns no points" in review.text
    for _ in range(2):
        done = lin.post(f"{url}/submit")
        assert (done.status_code, done.location) == (303, f"{url}/result")
    assert lin.get(url).location == f"{url}/result"
    assert lin.post(f"{url}/open").location == f"{url}/result"
    late = lin.post_json(f"{url}/answers", body())
    assert late.status_code == 409
    assert late.json
    assert (late.json["outcome"], late.json["state"]) == ("late", "submitted")


def test_the_index_shows_what_is_next_in_few_statements(
    any_app: Flask, cast: Cast, caller: Make
) -> None:
    lin = caller("lin")
    with counted(cast.app) as empty:
        page = lin.get("/assess/")
    assert "Start the placement" in page.text
    assert "Nothing yet" in page.text
    attempt_id = begin(lin)
    assert "Continue" in lin.get("/assess/").text
    assert lin.post("/assess/forms/narrow-c1").status_code == 409
    lin.post(f"/assess/attempts/{attempt_id}/submit")
    narrow = begin(lin, "narrow-c1")
    lin.post(f"/assess/attempts/{narrow}/submit")
    with counted(cast.app) as full:
        page = lin.get("/assess/")
    assert "What you have taken" in page.text
    # After the placement one statement more asks for the adaptive sittings.
    assert len(empty) <= 8
    assert len(full) <= len(empty) + 1


def test_the_quiz_of_a_lesson_uses_the_same_pages(app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    link = re.search(r'href="/learn/([a-z-]+/[a-z0-9-]+)"', lin.get("/learn/").text)
    assert link
    attempt_id = follow(lin, f"/assess/quiz/{link[1]}")
    assert "Question 1" in lin.get(f"/assess/attempts/{attempt_id}").text
    index = lin.get("/assess/").text
    assert f'/assess/attempts/{attempt_id}"' in index[index.index("Open quizzes") :]
    assert lin.post("/assess/quiz/no/such").status_code == 404


def an_hour_ago(cast: Cast) -> int:
    """An attempt whose minute is over, and nobody has written so yet."""
    return sit(cast, limit_s=60, now=datetime.now(UTC) - timedelta(hours=1)).attempt_id


def test_a_read_after_the_deadline_says_so_and_writes_nothing(
    any_app: Flask, cast: Cast, caller: Make
) -> None:
    url, lin = f"/assess/attempts/{an_hour_ago(cast)}", caller("lin")
    with counted(cast.app) as sent:
        for tail in ("", "/review"):
            assert "Time is over" in lin.get(url + tail).text
        assert "Time ran out" in lin.get("/assess/").text
    assert not [s for s in sent if not s.lstrip().upper().startswith("SELECT")]
    assert lin.post(f"{url}/submit").location == f"{url}/result"
    assert lin.get(url).location == f"{url}/result"
    assert lin.get(f"{url}/result").status_code == 200


def test_a_save_after_the_deadline_is_gone_and_ends_it(
    any_app: Flask, cast: Cast, caller: Make
) -> None:
    url, lin = f"/assess/attempts/{an_hour_ago(cast)}", caller("lin")
    late = lin.post_json(f"{url}/answers", body())
    assert late.status_code == 410
    assert late.json
    assert (late.json["saved"], late.json["state"]) == (False, "expired")
    assert lin.post(f"{url}/answers", {"position": 1, "lease": 1}).location == f"{url}/result"


def test_time_left_is_shown_from_the_servers_deadline(app: Flask, cast: Cast, caller: Make) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=10, seconds=5)
    attempt_id = sit(cast, limit_s=3600, now=begun).attempt_id
    lin = caller("lin")
    lin.post(f"/assess/attempts/{attempt_id}/open")
    page = lin.get(f"/assess/attempts/{attempt_id}").text
    assert "about 49 min left" in page
    assert re.search(r'data-seconds-left="29\d\d"', page)


def test_a_candidate_sits_on_the_same_pages_and_ends_on_their_own(app: Flask, cast: Cast) -> None:
    now = datetime.now(UTC)
    with app.app_context(), writing() as session:
        person_id = insert_person(session, "candidate", "Kiko Hayama", None, now)
        attempt_id = create_attempt(
            session, person_id, "hiring", "hiring-a", "en", 3, now, limit_s=3600
        )
    kiko, url = Caller(app, person_id), f"/assess/attempts/{attempt_id}"
    assert kiko.get(url).location == "/candidate/"
    assert kiko.post(f"{url}/open").status_code == 409  # not before the consent
    with app.app_context(), writing() as session:
        begin_attempt(session, Actor(person_id), attempt_id, now)
    kiko.post(f"{url}/open")
    assert "Question 1" in kiko.get(url).text
    assert kiko.post_json(f"{url}/answers", body()).status_code == 200
    assert kiko.post(f"{url}/submit").location == "/candidate/"
    assert kiko.get("/assess/").status_code == 403
    assert kiko.get(f"{url}/result").status_code == 403

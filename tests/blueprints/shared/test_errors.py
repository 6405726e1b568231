"""Refusals reach people in their language, with what they wrote, and scripts as they are."""

import ast
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from blueprints.shared.errors import WRITTEN
from blueprints.shared.words import SENTENCES, faults, said
from config import ROOT
from services.errors import Invalid
from tests.blueprints.assessment.test_answering import begin
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.hiring import opening

KINDS = {"Conflict", "Forbidden", "Gone", "Invalid", "NotFound", "TooLong"}
# Raised where only the command line asks.
COMMAND_LINE = {
    "There is no course yet: run “flask content load” first.",
    "This database holds people who are not invented; the demo is for a fresh one.",
}
TEXT = "# Two roles\n\n<b>three</b> & four"


def raised() -> Iterator[tuple[str, str]]:
    """Where a service raises a refusal with a message, and the message as it is written."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            call = node.exc if isinstance(node, ast.Raise) else None
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            if call.func.id in KINDS - {"Gone", "TooLong"} and call.args:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                message = call.args[0]
                yield where, message.value if isinstance(message, ast.Constant) else "not fixed"


def test_every_message_of_a_service_is_said_in_the_reader_s_language() -> None:
    found = list(raised())
    assert len(found) > 10
    known = SENTENCES.keys() | COMMAND_LINE
    assert [(where, message) for where, message in found if message not in known] == []


def test_no_sentence_is_left_over() -> None:
    source = "".join(path.read_text() for path in (ROOT / "services").rglob("*.py"))
    assert [message for message in SENTENCES if f'"{message}"' not in source] == []


def test_a_page_leaves_out_what_it_has_no_words_for(app: Flask) -> None:
    refused = Invalid(fields={"person": "You cannot disable yourself.", "lease": "of type int"})
    with app.test_request_context(), force_locale("en"):
        assert faults(refused) == ["You cannot disable yourself."]
        assert said("Diese Sprache gibt es nicht.") == "Diese Sprache gibt es nicht."


def test_a_word_of_a_service_is_a_sentence_on_the_page(caller: Callable[..., Caller]) -> None:
    page = caller("lin").post("/assess/forms/narrow-c1")
    assert page.status_code == 409
    assert "Take the placement first" in page.text


def test_a_script_hears_which_field_it_was(caller: Callable[..., Caller]) -> None:
    lin = caller("lin")
    attempt_id = begin(lin)
    answer = lin.post_json(f"/assess/attempts/{attempt_id}/answers", {"position": 0})
    assert answer.status_code == 422
    assert "lease" in answer.get_json()["error"]["fields"]


@pytest.mark.parametrize("name", WRITTEN)
def test_an_expired_form_gives_back_what_was_written(
    caller: Callable[..., Caller], name: str
) -> None:
    sent = {name: TEXT, "password": "orange tram", "csrf_token": "old"}
    page = caller("tao").post("/author/lessons/crossing-the-threshold/two-roles", sent)
    assert page.status_code == 400
    assert "open for too long" in page.text
    assert "# Two roles\n\n&lt;b&gt;three&lt;/b&gt; &amp; four</textarea>" in page.text
    assert "orange tram" not in page.text


def test_an_expired_form_without_text_and_one_too_large_say_where_it_is(
    caller: Callable[..., Caller],
) -> None:
    expired = caller("tao").post("/account/settings", {"csrf_token": "old"})
    large = caller("tao").post("/account/settings", {"name": "x" * 2_000_000})
    assert (expired.status_code, large.status_code) == (400, 413)
    for page in (expired, large):
        assert "in most browsers with what you wrote" in page.text
        assert "<textarea" not in page.text


def test_a_link_that_ended_behind_the_door(app: Flask, cast: Cast) -> None:
    """A candidate who agreed, and whose link was taken back before they began."""
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    cast.ids["sun"] = opening.consent(app, invited).viewer.id
    sun = Caller(app, cast.sun)
    Caller(app, cast.min).post(f"/hiring/candidates/{invited.application_id}/revoke")
    answer = sun.get("/candidate/device")
    assert answer.status_code == 410
    assert "This link is no longer open" in answer.text
    answer = sun.get("/candidate/device", headers={"Accept": "application/json"})
    assert answer.status_code == 410
    assert answer.get_json()["error"]["status"] == 410

"""What a signed-in person is shown is nobody else's to keep: no page of theirs lies in a cache."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from blueprints.shared.guards import access_of
from tests.blueprints.test_routes import MISSING, ROLE_OF, UNSAFE, calls, sun
from tests.blueprints.test_scopes import BUILDERS, asked_by
from tests.caller import Caller
from tests.conftest import Cast

__all__ = ["sun"]
# Static by their key or digest: a browser may keep them, a cache between may not.
KEPT_BY_BROWSERS = {"media.shown_picture"}
ENCODINGS = ("identity", "gzip", "br")


def may_be_stored(answer: TestResponse) -> bool:
    return not answer.cache_control.no_store


def test_no_answer_to_a_signed_in_person_may_be_stored(
    app: Flask, caller: Callable[..., Caller]
) -> None:
    wrong = []
    for call in calls(app):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        if access.public or access.key_scope or call.rule.endpoint in KEPT_BY_BROWSERS:
            continue
        if call.method == "POST" and call.url == "/candidate/erase":
            continue  # nobody is signed in after it; test_erasing.py looks at it
        for role in sorted(access.roles)[:1]:
            for encoding in ENCODINGS:
                head = {"Accept-Encoding": encoding}
                someone = caller(ROLE_OF[role])
                if call.method in UNSAFE:
                    answer = someone.post(call.url, headers=head)
                else:
                    answer = someone.get(call.url, headers=head)
                if may_be_stored(answer):
                    wrong.append(f"{call.name} as {role}, {encoding}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_public_pages_look_at_the_session_too_and_are_not_stored(
    app: Flask, caller: Callable[..., Caller]
) -> None:
    """A page that is for everybody still says whose it is, once somebody is signed in."""
    wrong = []
    for call in calls(app):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        if access.public and call.method == "GET" and "static" not in call.rule.endpoint:
            answer = caller("anna").get(call.url)
            if b"Anna Weiss" in answer.data and may_be_stored(answer):
                wrong.append(call.name)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", BUILDERS)
def test_what_is_there_is_not_stored_either(
    name: str, app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    """The same for pages, files and data of objects that the person may see."""
    scope, build = BUILDERS[name]
    objects, wrong = build(cast), []
    for who, call in asked_by(app, cast, scope, objects):
        if call.method != "GET" or call.rule.endpoint in KEPT_BY_BROWSERS:
            continue
        url = call.url.replace(str(MISSING), str(objects.own), 1).replace(str(MISSING), "1")
        answer = caller(who).get(url, headers={"Accept-Encoding": "gzip"})
        if may_be_stored(answer):
            wrong.append(f"{call.name} as {who}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)

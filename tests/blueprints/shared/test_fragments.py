"""Kept parts of pages: what is the reader's own goes only into our own places."""

import re
from collections.abc import Callable

from flask import Flask

from blueprints.shared import fragments
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.authoring import lessons

OPEN, CLOSE = "\ue000", "\ue001"  # what a place is written with, but for its secret word
HOSTILE = " ".join(
    [
        f"[a link](https://elsewhere.example/?{OPEN}token{CLOSE})",
        *(f"{OPEN}{word}{CLOSE}" for word in ("token", "path", "part-x", "part-account")),
        *(f"&#xe000;{word}&#xe001;" for word in ("token", "path", "part-x", "part-account")),
    ]
)


def test_an_authored_text_has_no_places(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    typed = lessons.with_words(lessons.opened(app, cast, "tao"), HOSTILE)
    assert lessons.published(app, cast, "tao", typed, "A test").new
    lin = caller("lin")
    for _ in ("rendered", "kept"):
        answer = lin.get(f"/learn/{lessons.KEY}")
        assert answer.status_code == 200
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        assert token is not None
        link = re.search(r'href="https://elsewhere.example/[^"]*"', answer.text)
        assert link is not None
        assert token.group(1) not in link.group(0)
        article = answer.text.partition("elsewhere.example")[2].partition("</section>")[0]
        assert token.group(1) not in article
        assert "Lin Yue" not in article
        assert lessons.KEY not in article
        assert fragments.OPEN not in answer.text, "every place of ours is filled"

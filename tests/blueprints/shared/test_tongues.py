"""A title that stands in another language than its page says so, for whoever hears the page."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from services.library import catalogue
from services.session import reading
from tests.blueprints.test_scopes import placement
from tests.caller import Caller
from tests.conftest import Cast

LINK = re.compile(
    r"<(?:a|h2)\b([^>]*)>(?:\s*<svg.*?</svg>)?\s*([^<]+?)\s*(?:<svg.*?</svg>)?\s*</(?:a|h2)>"
)
PAGES = ("/", "/learn/", "/learn/glossary", "/learn/language/first-reply", "/profile/", "result")


@pytest.mark.parametrize("path", PAGES)
def test_english_titles_on_chinese_pages(
    path: str, app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    if path in ("/profile/", "result"):
        attempt_id = placement(cast, "lin", submitted=True)
        path = f"/assess/attempts/{attempt_id}/result" if path == "result" else path
    lin = caller("lin")
    lin.post("/account/language", {"language": "zh_Hans", "next": "/"})
    with app.app_context(), reading() as session:
        lessons = catalogue.outline(session, "zh_Hans").lessons
    english = {line.title for line in lessons if line.lang == "en"}
    chinese = {line.title for line in lessons if line.lang != "en"}
    assert english
    assert chinese
    found = [(where, title) for where, title in LINK.findall(lin.get(path).text)]
    assert [title for _, title in found if title in english | chinese], "no lesson is named here"
    assert [t for where, t in found if t in english and 'lang="en"' not in where] == []
    assert [t for where, t in found if t in chinese and 'lang="en"' in where] == []

"""Forms take what people type into them: no JSON, and no file where a text is meant."""

import io
from collections.abc import Callable

import pytest

from config import ROOT
from tests.caller import Caller

PATH = "/account/forgotten"


def test_forms_have_one_base() -> None:
    """Flask-WTF's own would read JSON: numbers and lists reach code that expects texts."""
    found = [
        path.relative_to(ROOT / "blueprints").as_posix()
        for path in sorted((ROOT / "blueprints").rglob("*.py"))
        if "FlaskForm" in path.read_text()
    ]
    assert found == ["shared/forms.py"]


@pytest.mark.parametrize("body", [{"email": 1.5}, {"email": ["a"]}, [], "x", None])
def test_json_is_no_form(body: object, caller: Callable[..., Caller]) -> None:
    answer = caller().post_json(PATH, body)
    assert answer.status_code == 422


def test_a_file_is_no_text(caller: Callable[..., Caller]) -> None:
    file = (io.BytesIO(b"lin@beilun.example"), "lin@beilun.example")
    assert caller().post(PATH, {"email": file}).status_code == 422
    assert caller().post(PATH, {"email": "lin@beilun.example"}).status_code in (200, 303)

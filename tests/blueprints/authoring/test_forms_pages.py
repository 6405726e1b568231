"""The pages of forms: curves with their figures in tables, and a draft to copy."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from domain.assessment.forms import parse_form
from tests.caller import Caller

Browser = Callable[..., Caller]


def test_the_list_leads_to_every_form(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    page = tao.get("/author/forms").get_data(as_text=True)
    keys = re.findall(r'href="/author/forms/([a-z0-9-]+)"', page)
    assert {"placement", "hiring-a", "narrow-c1", "adaptive-c7", "new"} <= set(keys)
    for key in ("placement", "hiring-a", "adaptive-c7"):
        assert tao.get(f"/author/forms/{key}").status_code == 200


def test_a_form_shows_curves_coverage_and_error(app: Flask, caller: Browser) -> None:
    page = caller("tao").get("/author/forms/placement").get_data(as_text=True)
    assert page.count('class="c-self"') >= 7
    assert page.count("Coverage against the blueprint") == 7
    assert page.count("Standard error at each level") == 7
    assert "Alpha expected" in page


def test_an_adaptive_form_says_why_hiring_waits(app: Flask, caller: Browser) -> None:
    page = caller("tao").get("/author/forms/adaptive-c1").get_data(as_text=True)
    assert "What to expect of the bank as it is" in page
    assert "Not offered: 0 of the 80 calibrated secure questions" in page


def test_a_draft_can_be_copied(app: Flask, caller: Browser) -> None:
    url = "/author/forms/new?competencies=C1&competencies=C4&items=6&pool=practice&b=0&seed=12"
    page = caller("tao").get(url).get_data(as_text=True)
    source = unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[0])
    assert len(parse_form(source, "forms/new-form-12.yaml").items) == 12
    assert 'value="C4" checked' in page


def test_a_short_bank_is_said_cell_by_cell(app: Flask, caller: Browser) -> None:
    url = "/author/forms/new?competencies=A1&items=20&pool=practice&b=0&seed=1"
    page = caller("tao").get(url).get_data(as_text=True)
    assert "A1 cannot be filled from this bank" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("query", ["items=x", "items=99", "b=nan", "pool=%00", "competencies=C9"])
def test_nonsense_in_the_address_is_said(app: Flask, caller: Browser, query: str) -> None:
    answer = caller("tao").get(f"/author/forms/new?{query}")
    assert answer.status_code == 422
    assert "out of range" in answer.get_data(as_text=True)


def test_an_unknown_form_is_not_there(app: Flask, caller: Browser) -> None:
    assert caller("tao").get("/author/forms/no-such").status_code == 404

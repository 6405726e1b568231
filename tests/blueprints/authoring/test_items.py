"""The item bank: every item opens, with its key and every reason; filters and overdue facts."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from domain.assessment.compiled import from_dict
from models.library import ItemFacts
from services.library import catalogue
from services.session import reading, writing
from tests.caller import Caller

Browser = Callable[..., Caller]


def test_the_list_has_pages_and_filters(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    page = tao.get("/author/items").get_data(as_text=True)
    assert len(re.findall(r"/author/items/[AC]\d-", page)) == 50
    assert 'rel="next"' in page
    page = tao.get("/author/items?competency=C2&pool=secure&kind=single").get_data(as_text=True)
    keys = re.findall(r'href="/author/items/([A-Z0-9-]+)"', page)
    assert keys
    assert all(key.startswith(("C2-S", "C2-E")) for key in keys)


@pytest.mark.parametrize("query", ["page=0", "page=99999", "page=x", "competency=%3Cb%3E&kind=no"])
def test_nonsense_in_the_address_is_harmless(app: Flask, caller: Browser, query: str) -> None:
    assert caller("tao").get(f"/author/items?{query}").status_code == 200


def test_overdue_items_come_first(app: Flask, caller: Browser) -> None:
    with app.app_context(), writing() as session:
        last = catalogue.published(session, "item")[-1]
        session.execute(
            update(ItemFacts)
            .where(ItemFacts.revision_id == last.id)
            .values(review_by=date(2020, 1, 1))
        )
    page = caller("tao").get("/author/items").get_data(as_text=True)
    assert f"/author/items/{last.key}" in page
    assert page.index(last.key) < page.index("A1-Q01")
    assert "1 is due for a check" in page


def test_every_item_opens_with_its_reasons(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    with app.app_context(), reading() as session:
        items = [from_dict(entry.meta) for entry in catalogue.published(session, "item")]
    seen = {(item.kind, item.pool): item for item in items}
    for item in seen.values():
        answer = tao.get(f"/author/items/{item.id}")
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        for rows in ("options", "actions", "steps", "lefts", "slips"):
            for row in getattr(item, rows, ()):
                assert row.why.split()[0].replace("'", "&#39;").replace('"', "&#34;") in page
        assert ("Secure: for hiring only" in page) == item.is_secure

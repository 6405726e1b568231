"""The step to 0013: the rows that lists are sifted by are what the kept numbers say."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from models.competencies import newest_estimates
from services.admin import migrations
from services.competencies import estimates
from services.competencies.estimates import Estimated
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast


def drawn(theta: float, *codes: str) -> dict[str, Estimated]:
    return {code: Estimated(code, theta, 0.5, 3, True) for code in codes}


def rows(app: Flask) -> list[Any]:
    with app.app_context(), reading() as session:
        asked = select(newest_estimates).order_by(newest_estimates.c.scope_id)
        return [tuple(row) for row in session.execute(asked)]


def test_the_rows_are_made_from_what_was_kept(any_app: Flask, cast: Cast) -> None:
    subject = cast.actor("lin").subject
    with any_app.app_context(), writing() as session:
        framework = catalogue.framework(session)
        for scope_id, ledger_id, numbers in (
            (901, 1, drawn(0.1, "C1", "C2", "A1")),
            (901, 2, drawn(0.7, "C1")),  # which replaces the whole drawing before
            (902, 1, drawn(-0.4, "C7")),
            (903, 1, drawn(0.3, "C3")),
            (903, 2, {"C3": estimates.nothing("C3")}),
        ):
            estimates.keep(
                session, subject, "attempt", scope_id, numbers, framework, ledger_id, NOW
            )
    before = rows(any_app)
    assert [row[1] for row in before][-3:] == [901, 902, 903]
    assert set(before[-1][2:]) == {None}
    with any_app.app_context():
        migrations.downgrade("0012")
        migrations.upgrade()
    assert rows(any_app) == before

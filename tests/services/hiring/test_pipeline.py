"""The pipeline of a position: columns, filters, pages, and what it costs with many candidates."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from bench.crowd import crowd
from domain.hiring.pipeline import Column, Filters
from models.hiring import Invitation
from services.errors import Invalid, NotFound
from services.hiring import deciding, listing, pages, views
from services.hiring.pages import PositionPage
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening
from tests.statements import counted

LATER = NOW + timedelta(hours=2)


def shown(app: Flask, cast: Cast, position_id: int, **asked: object) -> PositionPage:
    how = {k: asked.pop(k) for k in ("as_board", "after", "before") if k in asked}
    who = cast.actor(str(asked.pop("who", "min")))
    with app.app_context(), reading() as session:
        filters = Filters(**asked)  # type: ignore[arg-type]
        return pages.position_page(session, who, position_id, filters, "en", LATER, **how)  # type: ignore[arg-type]


def named(page: PositionPage) -> list[str]:
    return [line.name for line in page.candidates]


def test_each_candidate_stands_in_one_column(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(any_app, cast)
    opening.invite(any_app, cast, position_id, "Ana Prado")
    sun = opening.sit(any_app, opening.invite(any_app, cast, position_id, "Sun Yi"), keyed=3)
    ida = opening.invite(any_app, cast, position_id, "Ida Brandt").application_id
    with any_app.app_context(), writing() as session:
        deciding.decide(session, cast.actor("lei"), ida, "hold", "other", "Ill", NOW)
    page = shown(any_app, cast, position_id)
    assert page.counts == {
        Column.INVITED: 1, Column.STARTED: 0, Column.FINISHED: 1, Column.REVIEW: 0,
        Column.DECISION: 1,
    }  # fmt: skip
    assert named(page) == ["Ida Brandt", "Sun Yi", "Ana Prado"]  # the newest first
    assert named(shown(any_app, cast, position_id, column="finished")) == ["Sun Yi"]
    assert named(shown(any_app, cast, position_id, outcome="hold")) == ["Ida Brandt"]
    assert shown(any_app, cast, position_id, column="decision").found == 1
    with any_app.app_context(), writing() as session:
        deciding.decide(session, cast.actor("lei"), ida, "reopened", "mistake", "Not ill", NOW)
        deciding.decide(session, cast.actor("lei"), sun, "offer", "fit", "Good", NOW)
    board = shown(any_app, cast, position_id, as_board=True).board
    assert [(c.column, c.count, [line.name for line in c.lines]) for c in board] == [
        (Column.INVITED, 2, ["Ida Brandt", "Ana Prado"]),
        (Column.STARTED, 0, []),
        (Column.FINISHED, 0, []),
        (Column.REVIEW, 0, []),
        (Column.DECISION, 1, ["Sun Yi"]),
    ]


def test_filters_by_invitation_language_and_refused_address(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(any_app, cast)
    ana = opening.invite(any_app, cast, position_id, "Ana Prado")
    sun = opening.invite(any_app, cast, position_id, "Sun Yi", lang="zh_Hans")
    ida = opening.invite(any_app, cast, position_id, "Ida Brandt")
    opening.consent(any_app, ida)
    for invited, column in ((ana, "refused_at"), (sun, "revoked_at")):
        with any_app.app_context(), writing() as session:
            session.execute(
                update(Invitation)
                .where(Invitation.application_id == invited.application_id)
                .values({column: NOW})
            )
    for asked, expected in (
        ({"lang": "zh_Hans"}, ["Sun Yi"]),
        ({"bounced": True}, ["Ana Prado"]),
        ({"invitation": "revoked"}, ["Sun Yi"]),
        ({"invitation": "open"}, ["Ana Prado"]),
        ({"invitation": "opened"}, ["Ida Brandt"]),
        ({"invitation": "expired"}, []),
        ({"search": "PRADO"}, ["Ana Prado"]),
        ({"search": "%"}, []),
        ({"sort": "name"}, ["Ana Prado", "Ida Brandt", "Sun Yi"]),
    ):
        assert named(shown(any_app, cast, position_id, **asked)) == expected, asked


def test_filters_by_figures_agree_with_the_lines(any_app: Flask, cast: Cast) -> None:
    """SQL and domain read fit and gates alike; who is nearer than the error stays in."""
    position_id = opening.open_position(any_app, cast)
    for name, right in (("Able", True), ("Weak", False)):
        opening.sit(any_app, opening.invite(any_app, cast, position_id, name), right)
    opening.invite(any_app, cast, position_id, "Waiting")
    fits = {
        line.name: line.fit for line in shown(any_app, cast, position_id).candidates if line.fit
    }
    assert set(fits) == {"Able", "Weak"}
    for points in (0, 20, 35, 50, 65, 80, 100):
        found = set(named(shown(any_app, cast, position_id, fit=points)))
        assert found == {
            name
            for name, fit in fits.items()
            if fit.points is not None
            and fit.se_points is not None
            and fit.points + 1.96 * fit.se_points >= points
        }
    for word in ("met", "not met", "not yet known"):
        read = set(named(shown(any_app, cast, position_id, gate=word)))
        assert read == {name for name, fit in fits.items() if _gates(fit) == word}, word


def _gates(fit: object) -> str:
    verdicts = {str(gate.verdict) for gate in fit.gates}  # type: ignore[attr-defined]
    if "not met" in verdicts:
        return "not met"
    return "met" if verdicts <= {"met"} else "not yet known"


@pytest.mark.parametrize("sort", ["newest", "name", "finished", "deadline"])
def test_pages_follow_each_other_both_ways(app: Flask, cast: Cast, sort: str) -> None:
    position_id = opening.open_position(app, cast)
    with app.app_context(), writing() as session:
        crowd(session, position_id, 2 * listing.PAGE + 3, NOW)
    forward = list(_walk(app, cast, position_id, sort))
    assert [len(page.candidates) for page in forward] == [25, 25, 3]
    assert len({line.application_id for page in forward for line in page.candidates}) == 53
    back = shown(app, cast, position_id, sort=sort, before=forward[2].listed.before)
    assert named(back) == named(forward[1])
    first = shown(app, cast, position_id, sort=sort, before=back.listed.before)
    assert named(first) == named(forward[0])
    assert first.listed.before is None


def _walk(app: Flask, cast: Cast, position_id: int, sort: str) -> Iterator[PositionPage]:
    after = None
    while True:
        page = shown(app, cast, position_id, sort=sort, after=after)
        yield page
        after = page.listed.after
        if after is None:
            return


def test_five_candidates_cost_as_many_statements_as_sixty(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(any_app, cast)
    opening.sit(any_app, opening.invite(any_app, cast, position_id, "Done"), keyed=1)
    costs = []
    for total in (5, 60):
        with any_app.app_context(), writing() as session:
            crowd(session, position_id, total, NOW)
        cost = []
        for asked in ({}, {"as_board": True}, {"sort": "name", "search": "a"}, {"fit": 10}):
            shown(any_app, cast, position_id, **asked)
            with counted(any_app) as sent:
                shown(any_app, cast, position_id, **asked)
            cost.append(len(sent))
        costs.append(cost)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 12


def test_a_reviewer_neither_searches_nor_orders_by_names(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast, reviewer_ids=(cast.omar,))
    for name in ("Zoe Adler", "Ana Prado"):
        opening.invite(app, cast, position_id, name)
    page = shown(app, cast, position_id, who="omar", search="Zoe", sort="name")
    assert len(page.candidates) == 2
    assert not any("Zoe" in line.name or line.email for line in page.candidates)
    assert page.filters == Filters()


def test_views_are_ones_own_or_the_teams(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(any_app, cast, reviewer_ids=(cast.omar,))
    filters = Filters(column="finished", gate="met", search="Sun Yi")
    for name, shared in (("Mine", False), ("Ours", True), ("Ours", True)):
        with any_app.app_context(), writing() as session:
            views.save(session, cast.actor("lei"), position_id, name, filters, shared, NOW)
    own = shown(any_app, cast, position_id, who="lei").views
    assert [(view.name, view.by) for view in own] == [("Mine", None), ("Ours", None)]
    assert own[0].filters == Filters(column="finished", gate="met")  # a name is not kept there
    theirs = shown(any_app, cast, position_id, who="omar").views
    assert [(view.name, view.by) for view in theirs] == [("Ours", "Xu Lei")]
    with any_app.app_context(), writing() as session:
        with pytest.raises(NotFound):
            views.forget(session, cast.actor("omar"), position_id, theirs[0].id, NOW)
        with pytest.raises(Invalid):
            views.save(session, cast.actor("omar"), position_id, " \n", filters, False, NOW)
        views.forget(session, cast.actor("lei"), position_id, own[0].id, NOW)
    assert len(shown(any_app, cast, position_id, who="lei").views) == 1

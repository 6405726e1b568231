"""Norm groups: who is in them, from how many on, and where somebody stands."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from models.accounts import Person
from models.assessment import Attempt
from models.competencies import Estimate
from models.measuring import NormGroup
from services.actor import Actor
from services.errors import Conflict, Invalid, NotFound
from services.library import catalogue
from services.measuring import norms
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.measuring.crowd import Crowd, gather


def keep_thetas(app: Flask, crowd: Crowd, codes: dict[str, int]) -> None:
    """Let a crowd sit and give it estimates: person n has theta n / 100, `codes` of them each."""
    attempts = gather(app, crowd)
    with app.app_context(), writing() as session:
        standard_id = catalogue.framework(session).standard_id
        subjects = session.execute(
            select(Attempt.id, Person.subject)
            .join(Person, Person.id == Attempt.person_id)
            .where(Attempt.id.in_(attempts))
            .order_by(Attempt.id)
        ).all()
        rows = [
            {
                "subject": subject,
                "scope_kind": "attempt",
                "scope_id": attempt_id,
                "competency": code,
                "theta": n / 100,
                "se": 0.5,
                "observations": 6,
                "provisional": True,
                "standard_revision_id": standard_id,
                "calibration_id": 0,
                "ledger_id": 1,
                "as_of": NOW,
            }
            for code, people in codes.items()
            for n, (attempt_id, subject) in enumerate(subjects[:people])
        ]
        session.execute(insert(Estimate), rows)


def test_a_group_holds_practices_with_a_hundred_people(any_app: Flask, cast: Cast) -> None:
    keep_thetas(any_app, Crowd(101, only=["C1"]), {"C1": 101, "C2": 99})
    tao = cast.actor("tao")
    with any_app.app_context():
        with writing() as session:
            assert norms.define(session, tao, "  All  placements ", "placement", NOW) == ["C1"]
        with reading() as session:
            thetas = {"C1": 0.5, "C2": 0.5}
            found = norms.standings(session, "All placements", thetas)
            page = norms.norms_page(session, tao)
            assert norms.names(session) == ["All placements"]
            assert norms.standings(session, "Nobody", thetas)["C1"].percentile is None
    assert (found["C1"].people, found["C1"].as_of) == (101, NOW.date())
    assert found["C1"].percentile == pytest.approx(50.0)  # 50 below, one equal, 50 above
    assert (found["C2"].people, found["C2"].percentile) == (0, None)  # by criterion only
    (group,) = page.sets
    (line,) = group.lines
    assert (line.competency, line.people) == ("C1", 101)
    assert line.quartiles == pytest.approx((53.675, 57.5, 61.325), abs=0.2)
    assert [(source.form_key, source.attempts) for source in page.sources] == [("placement", 101)]


def test_ninety_nine_are_no_group(app: Flask, cast: Cast) -> None:
    keep_thetas(app, Crowd(99, only=["C1"]), {"C1": 99})
    tao = cast.actor("tao")
    with app.app_context(), pytest.raises(Invalid), writing() as session:
        norms.define(session, tao, "Too few", "placement", NOW)
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count(NormGroup.id))) == 0


def test_candidates_of_a_form_are_a_group_of_their_own(app: Flask, cast: Cast) -> None:
    keep_thetas(app, Crowd(100, only=["C1"]), {"C1": 100})
    hiring = Crowd(100, form_key="hiring-a", purpose="hiring", only=["C1"], seed=12)
    keep_thetas(app, hiring, {"C1": 100})
    tao = cast.actor("tao")
    with app.app_context(), writing() as session:
        norms.define(session, tao, "Candidates", "hiring-a", NOW)
        assert session.scalar(select(NormGroup.people)) == 100


def test_a_name_is_taken_once(any_app: Flask, cast: Cast) -> None:
    keep_thetas(any_app, Crowd(100, only=["C1"]), {"C1": 100})
    tao = cast.actor("tao")
    with any_app.app_context(), writing() as session:
        norms.define(session, tao, "All", "placement", NOW)
    with any_app.app_context(), pytest.raises(Conflict), writing() as session:
        norms.define(session, tao, "All", "placement", NOW)
    for name in ("", "   ", "x" * 121):
        with any_app.app_context(), pytest.raises(Invalid), writing() as session:
            norms.define(session, tao, name, "placement", NOW)


def test_only_trainers_define_groups(app: Flask, cast: Cast) -> None:
    for who in ("lin", "min", "anna"):
        actor = cast.actor(who)
        with app.app_context(), pytest.raises(NotFound), writing() as session:
            norms.define(session, actor, "All", "placement", NOW)


def test_the_own_result_stands_in_the_newest_group_of_its_form(any_app: Flask, cast: Cast) -> None:
    """Seen from person 50 of 100: 49 below, half of their own place; one error is half a logit."""
    keep_thetas(any_app, Crowd(100, only=["C1"]), {"C1": 100, "C2": 99})
    tao = cast.actor("tao")
    with any_app.app_context():
        with reading() as session:
            attempt_id, person_id, subject = session.execute(
                select(Attempt.id, Person.id, Person.subject)
                .join(Person, Person.id == Attempt.person_id)
                .order_by(Attempt.id)
                .offset(49)
                .limit(1)
            ).one()
            actor = Actor(person_id, subject, frozenset({"learner"}))
            nobody = norms.compared(session, actor, attempt_id, "en")
        assert (nobody.as_of, nobody.lines) == (None, ())
        with writing() as session:
            norms.define(session, tao, "Older", "placement", NOW - timedelta(days=9))
            norms.define(session, tao, "Newer", "placement", NOW)
        with reading() as session:
            found = norms.compared(session, actor, attempt_id, "en")
            with pytest.raises(NotFound):
                norms.compared(session, tao, attempt_id, "en")
    assert (found.name, found.as_of) == ("Newer", NOW.date())
    first, second = found.lines
    assert (first.code, first.standing.people) == ("C1", 100)
    assert first.standing.percentile == pytest.approx(49.5)
    assert (first.standing.low, first.standing.high) == (0, 99.5)
    assert (second.code, second.standing.percentile) == ("C2", None)  # 99 are no group

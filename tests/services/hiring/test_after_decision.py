"""Scorecards, letters, hires and mentions: who sees what, once, and what moves no number."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from models.accounts import Person
from models.competencies import Evidence
from models.hiring import Application
from models.learning import Assignment
from services.accounts.people import load_viewer
from services.actor import Actor
from services.competencies import estimates, ledger, rated
from services.errors import Conflict, Invalid, NotFound
from services.hiring import deciding, interviewing, mentions, scorecards, welcoming
from services.hiring.scorecards import ScorecardPage, Typed
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def sat(any_app: Flask, cast: Cast) -> int:
    """An application of somebody who answered; Omar reviews the position."""
    position_id = opening.open_position(any_app, cast, reviewer_ids=(cast.omar,))
    return opening.sit(any_app, opening.invite(any_app, cast, position_id), keyed=21)


def card(app: Flask, cast: Cast, about: int, who: str) -> ScorecardPage:
    with app.app_context(), writing() as session:
        return scorecards.scorecard_page(session, cast.actor(who), about, "en", LATER)


def rate(
    app: Flask, cast: Cast, about: int, who: str, levels: list[int | None], hand_in: bool = True
) -> None:
    keys = [row.question.key for row in card(app, cast, about, who).rows]
    typed = {key: Typed(level, "Said so.") for key, level in zip(keys, levels, strict=False)}
    with app.app_context(), writing() as session:
        scorecards.keep(session, cast.actor(who), about, typed, hand_in, "en", LATER)


def decide(app: Flask, cast: Cast, about: int, outcome: str) -> None:
    with app.app_context(), writing() as session:
        deciding.decide(session, cast.actor("lei"), about, outcome, "fit", outcome, LATER)


def subject_of(app: Flask, about: int) -> str:
    with app.app_context(), reading() as session:
        return session.scalars(
            select(Person.subject)
            .join(Application, Application.person_id == Person.id)
            .where(Application.id == about)
        ).one()


def test_the_guide_asks_about_three_weak_subtopics_in_both_languages(
    any_app: Flask, cast: Cast, sat: int
) -> None:
    pages = {}
    for lang in ("en", "zh_Hans"):
        with any_app.app_context(), writing() as session:
            pages[lang] = interviewing.guide_page(session, cast.actor("lei"), sat, lang, LATER)
    weak = [q for q in pages["en"].questions if q.because == "weak"]
    assert len(weak) == 3
    assert all(q.reached < q.maximum and set(q.anchors) == {1, 3, 5} for q in weak)
    assert [q.key for q in pages["en"].questions] == [q.key for q in pages["zh_Hans"].questions]
    assert all(
        one.ask != two.ask
        for one, two in zip(pages["en"].questions, pages["zh_Hans"].questions, strict=True)
    )


def test_each_interviewer_rates_alone(any_app: Flask, cast: Cast, sat: int) -> None:
    rate(any_app, cast, sat, "lei", [2, 4, None], hand_in=False)
    assert [row.own.level for row in card(any_app, cast, sat, "lei").rows][:3] == [2, 4, None]
    assert card(any_app, cast, sat, "omar").waiting == 0  # a draft is nobody's business
    rate(any_app, cast, sat, "lei", [3, 4, None])
    blind = card(any_app, cast, sat, "omar")
    assert (blind.waiting, blind.agreement) == (1, None)
    assert not any(row.others for row in blind.rows)
    rate(any_app, cast, sat, "omar", [3, 2, 5])
    seen = card(any_app, cast, sat, "omar")
    assert [[(o.by, o.level) for o in row.others] for row in seen.rows][:2] == [
        [("Xu Lei", 3)], [("Xu Lei", 4)],
    ]  # fmt: skip
    assert seen.agreement is not None
    assert (seen.agreement.pairs, seen.agreement.percent) == (2, 50.0)
    with pytest.raises(Conflict):
        rate(any_app, cast, sat, "omar", [5, 5, 5])


def test_ratings_stand_in_the_ledger_and_move_no_measured_number(
    any_app: Flask, cast: Cast, sat: int
) -> None:
    subject = subject_of(any_app, sat)

    def drawn() -> object:
        with any_app.app_context(), reading() as session:
            lines = ledger.evidence(session, subject)
            return len(lines), estimates.draw(lines, catalogue.framework(session), LATER)

    before = drawn()
    rate(any_app, cast, sat, "lei", [1, 5, None])
    assert drawn() == before
    with any_app.app_context(), reading() as session:
        found = rated.ratings(session, subject)
        weights = session.scalars(
            select(Evidence.weight).where(Evidence.source_kind == rated.SOURCE)
        ).all()
    assert [rating.level for rating in found] == [1, 5]
    assert set(weights) == {0.0}


def test_a_scorecard_is_refused_when_it_says_nothing(any_app: Flask, cast: Cast, sat: int) -> None:
    for levels in ([None], [9]):
        with pytest.raises(Invalid):
            rate(any_app, cast, sat, "lei", levels)  # type: ignore[arg-type]
    for who in ("tao", "anna"):
        with pytest.raises(NotFound):
            card(any_app, cast, sat, who)


@pytest.mark.parametrize("agreed", [True, False])
def test_who_is_hired_becomes_a_learner_with_a_plan(
    any_app: Flask, cast: Cast, sat: int, agreed: bool
) -> None:
    with any_app.app_context(), reading() as session:
        person = session.scalars(select(Application.person_id).where(Application.id == sat)).one()
        viewer = load_viewer(session, person)
    assert viewer is not None
    candidate = Actor(viewer.id, viewer.subject, viewer.roles)
    with any_app.app_context(), writing() as session:
        welcoming.choose(session, candidate, True, LATER)
        welcoming.choose(session, candidate, agreed, LATER)
    lei, address = cast.actor("lei"), "sun.yi@firm.example"
    with any_app.app_context(), writing() as session, pytest.raises(Conflict):
        welcoming.hire(session, lei, sat, address, (), LATER)
    decide(any_app, cast, sat, "hired")
    with any_app.app_context(), reading() as session:
        page = welcoming.hire_page(session, lei, sat, "en")
        with pytest.raises(NotFound):
            welcoming.hire_page(session, cast.actor("omar"), sat, "en")
    assert 1 <= len(page.modules) <= 4
    keys = tuple(module.key for module in page.modules)
    made = []
    for _ in range(2):
        with any_app.app_context(), writing() as session:
            made.append(welcoming.hire(session, lei, sat, address, keys, LATER))
    assert made[0] == made[1]
    with any_app.app_context(), reading() as session:
        member = session.get_one(Person, made[0])
        assert (member.kind, member.email, member.name) == ("member", address, "Sun Yi")
        rows = session.scalars(
            select(Assignment.module_key)
            .where(Assignment.person_id == member.id)
            .order_by(Assignment.due_on)
        ).all()
        assert tuple(rows) == keys
        old = ledger.evidence(session, viewer.subject)
        new = ledger.evidence(session, member.subject)
        framework = catalogue.framework(session)
        numbers = [estimates.draw(lines, framework, LATER) for lines in (old, new)]
    thetas = [{code: round(one.theta, 9) for code, one in each.items()} for each in numbers]
    assert len(new) == (len(old) if agreed else 0)
    assert (thetas[0] == thetas[1]) is agreed


def test_a_mention_waits_for_the_one_who_is_named(any_app: Flask, cast: Cast, sat: int) -> None:
    for body in ("@Omar Haddad please ask about terms", "@Xu Lei I am on it", "@Tao Lin see this"):
        with any_app.app_context(), writing() as session:
            deciding.write_note(session, cast.actor("lei"), sat, body, LATER)
    with any_app.app_context(), reading() as session:
        lines = mentions.for_you(session, cast.actor("omar"), "en")
        assert [(line.by, line.body[:5]) for line in lines] == [("Xu Lei", "@Omar")]
        assert "Sun Yi" not in lines[0].candidate  # a reviewer reads without names
        assert mentions.waiting(session, cast.actor("lei")) == 0
    with any_app.app_context(), writing() as session:
        mentions.seen(session, cast.actor("omar"), LATER)
        assert mentions.for_you(session, cast.actor("omar"), "en") == ()

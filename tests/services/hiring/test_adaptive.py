"""Adaptive assessment of candidates: one after the other practice, one clock, secure questions."""

from collections import Counter
from datetime import timedelta
from itertools import groupby

import pytest
from flask import Flask
from sqlalchemy import select

from domain.hiring.profiles import SEVEN
from models.assessment import Attempt, AttemptItem
from models.hiring import Application, Position
from services.assessment import expiry, grants, scoring
from services.assessment.adaptive_course import replay
from services.assessment.beats import Heard
from services.assessment.delivery import Outcome
from services.assessment.grants import Extra
from services.competencies.estimates import kept
from services.errors import Conflict, Invalid
from services.hiring import comparing, entering, printing, report_data, reports
from services.marking.fixing import Outcome as Verdict
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment import timed
from tests.services.assessment.calibrated import retire
from tests.services.assessment.grown import calibrate, grow
from tests.services.assessment.sitting import Sitting, right_payload
from tests.services.hiring import adapting, opening
from tests.services.marking import answering
from tests.statements import counted


def differences(app: Flask) -> list[scoring.Difference]:
    with app.app_context(), reading() as session:
        return scoring.rescore_check(session)


def replayed(app: Flask, sitting: Sitting) -> list[tuple[int, int | None]]:
    with app.app_context(), reading() as session:
        return replay(session, sitting.attempt_id)


def test_seven_parts_in_turn_each_until_it_is_sure_enough(any_app: Flask, cast: Cast) -> None:
    invited = opening.invite(any_app, cast, adapting.position(any_app, cast))
    sitting = adapting.sit_down(any_app, invited)
    asked = adapting.finish(sitting)
    questions = sitting.asked()
    assert all(question.item.is_secure for question in questions)
    assert [code for code, _ in groupby(q.competency for q in questions)] == list(SEVEN)
    assert len(set(asked)) == len(asked)
    assert all(8 <= count <= 14 for count in Counter(q.competency for q in questions).values())
    with any_app.app_context(), reading() as session:
        shown = kept(session, scoring.SCOPE, [sitting.attempt_id])[sitting.attempt_id]
    assert all(not shown[code].provisional and shown[code].se <= 0.40 for code in SEVEN)
    assert all(chosen == again for chosen, again in replayed(any_app, sitting))
    assert differences(any_app) == []


def test_each_is_asked_others_and_all_stand_on_one_scale(any_app: Flask, cast: Cast) -> None:
    position_id = adapting.position(any_app, cast)
    strong, weak = (opening.invite(any_app, cast, position_id, n) for n in ("Sun Yi", "Qian Wei"))
    first = adapting.sit_down(any_app, strong)
    one = adapting.finish(first, lambda position, item: position % 5 != 0)
    other = adapting.finish(
        adapting.sit_down(any_app, weak), lambda position, item: position % 5 == 0
    )
    assert len(set(one) & set(other)) < len(one) / 2
    who = cast.actor("lei")
    with any_app.app_context(), writing() as session:
        chosen = [strong.application_id, weak.application_id]
        compared = comparing.compare_page(session, who, position_id, chosen, "en", NOW)
        page = reports.candidate_page(session, who, strong.application_id, "en", NOW)
        own = reports.own_page(session, first.actor, "en", NOW)
    assert compared.adaptive
    by_name = {each.name: each.fit.points for each in compared.candidates}
    assert by_name["Sun Yi"] > by_name["Qian Wei"]
    assert compared.fit.leads, "so far apart that the error does not cover it"
    told = report_data.report_data(page)["result"]
    assert (told["adaptive"], told["provisional"]) == (True, False)
    assert [line["answers"] for line in told["practices"]] == [
        count for _, count in sorted(Counter(q.competency for q in first.asked()).items())
    ]
    with any_app.test_request_context():
        paper = str(printing.written(page, "en", NOW))
    assert "everybody is asked other questions" in paper
    assert own.result is not None
    assert own.result.adaptive


def test_the_offer_tells_how_long_and_how_many(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, adapting.position(app, cast))
    with app.app_context(), reading() as session:
        told = entering.offer(session, opening.token_of(invited), NOW)
    assert (told.parts, told.questions, told.most_questions) == (7, 56, 98)
    assert (told.minutes, told.breaks, told.break_minutes) == (90, 2, 5)


def test_too_small_a_bank_is_named_before_anybody_is_invited(any_app: Flask, cast: Cast) -> None:
    with any_app.app_context(), writing() as session:
        grow(session, short={"C2": 3, "C6": 1})
    with pytest.raises(Invalid) as refused:
        opening.open_position(any_app, cast, plan="adaptive")
    assert refused.value.fields == {"plan": "too few calibrated questions: C2 77/80, C6 79/80"}


def test_a_bank_that_shrank_invites_nobody_and_stops_nobody(app: Flask, cast: Cast) -> None:
    position_id = adapting.position(app, cast)
    before = adapting.sit_down(app, opening.invite(app, cast, position_id))
    retire(app, before.asked()[0].revision_id)
    with pytest.raises(Invalid) as refused:
        opening.invite(app, cast, position_id, "Qian Wei")
    assert refused.value.fields == {"plan": "too few calibrated questions: C1 79/80"}
    assert opening.counts(app, position_id)[0] == 1
    adapting.step(before)
    assert len(before.asked()) == 2
    closed = opening.position_draft(cast, plan="adaptive", minutes=90, state="closed")
    _save(app, cast, position_id, closed)
    with pytest.raises(Invalid):
        _save(app, cast, position_id, opening.position_draft(cast, plan="adaptive", minutes=90))


def _save(app: Flask, cast: Cast, position_id: int, draft: opening.PositionDraft) -> None:
    with app.app_context(), writing() as session:
        version = session.scalars(select(Position.version).where(Position.id == position_id)).one()
        opening.positions.save(session, cast.actor("min"), position_id, version, draft, NOW)


def test_it_goes_on_as_it_began_after_edits_and_calibrations(any_app: Flask, cast: Cast) -> None:
    sitting = adapting.sit_down(
        any_app, opening.invite(any_app, cast, adapting.position(any_app, cast))
    )
    for _ in range(12):
        adapting.step(sitting)
    before = replayed(any_app, sitting)
    with any_app.app_context(), writing() as session:
        bank = session.scalars(select(AttemptItem.revision_id)).all()
        calibrate(session, {"C1": list(set(bank))}, a=0.4)
    unmet = next(q for q in sitting.asked())
    retire(any_app, unmet.revision_id)
    adapting.finish(sitting)
    again = replayed(any_app, sitting)
    assert again[: len(before)] == before
    assert all(chosen == repeated for chosen, repeated in again)
    assert Counter(q.competency for q in sitting.asked()).keys() == set(SEVEN)
    assert differences(any_app) == []


def test_the_lottery_keeps_the_best_question_from_everybody(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session:
        bank = grow(session)
    firsts = _firsts(app, cast, bank, {})
    best, _ = Counter(firsts).most_common(1)[0]
    assert len(set(firsts)) > 1, "one of the five best until the chances are known"
    held = {"C1": {str(best): 0.0}}
    assert best not in _firsts(app, cast, bank, held)
    assert len(set(_firsts(app, cast, bank, {"C1": {}}))) == 1, "the best one for everybody"


def _firsts(
    app: Flask, cast: Cast, bank: dict[str, list[int]], exposure: dict[str, dict[str, float]]
) -> list[int]:
    """The first question of each of ten candidates."""
    with app.app_context(), writing() as session:
        calibrate(session, bank, 2.2, exposure)
    position_id = opening.open_position(app, cast, plan="adaptive", minutes=90)
    for number in range(10):
        opening.invite(app, cast, position_id, f"Person {number}")
    with app.app_context(), reading() as session:
        return list(
            session.scalars(
                select(AttemptItem.revision_id)
                .join(Application, Application.attempt_id == AttemptItem.attempt_id)
                .where(Application.position_id == position_id, AttemptItem.position == 1)
            )
        )


def test_another_device_goes_on_and_the_older_one_asks_nothing_more(
    any_app: Flask, cast: Cast
) -> None:
    invited = opening.invite(any_app, cast, adapting.position(any_app, cast))
    done = opening.consent(any_app, invited)
    phone = adapting.begin(any_app, done)
    adapting.step(phone)
    with any_app.app_context(), writing() as session:
        back = entering.come_back(
            session, opening.token_of(invited), done.code, "192.0.2.7", phone.now
        )
    assert back is not None
    computer = Sitting(any_app, phone.actor, phone.attempt_id, phone.now)
    computer.open()
    stale = adapting.answer(phone, right_payload(phone.asked()[-1].item))
    assert (stale.outcome, len(phone.asked())) == (Outcome.STALE, 2)
    adapting.step(computer)
    assert [question.position for question in computer.asked()] == [1, 2, 3]
    late = adapting.answer(computer, {}, position=1)
    assert (late.outcome, len(computer.asked())) == (Outcome.LATE, 3)


def test_time_that_is_over_measures_what_was_reached(any_app: Flask, cast: Cast) -> None:
    """By read at once, by the sweeper in writing; a question that was taken away is no mistake."""
    sitting = adapting.sit_down(
        any_app, opening.invite(any_app, cast, adapting.position(any_app, cast))
    )
    while sitting.asked()[-1].competency != "C3":
        adapting.step(sitting)
    adapting.step(sitting)
    sitting.now = NOW + timedelta(minutes=adapting.MINUTES, seconds=6)
    page = timed.page(sitting)
    assert (page.state, page.written, page.questions) == ("expired", False, ())
    last = len(sitting.asked())
    assert adapting.answer(sitting, {}).outcome is Outcome.LATE
    with any_app.app_context(), writing() as session:
        expiry.expire_due(session, sitting.now)
    assert adapting.state(sitting) == "expired"
    assert len(sitting.asked()) == last
    with any_app.app_context(), reading() as session:
        shown = kept(session, scoring.SCOPE, [sitting.attempt_id])[sitting.attempt_id]
    assert shown["C3"].observations == 1, "one was answered, and one came too late"
    assert "C7" not in shown
    assert differences(any_app) == []


def test_breaks_drops_and_extra_time(any_app: Flask, cast: Cast) -> None:
    invited = opening.invite(any_app, cast, adapting.position(any_app, cast))
    done = opening.consent(any_app, invited)
    with any_app.app_context(), writing() as session:
        person_id = opening.candidate(done).person_id
        assert person_id is not None
        grants.accommodate(session, cast.actor("min"), person_id, Extra(25, 0), NOW)
    sitting = adapting.begin(any_app, done)
    assert timed.page(sitting).whole_left == 90 * 75
    adapting.step(sitting)
    timed.rest(sitting)
    assert timed.page(sitting).questions == ()
    resting = adapting.answer(sitting, {})
    assert (resting.outcome, len(sitting.asked())) == (Outcome.RESTING, 2)
    sitting.wait(120)
    timed.back(sitting)
    assert timed.beat(sitting).heard is Heard.ALIVE
    sitting.wait(44)
    assert timed.beat(sitting).credited_s == 34
    assert timed.grants(sitting) == [("extra", 90 * 15), ("break", 120), ("drop", 34)]
    adapting.step(sitting)
    page = timed.page(sitting)
    assert page.leg is not None
    assert (page.leg.number, page.leg.count, page.breaks_left) == (1, 7, 1)
    timed.rest(sitting)
    timed.back(sitting)
    with pytest.raises(Conflict):
        timed.rest(sitting)


def test_a_wrong_key_draws_the_numbers_again_and_not_the_choices(app: Flask, cast: Cast) -> None:
    sitting = adapting.sit_down(app, opening.invite(app, cast, adapting.position(app, cast)))
    adapting.finish(sitting, lambda position, item: True)
    question = sitting.asked()[4]
    before = replayed(app, sitting)
    cast.ids["sun"] = sitting.actor.person_id or 0
    answering.contest(cast, "sun", sitting.attempt_id, question.position)
    answering.decide(cast, question.revision_id, Verdict.STRIKE)
    assert differences(app) == []
    with app.app_context(), reading() as session:
        shown = kept(session, scoring.SCOPE, [sitting.attempt_id])[sitting.attempt_id]
    mine = [q for q in sitting.asked() if q.competency == question.competency]
    assert shown[question.competency].observations == len(mine) - 1
    assert replayed(app, sitting) == before


def test_a_late_question_costs_as_many_statements_as_an_early_one(
    any_app: Flask, cast: Cast
) -> None:
    sitting = adapting.sit_down(
        any_app, opening.invite(any_app, cast, adapting.position(any_app, cast))
    )
    adapting.step(sitting)

    def costs() -> tuple[int, int]:
        """Statements of answering and going on, and of the page."""
        question = sitting.asked()[-1]
        sitting.wait(20)
        with counted(any_app) as sent:
            adapting.answer(sitting, right_payload(question.item), question.position)
        with counted(any_app) as read:
            timed.page(sitting)
        return len(sent), len(read)

    early = costs()
    while len(sitting.asked()) < 30:
        adapting.step(sitting)
    assert costs() == early
    assert early[1] <= 8


def test_another_seed_shows_in_the_replay(app: Flask, cast: Cast) -> None:
    sitting = adapting.sit_down(app, opening.invite(app, cast, adapting.position(app, cast)))
    for _ in range(10):
        adapting.step(sitting)
    with app.app_context(), writing() as session:
        session.get_one(Attempt, sitting.attempt_id).seed += 1
    assert any(chosen != again for chosen, again in replayed(app, sitting))

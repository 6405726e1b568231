"""Wrong keys: everybody is marked by the right one, hears of it once, and can see why."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from jobs.worker import TASKS, carry_out
from models.assessment import AttemptItem
from models.competencies import Estimate, Evidence
from models.journal import OutboxEntry
from models.marking import Contest, KeyFix
from models.measuring import Work
from services.assessment import scoring
from services.assessment.contested import corrections
from services.assessment.responding import Asked
from services.competencies import estimates, ledger
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.library import catalogue
from services.marking import fixing, queue
from services.marking.fixing import Outcome
from services.measuring import kept_results
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import Sitting, right_payload, sit
from tests.services.assessment.test_at_once import at_once
from tests.services.marking.answering import (
    asked_for,
    attempt_of,
    contest,
    decide,
    differences,
    events,
    hand_in,
    lines_of,
    rekeyed,
    single,
)

RIGHT = 2  # the place of the option that turns out to be the key


def answered(cast: Cast, name: str, place: int, now: datetime = NOW) -> tuple[Sitting, Asked]:
    """A placement with nothing answered but its first single choice, handed in."""
    sitting = sit(cast, name, now=now)
    question = single(sitting)
    sitting.save(question.position, {"choice": "abcd"[place]})
    sitting.submit()
    return sitting, question


def wrong_place(question: Asked) -> int:
    """A place that is neither the key nor the one that it will be."""
    keyed = next(n for n, o in enumerate(question.item.options) if o.key)  # type: ignore[union-attr]
    return next(n for n in range(4) if n not in (keyed, RIGHT))


def results(cast: Cast, sitting: Sitting) -> dict[str, estimates.Estimated]:
    with cast.app.app_context(), reading() as session:
        return estimates.kept(session, scoring.SCOPE, [sitting.attempt_id])[sitting.attempt_id]


def test_everybody_is_marked_by_the_right_key(any_app: Flask, cast: Cast) -> None:
    """One contests; another who never did is marked right as well."""
    lin, question = answered(cast, "lin", RIGHT)
    eve, other = answered(cast, "eve", RIGHT)
    tao, _ = answered(cast, "tao", wrong_place(question))
    before = results(cast, eve)
    contest(cast, "lin", lin.attempt_id, question.position)
    mended = rekeyed(any_app, question, RIGHT)
    assert differences(cast) == []  # an edit alone changes no number
    decide(cast, question.revision_id, Outcome.MEND, mended)
    assert differences(cast) == []
    assert lines_of(cast, other.id) == [(0, 1, 1.0), (1, 1, 1.0)]
    code = question.competency
    assert results(cast, eve)[code].theta > before[code].theta
    assert [line["attempt_id"] for line in asked_for(cast, "mail.contest_changed")] == [
        eve.attempt_id
    ]
    assert len(asked_for(cast, "mail.contest")) == 1
    assert (events(cast, "key.fixed"), events(cast, "attempt.rescored")) == (1, 2)
    with cast.app.app_context(), reading() as session:
        assert [c.position for c in corrections(session, eve.attempt_id)] == [question.position]
        assert corrections(session, tao.attempt_id) == ()


def test_a_key_is_never_mended_in_place(any_app: Flask, cast: Cast) -> None:
    """Old lines stay, and the numbers that were shown follow from them as they did."""
    lin, question = answered(cast, "lin", RIGHT)
    shown = results(cast, lin)[question.competency]
    contest(cast, "lin", lin.attempt_id, question.position)
    decide(cast, question.revision_id, Outcome.MEND, rekeyed(any_app, question, RIGHT))
    with cast.app.app_context(), reading() as session:
        first = session.scalars(
            select(Estimate).where(Estimate.competency == question.competency).order_by(Estimate.id)
        ).first()
        assert first is not None
        old = ledger.evidence(session, lin.actor.subject, up_to=first.ledger_id)
        drawn = estimates.draw(old, catalogue.framework(session), first.as_of)
        assert drawn[question.competency] == shown
        rules = session.scalars(
            select(Evidence.rule_revision_id)
            .where(Evidence.source_id == question.id)
            .order_by(Evidence.id)
        ).all()
    assert len(set(rules)) == 2


def test_a_struck_question_counts_for_nothing(any_app: Flask, cast: Cast) -> None:
    lin, question = answered(cast, "lin", RIGHT)
    before = results(cast, lin)[question.competency].observations
    contest(cast, "lin", lin.attempt_id, question.position)
    decide(cast, question.revision_id, Outcome.STRIKE)
    assert lines_of(cast, question.id)[-1] == (0, 1, 0.0)
    assert results(cast, lin)[question.competency].observations == before - 1
    assert differences(cast) == []
    later, same = answered(cast, "eve", RIGHT)
    assert lines_of(cast, same.id) == [(0, 1, 0.0)]
    with pytest.raises(Conflict):
        contest(cast, "eve", later.attempt_id, same.position)
    assert differences(cast) == []


def test_a_chain_of_fixes_is_followed_to_its_end(any_app: Flask, cast: Cast) -> None:
    """A mending revision that is wrong itself, and at last a question that cannot be mended."""
    lin, question = answered(cast, "lin", RIGHT)
    contest(cast, "lin", lin.attempt_id, question.position)
    second = rekeyed(any_app, question, RIGHT)
    decide(cast, question.revision_id, Outcome.MEND, second)
    eve, later = answered(cast, "eve", RIGHT)
    assert later.revision_id == second
    contest(cast, "eve", eve.attempt_id, later.position)
    third = rekeyed(any_app, question, wrong_place(question))
    decide(cast, second, Outcome.MEND, third)
    assert [line[0] for line in lines_of(cast, question.id)] == [0, 1, 0]
    assert [line[0] for line in lines_of(cast, later.id)] == [1, 0]
    assert differences(cast) == []
    tao, last = answered(cast, "tao", RIGHT)
    contest(cast, "tao", tao.attempt_id, last.position)
    decide(cast, third, Outcome.STRIKE, name="mara")
    for source in (question, later, last):
        assert lines_of(cast, source.id)[-1][2] == 0.0
    assert differences(cast) == []


def test_the_check_says_which_numbers_would_change_and_why(any_app: Flask, cast: Cast) -> None:
    """The planted flaw: a fix after which nobody scored anything again."""
    _, question = answered(cast, "lin", RIGHT)
    mended = rekeyed(any_app, question, RIGHT)
    fix = KeyFix(
        revision_id=question.revision_id,
        fixed_revision_id=mended,
        fixed_by=cast.tao,
        reason_id=None,
        fixed_at=NOW,
    )
    with cast.app.app_context(), writing() as session:
        session.add(fix)
    code = question.competency
    found = [(d.where, d.kept, d.why) for d in differences(cast)]
    assert found[0] == (f"position {question.position}, {code}", "0 of 1", "the key was fixed")
    assert [(where, why) for where, _, why in found[1:]] == [
        (f"estimate {code}", "the key was fixed")
    ]
    with cast.app.app_context(), writing() as session:
        scoring.rescore(session, NOW)
    assert differences(cast) == []


def test_a_decision_sent_twice_is_one(any_app: Flask, cast: Cast) -> None:
    lin, question = answered(cast, "lin", RIGHT)
    answered(cast, "eve", RIGHT)
    contest(cast, "lin", lin.attempt_id, question.position)
    mended = rekeyed(any_app, question, RIGHT)
    at_once([lambda: decide(cast, question.revision_id, Outcome.MEND, mended)] * 2)
    assert len(asked_for(cast, "mail.contest")) == 1
    assert len(asked_for(cast, "mail.contest_changed")) == 1
    with pytest.raises(Conflict):
        decide(cast, question.revision_id, Outcome.DISMISS, name="mara")
    with cast.app.app_context(), reading() as session:
        assert session.scalars(select(Contest.state)).all() == ["upheld"]


def test_a_dismissal_changes_no_number(any_app: Flask, cast: Cast) -> None:
    lin, question = answered(cast, "lin", RIGHT)
    contest(cast, "lin", lin.attempt_id, question.position)
    decide(cast, question.revision_id, Outcome.DISMISS)
    assert lines_of(cast, question.id) == [(0, 1, 1.0)]
    assert (len(asked_for(cast, "mail.contest")), asked_for(cast, "mail.contest_changed")) == (
        1,
        [],
    )


def test_only_a_newer_revision_with_the_same_options_mends(any_app: Flask, cast: Cast) -> None:
    lin, question = answered(cast, "lin", RIGHT)
    contest(cast, "lin", lin.attempt_id, question.position)
    for mending in (None, question.revision_id, lin.asked()[-1].revision_id):
        with pytest.raises(Invalid) as refused:
            decide(cast, question.revision_id, Outcome.MEND, mending)
        assert set(refused.value.fields) == {"mending"}
    with pytest.raises(Forbidden):
        decide(cast, question.revision_id, Outcome.STRIKE, name="lin")
    with pytest.raises(NotFound):
        decide(cast, lin.asked()[-1].revision_id, Outcome.STRIKE)
    with cast.app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(KeyFix)) == 0


def test_many_attempts_are_scored_again_by_a_job(
    any_app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In batches, resumed where it was, and everybody hears of it once."""
    monkeypatch.setattr(fixing, "AT_ONCE", 1)
    lin, question = answered(cast, "lin", RIGHT)
    for name in ("eve", "mara"):
        answered(cast, name, RIGHT)
    contest(cast, "lin", lin.attempt_id, question.position)
    decide(cast, question.revision_id, Outcome.MEND, rekeyed(any_app, question, RIGHT))
    assert asked_for(cast, "mail.contest_changed") == []
    assert differences(cast) != []
    (job,) = asked_for(cast, fixing.RESCORE)
    with cast.app.app_context():
        with writing() as session:
            assert fixing.rescore_next(session, job["work_id"], NOW)
        with reading() as session:
            entry_id = session.scalar(
                select(OutboxEntry.id).where(OutboxEntry.task == fixing.RESCORE)
            )
        assert entry_id is not None
        carry_out(entry_id, fixing.RESCORE, job)
        TASKS[fixing.RESCORE](job)  # delivered twice
        with reading() as session:
            work = session.get_one(Work, job["work_id"])
            assert (work.state, work.done, work.total) == ("done", 3, 3)
            assert work.outcome["changed"] == 3
    assert differences(cast) == []
    assert len(asked_for(cast, "mail.contest_changed")) == 2
    assert events(cast, "attempt.rescored") == 3


def test_whoever_hands_in_meanwhile_is_marked_by_the_fix(any_app: Flask, cast: Cast) -> None:
    lin, question = answered(cast, "lin", RIGHT)
    contest(cast, "lin", lin.attempt_id, question.position)
    eve = sit(cast, "eve")
    eve.save(single(eve).position, {"choice": "abcd"[RIGHT]})
    mended = rekeyed(any_app, question, RIGHT)
    deeds = [lambda: decide(cast, question.revision_id, Outcome.MEND, mended), eve.submit]
    at_once(deeds)  # type: ignore[arg-type]
    assert differences(cast) == []
    assert lines_of(cast, single(eve).id)[-1][0] == 1


def test_an_open_question_that_is_struck_out_waits_no_more(any_app: Flask, cast: Cast) -> None:
    answer_id = hand_in(cast)
    attempt_id = attempt_of(cast, answer_id)
    question = Sitting(cast.app, cast.actor("lin"), attempt_id).asked()[-1]
    contest(cast, "lin", attempt_id, question.position)
    decide(cast, question.revision_id, Outcome.STRIKE)
    assert lines_of(cast, answer_id) == [(0, 5, 0.0)]
    assert differences(cast) == []
    with cast.app.app_context(), reading() as session:
        assert queue.queue_page(session, cast.actor("tao")).waiting == 0


def test_a_result_in_memory_shows_what_became_of_a_contest(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    for question in sitting.asked():
        sitting.save(question.position, right_payload(question.item))
    sitting.submit()

    def stamp() -> object:
        with cast.app.app_context(), reading() as session:
            return kept_results.result(session, sitting.actor, sitting.attempt_id, "en", NOW)[1]

    stamps = [stamp()]
    contest(cast, "lin", sitting.attempt_id, 1)
    stamps.append(stamp())
    decide(cast, sitting.asked()[0].revision_id, Outcome.DISMISS)
    stamps.append(stamp())
    assert len(set(map(repr, stamps))) == 3


def test_where_nothing_counts_any_more_no_number_is_left(any_app: Flask, cast: Cast) -> None:
    """An attempt of one question: its number goes with it, and what was shown can be explained."""
    sitting = sit(cast)
    question = single(sitting)
    with cast.app.app_context(), writing() as session:
        others = AttemptItem.position != question.position
        session.execute(delete(AttemptItem).where(others))
    sitting.submit()
    assert list(results(cast, sitting)) == [question.competency]
    contest(cast, "lin", sitting.attempt_id, question.position)
    decide(cast, question.revision_id, Outcome.STRIKE)
    assert results(cast, sitting) == {}
    assert differences(cast) == []

"""What readers see of a candidate: only after the end, only their positions, all of it noted."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.hiring.applications import Stage
from domain.hiring.pipeline import Filters
from models.hiring import Decision
from models.journal import JournalEntry
from services.errors import Invalid, NotFound
from services.hiring import comparing, deciding, pages, reports
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening


def seen(app: Flask, cast: Cast, name: str, application_id: int) -> reports.CandidatePage:
    with app.app_context(), writing() as session:
        return reports.candidate_page(session, cast.actor(name), application_id, "en", NOW)


def events(app: Flask, event: str) -> int:
    with app.app_context(), reading() as session:
        found = session.scalar(
            select(func.count(JournalEntry.id)).where(JournalEntry.event == event)
        )
    return found or 0


def test_results_are_hidden_until_the_attempt_ended(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    opening.begin(app, opening.consent(app, invited))
    page = seen(app, cast, "lei", invited.application_id)
    assert (page.stage, page.result) == (Stage.STARTED, None)
    assert events(app, "result.viewed") == 0
    with app.app_context(), writing() as session, pytest.raises(NotFound):
        reports.reveal(session, cast.actor("lei"), invited.application_id, 1, "en", NOW)


def test_a_result_has_seven_bands_a_fit_and_every_answer(any_app: Flask, cast: Cast) -> None:
    invited = opening.invite(any_app, cast, opening.open_position(any_app, cast))
    opening.sit(any_app, invited)
    page = seen(any_app, cast, "lei", invited.application_id)
    assert page.result is not None
    assert [line.code for line in page.result.profile.lines] == [f"C{n}" for n in range(1, 8)]
    assert all(line.provisional and line.se_points > 0 for line in page.result.profile.lines)
    assert {fit.role_id for fit in page.result.profile.fits} == {"operations", "sales"}
    assert page.result.fit.points == pytest.approx(
        next(f.points for f in page.result.profile.fits if f.role_id == "sales")
    )
    assert len(page.result.answers) == 42
    assert page.result.facts.devices == 1
    assert events(any_app, "result.viewed") == 1


def test_another_manager_knows_of_nothing(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    application_id = opening.sit(app, opening.invite(app, cast, position_id))
    omar = cast.actor("omar")
    with app.app_context(), writing() as session:
        assert pages.positions(session, omar).lines == ()
        for ask in (
            lambda: pages.position_page(session, omar, position_id, Filters(), "en", NOW),
            lambda: reports.candidate_page(session, omar, application_id, "en", NOW),
            lambda: reports.reveal(session, omar, application_id, 1, "en", NOW),
            lambda: deciding.write_note(session, omar, application_id, "x", NOW),
            lambda: deciding.decide(session, omar, application_id, "hold", "fit", "x", NOW),
            lambda: comparing.compare_page(session, omar, position_id, [1, 2], "en", NOW),
        ):
            with pytest.raises(NotFound):
                ask()


def test_a_reviewer_sees_the_position(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast, reviewer_ids=(cast.omar,))
    application_id = opening.sit(app, opening.invite(app, cast, position_id))
    assert seen(app, cast, "omar", application_id).result is not None


def test_an_admin_and_a_learner_see_no_position(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    with app.app_context(), reading() as session:
        for name in ("anna", "lin", "tao"):
            with pytest.raises(NotFound):
                pages.position_page(session, cast.actor(name), position_id, Filters(), "en", NOW)


def test_opening_a_secret_question_is_journaled(app: Flask, cast: Cast) -> None:
    application_id = opening.sit(app, opening.invite(app, cast, opening.open_position(app, cast)))
    with app.app_context(), writing() as session:
        page = reports.reveal(session, cast.actor("lei"), application_id, 3, "en", NOW)
        assert page.html
        assert all(line.why for line in page.lines)
        with pytest.raises(NotFound):
            reports.reveal(session, cast.actor("lei"), application_id, 99, "en", NOW)
    assert events(app, "secure_item.viewed") == 1


def test_decisions_are_added_and_never_changed(any_app: Flask, cast: Cast) -> None:
    invited = opening.invite(any_app, cast, opening.open_position(any_app, cast))
    about, lei = invited.application_id, cast.actor("lei")
    for outcome, reason in (("hold", "Later"), ("hold", "Later"), ("advance", "Now, after all")):
        with any_app.app_context(), writing() as session:
            deciding.decide(session, lei, about, outcome, "interview", reason, NOW)
    page = seen(any_app, cast, "min", about)
    assert [line.outcome for line in page.decisions] == ["advance", "hold"]
    assert page.decisions[0].by == "Xu Lei"
    with any_app.app_context(), reading() as session:
        assert session.scalar(select(func.count(Decision.id))) == 2


@pytest.mark.parametrize(
    ("outcome", "code", "reason", "field"),
    [
        ("maybe", "fit", "x", "outcome"),
        ("hold", "mood", "x", "reason_code"),
        ("hold", "fit", " \n ", "reason"),
        ("hold", "fit", "x" * 4001, "reason"),
    ],
)
def test_a_decision_needs_an_outcome_and_words(
    app: Flask, cast: Cast, outcome: str, code: str, reason: str, field: str
) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    with app.app_context(), writing() as session, pytest.raises(Invalid) as refused:
        deciding.decide(
            session, cast.actor("lei"), invited.application_id, outcome, code, reason, NOW
        )
    assert set(refused.value.fields) == {field}


def compared(app: Flask, cast: Cast, ids: list[int], position_id: int) -> comparing.ComparePage:
    with app.app_context(), writing() as session:
        return comparing.compare_page(session, cast.actor("lei"), position_id, ids, "en", NOW)


def test_equal_candidates_are_equal_in_everything(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    ids = [opening.sit(app, opening.invite(app, cast, position_id, n)) for n in ("Bo", "An")]
    page = compared(app, cast, ids, position_id)
    assert [one.name for one in page.candidates] == ["An", "Bo"]
    assert page.fit.equal
    assert all(row.verdict.equal for row in page.practices)
    assert page.apart == ()


def test_a_difference_beyond_the_error_is_named(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    strong = opening.sit(app, opening.invite(app, cast, position_id, "An"))
    weak = opening.sit(app, opening.invite(app, cast, position_id, "Bo"), right=False)
    page = compared(app, cast, [weak, strong], position_id)
    assert [(lead.higher, lead.lower) for lead in page.fit.leads] == [(0, (1,))]
    assert page.fit.gap is not None
    assert page.fit.critical is not None
    assert page.fit.gap > page.fit.critical


def test_a_comparison_takes_two_to_six_of_one_position(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    one = opening.invite(app, cast, position_id).application_id
    other = opening.open_position(app, cast, title="Other")
    stranger = opening.invite(app, cast, other, "Qian Wei").application_id
    for ids in ([], [one], [one, one], list(range(1, 9))):
        with pytest.raises(Invalid):
            compared(app, cast, ids, position_id)
    for ids in ([one, stranger], [one, 2**70]):
        with pytest.raises(NotFound):
            compared(app, cast, ids, position_id)

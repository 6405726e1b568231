"""Results of own attempts, the evidence behind them, and what stays closed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from domain.assessment.items import Item
from services.actor import Actor
from services.assessment import results, reviews, starting
from services.competencies import profile, self_rating
from services.errors import NotFound
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.competencies.sitting import sit, sit_form, sit_quiz
from tests.statements import counted

QUIZ = "trade-practice/who-pays-who-risks"


def all_but_law(position: int, item: Item) -> bool | None:
    """Right everywhere, wrong in C5, and question 3 left open."""
    return None if position == 3 else item.home != "C5"


def placement(session: Session, actor: Actor) -> int:
    return sit_form(session, actor, "placement", NOW, all_but_law)


def test_a_placement_gives_seven_numbers_with_errors(any_app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with any_app.app_context():
        with writing() as session:
            attempt_id = placement(session, lin)
        with reading() as session:
            page = results.attempt_result(session, lin, attempt_id, "en", NOW)
    assert page.view is not None
    assert [line.observations >= 6 for line in page.view.lines] == [True] * 7
    assert page.view.weakest is not None
    assert page.view.weakest.code == "C5"
    assert page.view.radar is not None
    assert page.next_lesson is not None
    assert page.next_lesson.key == "law/check-before-you-promise"
    assert {offer.form_key for offer in page.offers} == {f"narrow-c{n}" for n in range(1, 8)}
    assert all(offer.attempt_id is None for offer in page.offers)
    assert page.offers == tuple(sorted(page.offers, key=lambda o: (-o.se_points, o.code)))
    law = next(gate for gate in page.view.fits[0].gates if gate.code == "C5")
    assert law.verdict != "met"
    assert page.basis.as_of == NOW


def test_answers_with_reasons(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with app.app_context(), writing() as session:
        page = reviews.answers_page(session, lin, placement(session, lin), "en")
    assert (len(page.reviews), page.answered) == (42, 41)
    assert [group.code for group in page.groups] == [f"C{n}" for n in range(1, 8)]
    by_position = {review.position: review for review in page.reviews}
    assert (by_position[3].answered, by_position[3].mark) == (False, 0)
    for review in page.reviews:
        assert review.feedback
        assert all(line.why for line in review.feedback)
        assert review.lesson_title
        if review.answered and review.competency != "C5":
            assert review.reading == "right"


def test_secure_questions_stay_closed_unless_revealed(app: Flask, cast: Cast) -> None:
    """A learner never holds a secure question; should an attempt have one, its words stay here."""
    lin = cast.actor("lin")
    assert lin.person_id is not None
    with app.app_context(), writing() as session:
        attempt_id = starting.create_attempt(
            session, lin.person_id, "hiring", "hiring-a", "en", 3, NOW
        )
        starting.begin(session, lin, attempt_id, NOW)
        sit(session, lin, attempt_id, NOW)
        closed = reviews.item_reviews(session, attempt_id, reveal=False)
        revealed = reviews.item_reviews(session, attempt_id, reveal=True)
        with pytest.raises(NotFound):
            results.attempt_result(session, lin, attempt_id, "en", NOW)
        with pytest.raises(NotFound):
            reviews.answers_page(session, lin, attempt_id, "en")
        evidence = profile.evidence_page(session, lin, "C2", "en", NOW)
    assert all(not (r.html or r.feedback or r.revealed) for r in closed)
    assert all(r.title == r.subtopic for r in closed)
    assert all(r.html and r.feedback for r in revealed)
    assert evidence.rows
    assert all(row.secure for row in evidence.rows)


def test_a_quiz_tells_what_it_added(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with app.app_context(), writing() as session:
        attempt_id = sit_quiz(session, lin, QUIZ, NOW)
        page = results.attempt_result(session, lin, attempt_id, "en", NOW)
    assert page.view is None
    added = {line.after.code: line for line in page.added}
    assert added["C2"].before.measured is False
    assert added["C2"].after.measured is True
    assert added["C2"].moved > 0
    assert added["C2"].counted == len(page.reviews)
    assert page.right == len(page.reviews)
    assert page.next_lesson is not None
    assert page.next_lesson.key != QUIZ


def test_six_more_narrow_the_band_and_the_old_page_stays(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    later = NOW + timedelta(hours=1)
    with app.app_context(), writing() as session:
        first = placement(session, lin)
        before = results.attempt_result(session, lin, first, "en", NOW)
        narrow = sit_form(session, lin, "narrow-c2", later)
        page = results.attempt_result(session, lin, narrow, "en", later)
        after = results.attempt_result(session, lin, first, "en", later)
    line = next(line for line in page.added if line.after.code == "C2")
    assert line.after.se_points < line.before.se_points
    assert line.counted == 6
    assert after.view == before.view
    taken = {offer.form_key: offer.attempt_id for offer in after.offers}
    assert taken["narrow-c2"] == narrow


def test_strangers_find_nothing(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with app.app_context():
        with writing() as session:
            attempt_id = placement(session, lin)
            running = starting.start_form(session, lin, "narrow-c1", "en", 1, NOW)
        for actor in (cast.actor("eve"), cast.actor("anna"), cast.actor("lei"), Actor(None)):
            with reading() as session, pytest.raises(NotFound):
                results.attempt_result(session, actor, attempt_id, "en", NOW)
            with reading() as session, pytest.raises(NotFound):
                reviews.answers_page(session, actor, attempt_id, "en")
            with reading() as session, pytest.raises(NotFound):
                results.evidence_slice(session, actor, attempt_id)
        for missing in (running, 999_999, 2**80):
            with reading() as session, pytest.raises(NotFound):
                results.attempt_result(session, lin, missing, "en", NOW)


def test_the_lines_of_a_number_and_their_push(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with app.app_context(), writing() as session:
        attempt_id = placement(session, lin)
        sit_quiz(session, lin, QUIZ, NOW + timedelta(minutes=1))
        now = NOW + timedelta(hours=1)
        whole = profile.evidence_page(session, lin, "C2", "en", now)
        part = results.evidence_slice(session, lin, attempt_id)
        of_placement = profile.evidence_page(session, lin, "C2", "en", now, part=part)
        shown = results.attempt_result(session, lin, attempt_id, "en", now)
        found = results.sources(session, lin, [row.line for row in whole.rows], "en")
        others = results.sources(session, cast.actor("eve"), [row.line for row in whole.rows], "en")
    assert shown.view is not None
    assert of_placement.practice.points == pytest.approx(shown.view.line("C2").points)
    assert of_placement.practice.se_points == pytest.approx(shown.view.line("C2").se_points)
    assert whole.total > of_placement.total
    for row in whole.rows:
        assert row.push is not None
        assert (row.push > 0) == (row.line.mark == row.line.max_mark)
        assert row.title
    assert {source.purpose for source in found.values()} == {"placement", "quiz"}
    assert others == {}


def test_a_question_met_before_is_shown_and_adds_nothing(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    assert lin.person_id is not None
    with app.app_context(), writing() as session:
        placement(session, lin)
        lesson = catalogue.lesson(session, QUIZ, "en")
        again = starting.create_attempt(
            session,
            lin.person_id,
            "quiz",
            QUIZ,
            "en",
            5,
            NOW,
            item_keys=["C2-P01"],
            form_revision_id=lesson.revision_id,
        )
        starting.begin(session, lin, again, NOW)
        sit(session, lin, again, NOW)
        page = results.attempt_result(session, lin, again, "en", NOW)
        evidence = profile.evidence_page(session, lin, "C2", "en", NOW)
    (line,) = page.added
    assert (line.counted, line.met_before, line.moved) == (0, 1, 0)
    assert (evidence.rows[0].line.weight, evidence.rows[0].push) == (0, None)
    assert evidence.counted == evidence.total - 1


def test_pages_of_evidence_and_unknown_codes(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile, "PER_PAGE", 4)
    lin = cast.actor("lin")
    with app.app_context(), writing() as session:
        placement(session, lin)
        first = profile.evidence_page(session, lin, "C1", "en", NOW)
        last = profile.evidence_page(session, lin, "C1", "en", NOW, page=99)
        nothing = profile.evidence_page(session, lin, "A1", "en", NOW)
        with pytest.raises(NotFound):
            profile.evidence_page(session, lin, "C9", "en", NOW)
    assert (first.page, len(first.rows)) == (1, 4)
    assert last.page == last.pages == -(-first.total // 4)
    assert (nothing.total, nothing.practice.measured) == (0, False)


def test_a_profile_is_everything_together(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with app.app_context(), writing() as session:
        empty = profile.profile_page(session, lin, "en", NOW)
        sit_quiz(session, lin, QUIZ, NOW)
        self_rating.rate(session, lin, {"C2": "2"}, NOW)
        some = profile.profile_page(session, lin, "en", NOW)
        placement(session, lin)
        full = profile.profile_page(session, lin, "en", NOW)
    assert (empty.counted, empty.lesson, empty.mirror, empty.basis.ledger_id) == (0, None, None, 0)
    assert [line.code for line in some.view.measured] == ["C2"]
    assert some.mirror is not None
    assert full.view.radar is not None
    assert full.view.radar.self_path is None
    assert [line.code for line in full.applied] == ["A1", "A2"]


def test_statements_do_not_grow_with_answers(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with app.app_context():
        with writing() as session:
            attempt_id = placement(session, lin)
            quiz_id = sit_quiz(session, lin, QUIZ, NOW)

        def statements(of: str) -> int:
            with counted(app) as sent, reading() as session:
                match of:
                    case "placement":
                        results.attempt_result(session, lin, attempt_id, "en", NOW)
                    case "quiz":
                        results.attempt_result(session, lin, quiz_id, "en", NOW)
                    case "answers":
                        reviews.answers_page(session, lin, attempt_id, "en")
                    case "profile":
                        profile.profile_page(session, lin, "en", NOW)
                    case _:
                        profile.evidence_page(session, lin, "C2", "en", NOW)
            return len([statement for statement in sent if not statement.startswith("BEGIN")])

        kinds = ("placement", "quiz", "answers", "profile", "evidence")
        for kind in kinds:
            statements(kind)  # the framework and the outline are kept from now on
        before = {kind: statements(kind) for kind in kinds}
        with writing() as session:
            for form in ("narrow-c1", "narrow-c2", "narrow-c3"):
                sit_form(session, lin, form, NOW)
        assert {kind: statements(kind) for kind in kinds} == before
    assert before["placement"] <= 10
    assert max(before.values()) <= 12


def test_a_number_is_the_same_whatever_the_language(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with app.app_context(), writing() as session:
        attempt_id = placement(session, lin)
        english = results.attempt_result(session, lin, attempt_id, "en", NOW).view
        chinese = results.attempt_result(session, lin, attempt_id, "zh_Hans", NOW).view
    assert english is not None
    assert chinese is not None
    assert [replace(line, name="", short="") for line in english.lines] == [
        replace(line, name="", short="") for line in chinese.lines
    ]
    assert english.lines[0].short != chinese.lines[0].short

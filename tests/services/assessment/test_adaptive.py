"""Adaptive practice: chosen by the answers, forward only, and laid out again the same later."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.items import Item, way_of
from models.assessment import Attempt
from models.competencies import Evidence
from models.library import ItemFacts, Revision
from services.assessment import adaptive, adaptive_cards, results, scoring
from services.assessment.adaptive_bank import HiringOffer, offers
from services.assessment.adaptive_course import replay
from services.assessment.adaptive_pool import basis_of, framework_at, pool_of
from services.assessment.attempt_pages import attempt_page
from services.assessment.delivery import Outcome, SaveCommand, Saved
from services.competencies.estimates import kept
from services.errors import Conflict, NotFound
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.calibrated import calibrate_all, retire
from tests.services.assessment.sitting import SIX_KINDS, Sitting, right_payload, sit
from tests.services.library.publishing import change

Knows = Callable[[int, Item], bool]


@pytest.fixture
def placed(any_app: Flask, cast: Cast) -> Flask:
    """Lin and Eve have taken the placement."""
    for name in ("lin", "eve"):
        done = sit(cast, name)
        done.answer_all()
        done.submit()
    return any_app


def start(cast: Cast, name: str = "lin", seed: int = 11, key: str = "adaptive-c2") -> Sitting:
    actor = cast.actor(name)
    with cast.app.app_context(), writing() as session:
        attempt_id = adaptive.start(session, actor, key, "en", seed, NOW)
    sitting = Sitting(cast.app, actor, attempt_id)
    sitting.open()
    return sitting


def answer(sitting: Sitting, payload: Mapping[str, object], position: int | None = None) -> Saved:
    """What the page's button does."""
    here = position or len(sitting.asked())
    command = SaveCommand(here, sitting.lease, None, payload, 0)
    with sitting.app.app_context(), writing() as session:
        return adaptive.save_and_go_on(
            session, sitting.actor, sitting.attempt_id, command, sitting.now
        )


def step(sitting: Sitting, knows: Knows = lambda position, item: position % 3 != 0) -> None:
    question = sitting.asked()[-1]
    known = knows(question.position, question.item) and way_of(question.item) in SIX_KINDS
    payload = right_payload(question.item) if known else {}  # left empty: no points
    sitting.wait(40)
    assert answer(sitting, payload).outcome is Outcome.SAVED


def finish(sitting: Sitting, knows: Knows = lambda position, item: position % 3 != 0) -> list[int]:
    """Answer until it ends; the revisions that were asked."""
    while state(sitting) == "running":
        step(sitting, knows)
    return [question.revision_id for question in sitting.asked()]


def state(sitting: Sitting) -> str:
    with sitting.app.app_context(), reading() as session:
        return session.get_one(Attempt, sitting.attempt_id).state


def test_it_begins_with_one_question_and_grows_by_one_for_each_answer(
    placed: Flask, cast: Cast
) -> None:
    sitting = start(cast)
    for count in range(1, 6):
        asked = sitting.asked()
        assert [question.position for question in asked] == list(range(1, count + 1))
        assert {question.competency for question in asked} == {"C2"}
        assert not any(question.item.is_secure for question in asked)
        step(sitting)
    assert len({question.revision_id for question in sitting.asked()}) == 6


def test_a_repeated_start_gives_back_the_open_attempt(placed: Flask, cast: Cast) -> None:
    sitting = start(cast)
    step(sitting)
    assert start(cast, seed=99).attempt_id == sitting.attempt_id
    assert len(sitting.asked()) == 2


def test_an_authors_difficulties_need_all_twenty_and_count_as_evidence(
    placed: Flask, cast: Cast
) -> None:
    sitting = start(cast)
    finish(sitting)
    assert (state(sitting), len(sitting.asked())) == ("submitted", 20)
    with placed.app_context(), reading() as session:
        shown = kept(session, scoring.SCOPE, [sitting.attempt_id])[sitting.attempt_id]["C2"]
        assert (shown.observations, shown.provisional) == (20, True)
        assert scoring.rescore_check(session) == []
        page = results.attempt_result(session, sitting.actor, sitting.attempt_id, "en", NOW)
    (added,) = (line for line in page.added if line.after.code == "C2")
    assert added.counted == 20
    assert added.after.se_points < added.before.se_points
    assert len(page.reviews) == 20
    assert all(review.seconds == 40 for review in page.reviews)


def test_sharp_calibrated_questions_end_it_early(placed: Flask, cast: Cast) -> None:
    calibrate_all(placed, "C2", "practice", a=2.2)
    sitting = start(cast)
    finish(sitting)
    assert 8 <= len(sitting.asked()) < 20
    with placed.app_context(), reading() as session:
        shown = kept(session, scoring.SCOPE, [sitting.attempt_id])[sitting.attempt_id]["C2"]
    assert shown.se <= 0.40
    assert not shown.provisional


def test_who_knows_more_is_asked_harder_questions(placed: Flask, cast: Cast) -> None:
    strong, weak = start(cast, "lin", 5), start(cast, "eve", 5)
    finish(strong, lambda position, item: True)
    finish(weak, lambda position, item: False)

    def difficulty(sitting: Sitting) -> float:
        later = sitting.asked()[4:12]
        return sum(question.item.difficulty for question in later) / len(later)

    assert difficulty(strong) > difficulty(weak) + 0.5


def test_the_same_seed_and_answers_ask_the_same_questions(placed: Flask, cast: Cast) -> None:
    assert finish(start(cast, "lin", 5)) == finish(start(cast, "eve", 5))


def test_it_can_be_laid_out_again_after_later_edits_and_calibrations(
    placed: Flask, cast: Cast
) -> None:
    sitting = start(cast)
    for _ in range(4):
        step(sitting)
    keys = _keys(placed, sitting)
    _edit_ten(placed, keys)
    calibrate_all(placed, "C2", "practice", a=2.5)
    before = _replayed(placed, sitting)
    finish(sitting)
    again = _replayed(placed, sitting)
    assert again[: len(before)] == before
    assert all(asked == chosen for asked, chosen in again)
    assert len(again) == 20, "the calibration came after its start: it goes on as it began"
    assert finish(start(cast, "eve", 11)) != [asked for asked, _ in again]


def test_another_seed_shows_in_the_replay(placed: Flask, cast: Cast) -> None:
    sitting = start(cast)
    for _ in range(4):
        step(sitting)
    with placed.app_context(), writing() as session:
        session.get_one(Attempt, sitting.attempt_id).seed += 1
    assert any(asked != chosen for asked, chosen in _replayed(placed, sitting))


def test_there_is_no_way_back(placed: Flask, cast: Cast) -> None:
    sitting = start(cast)
    step(sitting)
    first = sitting.asked()[0]
    late = answer(sitting, right_payload(first.item), position=1)
    assert late.outcome is Outcome.LATE
    assert sitting.save(1, {}, sequence=7).outcome is Outcome.LATE
    assert sitting.asked()[0].answer == first.answer
    assert len(sitting.asked()) == 2, "a button pressed twice asks no second question"
    with placed.app_context(), reading() as session:
        page = attempt_page(session, sitting.actor, sitting.attempt_id, sitting.now)
    assert [question.position for question in page.questions] == [2]


def test_questions_met_before_are_not_asked_again(placed: Flask, cast: Cast) -> None:
    first = start(cast)
    finish(first)
    second = start(cast, seed=12)
    assert second.attempt_id != first.attempt_id
    finish(second)
    with placed.app_context(), reading() as session:
        documents = session.scalars(
            select(ItemFacts.document_id)
            .join(Evidence, Evidence.item_revision_id == ItemFacts.revision_id)
            .where(Evidence.subject == first.actor.subject, Evidence.competency == "C2")
            .where(ItemFacts.competency == "C2")
        ).all()
    assert len(documents) == len(set(documents)) >= 6 + 20 + 8


def test_when_almost_all_are_met_no_other_one_begins(placed: Flask, cast: Cast) -> None:
    actor = cast.actor("lin")
    for seed in range(5):
        with placed.app_context(), reading() as session:
            card = next(c for c in adaptive_cards.cards(session, actor) if c.competency == "C2")
        if not card.is_open:
            break
        finish(start(cast, seed=seed))
    assert 0 <= card.left < card.least
    assert card.ended_id is not None
    with pytest.raises(Conflict):
        start(cast)


def test_the_cards_tell_what_is_left_and_what_runs(placed: Flask, cast: Cast) -> None:
    actor = cast.actor("lin")
    sitting = start(cast)
    with placed.app_context(), reading() as session:
        found = {card.competency: card for card in adaptive_cards.cards(session, actor)}
        pool = _pool_keys(session, sitting)
    assert sorted(found) == ["C1", "C2", "C3", "C4", "C5", "C6", "C7"]
    assert (found["C2"].open_id, found["C2"].left) == (sitting.attempt_id, len(pool))
    assert (found["C1"].open_id, found["C1"].ended_id) == (None, None)


def test_it_comes_after_the_placement(any_app: Flask, cast: Cast) -> None:
    with pytest.raises(Conflict):
        start(cast)
    with pytest.raises(NotFound):
        start(cast, key="narrow-c2")
    with any_app.app_context(), reading() as session:
        assert session.scalar(select(func.count(Attempt.id))) == 0


def test_a_strangers_attempt_is_not_even_known(placed: Flask, cast: Cast) -> None:
    sitting = start(cast, "lin")
    stranger = Sitting(placed, cast.actor("eve"), sitting.attempt_id, lease=sitting.lease)
    with pytest.raises(NotFound):
        answer(stranger, {}, position=1)
    assert len(sitting.asked()) == 1


def test_other_attempts_are_left_alone(placed: Flask, cast: Cast) -> None:
    tried = sit(cast, "tao")
    answer(tried, {}, position=42)
    assert len(tried.asked()) == 42


def test_hiring_waits_for_eighty_calibrated_questions(placed: Flask, cast: Cast) -> None:
    with placed.app_context(), reading() as session:
        (none,) = offers(session, ["C1"])
    assert (none.is_offered, none.calibrated, none.lacks) == (False, 0, 80)
    calibrate_all(placed, "C1", "secure", a=1.5)
    with placed.app_context(), reading() as session:
        (some,) = offers(session, ["C1"])
    assert some.calibrated >= 27
    assert (some.is_offered, some.lacks) == (False, 80 - some.calibrated)
    assert HiringOffer("C1", 80).is_offered


def test_a_retired_question_is_out_of_later_pools_and_stays_in_earlier_ones(
    placed: Flask, cast: Cast
) -> None:
    sitting = start(cast)
    with placed.app_context(), reading() as session:
        before = _pool_keys(session, sitting)
    retire(placed, min(before))
    with placed.app_context(), reading() as session:
        assert _pool_keys(session, sitting) == before
    other = start(cast, "eve")
    with placed.app_context(), reading() as session:
        assert _pool_keys(session, other) == before - {min(before)}


def _pool_keys(session: Session, sitting: Sitting) -> set[int]:
    basis = basis_of(session, sitting.attempt_id)
    framework = framework_at(session, basis)
    pool = pool_of(session, sitting.actor.subject, "C2", framework, basis)
    return {candidate.key for candidate in pool}


def _replayed(app: Flask, sitting: Sitting) -> list[tuple[int, int | None]]:
    with app.app_context(), reading() as session:
        return replay(session, sitting.attempt_id)


def _keys(app: Flask, sitting: Sitting) -> list[str]:
    """Ids of ten questions of the pool, those that were asked first."""
    asked = [question.revision_id for question in sitting.asked()]
    with app.app_context(), reading() as session:
        rest = sorted(_pool_keys(session, sitting) - set(asked))
        found = catalogue.revisions(session, asked + rest)
    texts = [found[number] for number in asked + rest]
    return [text.key for text in texts if text.meta["kind"] != "hotspot"][:10]


def _edit_ten(app: Flask, keys: list[str]) -> None:
    """Another difficulty for each of them: without pins the choice would be another."""
    for key in keys:
        path = f"items/C2/{key}.yaml"
        change(app, path, _harder)
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count(Revision.id)).where(Revision.number == 2)) == 10


def _harder(text: str) -> str:
    lines = text.splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if line.startswith("difficulty:"))
    lines[place] = "difficulty: 5\n" if "difficulty: 5" not in lines[place] else "difficulty: 1\n"
    return "".join(lines)

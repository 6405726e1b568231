"""The pages on which people mark, contest and read what became of it."""

import re
from collections.abc import Callable

from flask import Flask

from services.assessment.responding import asked
from services.marking.fixing import Outcome
from services.session import reading
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.assessment.sitting import sit
from tests.services.hiring import opening
from tests.services.marking.answering import (
    ANSWER,
    REASON,
    TEXT,
    attempt_of,
    contest,
    decide,
    hand_in,
    join_trainer,
    rate,
    rekeyed,
    single,
)

Browser = Callable[..., Caller]
MARKS = {"points-a": "2", "points-b": "1", "note": "Name the year."}


def test_the_queue_leads_from_answer_to_answer(app: Flask, cast: Cast, caller: Browser) -> None:
    first, second = hand_in(cast), hand_in(cast, "eve")
    tao = caller("tao")
    assert f"/assess/marking/{first}" in tao.get("/assess/marking").text
    page = tao.get(f"/assess/marking/{first}").text
    assert TEXT in page
    assert "Rule and place are named" in page
    assert "Lin Yue" not in page
    assert page.count('type="radio"') == 7
    saved = tao.post(f"/assess/marking/{first}", MARKS)
    assert (saved.status_code, saved.location) == (303, f"/assess/marking/{second}")
    saved = tao.post(f"/assess/marking/{second}", MARKS)
    assert (saved.status_code, saved.location) == (303, "/assess/marking")
    assert "You have marked all that you may." in tao.get("/assess/marking").text
    assert "It waits for somebody else" in tao.get(f"/assess/marking/{first}").text


def test_an_unfinished_form_comes_back_with_what_was_typed(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    answer_id = hand_in(cast)
    for wrong in ({"points-b": "x"}, {"points-b": "9"}, {"points-b": ""}):
        page = caller("tao").post(f"/assess/marking/{answer_id}", {**MARKS, **wrong})
        assert page.status_code == 422
        assert "Choose a level for every criterion." in page.text
        assert "Name the year." in page.text
        assert re.search(r'name="points-a" value="2" checked', page.text)
    long = caller("tao").post(f"/assess/marking/{answer_id}", {**MARKS, "note": "x" * 2001})
    assert "Write at most 2000 characters." in long.text


def test_the_loser_of_two_is_told_what_stands(app: Flask, cast: Cast, caller: Browser) -> None:
    join_trainer(cast)
    answer_id = hand_in(cast)
    rate(cast, "tao", answer_id, (2, 1))
    rate(cast, "mara", answer_id, (2, 2))
    page = caller("noor").post(f"/assess/marking/{answer_id}", MARKS)
    assert page.status_code == 409
    assert "Somebody was quicker" in page.text
    assert "The mark is final: 4 of 5." in page.text


def test_a_third_rater_sees_both_marks_and_settles(app: Flask, cast: Cast, caller: Browser) -> None:
    join_trainer(cast)
    answer_id = hand_in(cast)
    rate(cast, "tao", answer_id, (2, 3), note="A clear offer.")
    rate(cast, "mara", answer_id, (0, 0))
    noor = caller("noor")
    late = noor.post(f"/assess/marking/{answer_id}", MARKS)
    assert late.status_code == 409
    page = noor.get(f"/assess/marking/{answer_id}").text
    assert "A clear offer." in page
    assert "First rater: 5 of 5" in " ".join(page.split())
    assert "He Tao" not in page
    saved = noor.post(f"/assess/marking/{answer_id}", {**MARKS, "settling": "yes"})
    assert saved.status_code == 303
    assert "The mark is final: 3 of 5." in noor.get(f"/assess/marking/{answer_id}").text


def test_a_learner_waits_and_then_reads_marks_and_notes(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    answer_id = hand_in(cast)
    url, lin = f"/profile/answers/{attempt_of(cast, answer_id)}", caller("lin")
    assert "Waiting for marking" in lin.get(url).text
    rate(cast, "tao", answer_id, (2, 1), note="Name the year.")
    assert "Name the year." not in lin.get(url).text
    rate(cast, "mara", answer_id, (1, 1))
    page = lin.get(url).text
    assert "Waiting for marking" not in page
    assert "Name the year." in page
    assert "2 and 1 of 2" in page
    assert "He Tao" not in page


def test_contesting_from_the_review_page(app: Flask, cast: Cast, caller: Browser) -> None:
    sitting = sit(cast)
    sitting.submit()
    url = f"/assess/attempts/{sitting.attempt_id}/questions/3/contest"
    lin = caller("lin")
    short = lin.post(url, {"reason": "Wrong."})
    assert short.status_code == 422
    assert ">Wrong.</textarea>" in short.text
    sent = lin.post(url, {"reason": REASON})
    assert sent.status_code == 303
    assert sent.location.endswith("#q3")
    page = lin.get(sent.location.partition("#")[0]).text
    assert "it waits for an answer" in page
    assert url not in page
    assert "You have contested this question already." in lin.get(url).text


def test_a_trainer_decides_and_everybody_reads_it(app: Flask, cast: Cast, caller: Browser) -> None:
    sitting = sit(cast)
    question = single(sitting)
    sitting.save(question.position, {"choice": "c"})
    sitting.submit()
    contest(cast, "lin", sitting.attempt_id, question.position)
    mended = rekeyed(app, question, 2)
    tao = caller("tao")
    url = f"/author/contests/{question.revision_id}"
    assert url in tao.get("/author/contests").text
    page = tao.get(url).text
    assert "Another option is right as well" in page
    assert "Lin Yue" not in page
    assert f'value="mend/{mended}"' in page
    for wrong in ({}, {"outcome": "mend/x"}, {"outcome": "strike", "answer": "No."}):
        refused = tao.post(url, {"answer": ANSWER, **wrong})
        assert refused.status_code == 422
    done = tao.post(url, {"outcome": f"mend/{mended}", "answer": ANSWER})
    assert (done.status_code, done.location) == (303, "/author/contests")
    assert "Nothing is contested" in tao.get("/author/contests").text
    result = caller("lin").get(f"/assess/attempts/{sitting.attempt_id}/result").text
    assert "Your numbers were drawn again" in result


def test_a_candidate_contests_from_the_report(app: Flask, cast: Cast, caller: Browser) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    opening.sit(app, invited, keyed=5)
    with app.app_context():
        cast.ids["sun"] = opening.person_of(invited)
    sun = caller("sun")
    page = sun.get("/candidate/").text
    (url,) = set(re.findall(r'href="(/assess/attempts/\d+/questions/2/contest)"', page))
    form = sun.get(url).text
    assert "The words of secure questions stay closed" in form
    assert sun.post(url, {"reason": REASON}).status_code == 303
    page = sun.get("/candidate/").text
    assert "it waits for an answer" in page
    number = int(url.split("/")[3])
    with app.app_context(), reading() as session:
        (question,) = asked(session, number, [2])
    decide(cast, question.revision_id, Outcome.STRIKE)
    page = sun.get("/candidate/").text
    assert "struck out" in page
    assert ANSWER in page

"""Tables, wishes, late answers, own data: the pages around an invitation."""

import gc
import io
import itertools
import json
import math
import re
import statistics
import threading
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.accounts import Person
from models.assessment import Answer, HeldDecision
from services.accounts import tokens
from services.assessment import delivery
from services.assessment.delivery import SaveCommand
from services.assessment.responding import asked
from services.hiring import deciding, naming
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import right_payload
from tests.services.hiring import opening

Call = Callable[..., Caller]
ROUNDS = 120
CSRF = re.compile(r'(?<=name="csrf_token" value=")[^"]+|(?<=csrf-token" content=")[^"]+')


def test_a_table_comes_in_is_looked_at_and_invites(app: Flask, cast: Cast, caller: Call) -> None:
    position_id, recruiter = opening.open_position(app, cast), caller("min")
    day = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
    content = "name,email\nAn Yi,an@mail.example\n=1+1,bo@mail.example\n".encode("utf-16")
    fields = {"lang": "en", "expires": day, "table": (io.BytesIO(content), "people.csv")}
    answer = recruiter.post(f"/hiring/positions/{position_id}/import", fields)
    assert answer.status_code == 303
    page = recruiter.get(answer.location)
    assert "name: a formula, save it as a value" in page.text
    for _ in range(2):
        assert recruiter.post(answer.location).status_code == 303
    assert "1 row is invited" in recruiter.get(answer.location).text
    assert opening.counts(app, position_id)[0] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file holds no candidate."),
        (b"naam,email\n", "Unknown columns: naam"),
        (b"PK\x03\x04 broken", "The file is damaged"),
        (b"name,email\n" + b"a,b\n" * 5001, "more than 5000 rows"),
    ],
)
def test_a_bad_table_is_said_in_words(
    app: Flask, cast: Cast, caller: Call, content: bytes, words: str
) -> None:
    position_id = opening.open_position(app, cast)
    day = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
    fields = {"lang": "en", "expires": day, "table": (io.BytesIO(content), "people.csv")}
    answer = caller("min").post(f"/hiring/positions/{position_id}/import", fields)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_wish_goes_to_recruiters_alone(app: Flask, cast: Cast, caller: Call) -> None:
    position_id = opening.open_position(app, cast)
    invited = opening.invite(app, cast, position_id)
    cast.ids["sun"] = opening.consent(app, invited).viewer.id
    sun, address = caller("sun"), f"/hiring/candidates/{invited.application_id}"
    words = "My eyes tire quickly."
    assert sun.post("/candidate/conditions", {"percent": "50", "words": words}).status_code == 303
    assert sun.post("/candidate/start").status_code == 303  # waits for the answer
    for page in (address, f"/hiring/positions/{position_id}"):
        assert words not in caller("lei").get(page).text
    assert caller("lei").get(address + "/invitation").status_code == 403
    assert words in caller("min").get(address + "/invitation").text
    assert "Sun Yi" in caller("min").get("/hiring/requests").text
    caller("min").post(address + "/accommodation", {"percent": "100"})
    assert "60 minutes, and 60 more for you" in sun.get("/candidate/").text
    assert sun.post("/candidate/start").status_code == 307


def test_a_recruiter_decides_about_a_late_answer(app: Flask, cast: Cast, caller: Call) -> None:
    position_id = opening.open_position(app, cast)
    invited = opening.invite(app, cast, position_id)
    done = opening.consent(app, invited)
    attempt_id, who = opening.begin(app, done), opening.candidate(done)
    with app.app_context(), writing() as session:
        lease = delivery.open_attempt(session, who, attempt_id, "device-1", NOW)
        assert lease is not None
        payload = right_payload(asked(session, attempt_id)[0].item)
    # Given after 58 minutes of 60, arrived after 61.
    command = SaveCommand(1, lease, 1, payload, 4000, age_ms=200_000)
    with app.app_context(), writing() as session:
        delivery.save_answer(session, who, attempt_id, command, NOW + timedelta(minutes=61))
    with app.app_context(), reading() as session:
        answer_id = session.scalars(select(Answer.id)).one()
    page = f"/hiring/candidates/{invited.application_id}"
    assert "Answers that came after the end" in caller("min").get(page + "/invitation").text
    form = {"answer": str(answer_id), "verdict": "accept", "reason": "The line was down."}
    assert caller("lei").post(page + "/late", form).status_code == 403
    assert caller("min").post(page + "/late", form).status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(HeldDecision.accepted)).all() == [True]


def test_own_data_lessons_and_erasing(app: Flask, cast: Cast, caller: Call) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    opening.sit(app, invited, right=False, keyed=20)
    with app.app_context():
        cast.ids["sun"] = opening.person_of(invited)
    sun = caller("sun")
    kept = json.loads(sun.get("/candidate/data.json").text)
    assert kept["person"]["name"] == "Sun Yi"
    assert kept["attempts"]
    assert "Sun Yi" in sun.get("/candidate/data").text
    report = sun.get("/candidate/").text
    lessons = sorted({part.split('"')[0] for part in report.split('href="/candidate/lessons/')[1:]})
    assert lessons
    assert sun.get(f"/candidate/lessons/{lessons[0]}").status_code == 200
    assert sun.get("/candidate/lessons/law/no-such-lesson").status_code == 404
    assert sun.get(f"/learn/{lessons[0]}").status_code == 403
    assert sun.post("/candidate/erase").status_code == 200
    assert sun.get("/candidate/").status_code in (302, 401)
    with app.app_context(), reading() as session:
        assert session.get(Person, cast.sun).disabled_at or session.get(Person, cast.sun).erased_at


def test_a_link_that_was_never_made_takes_as_long_whatever_it_looks_like(
    app: Flask, cast: Cast, caller: Call
) -> None:
    """Forged, cut, and made for another purpose: one page, and no telling them apart by its time.

    An attacker who sees one answer guesses which kind it was. Of all pairs of answers of two kinds,
    the share where one is slower (the rank statistic) says how often they would be right: 0.5 is
    blind. The kinds take turns, in another order each round, so that a busy machine is busy for
    all; four standard errors of the rank statistic lie outside what chance does in years.
    """
    genuine = opening.token_of(opening.invite(app, cast, opening.open_position(app, cast)))
    with app.app_context(), writing() as session:
        foreign = tokens.issue(session, "reset", cast.lin, NOW)
    stranger = caller()
    kinds = ["x" * len(genuine), genuine[:-1], foreign]
    times: dict[str, list[float]] = {raw: [] for raw in kinds}
    pages = set()
    for turn in range(ROUNDS + 3):
        for raw in kinds[turn % 3 :] + kinds[: turn % 3]:
            begun = time.perf_counter()
            answer = stranger.get(f"/invite/{raw}")
            taken = time.perf_counter() - begun
            assert answer.status_code == 404
            pages.add(CSRF.sub("", answer.text.replace(raw, "")))
            if turn >= 3:  # the first ones fill caches
                times[raw].append(taken)
    assert len(pages) == 1
    error = math.sqrt((2 * ROUNDS + 1) / (12 * ROUNDS * ROUNDS))
    for one, other in itertools.combinations(times.values(), 2):
        slower = sum(a > b for a in one for b in other) / ROUNDS**2
        apart = abs(statistics.median(one) - statistics.median(other))
        # Told apart for sure, and by more than a network hides: both, or nothing is known.
        assert abs(slower - 0.5) < 4 * error or apart < 0.0002, (slower, apart)


def test_fifty_browsers_with_one_link_make_one_attempt(
    app: Flask, cast: Cast, caller: Call
) -> None:
    """Each opens the page and sends its own form: one is let in, all others are sent back."""
    position_id = opening.open_position(app, cast)
    token = opening.token_of(opening.invite(app, cast, position_id))
    hands, gate, answers = 50, threading.Barrier(50), []

    def redeem(number: int) -> None:
        browser = caller()
        gate.wait()
        form = {"version": "1", "agree": "yes", "once": f"once-of-browser-{number:04}"}
        answer = browser.post(f"/invite/{token}", form)
        began = browser.post("/candidate/start").status_code if answer.status_code == 200 else 0
        answers.append((answer.status_code, began))

    threads = [threading.Thread(target=redeem, args=(n,)) for n in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # 503: the write lock was not had in time, said so, and nothing was done.
    assert sorted(set(answers)) in ([(200, 307), (303, 0)], [(200, 307), (303, 0), (503, 0)])
    assert sum(status == 200 for status, _ in answers) == 1
    assert opening.counts(app, position_id) == (1, 1, 42)


# The test client leaves its own large bodies open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_five_thousand_long_rows_fit_and_more_are_refused_by_name(
    app: Flask, cast: Cast, caller: Call
) -> None:
    url = f"/hiring/positions/{opening.open_position(app, cast)}/import"
    recruiter = caller("min")
    day = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()

    def send(content: bytes) -> TestResponse:
        table = (io.BytesIO(content), "people.csv")
        return recruiter.post(url, {"lang": "en", "expires": day, "table": table})

    long = "".join(f"{'n' * 200},{n}.{'m' * 60}@{'d' * 40}.example,zh,{day}\n" for n in range(5000))
    assert len(long) > 1024 * 1024
    assert send(b"name,email,language,expires\n" + long.encode()).status_code == 303
    many = b"name,email\n" + b"Sun Yi,sun.yi@mail.example\n" * 100_000
    refused = send(many)
    assert refused.status_code == 422
    assert "more than 5000 rows" in refused.text
    huge = send(b"name,email\n" + b"x" * 8 * 1024 * 1024)
    assert huge.status_code == 413
    assert "A table may have 5,000 rows" in huge.text
    with warnings.catch_warnings():  # the test client leaves its own large bodies open
        warnings.simplefilter("ignore", ResourceWarning)
        del huge, refused
        gc.collect()


def test_whoever_hides_names_is_told_before_a_letter_shows_one(
    app: Flask, cast: Cast, caller: Call
) -> None:
    position_id = opening.open_position(app, cast)
    application = opening.sit(app, opening.invite(app, cast, position_id), keyed=2)
    with app.app_context(), writing() as session:
        naming.switch(session, cast.actor("lei"), position_id, True, NOW)
        deciding.decide(session, cast.actor("lei"), application, "hired", "fit", "Good.", NOW)
    for page in ("letter", "hire"):
        url = f"/hiring/candidates/{application}/{page}"
        first = caller("lei").get(url)
        assert "This page needs the name" in first.text
        assert "Sun Yi" not in first.text
        assert "sun.yi" not in first.text
        assert "Sun Yi" in caller("lei").get(url + "?name=show").text


def test_managers_see_days_and_no_times_that_tell_extra_time(
    app: Flask, cast: Cast, caller: Call
) -> None:
    position_id = opening.open_position(app, cast, minutes=20)  # they worked for 30
    application = opening.sit(app, opening.invite(app, cast, position_id), keyed=2)
    url = f"/hiring/candidates/{application}"
    assert "UTC" in caller("min").get(url).text.partition('id="notes"')[0]
    head = caller("lei").get(url).text.partition('id="notes"')[0]
    assert "UTC" not in head
    assert "used all of the time" in head
    data = json.loads(caller("lei").get(url + "/report.json").text)
    assert data["result"]["ended_at"] == (NOW + timedelta(minutes=30)).date().isoformat()
    assert data["result"]["minutes_worked"] is None

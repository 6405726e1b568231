"""An adaptive assessment on the pages of recruiters and candidates, without script."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from services.session import writing
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.assessment.calibrated import retire
from tests.services.assessment.grown import grow
from tests.services.hiring import adapting, opening
from tests.services.hiring.test_importing import table

Browser = Callable[..., Caller]
POSITION = {
    "title": "Sales, Nordics", "profile": "sales", "form_key": "hiring-a", "plan": "adaptive",
    "minutes": "90", "retention_days": "180", "state": "open",
}  # fmt: skip


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_form_of_a_position_says_what_the_bank_lacks(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    with app.app_context(), writing() as session:
        grow(session, short={"C2": 3})
    recruiter = caller("min")
    page = words(recruiter.get("/hiring/positions/new").text)
    assert "Adaptive cannot be chosen yet: 1 practice lacks questions" in page
    assert "C2 Trade practice 77 80 3" in page
    assert "C1 Foreign language communication 80 80 –" in page
    refused = recruiter.post("/hiring/positions/new", POSITION | {"owner_id": str(cast.lei)})
    assert refused.status_code == 422
    assert "80 calibrated secure questions on each of its practices. (C2 77/80)" in words(
        refused.text
    )


def test_it_is_chosen_where_the_bank_is_large_enough(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    with app.app_context(), writing() as session:
        grow(session)
    recruiter = caller("min")
    assert "56 to 98 questions in all" in words(recruiter.get("/hiring/positions/new").text)
    made = recruiter.post("/hiring/positions/new", POSITION | {"owner_id": str(cast.lei)})
    assert made.status_code == 303
    assert "90 minutes, adaptive" in words(recruiter.get(made.location).text)
    assert re.search(r'value="adaptive"[^>]*checked|checked[^>]*value="adaptive"', recruiter.get(
        f"{made.location}/edit"
    ).text)  # fmt: skip


def test_nobody_is_invited_from_a_bank_that_shrank(app: Flask, cast: Cast, caller: Browser) -> None:
    position_id = adapting.position(app, cast)
    sitting = adapting.sit_down(app, opening.invite(app, cast, position_id))
    retire(app, sitting.asked()[0].revision_id)
    recruiter, url = caller("min"), f"/hiring/positions/{position_id}"
    form = recruiter.get(f"{url}/invite").text
    once = re.findall(r'name="once"[^>]*value="([^"]+)"', form)[0]
    expires = re.findall(r'name="expires"[^>]*value="([^"]+)"', form)[0]
    data = {
        "name": "Qian Wei",
        "email": "",
        "way": "link",
        "lang": "en",
        "expires": expires,
        "once": once,
    }
    refused = recruiter.post(f"{url}/invite", data)
    assert refused.status_code == 422
    assert "(C1 79/80)" in words(refused.text)
    rows = table(["Qian Wei,qian.wei@mail.example,en,"]).decode()
    brought = recruiter.post(f"{url}/import", {"pasted": rows, "lang": "en", "expires": expires})
    assert brought.status_code == 422
    assert "(C1 79/80)" in words(brought.text)
    assert opening.counts(app, position_id)[0] == 1


def test_a_candidate_answers_one_by_one_without_script(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    invited = opening.invite(app, cast, adapting.position(app, cast))
    told = words(caller().get(f"/invite/{opening.token_of(invited)}").text)
    for fact in ("90 minutes", "56 to 98 questions in 7 parts", "2 breaks of up to 5 minutes each"):
        assert fact in told
    done = opening.consent(app, invited)
    browser = Caller(app, done.viewer.id)
    assert "it stops only in your breaks" in words(browser.get("/candidate/").text)
    attempt_id = opening.begin(app, done, datetime.now(UTC))
    url = f"/assess/attempts/{attempt_id}"
    door = words(browser.get(url).text)
    assert "56 to 98 questions." in door
    assert browser.post(f"{url}/open").status_code == 303
    for number in range(1, 5):
        page = browser.get(url).text
        assert re.findall(r"Question (\d+)", page) == [str(number)]
        assert "Part 1 of 7: Language" in words(page)
        assert "min left" in words(page)
        fields = dict(re.findall(r'name="(position|lease|go)" value="(\w+)"', page))
        assert browser.post(f"{url}/answers", fields).location == url
    assert browser.get(f"{url}/review").location == url
    assert browser.get(f"{url}?view=all").text.count("data-position=") == 1
    again = Caller(app, done.viewer.id)
    # Left empty is not answered: the page says so.
    assert "0 questions are answered. You are in part 1 of 7." in words(again.get(url).text)

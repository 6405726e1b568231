"""The candidate's pages: the link, the choice, the code, another device, the report."""

import re
from collections.abc import Callable

from flask import Flask
from werkzeug.test import TestResponse

from tests.caller import Caller
from tests.conftest import Cast
from tests.services.hiring import opening

CODE = re.compile(r'class="code">([0-9A-Z]{5}-[0-9A-Z]{5})<')
HIDDEN = re.compile(r'name="(version|once)" value="([^"]*)"')


def url(invited: opening.Invited) -> str:
    return "/invite/" + opening.token_of(invited)


def agree(browser: Caller, address: str, **changes: str) -> TestResponse:
    fields = dict(HIDDEN.findall(browser.get(address).text))
    return browser.post(address, {**fields, "agree": "yes", **changes})


def code_of(answer: TestResponse) -> str:
    found = CODE.search(answer.text)
    assert found is not None
    return found.group(1)


def invited_to(app: Flask, cast: Cast) -> opening.Invited:
    return opening.invite(app, cast, opening.open_position(app, cast))


def bare(answer: TestResponse) -> bytes:
    """The page without the token of the form and the address that was asked for."""
    return re.sub(rb'name="(csrf_token|next)" value="[^"]*"', b"", answer.data)


def test_the_link_tells_what_happens_and_changes_nothing(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    invited = invited_to(app, cast)
    before = opening.counts(app, 1)
    page = caller().get(url(invited))
    assert page.status_code == 200
    for words in ("Sales, Europe", "Beilun Steelware", "60 minutes", "42 questions", "180 days"):
        assert words in page.text
    assert "Xu Lei (hiring manager, owner of the position)" in page.text
    assert opening.counts(app, 1) == before


def test_forged_cut_and_foreign_links_give_one_and_the_same_404(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    token = opening.token_of(invited_to(app, cast))
    answers = [caller().get(f"/invite/{raw}") for raw in ("x" * 43, token[:-1], token[::-1])]
    posts = [
        caller().post(f"/invite/{token[:-1]}{way}", {"agree": "yes", "version": "1", "code": "x"})
        for way in ("", "/return", "/code")
    ]
    assert {answer.status_code for answer in answers + posts} == {404}
    assert len({bare(answer) for answer in answers}) == 1


def test_an_ended_invitation_says_so(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    invited = invited_to(app, cast)
    caller("min").post(f"/hiring/candidates/{invited.application_id}/revoke")
    for answer in (caller().get(url(invited)), caller().post(url(invited), {"agree": "yes"})):
        assert answer.status_code == 410
        assert "was taken back" in answer.text
        assert "How to get a new one" in answer.text


def test_without_a_tick_nothing_is_kept(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    invited, browser = invited_to(app, cast), caller()
    assert agree(browser, url(invited), agree="").status_code == 422
    assert agree(browser, url(invited), version="7").status_code == 409
    assert agree(browser, url(invited), version="seven").status_code == 422
    assert "Agree and go on" in caller().get(url(invited)).text


def test_from_consent_to_the_first_question_and_on_another_device(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    invited, phone, laptop = invited_to(app, cast), caller(), caller()
    code = code_of(agree(phone, url(invited)))
    assert phone.get(url(invited)).location == "/candidate/"
    question = phone.get("/candidate/practice").text
    letter = re.search(r'name="choice" value="(\w)"', question)
    assert letter is not None
    tried = phone.post("/candidate/practice", {"choice": letter.group(1)})
    assert tried.status_code == 200
    assert "choice--key" in tried.text
    assert phone.post("/candidate/practice", {"choice": "zz"}).status_code == 422
    started = phone.post("/candidate/start")
    assert started.status_code == 307
    opened = phone.post(started.location)
    assert opened.status_code == 303
    assert phone.get(opened.location).status_code == 200
    assert phone.post("/candidate/start").location == started.location

    assert "Return code" in laptop.get(url(invited)).text
    assert laptop.get(opened.location).status_code == 302  # to the sign-in page: not known yet
    assert laptop.post(url(invited) + "/return", {"code": "AAAAA-AAAAA"}).status_code == 422
    assert laptop.post(url(invited) + "/return", {"code": code}).location == "/candidate/"
    assert laptop.post(started.location).status_code == 303
    assert laptop.get(opened.location).status_code == 200
    assert "Go on with the questions" in laptop.get("/candidate/").text


def test_ten_wrong_codes_and_then_429(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    invited = invited_to(app, cast)
    code = code_of(agree(caller(), url(invited)))
    stranger = caller()
    for _ in range(10):
        stranger.post(url(invited) + "/return", {"code": "AAAAA-AAAAA"})
    refused = stranger.post(url(invited) + "/return", {"code": code})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_the_answer_to_a_lost_code_is_always_the_same(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    position_id = opening.open_position(app, cast)
    with_mail = opening.invite(app, cast, position_id)
    without = opening.invite(app, cast, position_id, "Qian Wei", email="")
    said = []
    for invited in (with_mail, without):
        opening.consent(app, invited)
        browser = caller()
        assert browser.post(url(invited) + "/code").status_code == 303
        said.append("If we know a mail address" in browser.get(url(invited)).text)
    assert said == [True, True]


def test_the_report_ranks_nobody_and_keeps_the_questions_secret(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    invited = invited_to(app, cast)
    opening.sit(app, invited)
    with app.app_context():
        person = opening.person_of(invited)
    browser = Caller(app, person)
    report = browser.get("/candidate/")
    assert report.status_code == 200
    assert "Provisional figures" in report.text
    assert "What would take you further" in report.text
    led = set(re.findall(r'href="#([^"]+)"', report.text))
    assert {f"answers-C{n}" for n in range(1, 8)} <= led
    assert led <= set(re.findall(r'id="([^"]+)"', report.text))
    assert "question 1 " not in report.text
    for place in ("/hiring/", f"/hiring/candidates/{invited.application_id}", "/learn/"):
        assert browser.get(place).status_code == 403
    assert browser.post("/candidate/remark", {"remark": "Number 3 is wrong."}).status_code == 303
    assert "Number 3 is wrong." in browser.get("/candidate/").text
    seen = caller("lei").get(f"/hiring/candidates/{invited.application_id}").text
    assert "Number 3 is wrong." in seen
    assert browser.post("/candidate/sign-out").status_code == 200
    assert browser.get("/candidate/").status_code == 302


def test_members_have_no_candidates_page(caller: Callable[..., Caller]) -> None:
    assert caller("lin").get("/candidate/").status_code == 403
    assert caller("min").post("/candidate/start").status_code == 403


def test_the_link_speaks_the_language_of_the_invitation_until_another_is_chosen(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast), lang="zh_Hans")
    browser = caller()
    assert '<html lang="zh-Hans"' in browser.get(url(invited)).text
    with browser.client.session_transaction() as cookie:
        cookie["language"] = "en"
    assert '<html lang="en"' in browser.get(url(invited)).text

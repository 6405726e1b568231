"""The main pages in the dark, with something on each."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from services.assessment.starting import start_form
from tests.journeys.answering import begin
from tests.journeys.applying import finish, invite, open_position, start
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

LESSON = "trade-practice/who-pays-who-risks"


@pytest.mark.parametrize("width", [1280])
def test_the_main_pages_in_the_dark(site: Site, visit: Callable[..., Visitor]) -> None:
    stranger = visit(dark=True)
    stranger.go("/", "welcome")
    stranger.go("/account/sign-in", "sign-in")
    learner_pages(site, visit)
    hiring_pages(site, visit, stranger)

    trainer = visit("tao", dark=True)
    trainer.go("/author/", "author")
    trainer.go(f"/author/lessons/{LESSON}", "editor")
    admin = visit("anna", dark=True)
    for path in ("", "audit", "mail", "backups", "system"):
        admin.go(f"/admin/{path}", path or "people")


def learner_pages(site: Site, visit: Callable[..., Visitor]) -> None:
    person_id = site.member("Lin Yue", "learner")
    who, now = site.actor(person_id), datetime.now(UTC)
    attempt = site.write(lambda db: start_form(db, who, "placement", "en", 7, now))
    finish(site, who, attempt, lambda place: place % 3 > 0)
    learner = visit(person_id, dark=True)
    learner.go("/", "today")
    learner.go("/learn/", "contents")
    learner.go(f"/learn/{LESSON}", "lesson")
    learner.go("/assess/", "assessments")
    learner.go(f"/assess/attempts/{attempt}/result", "result")
    learner.go(f"/profile/answers/{attempt}", "answers")
    learner.go("/profile/", "profile")
    learner.go("/profile/evidence/C2", "evidence")
    learner.go("/profile/self-rating", "self-rating")
    learner.page.goto(f"/assess/attempts/{attempt}/result")
    learner.press("Answer six more")
    begin(learner)
    learner.look("question")


def hiring_pages(site: Site, visit: Callable[..., Visitor], candidate: Visitor) -> None:
    position = open_position(site, "Sales, Gulf region")
    for place, name in enumerate(("Sun Yi", "Femi Adeyemi"), 3):
        finish(site, *start(site, invite(site, position, name)), lambda n, d=place: n % d > 0)
    candidate.go(invite(site, position, "Jonas Brandt"), "invitation")
    manager = visit("lei", dark=True)
    manager.go(f"/hiring/positions/{position}", "position")
    for box in manager.page.get_by_role("checkbox").all():
        box.check()
    manager.press("Compare the ticked ones, two to six")
    manager.look("compare")
    manager.page.get_by_role("link", name="Sun Yi").first.click()
    manager.look("candidate")

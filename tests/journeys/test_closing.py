"""A manager decides; a candidate contests, a key is mended, all are scored again; they go."""

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from domain.assessment.responses import to_payload
from models.accounts import Person
from services.assessment.responding import asked
from tests.cli.site import until
from tests.journeys.applying import finish, invite, open_position, start
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor
from tests.services.competencies.sitting import wrong_answer
from tests.services.marking.answering import rekeyed

TITLES = {360: "Sales, Elbe", 1280: "Sales, Oder"}
NAMES = ("Sun Yi", "Ida Brandt")
REASON = "Two answers can be defended here, and mine is the one in the rules."
ANSWER = "You are right: the other answer is the sound one. Everybody is marked by it now."
ERASING_SECONDS = 30
Visit = Callable[..., Visitor]


def test_contested_scored_again_and_erased(site: Site, visit: Visit) -> None:
    manager = visit("lei")
    position_id = open_position(site, TITLES[manager.width])
    sun, attempt_id = start(site, invite(site, position_id, NAMES[0]))
    ida, other_id = start(site, invite(site, position_id, NAMES[1]))
    question = next(
        q for q in site.read(lambda db: list(asked(db, attempt_id))) if q.item.kind == "single"
    )
    finish(site, sun, attempt_id, lambda place: place != question.position)
    finish(site, ida, other_id, lambda place: place % 3 > 0)
    compare_and_decide(manager, position_id)

    assert sun.person_id
    candidate = visit(sun.person_id)
    contest(candidate, question.position)
    given = to_payload(wrong_answer(question.item))["choice"]
    rekeyed(site.app, question, "abcd".index(given))
    uphold(visit("tao"), question.item.id)

    candidate.go("/candidate/", "report-corrected")
    candidate.sees("Your numbers were drawn again")
    assert ida.person_id
    other = visit(ida.person_id)
    other.go("/candidate/")
    manager.go(f"/hiring/positions/{position_id}")
    manager.page.get_by_role("link", name=NAMES[0]).first.click()
    manager.sees("These figures were drawn again")
    manager.sees("was mended on")
    manager.look("candidate-corrected")

    erase(candidate)
    until(lambda: name_of(site, sun.person_id) == "[erased]", ERASING_SECONDS)
    manager.go(f"/hiring/positions/{position_id}", "position-after-erasure")
    expect(manager.page.get_by_text(NAMES[0])).to_have_count(0)


def compare_and_decide(manager: Visitor, position_id: int) -> None:
    """Side by side first; then the decision about one of the two, with its reason."""
    page = manager.page
    manager.go(f"/hiring/positions/{position_id}")
    for name in NAMES:
        page.get_by_role("checkbox", name=f"Tick {name}").check()
    manager.press("Compare the ticked ones, two to six")
    manager.heading("Side by side")
    manager.look("closing-compare")
    page.get_by_role("table").first.get_by_role("link", name=NAMES[0]).click()
    page.get_by_role("combobox", name="Decision").select_option(label="Invite to the next step")
    page.get_by_label("Main reason").select_option(label="Fit to the role profile")
    page.get_by_label("Why, in your own words").fill("Practice is solid where the role needs it.")
    manager.press("Write the decision down")
    manager.sees("Your decision is written down.")


def contest(candidate: Visitor, position: int) -> None:
    """From the own report, question by question."""
    page = candidate.page
    candidate.go("/candidate/", "report-before-contest")
    page.get_by_text("Show all 42").click()
    page.get_by_role("link", name=f"Contest question {position}", exact=True).click()
    candidate.look("candidate-contest")
    candidate.fill(reason=REASON)
    candidate.press("Send the contest")
    candidate.sees("Your contest is with the trainers.")


def uphold(trainer: Visitor, key: str) -> None:
    """The trainer chooses the revision with the right key."""
    page = trainer.page
    trainer.go("/author/contests")
    page.get_by_role("link", name=key).first.click()
    trainer.look("contested-by-a-candidate")
    page.get_by_label("The key is wrong: mark by revision").check()
    trainer.fill(answer=ANSWER)
    trainer.press("Decide")
    trainer.sees("The question is corrected")


def erase(candidate: Visitor) -> None:
    candidate.press("Erase my data")
    candidate.heading("Erase my data")
    candidate.look("erase-own")
    candidate.press("Erase everything about me")
    candidate.heading("You are being erased")
    candidate.look("erased-own")


def name_of(site: Site, person_id: int | None) -> str | None:
    return site.read(lambda db: db.scalar(select(Person.name).where(Person.id == person_id)))

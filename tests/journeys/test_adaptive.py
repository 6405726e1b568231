"""Adaptive practice, the second placement, and what a trainer sees of forms."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator
from sqlalchemy.orm import Session

from domain.assessment.items import way_of
from services.actor import Actor
from services.assessment import delivery, starting, submission
from services.assessment.delivery import SaveCommand
from services.assessment.responding import asked, counted_answers
from tests.cli.site import until
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor
from tests.services.assessment.sitting import SIX_KINDS, right_payload

SECONDS = 20


def placed(site: Site, person_id: int, days: int) -> None:
    """A placement that ended some days ago, with every second answer right."""
    then = datetime.now(UTC) - timedelta(days=days)

    def sit(session: Session) -> None:
        viewer = site.viewer(person_id)
        actor = Actor(viewer.id, viewer.subject, viewer.roles)
        attempt_id = starting.start_form(session, actor, "placement", "en", 7, then)
        lease = delivery.open_attempt(session, actor, attempt_id, "device", then)
        assert lease is not None
        for question in asked(session, attempt_id)[::2]:
            if way_of(question.item) in SIX_KINDS:
                payload = right_payload(question.item)
                command = SaveCommand(question.position, lease, 1, payload, 30_000)
                delivery.save_answer(session, actor, attempt_id, command, then)
        submission.submit(session, actor, attempt_id, then)

    site.write(sit)


@pytest.mark.parametrize("dark", [False, True])
def test_adaptive_practice_and_the_second_placement(
    site: Site, visit: Callable[..., Visitor], dark: bool
) -> None:
    person_id = site.member("Lin Yue", "learner")
    placed(site, person_id, 31)
    learner = visit(person_id, dark=dark)
    learner.go("/assess/", "assessments-adaptive")
    learner.page.locator('form[action$="/adaptive/adaptive-c2"] button').click()
    for count in range(1, 4):
        learner.sees(f"Question {count}")
        learner.look(f"adaptive-{count}")
        learner.press("Answer and go on")
    learner.sees("Question 4")  # script moves on by itself: let it arrive
    learner.go("/assess/", "assessments-adaptive-open")
    learner.press("Take it again")
    learner.page.wait_for_url("**/assess/attempts/*")
    learner.go(f"{learner.page.url.partition('?')[0]}/review")
    learner.press("Hand in")
    learner.sees("What has changed since the last time")
    learner.look("retest-result")


@pytest.mark.parametrize("dark", [False, True])
def test_a_trainer_looks_at_forms(visit: Callable[..., Visitor], dark: bool) -> None:
    trainer = visit("tao", dark=dark)
    trainer.go("/author/forms", "forms")
    trainer.go("/author/forms/placement", "form")
    trainer.go("/author/forms/adaptive-c2", "form-adaptive")
    trainer.go("/author/forms/new", "form-new")
    trainer.go("/author/forms/new?competencies=C1&competencies=C5&items=8&seed=3", "form-made")
    trainer.go("/author/forms/new?competencies=A1&items=20", "form-refused")


@pytest.mark.parametrize("width", [1280])  # nothing here depends on it
def test_a_lost_line_loses_no_adaptive_answer(
    site: Site, visit: Callable[..., Visitor], width: int
) -> None:
    person_id = site.member("Lin Yue", "learner")
    placed(site, person_id, 31)
    learner = visit(person_id)
    learner.go("/assess/")
    learner.page.locator('form[action$="/adaptive/adaptive-c2"] button').click()
    learner.sees("Question 1")
    attempt_id = int(learner.page.url.partition("?")[0].rsplit("/", 1)[-1])
    first = learner.page.locator("#q-1")

    learner.context.set_offline(True)
    change(first)
    learner.page.locator("[data-state=off]").wait_for()
    learner.context.set_offline(False)
    learner.page.reload()  # what waited on the device is in the form again, and is sent
    until(lambda: kept(site, attempt_id), SECONDS)

    learner.context.set_offline(True)
    change(first, 1)
    learner.page.get_by_role("button", name="Answer and go on").click()
    learner.page.locator("[data-notice=next]").wait_for()
    learner.look("adaptive-offline")
    learner.context.set_offline(False)
    learner.sees("Question 2")
    assert kept(site, attempt_id)


def change(question: Locator, turn: int = 0) -> None:
    """Another answer, or a part of one, whatever the kind of the question."""
    control = question.locator("fieldset :is(input, select, textarea):visible").first
    kind = control.evaluate("one => one.type")
    if kind in ("radio", "checkbox"):
        question.locator(f"fieldset [type={kind}]:visible").nth(turn).check()
    elif kind == "select-one":
        control.select_option(index=1 + turn)
    else:
        control.fill(str(12 + turn))
        control.blur()


def kept(site: Site, attempt_id: int) -> dict[str, object]:
    """What the server holds of the first question."""
    found = site.read(lambda session: counted_answers(session, attempt_id))
    return dict(found[1].response) if 1 in found else {}

"""Two raters and a third, a contested question, and what the learner reads of both."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.building import CAST
from tests.conftest import Cast
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor
from tests.services.marking.answering import ANSWER, REASON, attempt_of, hand_in

Visit = Callable[..., Visitor]


def joined(site: Site, **more: tuple[str, str]) -> Cast:
    """The cast of this site and a few members more: key -> name and role."""
    with site.app.app_context():
        ids = CAST.ids()
    ids |= {key: site.member(name, role) for key, (name, role) in more.items()}
    return Cast(ids, site.app)


def test_marking_by_three(site: Site, visit: Visit) -> None:
    cast = joined(site, ana=("Ana Prado", "learner"), noor=("Noor Haan", "trainer"))
    answer_id = hand_in(cast, "ana", now=datetime.now(UTC))
    url = f"/assess/marking/{answer_id}"
    learner = visit(cast.ana)
    learner.go(f"/profile/answers/{attempt_of(cast, answer_id)}", "answers-waiting")
    learner.sees("Waiting for marking")

    tao = visit("tao")
    tao.go("/assess/marking", "marking-queue")
    tao.go(url, "marking-answer")
    mark(tao, "Rule and place are named", "A full date", "A clear offer.")
    mara = visit("mara", dark=True)
    mara.go(url, "marking-answer")
    mara.press("Save and next")  # nothing is chosen: the browser or the server says so
    mara.page.goto(url)
    mark(mara, "No rule is named", "Not at all", "")

    noor = visit(cast.noor)
    noor.go(url, "marking-settle")
    noor.heading("Settle a mark")
    mark(noor, "A rule without a place", "Soon", "Name the place.")
    noor.go(url, "marking-final")
    noor.sees("The mark is final: 2 of 5.")
    tao.go("/assess/marking", "marking-agreement")

    learner.page.reload()
    learner.page.locator("#q43 summary").click()
    learner.sees("Name the place.")
    learner.look("answers-marked")


def mark(trainer: Visitor, first: str, second: str, note: str) -> None:
    trainer.page.get_by_label(first).check()
    trainer.page.get_by_label(second).check()
    trainer.fill(note=note)
    trainer.press("Save and next")
    trainer.sees("Your marks are kept.")


def test_contesting_a_question(site: Site, visit: Visit, width: int) -> None:
    cast = joined(site, ida=("Ida Brandt", "learner"))
    attempt_id = attempt_of(cast, hand_in(cast, "ida", now=datetime.now(UTC)))
    position = 1 if width < 600 else 2
    learner = visit(cast.ida)
    learner.go(f"/assess/attempts/{attempt_id}/questions/{position}/contest", "contest")
    learner.fill(reason=REASON)
    learner.press("Send the contest")
    learner.sees("Your contest is with the trainers.")
    learner.look("contest-sent")

    tao = visit("tao")
    tao.go("/author/contests", "contests")
    tao.page.locator("main tbody a").first.click()
    tao.look("contested-question")
    tao.page.get_by_label("Strike the question out").check()
    tao.fill(answer=ANSWER)
    tao.press("Decide")
    tao.sees("The question is corrected")
    visit("tao", dark=True).go("/author/contests", "contests-none")
    learner.page.reload()
    learner.look("contest-upheld")

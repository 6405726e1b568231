"""A timed exam in a real browser: the clock, a drop, a break, parts, flags, hints, two windows."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.assessment import Answer, Attempt, AttemptFlag, AttemptGrant, AttemptSection
from models.library import Document, Published, Revision
from services.assessment import grants, starting
from services.assessment.grants import Extra
from services.assessment.responding import counted_answers
from tests.cli.site import until
from tests.journeys.answering import answer, settle
from tests.journeys.site import Site
from tests.journeys.test_keyboard import tab_to
from tests.journeys.visitor import Visitor

Visit = Callable[..., Visitor]
SECONDS = 20
ITEM, HINT = "C1-P01", {"text": "Think of the quay.", "cost": 0.25}


def begin(visitor: Visitor, words: str = "Start the exam") -> int:
    visitor.go("/assess/")
    visitor.press(words)
    visitor.page.wait_for_url(re.compile(r"/assess/attempts/\d+$"))
    settle(visitor)
    return int(visitor.page.url.rsplit("/", 1)[-1])


def travel(site: Site, attempt_id: int, seconds: int, *, seen: bool = True) -> None:
    """Let so much time have gone by, without waiting for it."""
    gone = timedelta(seconds=seconds)

    def move(db: Session) -> None:
        row = db.execute(
            select(Attempt.deadline, Attempt.started_at, Attempt.seen_at).where(
                Attempt.id == attempt_id
            )
        ).one()
        values = {"deadline": row.deadline - gone, "started_at": row.started_at - gone}
        if seen and row.seen_at:
            values["seen_at"] = row.seen_at - gone
        db.execute(update(Attempt).where(Attempt.id == attempt_id).values(**values))
        columns = (AttemptSection.number, AttemptSection.started_at, AttemptSection.deadline)
        found = db.execute(select(*columns).where(AttemptSection.attempt_id == attempt_id)).all()
        for number, begun, ends in found:
            db.execute(
                update(AttemptSection)
                .where(AttemptSection.attempt_id == attempt_id, AttemptSection.number == number)
                .values(started_at=begun - gone, deadline=ends - gone)
            )

    site.write(move)


def kept(site: Site, attempt_id: int) -> set[int]:
    return set(site.read(lambda db: counted_answers(db, attempt_id)))


def beaten(site: Site, attempt_id: int) -> None:
    """Wait for the page's first sign of life."""
    seen = select(Attempt.seen_at).where(Attempt.id == attempt_id)
    until(lambda: site.read(lambda db: db.scalar(seen)) is not None, SECONDS)


def test_an_exam_from_part_to_part(site: Site, visit: Visit) -> None:
    lin = visit(site.member("Lin Yue", "learner"))
    attempt_id = begin(lin)
    lin.look("exam")
    answer(lin.page.locator("#q-1"))
    settle(lin)
    lin.page.locator("#q-1 [data-flag]").click()
    flagged = select(AttemptFlag.position).where(AttemptFlag.attempt_id == attempt_id)
    until(lambda: site.read(lambda db: db.scalars(flagged).all()) == [1], SECONDS)
    lin.page.locator("aside a[data-review]").click()
    lin.heading("Review this part")
    lin.look("exam-review")
    expect(lin.page.get_by_role("heading", name="Flagged by you:")).to_be_visible()
    lin.press("Close this part")
    lin.sees("Part 2 of 3: Reaching buyers")
    travel(site, attempt_id, 12 * 60 - 4, seen=False)
    lin.page.reload()
    lin.page.locator("[data-notice=part]").wait_for()
    lin.look("exam-part-over")
    assert lin.page.locator("#q-8 fieldset").evaluate("one => one.disabled")
    lin.press("Go to the next part")
    lin.sees("Part 3 of 3: Rules and conduct")
    question = lin.page.locator("#q-15")
    answer(question)
    settle(lin)
    lin.press("Next")
    expect(lin.page.locator("#q-16")).to_be_visible()
    until(lambda: kept(site, attempt_id) == {1, 15, 16}, SECONDS)
    lin.page.reload()
    expect(lin.page.locator("#q-16")).to_be_visible()
    assert lin.page.locator("#q-15").count() == 0
    lin.look("exam-forward")


def test_a_drop_is_credited_and_extra_time_is_seen(site: Site, visit: Visit) -> None:
    lin = visit(site.member("Lin Yue", "learner"))
    tao = site.actor(site.member("He Tao", "trainer"))
    attempt_id = begin(lin)
    beaten(site, attempt_id)
    travel(site, attempt_id, 44)
    lin.page.evaluate("dispatchEvent(new Event('online'))")
    lin.page.locator("[data-notice=drop]").wait_for()
    lin.sees("Your connection was away for 3")
    lin.look("exam-drop")
    now = datetime.now(UTC)
    site.write(lambda db: grants.extend(db, tao, attempt_id, Extra(0, 10), 0, now))
    lin.page.evaluate("dispatchEvent(new Event('online'))")
    lin.sees("Extra time was added: 10 min.")


@pytest.mark.parametrize("width", [1280])  # nothing here depends on it
def test_a_tab_out_of_sight_earns_no_credit(site: Site, visit: Visit, width: int) -> None:
    """The test moves both clocks on: the server's, and the page's while it is hidden."""
    lin = visit(site.member("Lin Yue", "learner"))
    attempt_id = begin(lin)
    beaten(site, attempt_id)
    given = select(AttemptGrant.seconds).where(AttemptGrant.attempt_id == attempt_id)
    hide(lin, True)
    travel(site, attempt_id, 44)
    lin.page.evaluate("const then = Date.now; Date.now = () => then() + 44_000")
    with lin.page.expect_response("**/beat") as heard:
        hide(lin, False)
    assert (heard.value.status, heard.value.json()["credited_s"]) == (200, 0)
    travel(site, attempt_id, 44)  # now the line alone was silent
    lin.page.evaluate("dispatchEvent(new Event('online'))")
    lin.page.locator("[data-notice=drop]").wait_for()
    assert len(site.read(lambda db: db.scalars(given).all())) == 1
    lin.page.locator("aside a[data-review]").click()  # there it goes on to be heard of
    with lin.page.expect_response("**/beat") as heard:
        lin.heading("Review this part")
    assert heard.value.json()["heard"] == "alive"


def hide(visitor: Visitor, hidden: bool) -> None:
    visitor.page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_offline_then_online_loses_nothing_with_a_clock(site: Site, visit: Visit) -> None:
    lin = visit(site.member("Lin Yue", "learner"))
    attempt_id = begin(lin)
    lin.context.set_offline(True)
    answer(lin.page.locator("#q-1"))
    lin.page.locator("#q-1 [data-flag]").click()
    lin.page.locator("[data-state=off]").wait_for()
    lin.context.set_offline(False)
    until(lambda: kept(site, attempt_id) == {1}, SECONDS)
    flagged = select(AttemptFlag.position).where(AttemptFlag.attempt_id == attempt_id)
    until(lambda: site.read(lambda db: db.scalars(flagged).all()) == [1], SECONDS)


def test_an_answer_given_offline_before_the_end_waits_for_a_trainer(
    site: Site, visit: Visit
) -> None:
    lin = visit(site.member("Lin Yue", "learner"))
    attempt_id = begin(lin)
    lin.context.set_offline(True)
    answer(lin.page.locator("#q-1"))
    lin.page.locator("[data-state=off]").wait_for()
    lin.page.wait_for_timeout(1500)
    ended = datetime.now(UTC) - timedelta(seconds=1)
    site.write(
        lambda db: db.execute(
            update(Attempt)
            .where(Attempt.id == attempt_id)
            .values(state="submitted", ended_at=ended, open_key=None)
        )
    )
    lin.context.set_offline(False)
    lin.page.locator("[data-notice=offline]").wait_for()
    held = select(Answer.held).where(Answer.attempt_id == attempt_id)
    assert site.read(lambda db: db.scalars(held).all()) == ["offline"]
    tao = visit(site.member("He Tao", "trainer"))
    tao.go("/assess/held", "held")
    tao.page.get_by_label("Reason").first.fill("The log of the network shows it.")
    tao.press("Refuse")
    tao.sees("The log of the network shows it.")


def test_a_break_and_the_older_window(site: Site, visit: Visit) -> None:
    person = site.member("Lin Yue", "learner")
    lin = visit(person)
    attempt_id = begin(lin)
    answer(lin.page.locator("#q-1"))
    lin.press("Take a break")
    lin.heading("You are taking a break")
    lin.look("break")
    lin.press("Go on")
    expect(lin.page.locator("#q-1, #q-2").locator("visible=true").first).to_be_visible()
    assert kept(site, attempt_id) == {1}
    desk = visit(person)
    desk.go(f"/assess/attempts/{attempt_id}", "exam-door")
    desk.press("Continue")
    desk.page.locator("section.ask-one").first.wait_for(state="attached")
    lin.page.evaluate("dispatchEvent(new Event('online'))")
    lin.page.locator("[data-notice=stale]").wait_for()


def test_a_hint_and_the_reasons_at_once(site: Site, visit: Visit) -> None:
    person, now = site.member("Lin Yue", "learner"), datetime.now(UTC)
    site.write(lambda db: add_practice(db, f"practice-{person}", now))
    who = site.actor(person)
    attempt_id = site.write(
        lambda db: starting.start_form(db, who, f"practice-{person}", "en", 7, now)
    )
    lin = visit(person)
    lin.go(f"/assess/attempts/{attempt_id}")
    lin.press("Begin")
    settle(lin)
    question = lin.page.locator("#q-1")
    tab_to(lin, "Show a hint (costs 25 %)")
    lin.page.keyboard.press("Enter")
    lin.sees("Think of the quay.")
    answer(question)
    settle(lin)
    lin.press("Check this answer")
    lin.sees("This answer is locked.")
    assert question.locator("fieldset").evaluate("one => one.disabled")
    lin.look("reasons-at-once")
    lin.page.locator("#q-1 [data-go='2']").click()
    expect(lin.page.locator("#q-2")).to_be_visible()


def test_a_trainer_gives_time(site: Site, visit: Visit) -> None:
    begin(visit(site.member("Lin Yue", "learner")))
    tao = visit(site.member("He Tao", "trainer"))
    tao.go("/assess/running")
    tao.page.locator("summary").first.click()
    tao.look("running")
    tao.page.locator("[name=percent]").first.select_option("25")
    tao.press("Give time")
    tao.sees("minutes of extra time")


def add_practice(db: Session, key: str, now: datetime) -> None:
    """A practice form with reasons at once, on questions of which the first has a hint."""
    first = copied(db, "item", ITEM, f"{ITEM}-{key}", now, hints=[HINT])
    second = copied(db, "item", "C1-P02", f"C1-P02-{key}", now)
    copied(
        db, "form", "placement", key, now,
        purpose="practice", feedback="each", items=[first, second],
        title={"en": f"Practice {key}"},
    )  # fmt: skip


def copied(db: Session, kind: str, key: str, new: str, now: datetime, **changes: object) -> str:
    """Publish a copy of a document under another key, compiled to something else."""
    was = db.execute(
        select(Revision.title, Revision.meta, Revision.html)
        .join(Published, Published.revision_id == Revision.id)
        .join(Document, Document.id == Revision.document_id)
        .where(Document.kind == kind, Document.key == key)
    ).one()
    document = Document(kind=kind, key=new, lang="en", path=f"{kind}/{new}.yaml", created_at=now)
    db.add(document)
    db.flush()
    revision = Revision(
        document_id=document.id, number=1, source="", digest="0" * 64, title=was.title,
        meta={**was.meta, **changes}, html=was.html, created_at=now,
    )  # fmt: skip
    db.add(revision)
    db.flush()
    db.add(Published(document_id=document.id, revision_id=revision.id))
    return new

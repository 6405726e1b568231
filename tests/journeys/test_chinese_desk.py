"""The hiring desk and a candidate's way in Chinese: on a phone in the dark, at a desk by day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import select, update

from models.accounts import Person
from models.hiring import Application
from services.hiring import deciding
from tests.journeys.applying import finish, invite, open_position, start
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor
from tests.services.hiring.crowd import Face, fill

Visit = Callable[..., Visitor]


def test_the_desk_in_chinese(site: Site, visit: Visit, width: int) -> None:
    recruiter_id = site.member("Zhou Min", "recruiter")
    chinese(site, recruiter_id)
    position = open_position(site, f"华东销售 {width}")
    people = [start(site, invite(site, position, name)) for name in ("孙怡", "陈美玲")]
    for place, (who, attempt) in enumerate(people, 3):
        finish(site, who, attempt, lambda n, d=place: n % d > 0)
    invite(site, position, "伊达·布兰特")
    now = datetime.now(UTC)
    faces = [
        Face({"gender": gender}, "advance" if n < through else "reject", n / 20)
        for gender, through in (("man", 12), ("woman", 6))
        for n in range(20)
    ]
    site.write(lambda db: fill(db, position, recruiter_id, faces, now - timedelta(days=2)))
    application = site.read(lambda db: db.scalar(
        select(Application.id).where(Application.attempt_id == people[0][1])
    ))  # fmt: skip
    site.write(
        lambda db: deciding.decide(
            db, site.actor(recruiter_id), application, "hired", "fit", "很合适。", now
        )
    )
    recruiter = visit(recruiter_id, dark=width < 600)
    recruiter.go("/hiring/", "zh-positions")
    expect(recruiter.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    for path, name in (
        (f"positions/{position}", "position"),
        (f"positions/{position}?view=board", "board"),
        (f"positions/{position}/fairness", "fairness"),
        (f"positions/{position}/edit", "edit"),
        (f"positions/{position}/export", "export"),
        (f"positions/{position}/invite", "invite"),
        (f"positions/{position}/import", "import"),
        (f"candidates/{application}", "candidate"),
        (f"candidates/{application}/interview", "interview"),
        (f"candidates/{application}/letter", "letter"),
        (f"candidates/{application}/hire", "hire"),
        (f"candidates/{application}/print", "print"),
        (f"candidates/{application}/invitation", "invitation"),
    ):
        recruiter.go(f"/hiring/{path}", f"zh-{name}")
        expect(recruiter.page.get_by_role("heading", level=1)).to_be_visible()
    for path in ("keys", "webhooks"):
        recruiter.go(f"/integration/{path}", f"zh-{path}")
    compare(recruiter, position, [application, other(site, people[1][1])])


def other(site: Site, attempt_id: int) -> int:
    found = site.read(lambda db: db.scalar(
        select(Application.id).where(Application.attempt_id == attempt_id)
    ))  # fmt: skip
    assert found
    return found


def compare(recruiter: Visitor, position: int, ids: list[int | None]) -> None:
    asked = "&".join(f"a={one}" for one in ids)
    recruiter.go(f"/hiring/positions/{position}/compare?{asked}", "zh-compare")


def test_a_candidates_way_in_chinese(site: Site, visit: Visit, width: int) -> None:
    position = open_position(site, f"华南运营 {width}")
    who, attempt = start(site, invite(site, position, "孙怡"))
    finish(site, who, attempt, lambda place: place % 3 > 0)
    stranger = visit(dark=width < 600)
    stranger.page.goto(invite(site, position, "陈美玲"))
    stranger.press("中文")
    stranger.look("zh-invitation-to")
    stranger.page.get_by_role("checkbox").last.check()
    stranger.page.locator("main form button[type=submit]").last.click()
    stranger.look("zh-return-code")
    expect(stranger.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    for path in ("", "device", "practice", "conditions", "data", "erase", "if-hired"):
        stranger.go(f"/candidate/{path}", f"zh-candidate-{path or 'home'}")
        expect(stranger.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert who.person_id
    chinese(site, who.person_id)
    candidate = visit(who.person_id, dark=width < 600)
    candidate.go("/candidate/", "zh-report")
    candidate.go("/candidate/about-you", "zh-about-you")


def chinese(site: Site, person_id: int) -> None:
    site.write(
        lambda db: db.execute(update(Person).where(Person.id == person_id).values(locale="zh_Hans"))
    )

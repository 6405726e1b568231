"""Somebody sets up a second factor at a desk, comes in with it on a phone, and is asked again."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Browser
from sqlalchemy import select

from models.accounts import Erasure
from models.measuring import Work
from services.admin.tidying import TASK
from tests.cli.site import until
from tests.journeys.late import make_late
from tests.journeys.site import PASSWORD, Site
from tests.journeys.visitor import Visitor
from tests.services.accounts.test_second_factor import totp

JOB_SECONDS = 60


def test_the_second_factor(browser: Browser, site: Site) -> None:
    """At 1280 and at 360 pixels, by day and by night."""
    person_id, address = site.joined("Vera Lund", "learner", "admin")
    name = site.viewer(person_id).name
    desk, phone = Visitor(browser, site.url, 1280), Visitor(browser, site.url, 360, dark=True)

    sign_in(desk, address)
    desk.heading(f"Welcome back, {name}")
    recovery = set_up(desk)

    sign_in(phone, address)
    phone.heading("Now your code")
    phone.look("factor-code")
    phone.fill(code="000000")
    phone.press("Sign in")
    phone.sees("This code is wrong, too old or used.")
    phone.look("factor-code-wrong")
    phone.fill(code=recovery)
    phone.press("Sign in")
    phone.heading(f"Welcome back, {name}")
    phone.go("/account/second-factor", "factor-on")
    phone.sees("9 recovery codes are left.")

    # A form that comes too late is asked about, and then goes on by itself.
    make_late(site, phone)
    phone.page.reload()
    phone.press("Make new recovery codes")
    phone.heading("Confirm that it is you")
    phone.look("prove")
    phone.page.locator("#proof").fill("not it")
    phone.press("Go on")
    phone.sees("This is neither your password nor a code that is good now.")
    phone.look("prove-wrong")
    phone.page.locator("#proof").fill(PASSWORD)
    phone.press("Go on")
    phone.heading("Your recovery codes")
    phone.look("recovery-codes")
    code = phone.page.locator(".recovery li").first.inner_text()

    phone.go("/account/second-factor")
    phone.fill(own_password="wrong", code=code)
    phone.press("Turn the second factor off")
    phone.sees("This is not your password.")
    phone.look("factor-off-refused")
    phone.fill(own_password=PASSWORD, code=code)
    phone.press("Turn the second factor off")
    phone.sees("Your second factor is off.")
    phone.look("settings")
    for visitor in (desk, phone):
        visitor.done()


def test_a_member_is_erased(site: Site, visit: Callable[..., Visitor]) -> None:
    """By an admin, at both widths; the site's own job does it while people read."""
    admin = visit(site.member("Ana Rocha", "admin"))
    person_id = site.member("Olga Sternfeld", "learner")
    admin.go(f"/admin/people/{person_id}", "person-to-erase")
    admin.press("Erase this person")
    admin.page.get_by_role("dialog").wait_for()
    admin.look("erase-asked")
    admin.page.get_by_role("dialog").get_by_role("button", name="Erase for good").click()
    admin.sees("The person is shut out and is being erased.")
    until(lambda: tidied(site, person_id), JOB_SECONDS)
    for path in site.instance.glob("threshold.sqlite3*"):
        assert b"Sternfeld" not in path.read_bytes(), path
    admin.go(f"/admin/audit?person={person_id}", "audit-erased")
    admin.sees(f"person {person_id}, erased")


def tidied(site: Site, person_id: int) -> bool:
    """Whether the person is erased and the database file was written anew since."""
    erased_at = site.read(lambda db: db.scalar(
        select(Erasure.done_at).where(Erasure.person_id == person_id)
    ))  # fmt: skip
    if erased_at is None:
        return False
    since = select(Work.id).where(
        Work.task == TASK, Work.state == "done", Work.asked_at >= erased_at
    )
    return site.read(lambda db: db.scalar(since.limit(1))) is not None


def sign_in(visitor: Visitor, address: str) -> None:
    visitor.page.goto("/account/sign-in")
    visitor.fill(email=address, password=PASSWORD)
    visitor.press("Sign in")


def set_up(desk: Visitor) -> str:
    """From the account page to the recovery codes; gives back the first of them."""
    desk.page.goto("/account/settings")
    desk.press("Set up a second factor")
    desk.heading("Second factor")
    desk.look("factor-off")
    desk.press("Set up a second factor")
    desk.sees("Three steps")
    desk.look("factor-setting-up")
    secret = desk.page.locator(".factor__secret").inner_text().replace(" ", "")
    desk.fill(code="000000")
    desk.press("Turn it on")
    desk.sees("This code is wrong, too old or used.")
    desk.look("factor-refused")
    desk.fill(code=totp(secret, datetime.now(UTC)))
    desk.press("Turn it on")
    desk.heading("Your recovery codes")
    desk.look("recovery-codes-first")
    recovery = desk.page.locator(".recovery li").first.inner_text()
    desk.press("I have kept them")
    return recovery

"""Journey 7: an admin's day, and what everybody may do with their own account."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.cli.site import until
from tests.journeys.site import PASSWORD, Site, new_address
from tests.journeys.visitor import Visitor

JOB_SECONDS = 30


def test_people_and_roles(site: Site, visit: Callable[..., Visitor]) -> None:
    name = "Pia Marsh"
    person_id = site.member(name, "learner")
    pia = visit(person_id)
    pia.go("/")
    admin = visit("anna")
    admin.go("/admin/", "people")
    admin.fill(q=name)
    admin.press("Find")
    admin.look("people-found")
    admin.page.locator(f"main a[href$='/people/{person_id}']").click()
    admin.heading(name)
    admin.look("person")
    admin.page.get_by_role("checkbox", name="Recruiter").check()
    admin.press("Change the roles")
    admin.sees("The roles are changed")
    admin.look("roles-changed")

    # Rights change at once: the old session has ended.
    pia.page.goto("/profile/")
    pia.heading("Come in")

    admin.press("All of it")
    admin.heading("Audit log")
    expect(admin.page.locator("table.journal")).to_contain_text("person.roles_changed")
    admin.look("audit")

    admin.go(f"/admin/people/{person_id}")
    admin.press("Shut out")
    admin.page.get_by_role("dialog").wait_for()
    admin.look("shut-out")
    admin.page.get_by_role("dialog").get_by_role("button", name="Shut out").click()
    admin.sees("The person can no longer sign in.")
    admin.look("person-shut-out")
    admin.press("Let them in again")
    admin.sees("The person can sign in again.")


def test_mail_and_backup(site: Site, visit: Callable[..., Visitor]) -> None:
    admin_id = site.member("Ana Rocha", "admin")
    admin = visit(admin_id)
    admin.go("/admin/mail")
    admin.press("Send me a test mail")
    admin.sees("A test mail is on its way to you.")

    def written() -> bool:
        admin.page.reload()
        line = admin.page.get_by_role("row").filter(has_text="Test mail").first
        return "Written" in line.inner_text()

    until(written, JOB_SECONDS)
    admin.look("mail")

    admin.go("/admin/backups", "backups-none")
    admin.press("Make a backup now")
    admin.look("backup-asked")
    button = admin.page.get_by_role("button", name="Make a backup now")
    expect(button).to_be_visible(timeout=1000 * JOB_SECONDS)
    expect(admin.page.locator("main")).to_contain_text(re.compile(r"threshold-\S+\.tar\.gz"))
    admin.look("backups")
    assert list(site.instance.glob("backups/*.tar.gz"))
    admin.go("/admin/system", "system")


def test_the_own_account(site: Site, visit: Callable[..., Visitor]) -> None:
    _, address = site.joined("Noor Aziz", "learner")
    phone = visit()
    sign_in(phone, address, PASSWORD)
    phone.heading("Welcome back, Noor Aziz")

    desk = visit()
    forget(site, desk, address, "copper ladder winter fig")
    desk.heading("Welcome back, Noor Aziz")
    phone.page.goto("/profile/")
    phone.heading("Come in")  # a new password ends what was open before

    # The new address counts once its own link was opened.
    newer = new_address("Noor Aziz")
    desk.go("/account/settings", "settings")
    desk.fill(email=newer, own_password="copper ladder winter fig")
    desk.press("Change the mail address")
    link = desk.page.locator("a.own__mail")
    expect(link).to_be_visible()
    desk.look("email-link")
    assert site.mailed_link(newer, "/account/email/")
    link.click()
    desk.heading("Is this your new address?")
    desk.look("email-confirm")
    desk.press("Confirm this address")
    desk.sees("Your new mail address is confirmed.")

    sign_in(phone, newer, "copper ladder winter fig")
    phone.heading("Welcome back, Noor Aziz")
    desk.go("/account/settings")
    desk.press("Sign out everywhere")
    desk.sees("You are signed out on every device.")
    desk.look("signed-out-everywhere")
    phone.page.goto("/profile/")
    phone.heading("Come in")


def sign_in(visitor: Visitor, address: str, password: str) -> None:
    """Through the form, as everybody does."""
    visitor.go("/account/sign-in", "sign-in")
    visitor.fill(email=address, password=password)
    visitor.press("Sign in")


def forget(site: Site, visitor: Visitor, address: str, password: str) -> None:
    """Try a wrong password, ask for a link, and set a new one."""
    sign_in(visitor, address, "not this one at all")
    visitor.sees("Mail address and password do not belong together.")
    visitor.look("sign-in-refused")
    visitor.press("Forgotten your password?")
    visitor.look("forgotten")
    visitor.fill(email=address)
    visitor.press("Send me a link")
    visitor.heading("Ask an admin for the link")
    visitor.look("forgotten-sent")
    visitor.go(site.mailed_link(address, "/account/reset/"), "reset")
    visitor.fill(password=password)
    visitor.press("Set the new password")
    visitor.sees("Your new password is set.")
    sign_in(visitor, address, password)

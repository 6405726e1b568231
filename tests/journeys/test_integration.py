"""A recruiter gives programs a key and an address to be told at, and takes a table along."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.integration import Webhook, WebhookDelivery
from services.accounts import sealing
from services.integration.webhooks import EVENTS, PURPOSE
from tests.cli.site import until
from tests.journeys.applying import invite, open_position, start
from tests.journeys.late import make_late
from tests.journeys.site import PASSWORD, Site
from tests.journeys.visitor import Visitor

Visit = Callable[..., Visitor]
SECONDS = 60


def test_a_key_for_a_program(site: Site, visit: Visit) -> None:
    title = f"Sales, Key Coast {visit().width}"
    open_position(site, title)
    recruiter = visit("min")
    page = recruiter.page
    recruiter.go("/integration/keys", "keys-none")
    recruiter.press("Make the key")
    recruiter.sees("A name has 1 to 80 characters.")
    recruiter.look("keys-refused")
    recruiter.fill(name="Applicant tracking", days="30")
    page.get_by_role("checkbox", name="read positions").check()
    page.get_by_label("For which positions?").select_option(label=title)
    recruiter.press("Make the key")
    recruiter.heading("The key for Applicant tracking")
    recruiter.look("key-made")
    key = page.get_by_label("Key", exact=True).input_value()

    def ask(path: str) -> int:
        found = recruiter.context.request.get(
            path, headers={"Authorization": f"Bearer {key}"}, max_redirects=0
        )
        return found.status

    assert ask("/api/v1/positions") == 200
    assert ask("/api/v1/applications/1/report") == 403, "a scope that was not ticked"
    recruiter.go("/integration/keys", "keys")
    page.reload()
    expect(page.locator("tbody tr").first).not_to_contain_text("never")
    recruiter.press("Revoke")
    page.get_by_role("dialog").wait_for()
    recruiter.look("key-revoke")
    page.get_by_role("dialog").get_by_role("button", name="Revoke the key").click()
    recruiter.sees("The key is revoked. It opens nothing any more.")
    recruiter.look("keys-revoked")
    assert ask("/api/v1/positions") == 401


def test_a_webhook_and_its_log(site: Site, visit: Visit) -> None:
    """Made for a position where nothing happens: no message leaves this machine."""
    title = f"Sales, Quiet Coast {visit().width}"
    open_position(site, title)
    recruiter = visit("min")
    page = recruiter.page
    recruiter.go("/integration/webhooks", "hooks-none")
    recruiter.fill(url="https://127.0.0.1/in")
    page.get_by_role("checkbox", name="a decision was recorded").check()
    recruiter.press("Make the webhook")
    recruiter.sees("not into a network")
    recruiter.look("hooks-refused")
    recruiter.fill(url="https://93.184.216.34/in")
    page.get_by_label("For which positions?").select_option(label=title)
    recruiter.press("Make the webhook")
    recruiter.heading("The secret of the webhook")
    recruiter.look("hook-made")
    assert page.get_by_label("Secret", exact=True).input_value().startswith("whsec_")
    recruiter.press("Open the webhook")
    recruiter.sees("Nothing was sent yet")
    recruiter.look("hook-empty")

    hook_id = int(page.url.rsplit("/", 1)[1])
    told(site, hook_id)
    recruiter.go(f"/integration/webhooks/{hook_id}", "hook")
    recruiter.sees("nobody answers there")
    recruiter.press("Send again")
    recruiter.sees("The event is sent again within a minute, under its old number.")
    until(lambda: tried(site, hook_id), SECONDS)
    page.reload()
    recruiter.sees("the name leads to no public address")
    recruiter.look("hook-failing")
    recruiter.press("Switch off")
    recruiter.sees("This webhook is off. Nothing is sent.")
    recruiter.press("Switch on")
    recruiter.press("Switch off")
    recruiter.go("/integration/webhooks", "hooks")


def told(site: Site, hook_id: int) -> None:
    """Three events that went out or did not; the address is this machine's from now on."""
    at = datetime.now(UTC)
    lines = (("sent", 1, 200, 84, None), ("sent", 3, 204, 61, None),
             ("waiting", 2, None, None, "no connection"))  # fmt: skip

    def write(db: Session) -> None:
        db.execute(
            update(Webhook)
            .where(Webhook.id == hook_id)
            .values(url="https://localhost:1/in", secret=sealing.seal(PURPOSE, "whsec_x"))
        )
        db.execute(
            insert(WebhookDelivery),
            [
                {
                    "webhook_id": hook_id, "journal_id": 10_000_000 + hook_id * 10 + place,
                    "event": EVENTS[place], "application_id": 7, "position_id": 1,
                    "happened_at": at, "state": state, "tries": tries, "status": status,
                    "ms": ms, "error": error,
                }
                for place, (state, tries, status, ms, error) in enumerate(lines)
            ],
        )  # fmt: skip

    site.write(write)


def tried(site: Site, hook_id: int) -> bool:
    errors = site.read(lambda db: db.scalars(
        select(WebhookDelivery.error).where(WebhookDelivery.webhook_id == hook_id)
    ).all())  # fmt: skip
    return "not a public address" in errors


def test_a_table_to_take_along(site: Site, visit: Visit) -> None:
    """An hour after signing in one is asked for the password first, and the wish is not lost."""
    position_id = open_position(site, f"Sales, Table Bay {visit().width}")
    start(site, invite(site, position_id, "Sun Yi"))
    person_id, _ = site.joined("Mira Tan", "recruiter")
    recruiter = visit(person_id)
    page = recruiter.page
    recruiter.go(f"/hiring/positions/{position_id}")
    recruiter.press("Export")
    recruiter.heading("Applications as a file")
    recruiter.look("export-none")
    make_late(site, recruiter)
    page.reload()
    recruiter.press("Make an Excel file")
    recruiter.heading("Confirm that it is you")
    recruiter.look("export-prove")
    page.locator("#proof").fill(PASSWORD)
    recruiter.press("Go on")
    fetch = page.get_by_role("link", name="Fetch the XLSX file")
    for _ in range(60):
        if fetch.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    recruiter.look("export-ready")
    with page.expect_download() as caught:
        fetch.click()
    assert caught.value.suggested_filename == f"applications-{position_id}.xlsx"
    with open(caught.value.path(), "rb") as table:
        assert table.read(2) == b"PK"


def test_the_owner_of_another_position_is_a_stranger(site: Site, visit: Visit) -> None:
    position_id = open_position(site, f"Sales, Far Side {visit().width}")
    stranger = visit(site.member("Otto Brandt", "manager"))
    stranger.go(f"/hiring/positions/{position_id}/export", "export-stranger")
    stranger.heading("There is no such page")

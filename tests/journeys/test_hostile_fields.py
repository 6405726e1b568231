"""Whatever somebody types is shown as they typed it: nothing of it runs, nothing becomes markup."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect
from sqlalchemy import select

from models.hiring import Application
from tests.journeys.applying import finish, start
from tests.journeys.site import Site, new_address
from tests.journeys.visitor import Visitor

SHORT = '"><img src=x onerror=alert(1)>{{ 7*7 }}'  # where a name fits
LONG = f"</textarea><script>alert(2)</script>'-alert(3)-'%0d&lt;b&gt; javascript:alert(4) {SHORT}"
LESSONS = {360: "industry/know-what-you-sell", 1280: "personality/steady-under-pressure"}
REFUSED = """
<script>alert(5)</script> and [a link](javascript:alert(10))

<img src=x onerror=alert(6)> and <b onmouseover=alert(7)>bold</b>

/// case | <svg onload=alert(8)>
A case with </section><iframe srcdoc="<script>alert(9)</script>"></iframe> in it.
///
"""
PUBLISHED = """
{{ 7*7 }} and `<script>alert(11)</script>` and &lt;script&gt;
{: onclick=alert(12) }

<javascript:alert(13)>
"""
ALIVE = """[...document.querySelectorAll("body *")].filter((node) =>
  (node.localName === "script" && !node.src) || node.localName === "iframe" ||
  [...node.attributes].some(({ name, value }) =>
    name.startsWith("on") || /^\\s*(javascript|data):/i.test(value))).map((node) => node.outerHTML)
"""


@pytest.fixture
def wary(visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Like `visit`, for people in whose browser any dialog is a fault."""

    def open_one(who: str | int | None = None) -> Visitor:
        visitor = visit(who)

        def alerted(dialog: Dialog) -> None:
            visitor.faults.append(f"a dialog opened: {dialog.message}")
            dialog.dismiss()

        visitor.page.on("dialog", alerted)
        return visitor

    return open_one


def calm(visitor: Visitor, *texts: str) -> None:
    """The page shows these texts letter by letter, and nothing in it came alive."""
    for text in texts:
        expect(visitor.page.locator("body")).to_contain_text(text)
    assert visitor.page.evaluate(ALIVE) == []
    visitor.look()


def test_hiring(site: Site, wary: Callable[..., Visitor]) -> None:
    """Title, names, remark, note and reason, from the one who types to the ones who read."""
    recruiter = wary("min")
    recruiter.page.goto("/hiring/positions/new")
    title = f"{SHORT} {recruiter.width}"
    recruiter.fill(title=title)
    recruiter.page.get_by_label("Owner (hiring manager)").select_option(label="Xu Lei")
    recruiter.press("Save the position")
    calm(recruiter, title)
    recruiter.press("Invite a candidate")
    recruiter.fill(name=SHORT)
    recruiter.page.get_by_role("radio", name="Only show it to me: I hand it over").check()
    recruiter.press("Invite")
    calm(recruiter, SHORT)
    link = recruiter.page.get_by_label("Link", exact=True).input_value()

    stranger = wary()
    stranger.page.goto(link)
    calm(stranger, title)
    who, attempt_id = start(site, link)
    finish(site, who, attempt_id, lambda place: place % 2 == 0)
    candidate = wary(who.person_id)
    candidate.page.goto("/candidate/")
    candidate.fill(remark=LONG)
    candidate.press("Send the remark")
    calm(candidate, SHORT, LONG)

    manager = wary("lei")
    manager.page.goto("/hiring/")
    calm(manager, title)
    application_id = site.read(lambda db: db.scalar(
        select(Application.id).where(Application.person_id == who.person_id)
    ))  # fmt: skip
    manager.page.goto(f"/hiring/candidates/{application_id}")
    manager.fill(note=f"A note: {LONG}")
    manager.press("Add the note")
    manager.page.locator("[name=outcome]").select_option(index=1)
    manager.page.locator("[name=reason_code]").select_option(index=1)
    manager.fill(reason=f"A reason: {LONG}")
    manager.press("Write the decision down")
    calm(manager, title, SHORT, LONG, f"A note: {LONG}", f"A reason: {LONG}")


def test_people(site: Site, wary: Callable[..., Visitor]) -> None:
    """A member's name, typed by an admin and by the member, in lists, menus and the log."""
    admin = wary("anna")
    admin.page.goto("/admin/people/new")
    admin.fill(name=SHORT, email=new_address("Mal"))
    admin.press("Add")
    calm(admin, SHORT)
    admin.page.goto("/admin/?q=onerror")
    calm(admin, SHORT)
    admin.page.goto("/admin/audit")
    calm(admin)

    member = wary(site.member("Mal Ory", "learner"))
    member.page.goto("/account/settings")
    member.page.locator("[name=name]").fill(SHORT)
    member.press("Save")
    member.page.goto("/")
    calm(member, SHORT)


def test_lesson(wary: Callable[..., Visitor], width: int) -> None:
    """Markup in a lesson: refused where it is HTML; else text in preview, history and lesson."""
    lesson, trainer = LESSONS[width], wary("tao")
    trainer.page.goto(f"/author/lessons/{lesson}")
    source = trainer.page.locator("#source")
    sound = source.input_value().rstrip()
    source.fill(f"{sound}\n{REFUSED}")
    expect(trainer.page.locator(".preview")).to_contain_text("A case with </section><iframe")
    publish(trainer)
    trainer.sees("HTML is not used in lessons")
    calm(trainer, "<script>alert(5)</script>", "<svg onload=alert(8)>")

    source.fill(f"{sound}\n{PUBLISHED}")
    expect(trainer.page.locator(".preview")).to_contain_text("<javascript:alert(13)>")
    publish(trainer)
    trainer.sees("Revision 2 is published")
    trainer.page.goto(f"/author/lessons/{lesson}/history")
    calm(trainer, LONG)

    learner = wary("lin")
    learner.page.goto(f"/learn/{lesson}")
    calm(learner, "{{ 7*7 }} and <script>alert(11)</script> and <script>", "<javascript:alert(13)>")


def publish(trainer: Visitor) -> None:
    trainer.press("Publish …")
    dialog = trainer.page.get_by_role("dialog")
    dialog.get_by_label("What changed, and why").fill(LONG)
    dialog.get_by_role("button", name="Publish", exact=True).click()


@pytest.mark.parametrize("width", [1280])
def test_planted_flaws_are_found(wary: Callable[..., Visitor], width: int) -> None:
    """Markup that came alive is seen, and so is what the policy stopped, and a dialog."""
    stranger = wary()
    stranger.page.goto("/account/sign-in")
    stranger.page.evaluate(
        "html => { document.querySelector('main').insertAdjacentHTML('beforeend', html); }", SHORT
    )
    assert len(stranger.page.evaluate(ALIVE)) == 1
    stranger.page.evaluate("alert('here')")
    stranger.look()
    found = "\n".join(stranger.faults)
    assert "policy refused script-src" in found
    assert "a dialog opened: here" in found
    stranger.faults.clear()

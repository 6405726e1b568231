"""A trainer brings questions in from a file, completes one, and takes the bank home."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.site import Site
from tests.journeys.visitor import Visitor
from tests.services.authoring.bringing import png

GIFT = """
::{name}::Who bears the risk of case {name}? {{=The buyer#Risk passed. ~The seller#No. ~Nobody}}

::Gaps {name}::Two {{=a ~b}} gaps {{=c ~d}}
"""


def test_import_complete_publish(site: Site, visit: Callable[..., Visitor], width: int) -> None:
    trainer = visit(site.member("Noor Haan", "trainer"))
    trainer.go("/author/import", "exchange")
    send(trainer, "questions.pdf", b"%PDF-1.7")
    trainer.sees("is a PDF")
    trainer.look("import-refused")
    send(trainer, "questions.gift", GIFT.format(name=f"W{width}").encode())
    trainer.heading("What this file would bring")
    trainer.sees("has more than one block of answers")
    trainer.look("import-preview")
    trainer.page.get_by_role("button", name="Import 1 question").click()
    trainer.page.get_by_label("Competency and subtopic").select_option("C2:incoterms")
    trainer.page.get_by_label("Lesson that teaches it").select_option(
        "trade-practice/who-pays-who-risks"
    )
    trainer.fill(source="ICC, Incoterms 2020")
    trainer.page.get_by_role("button", name="Import 1 question").click()
    wait_for(trainer, "The import is done")
    trainer.look("import-done")
    trainer.press("Complete and publish the drafts")
    trainer.look("drafts")
    row = trainer.page.locator("tr", has_text=f"case W{width}")
    row.get_by_role("link").first.click()
    trainer.sees("1 thing to mend")
    trainer.look("draft")
    trainer.page.locator("#options-2-why").fill("The rule names two parties.")
    trainer.press("Save the draft")
    trainer.sees("This draft lacks nothing.")
    trainer.press("Drafts")
    trainer.page.locator("tr", has_text=f"case W{width}").get_by_role("checkbox").check()
    trainer.press("Publish the ticked ones")
    trainer.sees("Published: 1.")
    trainer.go("/author/export?format=moodle&competency=C2", "export")


def send(trainer: Visitor, name: str, data: bytes) -> None:
    kind = "application/octet-stream"
    trainer.page.locator("#file").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    trainer.press("Read the file and show what is in it")


def wait_for(trainer: Visitor, words: str) -> None:
    """The job process takes a second or two; the page is opened again until it is done."""
    for _ in range(40):
        if trainer.page.get_by_text(words).count():
            return
        trainer.page.wait_for_timeout(500)
        trainer.page.reload()
    expect(trainer.page.get_by_text(words)).to_be_visible()


def test_pictures(site: Site, visit: Callable[..., Visitor], width: int) -> None:
    trainer = visit(site.member("Ida Brandt", "trainer"))
    trainer.go("/author/media", "media-empty")
    picture = {"name": f"crane {width}.png", "mimeType": "image/png", "buffer": png(800, 500)}
    trainer.page.locator("#file").set_input_files(picture)
    trainer.fill(alt="A crane over a quay")
    trainer.press("Add the picture")
    trainer.sees(f"media:crane-{width}")
    shown = trainer.page.locator(f"img[src$='/media/crane-{width}']")
    expect(shown).to_have_js_property("naturalWidth", 800)
    trainer.look("media")

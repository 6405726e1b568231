"""A recruiter invites three by a table: one address bounces, one asks for time, one drops off."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from models.assessment import Attempt, AttemptGrant
from models.hiring import Application
from tests.cli.site import until
from tests.gateways.mail_server import Letters, mail_server
from tests.journeys.answering import answer, begin, settle
from tests.journeys.applying import open_position
from tests.journeys.conftest import cookie_of
from tests.journeys.site import Site, installation
from tests.journeys.test_timed import beaten, travel
from tests.journeys.visitor import Visitor

Open = Callable[..., Visitor]
SECONDS = 30
BOUNCED = "nobody@mail.example"
TABLE = f"""姓名,邮箱,语言,截止日期
Sun Yi,sun.yi@mail.example,en,
Ida Brandt,ida@mail.example,en,
Femi Adeyemi,{BOUNCED},en,
Ida B.,IDA@mail.example,en,
=cmd(),x@mail.example,xx,2026-02-30
"""


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[tuple[str, Letters]]:
    with mail_server() as (server, box):
        box.refused[BOUNCED] = 550
        yield server, box


@pytest.fixture
def mailing(tmp_path: Path, prepared: Path, letters: tuple[str, Letters]) -> Iterator[Site]:
    """An installation that sends its mail to a real server."""
    with installation(tmp_path / "site", prepared, smtp_url=f"smtp://{letters[0]}") as site:
        yield site


@pytest.fixture
def arrive(browser: Browser, mailing: Site, width: int) -> Iterator[Open]:
    """As `visit`, at the installation with the mail server."""
    visitors: list[Visitor] = []

    def open_one(who: str | None = None) -> Visitor:
        visitor = Visitor(browser, mailing.url, width)
        if who is not None:
            visitor.context.add_cookies([cookie_of(mailing, who)])
        visitors.append(visitor)
        return visitor

    yield open_one
    for visitor in visitors:
        visitor.done()


def test_three_by_a_table(
    mailing: Site, letters: tuple[str, Letters], arrive: Open, tmp_path: Path
) -> None:
    recruiter = arrive("min")
    position_id = open_position(mailing, "Sales, Straits")
    invite_by_table(recruiter, position_id, tmp_path)
    bounced(mailing, recruiter)
    sun = needs_time(letters[1], recruiter, arrive())
    drops_off(mailing, letters[1], arrive())
    has_rights(sun)


def invite_by_table(recruiter: Visitor, position_id: int, folder: Path) -> None:
    """Read first, with what is wrong; then invited."""
    file = folder / "candidates.csv"
    file.write_bytes(TABLE.encode("gbk"))
    recruiter.go(f"/hiring/positions/{position_id}/import", "import-form")
    recruiter.press("Read the table")
    recruiter.sees("The file holds no candidate.")
    recruiter.page.locator("[name=table]").set_input_files(file)
    recruiter.press("Read the table")
    recruiter.sees("merged with row 3: the same address")
    recruiter.sees("name: a formula, save it as a value")
    recruiter.look("import-preview")
    recruiter.press("Invite 3 candidates by mail")
    recruiter.sees("3 rows are invited.")
    recruiter.look("import-done")


def page_of(site: Site, recruiter: Visitor, place: int) -> None:
    ids = site.read(lambda db: db.scalars(select(Application.id).order_by(Application.id)).all())
    recruiter.page.goto(f"/hiring/candidates/{ids[-3:][place]}/invitation")


def bounced(site: Site, recruiter: Visitor) -> None:
    """The refusal is shown with what to do; another address takes its place."""

    def told() -> bool:
        page_of(site, recruiter, 2)
        return recruiter.page.get_by_text("The address was refused").count() > 0

    until(told, SECONDS)
    recruiter.look("invitation-refused")
    recruiter.fill(email="femi@mail.example")
    recruiter.press("Change the address and invite")
    recruiter.sees("The address is changed")
    recruiter.look("invitation-readdressed")


def link_for(letters: Letters, to: str) -> str:
    """The newest link that a candidate got by mail."""

    def found() -> list[str]:
        texts = [mail.get_content() for mail in letters.mails if mail["To"] == to]
        return re.findall(r"http://\S+/invite/[\w-]+", "\n".join(texts))

    until(found, SECONDS)
    return found()[-1]


def agree(candidate: Visitor, link: str) -> None:
    candidate.page.goto(link)
    candidate.page.get_by_role("checkbox", name="I have read what is recorded").check()
    candidate.press("Agree and go on")
    candidate.heading("Your return code")


def needs_time(letters: Letters, recruiter: Visitor, sun: Visitor) -> Visitor:
    """Asked in private, answered by the recruiter, and 75 minutes on the clock."""
    agree(sun, link_for(letters, "sun.yi@mail.example"))
    sun.press("Check this device")
    sun.sees("The check is done.")
    sun.look("device")
    sun.go("/candidate/conditions", "conditions")
    sun.page.get_by_role("radio", name="25 % more").check()
    sun.fill(words="I use a screen reader.")
    sun.press("Send my wish")
    sun.sees("A recruiter answers soon")
    sun.look("candidate-waits")
    recruiter.go("/hiring/requests", "wishes")
    recruiter.press("Sun Yi")
    recruiter.look("wish")
    recruiter.fill(words="Gladly. Good luck!")
    recruiter.press("Send the answer")
    recruiter.sees("Given: 25 % more time.")
    sun.page.reload()
    sun.sees("60 minutes, and 15 more for you")
    sun.look("candidate-answered")
    sun.press("Start the assessment now")
    begin(sun)
    expect(sun.page.get_by_role("timer")).to_contain_text(re.compile(r"7[45]"))
    return sun


def drops_off(site: Site, letters: Letters, ida: Visitor) -> None:
    """Sixty seconds without a line: answers wait, arrive, and the time is given back."""
    agree(ida, link_for(letters, "ida@mail.example"))
    ida.page.goto("/candidate/")
    ida.press("Start the assessment now")
    begin(ida)
    attempt_id = int(ida.page.url.rsplit("/", 1)[-1].split("#")[0])
    beaten(site, attempt_id)
    ida.context.set_offline(True)
    answer(ida.page.locator("section.ask-one:visible").first)
    expect(ida.page.locator("[data-status] [data-state=off]")).to_be_visible()
    travel(site, attempt_id, 60)
    ida.context.set_offline(False)
    ida.page.evaluate("dispatchEvent(new Event('online'))")
    settle(ida)
    given = select(AttemptGrant.seconds).where(
        AttemptGrant.attempt_id == attempt_id, AttemptGrant.kind == "drop"
    )
    until(lambda: site.read(lambda db: db.scalars(given).all()), SECONDS)
    assert 45 <= site.read(lambda db: db.scalars(given).one()) <= 60
    ida.look("after-the-drop")
    assert site.read(lambda db: db.scalar(select(Attempt.state).where(Attempt.id == attempt_id)))


def has_rights(sun: Visitor) -> None:
    """Their data to read, and out of here for good."""
    sun.go("/candidate/data", "own-data")
    sun.page.goto("/candidate/erase")
    sun.look("erase")
    sun.press("Erase everything about me")
    sun.heading("You are being erased")
    sun.look("erased")

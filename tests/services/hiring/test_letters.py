"""A letter is worded by a person, goes out once, and what became of it is said as it is."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from config import Settings
from domain.hiring.posting import Standing
from models.accounts import Person
from models.journal import JournalEntry, OutboxEntry
from models.selection import Letter
from services.errors import Conflict, NotFound
from services.hiring import deciding, letters, naming, posting
from services.hiring.letters import LetterPage
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.gateways.mail_server import Letters, mail_server
from tests.services.hiring import opening

LATER = NOW + timedelta(hours=3)
MAIL = "sun.yi@mail.example"


@pytest.fixture
def sat(any_app: Flask, cast: Cast) -> int:
    """An application of somebody who answered; Omar reviews the position."""
    position_id = opening.open_position(any_app, cast, reviewer_ids=(cast.omar,))
    invited = opening.invite(any_app, cast, position_id, email=MAIL)
    return opening.sit(any_app, invited, keyed=21)


@pytest.fixture
def server() -> Iterator[tuple[str, Letters]]:
    with mail_server() as found:
        yield found


def decide(app: Flask, cast: Cast, about: int, outcome: str) -> None:
    with app.app_context(), writing() as session:
        deciding.decide(session, cast.actor("lei"), about, outcome, "fit", outcome, LATER)


def page_of(app: Flask, cast: Cast, about: int, who: str = "lei") -> LetterPage:
    with app.app_context(), reading() as session:
        return letters.letter_page(session, cast.actor(who), about, LATER)


def send(app: Flask, cast: Cast, about: int, page: LetterPage, body: str) -> None:
    with app.app_context(), writing() as session:
        letters.send(session, cast.actor("lei"), about, page.decision_id, page.subject, body, LATER)


def again(app: Flask, cast: Cast, about: int) -> None:
    with app.app_context(), writing() as session:
        letters.send_again(session, cast.actor("lei"), about, LATER)


def asked_for(app: Flask) -> list[int]:
    """What waits in the outbox."""
    with app.app_context(), reading() as session:
        entries = session.scalars(
            select(OutboxEntry.data).where(OutboxEntry.task == "mail.letter")
        ).all()
    return [int(data["letter_id"]) for data in entries]


def settings_of(app: Flask, tmp_path: Path, address: str = "") -> Settings:
    """A folder for mail, or a server."""
    given = {"INSTANCE": str(tmp_path), "MAIL_FROM": "Threshold <hiring@beilun.example>"}
    if address:
        given["SMTP_URL"] = f"smtp://{address}"
    return Settings.from_environment({f"THRESHOLD_{key}": word for key, word in given.items()})


def post(app: Flask, about: int, settings: Settings) -> bool:
    """As the job does."""
    with app.app_context():
        return posting.post(about, settings, lambda: LATER)


def events(app: Flask) -> list[str]:
    with app.app_context(), reading() as session:
        found = session.scalars(
            select(JournalEntry.event)
            .where(JournalEntry.event.startswith("letter."))
            .order_by(JournalEntry.id)
        )
        return [event.removeprefix("letter.") for event in found]


def test_a_letter_is_worded_by_a_person_and_sent_once(
    any_app: Flask, cast: Cast, sat: int, server: tuple[str, Letters], tmp_path: Path
) -> None:
    app = any_app
    with pytest.raises(NotFound):
        page_of(app, cast, sat)
    decide(app, cast, sat, "reject")
    page = page_of(app, cast, sat)
    with pytest.raises(NotFound):  # a reviewer, who knows no name, writes no letter
        page_of(app, cast, sat, "omar")
    assert "Sun Yi" in page.body
    assert "Sales, Europe" in page.subject
    assert page.standing is None
    for body in (page.body + "\nTry again in spring.", "Another text"):
        send(app, cast, sat, page, body)
    (about,) = asked_for(app)
    assert page_of(app, cast, sat).standing is Standing.WAITING
    settings = settings_of(app, tmp_path, server[0])
    assert post(app, about, settings)
    assert not post(app, about, settings)
    (mail,) = server[1].mails
    assert (mail["To"], "Try again in spring." in mail.get_content()) == (MAIL, True)
    assert page_of(app, cast, sat).standing is Standing.SENT
    again(app, cast, sat)  # what was sent is not sent again
    assert asked_for(app) == [about]
    assert events(app) == ["asked", "handed_over", "sent"]
    decide(app, cast, sat, "advance")
    with pytest.raises(Conflict):
        send(app, cast, sat, page, "Old")
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count(Letter.id))) == 1


def test_a_job_that_dies_with_a_letter_in_its_hands_sends_no_second_one(
    any_app: Flask, cast: Cast, sat: int, server: tuple[str, Letters], tmp_path: Path
) -> None:
    """Whether the first went out nobody knows: a person decides, and both have one number."""
    app, settings = any_app, settings_of(any_app, tmp_path, server[0])
    decide(app, cast, sat, "reject")
    send(app, cast, sat, page_of(app, cast, sat), "Not this time.")
    (about,) = asked_for(app)
    with app.app_context(), writing() as session:
        lost = posting.hand_over(session, about, LATER)  # and here the power goes
    assert lost is not None
    assert not post(app, about, settings)
    assert server[1].mails == []
    assert page_of(app, cast, sat).standing is Standing.UNKNOWN
    assert not post(app, about, settings), "nor when the queue brings it once more"
    again(app, cast, sat)
    again(app, cast, sat)  # pressed twice: it is on its way already
    assert asked_for(app) == [about, about]
    assert post(app, about, settings)
    (mail,) = server[1].mails
    assert mail["Message-ID"] == f"<{lost.key}@beilun.example>"
    assert page_of(app, cast, sat).standing is Standing.SENT


def test_the_folder_holds_a_letter_once_however_often_it_is_written(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    position_id = opening.open_position(app, cast)
    sat = opening.sit(app, opening.invite(app, cast, position_id, email=MAIL), keyed=21)
    decide(app, cast, sat, "reject")
    send(app, cast, sat, page_of(app, cast, sat), "Not this time.")
    (about,) = asked_for(app)
    settings = settings_of(app, tmp_path)
    with app.app_context(), writing() as session:
        lost = posting.hand_over(session, about, LATER)
    assert lost is not None
    posting.deliver(settings, lost)  # it went out, and then the process died
    assert not post(app, about, settings)
    again(app, cast, sat)
    assert post(app, about, settings)
    assert len(list((tmp_path / "outbox").iterdir())) == 1


def test_a_refused_address_is_told_and_a_server_that_is_away_is_waited_for(
    any_app: Flask, cast: Cast, sat: int, server: tuple[str, Letters], tmp_path: Path
) -> None:
    app = any_app
    decide(app, cast, sat, "reject")
    send(app, cast, sat, page_of(app, cast, sat), "Not this time.")
    (about,) = asked_for(app)
    with pytest.raises(OSError):  # noqa: PT011  # whatever the system says to a closed port
        post(app, about, settings_of(app, tmp_path, "127.0.0.1:1"))
    assert page_of(app, cast, sat).standing is Standing.WAITING
    server[1].refused[MAIL] = 550
    assert not post(app, about, settings_of(app, tmp_path, server[0]))
    assert page_of(app, cast, sat).standing is Standing.REFUSED
    assert events(app) == ["asked", "handed_over", "failed", "handed_over", "refused"]


def test_who_may_not_see_a_name_sees_none_whatever_they_ask_for(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    """A reviewer gets the 404 of a stranger; an owner without names is asked, also by a form."""
    position_id = opening.open_position(app, cast, reviewer_ids=(cast.omar,))
    sat = opening.sit(app, opening.invite(app, cast, position_id, email=MAIL), keyed=2)
    decide(app, cast, sat, "hired")
    with app.app_context(), writing() as session:
        naming.switch(session, cast.actor("lei"), position_id, True, NOW)
    reviewer, owner = caller("omar"), caller("lei")
    for page in ("letter", "hire"):
        url = f"/hiring/candidates/{sat}/{page}"
        for answer in (reviewer.get(f"{url}?name=show"), reviewer.post(f"{url}?name=show", {})):
            assert answer.status_code == 404
            assert "Sun Yi" not in answer.text
        refused = owner.post(url, {"subject": "", "body": "", "email": "not an address"})
        assert "Sun Yi" not in refused.text
        assert MAIL not in refused.text
    assert shown(app) == 0
    owner.get(f"/hiring/candidates/{sat}/letter?name=show")
    assert shown(app) == 1, "whoever asks for the name leaves a line"
    owner.post(f"/hiring/positions/{position_id}/names", {"names": "show"})
    assert "Sun Yi" in owner.get(f"/hiring/candidates/{sat}/letter").text


def test_page_and_letter_each_speak_the_language_of_their_reader(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    """An English manager writes to a Chinese candidate; then the other way round."""
    position_id = opening.open_position(app, cast)
    for name, lang, reads, page_says, letter_says in (
        ("Sun Yi", "zh_Hans", "en", "Send the letter", "Sun Yi，您好"),
        ("Ida Brandt", "en", "zh_Hans", "发送信件", "Hello Ida Brandt"),
    ):
        invited = opening.invite(app, cast, position_id, name, lang=lang)
        sat = opening.sit(app, invited, keyed=2)
        decide(app, cast, sat, "reject")
        with app.app_context(), writing() as session:
            session.execute(update(Person).where(Person.id == cast.lei).values(locale=reads))
        page = caller("lei").get(f"/hiring/candidates/{sat}/letter").text
        assert page_says in page
        assert letter_says in page


def shown(app: Flask) -> int:
    with app.app_context(), reading() as session:
        lines = select(func.count(JournalEntry.id)).where(JournalEntry.event == "name.shown")
        return session.scalar(lines) or 0

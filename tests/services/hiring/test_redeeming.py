"""One link, many hands at once: one consent, one start, one attempt."""

import threading

from flask import Flask
from sqlalchemy import func, select

from models.assessment import Attempt, AttemptOpening
from models.hiring import Application
from models.journal import JournalEntry
from services.errors import Conflict, Unavailable
from services.hiring import entering
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

HANDS = 50


def test_fifty_redemptions_of_one_link_make_one_attempt(any_app: Flask, cast: Cast) -> None:
    """Each hand has a browser of its own: it reads, agrees by its own form, and begins."""
    invited = opening.invite(any_app, cast, opening.open_position(any_app, cast))
    token, gate = opening.token_of(invited), threading.Barrier(HANDS)
    agreed: list[entering.Consented] = []
    began: list[int] = []
    late: list[str] = []
    broken: list[BaseException] = []

    def redeem() -> None:
        gate.wait()
        try:
            with any_app.app_context(), writing() as session:
                offer = entering.offer(session, token, NOW)
                done = entering.consent(session, token, offer.consent_version, offer.once, NOW)
            agreed.append(done)
            began.append(opening.begin(any_app, done))
        except Conflict as error:
            late.append(error.message)
        except (Unavailable, Exception) as error:  # whatever went wrong must reach the test
            broken.append(error)

    hands = [threading.Thread(target=redeem) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert not broken
    assert len(agreed) == len(began) == 1
    assert late == ["consented"] * (HANDS - 1)
    with any_app.app_context(), reading() as session:
        for what, wanted in (
            (select(func.count(Application.id)), 1),
            (select(func.count(Attempt.id)), 1),
            (select(func.count(AttemptOpening.lease)), 0),
            (select(func.count()).where(JournalEntry.event == "consent.given"), 1),
            (select(func.count()).where(JournalEntry.event == "attempt.started"), 1),
        ):
            assert session.scalar(what) == wanted

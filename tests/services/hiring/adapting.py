"""Candidates in an adaptive assessment, brought as far as a test needs them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask

from domain.assessment.items import Item
from models.assessment import Attempt
from services.assessment import adaptive
from services.assessment.delivery import Outcome, SaveCommand, Saved
from services.hiring import entering
from services.hiring.invitations import Invited
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.assessment.grown import grow
from tests.services.assessment.sitting import Sitting, right_payload
from tests.services.hiring import opening

Knows = Callable[[int, Item], bool]
MINUTES = 90


def every_third_wrong(position: int, item: Item) -> bool:
    return position % 3 != 0


def position(app: Flask, cast: Cast, **bank: Any) -> int:
    """An adaptive position, with a bank that is large enough for it; bank: see `grow`."""
    with app.app_context(), writing() as session:
        grow(session, **bank)
    return opening.open_position(app, cast, plan="adaptive", minutes=MINUTES)


def begin(app: Flask, done: entering.Consented) -> Sitting:
    sitting = Sitting(app, opening.candidate(done), opening.begin(app, done))
    sitting.open()
    return sitting


def sit_down(app: Flask, invited: Invited) -> Sitting:
    """Consent, start the clock and open the questions on a device."""
    return begin(app, opening.consent(app, invited))


def answer(
    sitting: Sitting,
    payload: Mapping[str, object],
    position: int | None = None,
    lease: int | None = None,
) -> Saved:
    """What the page's button does."""
    here = position or len(sitting.asked())
    command = SaveCommand(here, lease or sitting.lease, None, payload, 0)
    with sitting.app.app_context(), writing() as session:
        return adaptive.save_and_go_on(
            session, sitting.actor, sitting.attempt_id, command, sitting.now
        )


def step(sitting: Sitting, knows: Knows = every_third_wrong) -> None:
    question = sitting.asked()[-1]
    known = knows(question.position, question.item)
    sitting.wait(20)
    assert answer(sitting, right_payload(question.item) if known else {}).outcome is Outcome.SAVED


def finish(sitting: Sitting, knows: Knows = every_third_wrong) -> list[int]:
    """Answer until it ends; the revisions that were asked."""
    while state(sitting) == "running":
        step(sitting, knows)
    return [question.revision_id for question in sitting.asked()]


def state(sitting: Sitting) -> str:
    with sitting.app.app_context(), reading() as session:
        return session.get_one(Attempt, sitting.attempt_id).state

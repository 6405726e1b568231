"""A second object named in an address or a form: a stranger's is exactly a missing one.

test_scopes.py asks for the first object of a route. Here that one is the caller's own, and what
they name beside it belongs elsewhere: a view of another position, an answer of another candidate.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from werkzeug.routing import IntegerConverter

from domain.hiring.pipeline import Filters
from models.authoring import LineComment
from models.hiring import Decision
from models.integration import WebhookDelivery
from models.library import Document, Revision
from models.selection import SavedView
from services.hiring import bulk, deciding, views
from services.session import reading, writing
from tests.blueprints.test_routes import MISSING, UNSAFE
from tests.blueprints.test_scopes import CHANGING, Objects, placement
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.authoring import lessons
from tests.services.hiring import opening
from tests.services.integration import listening
from tests.services.learning import assigning

DAY = (datetime.now(UTC) + timedelta(days=9)).date()
# The second number is a place within the first object and leads nowhere else.
PLACES = {
    "assessment.contest", "assessment.send_contest", "hiring.reveal",
}  # fmt: skip


@dataclass(frozen=True)
class Second:
    """Who sends what; `{id}` stands for the second object. foreign: the stranger's."""

    who: str
    method: str
    url: str
    foreign: int
    form: tuple[tuple[str, str], ...] = ()


def two_positions(cast: Cast) -> Objects:
    own = opening.open_position(cast.app, cast)
    other = opening.open_position(cast.app, cast, title="Operations", owner_id=cast.omar)
    return Objects("lei", own, other)


def two_applications(cast: Cast, sat: bool = False) -> tuple[Objects, Objects]:
    places = two_positions(cast)
    made = [
        opening.invite(cast.app, cast, position or 0, name)
        for position, name in ((places.own, "Sun Yi"), (places.other, "Ida Brandt"))
    ]
    ids = [one.application_id for one in made]
    if sat:
        ids = [opening.sit(cast.app, one, keyed=1) for one in made]
    return places, Objects("lei", ids[0], ids[1])


def a_view(cast: Cast) -> Second:
    """Another's view of another position; and one's colleague's, who shares the position."""
    places = two_positions(cast)
    with cast.app.app_context(), writing() as session:
        views.save(session, cast.actor("omar"), places.other or 0, "Mine", Filters(), False, NOW)
        foreign = session.scalars(select(SavedView.id)).one()
    return Second("lei", "POST", f"/hiring/positions/{places.own}/views/{{id}}/forget", foreign)


def a_colleagues_view(cast: Cast) -> Second:
    own = opening.open_position(cast.app, cast)
    with cast.app.app_context(), writing() as session:
        views.save(session, cast.actor("min"), own, "Mine", Filters(), True, NOW)
        foreign = session.scalars(select(SavedView.id)).one()
    return Second("lei", "POST", f"/hiring/positions/{own}/views/{{id}}/forget", foreign)


def a_bulk_action(cast: Cast) -> Second:
    places, people = two_applications(cast)
    order = bulk.Order("hold", (people.other or 0,), Filters())
    details = bulk.Details("x" * 32, "other", "Later.")
    with cast.app.app_context(), writing() as session:
        done = bulk.act(session, cast.actor("omar"), places.other or 0, order, details, "en", NOW)
    return Second("lei", "POST", f"/hiring/positions/{places.own}/bulk/{{id}}/undo", done.action_id)


def a_ticked_candidate(cast: Cast) -> Second:
    places, people = two_applications(cast)
    form = (("action", "hold"), ("a", "{id}"), ("once", "x" * 32), ("reason_code", "other"),
            ("reason", "Later."))  # fmt: skip
    url = f"/hiring/positions/{places.own}/bulk"
    return Second("lei", "POST", url, people.other or 0, form)


def a_planned_candidate(cast: Cast) -> Second:
    places, people = two_applications(cast)
    url = f"/hiring/positions/{places.own}/bulk?action=hold&a={people.own}&a={{id}}"
    return Second("lei", "GET", url, people.other or 0)


def a_compared_candidate(cast: Cast) -> Second:
    places, people = two_applications(cast, sat=True)
    url = f"/hiring/positions/{places.own}/compare?a={people.own}&a={{id}}"
    return Second("lei", "GET", url, people.other or 0)


def a_cursor(cast: Cast) -> Second:
    places, people = two_applications(cast)
    url = f"/hiring/positions/{places.own}?after={{id}}"
    return Second("lei", "GET", url, people.other or 0)


def a_late_answer(cast: Cast) -> Second:
    """An answer that is there and belongs to another candidate, sent for one's own."""
    _, people = two_applications(cast, sat=True)
    form = (("answer", "{id}"), ("verdict", "accept"), ("reason", "The line was down."))
    return Second("min", "POST", f"/hiring/candidates/{people.own}/late", 1, form)


def a_letters_decision(cast: Cast) -> Second:
    _, people = two_applications(cast)
    for about in (people.own, people.other or 0):
        with cast.app.app_context(), writing() as session:
            deciding.decide(session, cast.actor("min"), about, "reject", "fit", "No.", NOW)
    with cast.app.app_context(), reading() as session:
        foreign = session.scalars(
            select(Decision.id).where(Decision.application_id == people.other)
        ).one()
    form = (("decision", "{id}"), ("subject", "Your application"), ("body", "Hello."))
    return Second("lei", "POST", f"/hiring/candidates/{people.own}/letter", foreign, form)


def an_attempt_of_the_evidence(cast: Cast) -> Second:
    placement(cast, "lin", True)
    return Second("lin", "GET", "/profile/evidence/C1?attempt={id}", placement(cast, "eve", True))


def an_assignment(cast: Cast) -> Second:
    foreign = assigning.assign(cast, DAY, "eve")
    return Second("tao", "POST", f"/learn/people/{cast.lin}/assignments/{{id}}/withdraw", foreign)


def a_delivery(cast: Cast) -> Second:
    listening.hook_with_delivery(cast)
    own = listening.hook(cast, "https://other.example/in")
    with cast.app.app_context(), reading() as session:
        foreign = session.scalars(select(WebhookDelivery.id)).one()
    url = f"/integration/webhooks/{own}/deliveries/{{id}}/replay"
    return Second("min", "POST", url, foreign)


def _of_another_lesson(cast: Cast) -> tuple[int, int]:
    with cast.app.app_context(), reading() as session:
        row = session.execute(
            select(Revision.id, Revision.document_id)
            .join(Document, Document.id == Revision.document_id)
            .where(Document.kind == "item", Document.lang == "en")
            .order_by(Revision.id)
            .limit(1)
        ).one()
    return row.id, row.document_id


def a_revision(cast: Cast) -> Second:
    """The number of a revision of something else altogether: a question of the secure form."""
    return Second("tao", "GET", f"{lessons.URL}?revision={{id}}", _of_another_lesson(cast)[0])


def a_compared_revision(cast: Cast) -> Second:
    url = f"{lessons.URL}/history?old={{id}}&new={{id}}"
    return Second("tao", "GET", url, _of_another_lesson(cast)[0])


def a_restored_revision(cast: Cast) -> Second:
    form = (("revision", "{id}"), ("base", "1"), ("reason", "Better."))
    return Second("tao", "POST", f"{lessons.URL}/restore", _of_another_lesson(cast)[0], form)


def a_remark(cast: Cast) -> Second:
    _, document_id = _of_another_lesson(cast)
    with cast.app.app_context(), writing() as session:
        foreign = session.execute(
            insert(LineComment)
            .values(document_id=document_id, line=1, digest="0" * 64, made_by=cast.mara,
                    made_at=NOW)
            .returning(LineComment.id)
        ).scalar_one()  # fmt: skip
    form = (("remark", "{id}"),)
    return Second("tao", "POST", f"{lessons.URL}/remarks/resolve", foreign, form)


def somebody_who_is_no_learner(cast: Cast) -> Second:
    """Extra time is given to learners; a candidate and a colleague are nobody to a trainer."""
    form = (("person_id", "{id}"), ("percent", "25"), ("minutes", "0"), ("reason", "Doctor."))
    invited = opening.invite(cast.app, cast, opening.open_position(cast.app, cast))
    with cast.app.app_context():
        foreign = opening.person_of(invited)
    return Second("tao", "POST", "/assess/accommodations", foreign, form)


CASES: tuple[Callable[[Cast], Second], ...] = (
    a_view, a_colleagues_view, a_bulk_action, a_ticked_candidate, a_planned_candidate,
    a_compared_candidate, a_cursor, a_late_answer, a_letters_decision,
    an_attempt_of_the_evidence, an_assignment, a_delivery, a_revision, a_compared_revision,
    a_restored_revision, a_remark, somebody_who_is_no_learner,
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_strangers_second_object_is_a_missing_one(
    case: Callable[[Cast], Second], app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    second = case(cast)
    missing = send(caller(second.who), second, MISSING)
    foreign = send(caller(second.who), second, second.foreign)
    assert foreign == missing
    assert foreign[0] < 500


def send(caller: Caller, second: Second, number: int) -> tuple[int, bytes, bytes]:
    """Status, body and what the next page says of it, without what differs anyway."""
    url = second.url.replace("{id}", str(number))
    form = {name: word.replace("{id}", str(number)) for name, word in second.form}
    answer = caller.post(url, form) if second.method in UNSAFE else caller.get(url)
    after = b""
    if answer.status_code in (302, 303):
        after = caller.get(answer.headers["Location"]).data
    own_number = re.compile(rf"([?&;]\w+=|/){number}(?![0-9a-f])".encode())
    body, after = (CHANGING.sub(b"", own_number.sub(rb"\1#", one)) for one in (answer.data, after))
    return answer.status_code, body, after


def test_every_address_with_two_numbers_is_asked_for(app: Flask) -> None:
    two = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if sum(isinstance(one, IntegerConverter) for one in rule._converters.values()) > 1
    }
    asked = {
        "hiring.forget_view", "hiring.undo_bulk", "learning.withdraw", "integration.replay",
    }  # fmt: skip
    assert two == asked | PLACES

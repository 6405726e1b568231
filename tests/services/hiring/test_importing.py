"""Many invitations from a table: looked at first, all or none, sent twice is once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from jobs import inviting
from models.accounts import FreeText, Person
from models.hiring import InvitationImport, Position
from models.journal import OutboxEntry
from services.accounts.keeping import Leaving
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.hiring import importing, keeping
from services.hiring.importing import ImportPage
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

LAST = (NOW + timedelta(days=14)).date()


def table(rows: Sequence[str], head: str = "name,email,language,expires") -> bytes:
    return "\n".join((head, *rows)).encode()


def read(app: Flask, cast: Cast, position_id: int, content: bytes, who: str = "min") -> int:
    with app.app_context(), writing() as session:
        return importing.read(session, cast.actor(who), position_id, content, "en", LAST, NOW)


def page(app: Flask, cast: Cast, import_id: int) -> ImportPage:
    with app.app_context(), reading() as session:
        return importing.page(session, cast.actor("min"), import_id)


def confirm(app: Flask, cast: Cast, import_id: int) -> None:
    with app.app_context(), writing() as session:
        importing.confirm(session, cast.actor("min"), import_id, NOW)


def mails(app: Flask) -> int:
    with app.app_context(), reading() as session:
        asked = select(func.count()).where(OutboxEntry.task == "mail.invitation")
        return session.scalar(asked) or 0


def kept_rows(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).where(FreeText.about_kind == "import")) or 0


def test_every_fault_has_its_row_and_field_and_nobody_is_invited(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    opening.invite(app, cast, position_id)
    far = (NOW + timedelta(days=400)).date()
    found = page(app, cast, read(app, cast, position_id, table([
        "An,an@mail.example,zh,", "Bo,AN@mail.example,,", ",no mail,xx,2026-02-30",
        "=cmd(),c@mail.example,,", "Sun,sun.yi@mail.example,,", f"Dee,d@mail.example,,{far}",
    ])))  # fmt: skip
    assert [row.number for row in found.sound] == [2]
    assert found.sound[0].lang == "zh_Hans"
    assert [(row.number, row.same_as) for row in found.merged] == [(3, 2)]
    assert {row.number: row.faults for row in found.faulty} == {
        4: {"name": "empty", "email": "wrong", "language": "unknown", "expires": "no date"},
        5: {"name": "formula"},
        6: {"email": "taken"},
        7: {"expires": "wrong"},
    }
    assert opening.counts(app, position_id)[0] == 1


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"", {"file": "empty"}),
        (b"name,email\n", {"file": "empty"}),
        (b"Name,Phone\nAn,1\n", {"file": "headers", "unknown": "phone", "missing": "email"}),
        (table(["a,a@b.example"] * 5001, "name,email"), {"file": "rows"}),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(
    app: Flask, cast: Cast, content: bytes, fields: dict[str, str]
) -> None:
    position_id = opening.open_position(app, cast)
    with pytest.raises(Invalid) as refused:
        read(app, cast, position_id, content)
    assert refused.value.fields == fields
    assert kept_rows(app) == 0


def test_a_table_said_yes_to_twice_invites_once(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(any_app, cast)
    content = table(["An,an@mail.example,,", "Bo,bo@mail.example,zh,"])
    import_id = read(any_app, cast, position_id, content)
    confirm(any_app, cast, import_id)
    confirm(any_app, cast, import_id)
    assert opening.counts(any_app, position_id) == (2, 2, 84)
    assert mails(any_app) == 2
    done = page(any_app, cast, import_id)
    assert (done.state, done.done, done.rows) == ("done", 2, ())
    assert kept_rows(any_app) == 0  # names stand in no table any more but in `person`
    again = page(any_app, cast, read(any_app, cast, position_id, content))
    assert not again.sound


def test_one_row_that_fails_leaves_nobody_invited(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The position is closed between reading and saying yes."""
    position_id = opening.open_position(app, cast)
    import_id = read(app, cast, position_id, table(["An,an@mail.example,,"]))
    with app.app_context(), writing() as session:
        session.execute(update(Position).values(state="closed"))
    with pytest.raises(Conflict):
        confirm(app, cast, import_id)
    assert opening.counts(app, position_id) == (0, 0, 0)
    assert page(app, cast, import_id).state == "read"


def test_a_long_table_is_work_that_goes_on_where_it_was_left(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 3)
    monkeypatch.setattr(importing, "PIECE", 2)
    position_id = opening.open_position(app, cast)
    rows = [f"C{n},c{n}@mail.example,," for n in range(5)]
    import_id = read(app, cast, position_id, table(rows))
    confirm(app, cast, import_id)
    assert opening.counts(app, position_id)[0] == 0
    with app.app_context(), writing() as session:
        assert importing.invite_some(session, import_id, NOW)
    assert page(app, cast, import_id).done == 2
    with app.app_context():
        inviting.invite_rows({"import_id": import_id})
        inviting.invite_rows({"import_id": import_id})  # a doubled message does nothing
    assert opening.counts(app, position_id)[0] == 5
    assert page(app, cast, import_id).state == "done"
    assert mails(app) == 5


def test_a_table_that_nobody_used_is_gone_after_a_day(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    import_id = read(app, cast, position_id, table(["An,an@mail.example,,"]))
    with app.app_context():
        inviting.sweep(NOW + timedelta(hours=23))
        assert kept_rows(app) == 1
        inviting.sweep(NOW + timedelta(hours=25))
    assert kept_rows(app) == 0
    with pytest.raises(Conflict):
        confirm(app, cast, import_id)


def test_only_recruiters_bring_tables(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    content = table(["An,an@mail.example,,"])
    with pytest.raises(Forbidden):
        read(app, cast, position_id, content, "lei")
    with pytest.raises(NotFound):
        page(app, cast, 99)
    with app.app_context(), reading() as session:
        assert not session.scalars(select(InvitationImport.id)).all()


def leaving(name: str, email: str) -> Leaving:
    return Leaving(0, "candidate", "a" * 32, "b" * 32, (name, email))


def test_whoever_is_erased_is_taken_out_of_a_table_that_waits(app: Flask, cast: Cast) -> None:
    """By name or by address, in whatever case; what is merged with their row goes as well."""
    position_id = opening.open_position(app, cast)
    import_id = read(app, cast, position_id, table([
        "An Li,an@mail.example,zh,", "Bo,bo@mail.example,,", "AN LI,other@mail.example,,",
        "A. L.,AN@mail.example,,",
    ]))  # fmt: skip
    with app.app_context(), writing() as session:
        keeping.erase(session, leaving("An Li", "an@mail.example"))
        body = session.scalars(select(FreeText.body).where(FreeText.about_kind == "import")).one()
    assert "an@" not in body.casefold()
    assert "an li" not in body.casefold()
    found = page(app, cast, import_id)
    assert [row.name for row in found.rows] == ["Bo"]
    assert found.total == 1
    confirm(app, cast, import_id)
    assert mails(app) == 1


def test_a_job_goes_on_where_it_was_when_somebody_it_invited_is_erased(
    app: Flask, cast: Cast
) -> None:
    position_id = opening.open_position(app, cast)
    rows = [f"Name {n:03},n{n}@mail.example,," for n in range(importing.AT_ONCE + 5)]
    import_id = read(app, cast, position_id, table(rows))
    confirm(app, cast, import_id)
    with app.app_context(), writing() as session:
        assert importing.invite_some(session, import_id, NOW)
    with app.app_context(), writing() as session:
        keeping.erase(session, leaving("Name 003", "n3@mail.example"))
        keeping.erase(session, leaving("Name 200", "n200@mail.example"))
    found = page(app, cast, import_id)
    assert (found.done, found.total) == (importing.PIECE - 1, importing.AT_ONCE + 3)
    with app.app_context(), writing() as session:
        assert importing.invite_some(session, import_id, NOW)
        addresses = session.scalars(select(Person.email).where(Person.kind == "candidate")).all()
    assert sorted(filter(None, addresses)) == sorted(
        f"n{n}@mail.example" for n in range(2 * importing.PIECE)
    )


def test_the_rows_of_a_job_that_gave_up_go_after_two_days(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    rows = [f"Name {n:03},n{n}@mail.example,," for n in range(importing.AT_ONCE + 1)]
    confirm(app, cast, read(app, cast, position_id, table(rows)))
    with app.app_context():
        inviting.sweep(NOW + timedelta(hours=47))
        assert kept_rows(app) == 1
        inviting.sweep(NOW + timedelta(hours=49))
    assert kept_rows(app) == 0

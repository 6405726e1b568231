"""An invitation makes one person, one application, one attempt, however often it is sent."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from models.hiring import Position
from models.journal import JournalEntry, OutboxEntry
from services.accounts import tokens
from services.actor import Actor
from services.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from services.hiring import entering, invitations, mails, positions, reports
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening


def test_one_invitation_is_one_application_and_one_attempt(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(any_app, cast)
    opening.invite(any_app, cast, position_id)
    assert opening.counts(any_app, position_id) == (1, 1, 42)


def test_a_form_sent_many_times_at_once_invites_once(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(any_app, cast)
    draft, recruiter = opening.invitation_draft(), cast.actor("min")
    links: list[str] = []
    failures: list[Exception] = []

    def send() -> None:
        try:
            with any_app.app_context(), writing() as session:
                sent = invitations.invite(session, recruiter, position_id, draft, NOW, opening.BASE)
            links.append(sent.link)
        except Exception as error:  # a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(set(links)) == 4  # every answer shows a link that works
    assert opening.counts(any_app, position_id) == (1, 1, 42)


def test_an_address_is_invited_to_a_position_once(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    first = opening.invite(app, cast, position_id)
    with pytest.raises(Conflict) as refused:
        opening.invite(app, cast, position_id, email="Sun.Yi@mail.example")
    assert refused.value.current == first.application_id
    other = opening.open_position(app, cast, title="Operations")
    opening.invite(app, cast, other)  # another position is another matter


def test_nonsense_names_every_field(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    with pytest.raises(Invalid) as refused:
        opening.invite(
            app, cast, position_id, name=" \n", email="no mail", lang="tlh",
            expires_at=NOW - timedelta(days=1),
        )  # fmt: skip
    assert set(refused.value.fields) == {"name", "email", "lang", "expires"}
    with pytest.raises(Invalid) as refused:
        opening.invite(app, cast, position_id, email="", by_mail=True)
    assert set(refused.value.fields) == {"email"}
    assert opening.counts(app, position_id) == (0, 0, 0)


def test_a_closed_position_invites_nobody(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast, state="closed")
    with pytest.raises(Conflict):
        opening.invite(app, cast, position_id)


def test_only_recruiters_invite(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    with app.app_context(), writing() as session, pytest.raises(Forbidden):
        invitations.invite(
            session, cast.actor("lei"), position_id, opening.invitation_draft(), NOW, opening.BASE
        )


@pytest.mark.parametrize(
    ("deed", "later", "why"),
    [
        ("", 13, None),
        ("", 15, "expired"),
        ("revoke", 1, "revoked"),
        ("extend", 15, None),
        ("new link", 1, "replaced"),
    ],
)
@pytest.mark.parametrize("progress", ["invited", "consented", "running", "ended"])
def test_what_ends_an_invitation_stops_a_start_and_nothing_else(
    app: Flask, cast: Cast, deed: str, later: int, why: str | None, progress: str
) -> None:
    position_id = opening.open_position(app, cast)
    invited = opening.invite(app, cast, position_id)
    if progress == "ended":
        opening.sit(app, invited)
    elif progress != "invited":
        done = opening.consent(app, invited)
        if progress == "running":
            opening.begin(app, done)
    who, about = cast.actor("min"), invited.application_id
    day = NOW + timedelta(days=30)
    with app.app_context(), writing() as session:
        if deed == "revoke":
            invitations.revoke(session, who, about, NOW)
        elif deed == "extend":
            invitations.extend(session, who, about, day, NOW)
        elif deed == "new link":
            invitations.new_link(session, who, about, day, False, NOW, opening.BASE)
    then = NOW + timedelta(days=later)
    with app.app_context(), reading() as session:
        if why and progress in ("invited", "consented"):
            with pytest.raises(Gone, match=why):
                entering.offer(session, opening.token_of(invited), then)
        else:
            offer = entering.offer(session, opening.token_of(invited), then)
            assert offer.consented == (progress != "invited")


def test_a_new_link_opens_a_revoked_invitation_again(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    invited = opening.invite(app, cast, position_id)
    who = cast.actor("min")
    with app.app_context(), writing() as session:
        invitations.revoke(session, who, invited.application_id, NOW)
        renewed = invitations.new_link(
            session, who, invited.application_id, NOW + timedelta(days=3), False, NOW, opening.BASE
        )
        assert entering.offer(session, opening.token_of(renewed), NOW).name == "Sun Yi"


def test_the_report_is_shown_until_the_time_of_keeping_is_over(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast, retention_days=10)
    invited = opening.invite(app, cast, position_id)
    opening.sit(app, invited)
    with app.app_context(), reading() as session:
        entering.offer(session, opening.token_of(invited), NOW + timedelta(days=9))
        with pytest.raises(Gone, match="kept"):
            entering.offer(session, opening.token_of(invited), NOW + timedelta(days=11))


def test_what_was_agreed_to_is_kept_whatever_the_position_says_later(
    any_app: Flask, cast: Cast
) -> None:
    position_id = opening.open_position(any_app, cast)
    agreed = opening.invite(any_app, cast, position_id)
    waiting = opening.invite(any_app, cast, position_id, "Qian Wei")
    opening.sit(any_app, agreed)
    draft = opening.position_draft(cast, retention_days=1000)
    with any_app.app_context():
        candidate = Actor(opening.person_of(agreed))
    with any_app.app_context(), writing() as session:
        positions.save(session, cast.actor("min"), position_id, 1, draft, NOW)
        own = reports.own_page(session, candidate, "en", NOW)
        seen = reports.candidate_page(session, cast.actor("lei"), agreed.application_id, "en", NOW)
        assert own.result is not None
        assert own.kept_until == seen.kept_until == own.result.ended_at + timedelta(days=180)
        assert own.offer.retention_days == 180
        assert entering.offer(session, opening.token_of(waiting), NOW).retention_days == 1000
        with pytest.raises(Gone, match="kept"):
            reports.own_page(session, candidate, "en", NOW + timedelta(days=181))


def test_the_questions_told_are_those_of_the_invitation(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    token = opening.token_of(opening.invite(app, cast, position_id))
    with app.app_context(), writing() as session:
        session.execute(update(Position).values(form_key="placement"))
        assert entering.offer(session, token, NOW).questions == 42


def test_forged_cut_and_foreign_links_are_nothing(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    token = opening.token_of(opening.invite(app, cast, position_id))
    with app.app_context(), writing() as session:
        foreign = tokens.issue(session, "reset", cast.lin, NOW)
        for raw in ("x" * 43, token[:-1], token + "A", foreign, ""):
            with pytest.raises(NotFound):
                entering.offer(session, raw, NOW)


def test_the_mail_is_asked_for_and_written_with_a_link_of_its_own(
    any_app: Flask, cast: Cast
) -> None:
    position_id = opening.open_position(any_app, cast)
    invited = opening.invite(any_app, cast, position_id, by_mail=True, lang="zh_Hans")
    with any_app.app_context(), writing() as session:
        work = session.execute(
            select(OutboxEntry.data).where(OutboxEntry.task == "mail.invitation")
        ).scalar_one()
        message = mails.compose_invitation(session, work["invitation_id"], NOW, opening.BASE)
        assert message is not None
        assert message.to == "sun.yi@mail.example"
        assert "Sales, Europe" in message.subject
        link = next(
            line for line in message.text.splitlines() if line.startswith(opening.BASE + "/i")
        )
        assert link != invited.link
        assert entering.offer(session, link.rsplit("/", 1)[1], NOW).name == "Sun Yi"
        invitations.revoke(session, cast.actor("min"), invited.application_id, NOW)
        assert mails.compose_invitation(session, work["invitation_id"], NOW, opening.BASE) is None


def test_the_journal_tells_everything_and_names_nobody(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    opening.sit(app, opening.invite(app, cast, position_id))
    with app.app_context(), reading() as session:
        rows = session.execute(select(JournalEntry.event, JournalEntry.data)).all()
    assert {
        "position.created", "invitation.created", "invitation.link_shown", "consent.given",
        "application.started",
    } <= {row.event for row in rows}  # fmt: skip
    assert "Sun" not in str([row.data for row in rows])


def test_a_save_over_somebody_elses_is_refused_with_what_stands(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    draft, who = opening.position_draft(cast, title="Sales, Asia"), cast.actor("min")
    with app.app_context(), writing() as session:
        positions.save(session, who, position_id, 1, draft, NOW)
    with app.app_context(), writing() as session, pytest.raises(Conflict) as refused:
        positions.save(session, who, position_id, 1, replace(draft, title="Mine"), NOW)
    standing = refused.value.current
    assert isinstance(standing, positions.Standing)
    assert (standing.position.title, standing.position.version) == ("Sales, Asia", 2)


def test_what_candidates_are_told_has_a_version(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    who = cast.actor("min")
    versions = []
    for version, changes in enumerate(
        ({"title": "Another"}, {"retention_days": 30}, {"reviewer_ids": (cast.omar,)}), start=1
    ):
        base = {"retention_days": 30} if version == 3 else {}
        draft = opening.position_draft(cast, **base, **changes)
        with app.app_context(), writing() as session:
            positions.save(session, who, position_id, version, draft, NOW)
            versions.append(positions.standing(session, who, position_id).position.consent_version)
    assert versions == [1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"profile": "own", "weights": {"C1": 99}}, "weights"),
        ({"profile": "own", "weights": {"C1": 120, "C2": -20}}, "weight_C1"),
        ({"profile": "chef"}, "profile"),
        ({"gates": {"C5": 6}}, "gate_C5"),
        ({"form_key": "placement"}, "form_key"),
        ({"minutes": 2}, "minutes"),
        ({"retention_days": 0}, "retention_days"),
        ({"state": "ajar"}, "state"),
        ({"reviewer_ids": (1_000_000,)}, "reviewer_ids"),
    ],
)
def test_nonsense_in_a_position_names_its_field(
    app: Flask, cast: Cast, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        opening.open_position(app, cast, **changes)
    assert field in refused.value.fields


def test_a_learner_owns_no_position(app: Flask, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        opening.open_position(app, cast, owner_id=cast.lin)
    assert "owner_id" in refused.value.fields


def test_a_standard_profile_brings_weights_and_gates(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast, gates={"A1": 0, "C1": 3})
    with app.app_context(), reading() as session:
        found = positions.standing(session, cast.actor("min"), position_id).position
    assert sum(found.weights.values()) == 100
    assert found.gates == {"C5": 2, "C1": 3}  # the framework's A1 was taken away, C1 was added

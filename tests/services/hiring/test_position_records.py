"""What a position keeps besides its form: cut, validation, own words in versions, the plan."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from domain.hiring.cut_scores import CutScore
from services.errors import Conflict, Invalid
from services.hiring import entering, mails, positions
from services.hiring.position_drafts import PositionDraft
from services.hiring.positions import Standing
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

CUT = CutScore(55, "angoff", NOW.date(), 6, "Six team leads")


def standing(app: Flask, cast: Cast, position_id: int) -> Standing:
    with app.app_context(), reading() as session:
        return positions.standing(session, cast.actor("min"), position_id)


def save(app: Flask, cast: Cast, position_id: int, draft: PositionDraft) -> None:
    version = standing(app, cast, position_id).position.version
    with app.app_context(), writing() as session:
        positions.save(session, cast.actor("min"), position_id, version, draft, NOW)


def test_cut_and_validation_are_kept_with_their_words(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(
        any_app, cast, profile="mixed", cut=CUT, analysis="Zhou Min, by interviews",
        analysed_on=NOW.date(), before=(7, 2), silence=(5,),
    )  # fmt: skip
    found = standing(any_app, cast, position_id)
    assert sum(found.position.weights.values()) == 100
    assert found.position.gates == {"C5": 2, "A1": 3}
    assert (found.position.cut, found.position.cut_method) == (55, "angoff")
    assert found.position.validated
    assert found.position.reminders == {"before": [7, 2], "silence": [5]}
    assert found.words[("cut", "")] == "Six team leads"
    save(any_app, cast, position_id, opening.position_draft(cast))
    bare = standing(any_app, cast, position_id)
    assert (bare.position.cut, bare.position.validated, bare.words) == (None, False, {})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plan": "adaptive"}, "plan"),
        ({"plan": "magic"}, "plan"),
        ({"cut": replace(CUT, points=130)}, "cut"),
        ({"analysis": "Somebody"}, "analysed_on"),
        ({"analysed_on": NOW.date()}, "analysis"),
        ({"analysis": "A", "analysed_on": NOW.date() + timedelta(days=9)}, "analysed_on"),
        ({"study": "r = .31"}, "study"),
        ({"mails": {"en": "Come, {name}!"}}, "mail_en"),
        ({"mails": {"zh_Hans": "{link} {password}"}}, "mail_zh_Hans"),
        ({"subjects": {"en": "{link}"}}, "subject_en"),
        ({"subjects": {"en": "a\r\nBcc: eve@beilun.example"}}, "subject_en"),
        ({"consents": {"en": "x" * 6001}}, "consent_en"),
        ({"before": (-1,)}, "before"),
        ({"silence": (1, 2, 3, 4)}, "silence"),
        ({"state": "gone"}, "state"),
    ],
)
def test_what_is_wrong_is_named_by_field(
    app: Flask, cast: Cast, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        opening.open_position(app, cast, **changes)
    assert set(refused.value.fields) == {field}
    if changes.get("plan") == "adaptive":
        assert "too few calibrated questions: C1 0/80, C2 0/80" in refused.value.fields["plan"]


def test_what_somebody_agreed_to_stays_when_the_words_change(any_app: Flask, cast: Cast) -> None:
    first = {"en": "We also ask two former employers."}
    position_id = opening.open_position(any_app, cast, consents=first)
    invited = opening.invite(any_app, cast, position_id)
    late = opening.invite(any_app, cast, position_id, "Qian Wei")
    opening.consent(any_app, invited)
    save(
        any_app, cast, position_id, opening.position_draft(cast, consents={"en": "We ask nobody."})
    )
    with any_app.app_context(), reading() as session:
        told = [entering.offer(session, opening.token_of(one), NOW) for one in (invited, late)]
        _, texts = positions.consent_versions(session, cast.actor("min"), position_id)
    assert [offer.own_words for offer in told] == [first["en"], "We ask nobody."]
    assert [(text.version, text.body) for text in texts] == [
        (2, "We ask nobody."), (1, first["en"]),
    ]  # fmt: skip
    assert told[1].consent_version == 2


def test_a_draft_and_an_archived_position_invite_nobody(app: Flask, cast: Cast) -> None:
    for state in ("draft", "archived"):
        position_id = opening.open_position(app, cast, state=state)
        with pytest.raises(Conflict):
            opening.invite(app, cast, position_id)


def test_the_own_mail_is_filled_and_never_run(app: Flask, cast: Cast) -> None:
    words = {"en": "Dear {name},\n%(name)s\n{link}\nuntil {day}, {minutes} min"}
    position_id = opening.open_position(app, cast, mails=words, subjects={"en": "{position}: you"})
    own = opening.invite(app, cast, position_id, "{link} Sun", email="sun@mail.example")
    other = opening.invite(app, cast, position_id, "Qian Wei", lang="zh_Hans")
    with app.app_context(), writing() as session:
        mail = mails.compose_invitation(session, own.application_id, NOW, opening.BASE)
        standard = mails.compose_invitation(session, other.application_id, NOW, opening.BASE)
    assert mail is not None
    assert mail.subject == "Sales, Europe: you"
    assert mail.text.startswith("Dear {link} Sun,\n%(name)s\nhttp://localhost/invite/")
    assert ", 60 min" in mail.text
    assert standard is not None
    assert "Qian Wei" in standard.text
    assert standard.subject != mail.subject

"""Who sees names: reviewers never, owners and recruiters as they choose for themselves."""

import pytest
from flask import Flask

from services.errors import Forbidden, NotFound
from services.hiring import naming, printing, reports
from services.hiring.report_data import report_data
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening


def switched(app: Flask, cast: Cast, name: str, position_id: int, hide: bool) -> None:
    with app.app_context(), writing() as session:
        naming.switch(session, cast.actor(name), position_id, hide, NOW)


def page(app: Flask, cast: Cast, name: str, application_id: int) -> reports.CandidatePage:
    with app.app_context(), writing() as session:
        return reports.candidate_page(session, cast.actor(name), application_id, "en", NOW)


def test_a_reviewer_reads_without_name_and_mail(any_app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(any_app, cast, reviewer_ids=(cast.omar,))
    application_id = opening.sit(any_app, opening.invite(any_app, cast, position_id), keyed=2)
    found = page(any_app, cast, "omar", application_id)
    assert found.name == naming.called(application_id, "en")
    assert found.email is None
    assert not found.reader.may_switch
    with any_app.app_context():
        papers = [str(printing.written(found, lang, NOW)) for lang in printing.LANGUAGES]
    for told in (str(report_data(found)), *papers):
        assert "Sun Yi" not in told
        assert "sun.yi" not in told
    with pytest.raises(Forbidden):
        switched(any_app, cast, "omar", position_id, False)
    assert page(any_app, cast, "lei", application_id).name == "Sun Yi"


def test_an_owner_and_a_recruiter_choose_for_themselves(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    application_id = opening.invite(app, cast, position_id).application_id
    for name in ("lei", "min"):
        switched(app, cast, name, position_id, True)
        switched(app, cast, name, position_id, True)  # sent twice: once
        assert page(app, cast, name, application_id).name.startswith("Candidate ")
        switched(app, cast, name, position_id, False)
        assert page(app, cast, name, application_id).email == "sun.yi@mail.example"
    switched(app, cast, "lei", position_id, True)
    assert page(app, cast, "min", application_id).name == "Sun Yi"
    with pytest.raises(NotFound):
        switched(app, cast, "omar", position_id, True)


def test_a_search_may_look_into_names_where_they_are_seen(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast, reviewer_ids=(cast.omar,))
    with app.app_context(), reading() as session:
        ways = {
            name: naming.reader(session, cast.actor(name), position_id) for name in ("omar", "lei")
        }
    assert ways["lei"].searchable
    assert not ways["omar"].searchable

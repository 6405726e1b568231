"""Reports to take along, names that are hidden, figures of fairness: as pages."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from models.journal import JournalEntry, OutboxEntry
from models.measuring import Work
from services.hiring import naming, printing
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.hiring import opening
from tests.services.hiring.crowd import Face, fill

Call = Callable[..., Caller]


def finished(cast: Cast, **changes: object) -> tuple[int, int]:
    position_id = opening.open_position(cast.app, cast, **changes)
    invited = opening.invite(cast.app, cast, position_id)
    return position_id, opening.sit(cast.app, invited, keyed=6)


def draw(app: Flask) -> None:
    """What the job process does with the newest print that was asked for."""
    with app.app_context():
        with reading() as session:
            work_id = session.scalars(
                select(Work.id).where(Work.task == printing.TASK).order_by(Work.id.desc())
            ).first()
            asked = session.scalars(
                select(OutboxEntry.data).order_by(OutboxEntry.id.desc())
            ).first()
        assert asked == {"work_id": work_id}
        instance = app.extensions["threshold.settings"].instance
        printing.run(work_id or 0, instance, lambda: datetime.now(UTC))


def test_a_report_as_data(app: Flask, cast: Cast, caller: Call) -> None:
    _, application_id = finished(cast)
    answer = caller("lei").get(f"/hiring/candidates/{application_id}/report.json")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    told = json.loads(answer.data)
    assert told["candidate"]["name"] == "Sun Yi"
    assert told["position"]["validated_for_selection"] is False
    lines = told["result"]["practices"]
    assert [line["code"] for line in lines] == [f"C{n}" for n in range(1, 8)]
    for line in [one for one in lines if one["measured"]]:
        low, high = line["band_95"]
        assert low <= line["band_68"][0] <= line["points"] <= line["band_68"][1] <= high
    assert {role["role"] for role in told["result"]["roles"]} == {"operations", "sales"}
    assert told["result"]["facts"]["prove_nothing"] is True
    assert told["result"]["norm"] is None
    assert "stem" not in answer.text
    assert "rationale" not in answer.text


def test_a_print_is_asked_for_drawn_and_fetched_by_one_person(
    app: Flask, cast: Cast, caller: Call
) -> None:
    _, application_id = finished(cast, reviewer_ids=(cast.omar,))
    here, manager = f"/hiring/candidates/{application_id}", caller("lei")
    assert manager.get(f"{here}/report.pdf").status_code == 303  # nothing there yet
    for _ in range(2):  # sent twice: once
        assert manager.post(f"{here}/print", {"lang": "zh_Hans"}).status_code == 303
    assert "The print is being made" in manager.get(f"{here}/print").text
    draw(app)
    assert "The print is ready" in manager.get(f"{here}/print").text
    fetched = manager.get(f"{here}/report.pdf")
    assert fetched.data.startswith(b"%PDF-")
    assert fetched.mimetype == "application/pdf"
    # Omar reads the same report without names: the file of somebody who sees them is not his.
    assert "The print is ready" not in caller("omar").get(f"{here}/print").text
    assert caller("omar").get(f"{here}/report.pdf").status_code == 303
    instance: Path = app.extensions["threshold.settings"].instance
    (paper,) = (instance / printing.FOLDER).iterdir()
    assert paper.stem.isdecimal()
    assert paper.stat().st_mode & 0o077 == 0
    with app.app_context(), reading() as session:
        events = session.scalars(select(JournalEntry.event)).all()
    assert {"report.asked", "report.exported"} <= set(events)
    assert printing.sweep(instance, datetime.now(UTC)) == 0
    assert printing.sweep(instance, datetime.now(UTC) + 2 * printing.KEPT) == 1
    assert manager.get(f"{here}/report.pdf").status_code == 303


def test_another_managers_candidate_is_missing_in_every_form(cast: Cast, caller: Call) -> None:
    position_id, application_id = finished(cast)
    stranger, missing = caller("omar"), 10**6
    for path in ("report.json", "report.pdf", "print", ""):
        theirs = stranger.get(f"/hiring/candidates/{application_id}/{path}".rstrip("/"))
        gone = stranger.get(f"/hiring/candidates/{missing}/{path}".rstrip("/"))
        assert theirs.status_code == gone.status_code == 404
    for path in ("fairness", "fairness/audit.csv"):
        assert stranger.get(f"/hiring/positions/{position_id}/{path}").status_code == 404
    assert stranger.post(f"/hiring/positions/{position_id}/names", {}).status_code == 404
    assert stranger.post(f"/hiring/candidates/{application_id}/print", {}).status_code == 404


def test_names_go_and_come_back(cast: Cast, caller: Call) -> None:
    position_id, application_id = finished(cast)
    here, manager = f"/hiring/candidates/{application_id}", caller("lei")
    assert "Sun Yi" in manager.get(here).text
    fields = {"names": "hide", "application": str(application_id)}
    assert manager.post(f"/hiring/positions/{position_id}/names", fields).location.endswith(here)
    for path in (here, f"/hiring/positions/{position_id}", f"{here}/print", f"{here}/report.json"):
        page = manager.get(path).text
        assert "Sun Yi" not in page, path
        assert "sun.yi" not in page, path
        assert naming.called(application_id, "en") in page, path
    manager.post(f"{here}/answers/1")
    manager.post(f"/hiring/positions/{position_id}/names", {"names": "show"})
    assert "Sun Yi" in manager.get(here).text


def test_a_reviewer_sees_no_name_anywhere(cast: Cast, caller: Call) -> None:
    position_id, application_id = finished(cast, reviewer_ids=(cast.omar,))
    reviewer = caller("omar")
    here = f"/hiring/candidates/{application_id}"
    pages = [reviewer.get(path).text for path in (here, f"/hiring/positions/{position_id}")]
    pages.append(reviewer.post(f"{here}/answers/1").text)
    for page in pages:
        assert "Sun Yi" not in page
        assert "sun.yi" not in page
    assert (
        reviewer.post(f"/hiring/positions/{position_id}/names", {"names": "show"}).status_code
        == 403
    )


def test_the_sentence_of_a_position_without_validation(cast: Cast, caller: Call) -> None:
    _, application_id = finished(cast)
    page = caller("lei").get(f"/hiring/candidates/{application_id}").text
    assert "Not validated for selection here" in page
    assert "criterion only" in page


def test_the_fairness_pages_say_no_more_than_they_may(app: Flask, cast: Cast, caller: Call) -> None:
    position_id = opening.open_position(app, cast)
    faces = [
        Face({"gender": gender}, "advance" if n % 2 else "reject", n / 20)
        for gender, people in (("man", 12), ("woman", 11), ("other", 2))
        for n in range(people)
    ]
    with app.app_context(), writing() as session:
        fill(session, position_id, cast.min, faces, NOW)
    page = caller("lei").get(f"/hiring/positions/{position_id}/fairness").text
    assert "no second group to compare with" in page  # the women are hidden with the two
    assert "another answer" not in page
    assert "Some groups are not shown" in page
    assert caller("min").get("/hiring/fairness").status_code == 200
    table = caller("min").get(f"/hiring/positions/{position_id}/fairness/audit.csv")
    assert table.mimetype == "text/csv"
    assert "other" not in table.text
    assert caller("min").post("/hiring/fairness/questions").status_code == 303


@pytest.mark.parametrize("ended", [True, False])
def test_about_you(ended: bool, cast: Cast, caller: Call) -> None:
    invited = opening.invite(cast.app, cast, opening.open_position(cast.app, cast))
    if ended:
        opening.sit(cast.app, invited, keyed=1)
    else:
        opening.consent(cast.app, invited)
    with cast.app.app_context():
        cast.ids["sun"] = opening.person_of(invited)
    candidate = caller("sun")
    if not ended:
        assert candidate.get("/candidate/about-you").status_code == 404
        assert candidate.post("/candidate/about-you", {"gender": "man"}).status_code == 404
        return
    assert "See the questions" in candidate.get("/candidate/").text
    assert candidate.post("/candidate/about-you", {"gender": "man"}).status_code == 303
    assert 'value="man" checked' in candidate.get("/candidate/about-you").text
    assert candidate.post("/candidate/about-you", {"gender": "=1+1"}).status_code == 422

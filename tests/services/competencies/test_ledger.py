"""What goes into the ledger stays, counts once, and comes back under its newest rule."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.competencies import Evidence
from models.library import Revision
from services.competencies import ledger
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.competencies.samples import NOW, observations
from tests.statements import counted

KEYS = ("C1-P01", "C2-P01", "C3-P01")


def test_a_repeat_records_nothing(any_app: Flask, cast: Cast) -> None:
    subject = cast.actor("lin").subject
    with any_app.app_context():
        for _ in range(2):
            with writing() as session:
                rule = catalogue.framework(session).standard_id
                seen = observations(session, KEYS, (1, 0, 1))
                ledger.record(session, subject, seen, rule, NOW)
        with reading() as session:
            lines = ledger.evidence(session, subject)
    assert [(line.competency, line.mark, line.weight) for line in lines] == [
        ("C1", 1, 1.0),
        ("C2", 0, 1.0),
        ("C3", 1, 1.0),
    ]


def test_a_question_met_before_is_kept_but_does_not_count(app: Flask, cast: Cast) -> None:
    subject = cast.actor("lin").subject
    with app.app_context(), writing() as session:
        rule = catalogue.framework(session).standard_id
        first = observations(session, KEYS[:1], (0,))
        again = observations(session, KEYS[:2], (1, 1), first_source=50)
        ledger.record(session, subject, first, rule, NOW)
        ledger.record(session, subject, again, rule, NOW)
        lines = ledger.evidence(session, subject)
        of_the_second = ledger.evidence(session, subject, sources=("response", [50, 51]))
    assert [line.weight for line in lines] == [1.0, 0.0, 1.0]
    assert [line.source_id for line in of_the_second] == [50, 51]


def test_what_one_person_met_is_new_to_another(app: Flask, cast: Cast) -> None:
    subjects = [cast.actor(name).subject for name in ("lin", "eve")]
    with app.app_context(), writing() as session:
        rule = catalogue.framework(session).standard_id
        for place, subject in enumerate(subjects):
            seen = observations(session, KEYS, (1, 1, 1), first_source=1 + 10 * place)
            ledger.record(session, subject, seen, rule, NOW)
        assert all(line.weight == 1 for line in ledger.evidence(session, subjects[1]))


def test_the_newest_rule_counts_and_the_first_sitting_stays_the_first(
    app: Flask, cast: Cast
) -> None:
    subject = cast.actor("lin").subject
    with app.app_context(), writing() as session:
        rule = catalogue.framework(session).standard_id
        other_rule = _another_revision(session)
        first = observations(session, KEYS[:1], (0,))
        ledger.record(session, subject, first, rule, NOW)
        ledger.record(
            session, subject, observations(session, KEYS[:1], (1,), first_source=9), rule, NOW
        )
        # The same sitting, marked anew under another rule.
        ledger.record(session, subject, [replace(first[0], mark=1)], other_rule, NOW)
        lines = ledger.evidence(session, subject)
        count = session.scalar(select(func.count(Evidence.id)))
    assert count == 3
    newest = next(line for line in lines if line.source_id == first[0].source_id)
    assert (newest.rule_revision_id, newest.mark, newest.weight) == (other_rule, 1, 1.0)
    assert len(lines) == 2


def test_the_past_can_be_read_again(app: Flask, cast: Cast) -> None:
    subject = cast.actor("lin").subject
    with app.app_context(), writing() as session:
        rule = catalogue.framework(session).standard_id
        seen = observations(session, KEYS, (1, 1, 1))
        late = replace(seen[2], observed_at=NOW + timedelta(days=1))
        ledger.record(session, subject, [*seen[:2], late], rule, NOW)
        lines = ledger.evidence(session, subject)
        assert ledger.head(session, subject) == lines[-1].id
        assert ledger.evidence(session, subject, as_of=NOW) == lines[:2]
        assert ledger.evidence(session, subject, up_to=lines[0].id) == lines[:1]
        assert ledger.evidence(session, "nobody") == []
        assert ledger.head(session, "nobody") == 0


def test_recording_takes_three_statements_however_many_lines(app: Flask, cast: Cast) -> None:
    subject = cast.actor("lin").subject
    with app.app_context():
        with reading() as session:
            rule = catalogue.framework(session).standard_id
            seen = observations(session, KEYS, (1, 1, 1))
        with counted(app) as sent, writing() as session:
            ledger.record(session, subject, seen, rule, NOW)
    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == 3


def _another_revision(session: Session) -> int:
    """The id of some other revision, to stand for a later standard."""
    return session.scalar(select(func.max(Revision.id))) or 0

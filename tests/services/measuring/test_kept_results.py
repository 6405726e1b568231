"""A result that a process keeps in memory is never older than what it rests on."""

from flask import Flask
from sqlalchemy import insert

from models.measuring import NormGroup
from services.measuring import kept_results
from services.measuring.kept_results import Result
from tests.conftest import NOW, Cast
from tests.services.assessment import timed
from tests.services.assessment.sitting import Sitting, right_payload, sit
from tests.services.assessment.test_held import decide, expired, late, waiting


def shown(sitting: Sitting) -> Result:
    """The page as the browser gets it."""
    who, at = sitting.actor, sitting.attempt_id
    return timed.read(sitting, lambda s: kept_results.result(s, who, at, "en", sitting.now)[0])


def test_nothing_new_is_the_very_same_page(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    sitting.submit()
    assert shown(sitting) is shown(sitting)


def test_a_new_norm_group_is_seen_at_once(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    for question in sitting.asked():
        sitting.save(question.position, right_payload(question.item))
    sitting.submit()
    compared = shown(sitting).compared
    assert compared is not None
    assert compared.name == ""
    row = {
        "name": "All", "competency": "C1", "people": 100, "thetas": [n / 100 for n in range(100)],
        "form_key": "placement", "defined_by": None, "defined_at": NOW,
    }  # fmt: skip
    timed.write(sitting, lambda s: s.execute(insert(NormGroup), [row]))
    compared = shown(sitting).compared
    assert compared is not None
    assert (compared.name, [line.code for line in compared.lines][:1]) == ("All", ["C1"])


def test_a_decision_about_a_held_answer_is_seen_at_once(any_app: Flask, cast: Cast) -> None:
    sitting = expired(cast)
    late(sitting, 1, 130)
    late(sitting, 2, 130)
    first, second = [line.answer_id for line in waiting(cast, sitting)]
    notices = [shown(sitting).notice]
    decide(cast, sitting, first, False)
    notices.append(shown(sitting).notice)
    decide(cast, sitting, second, True)
    notices.append(shown(sitting).notice)
    assert [(n.waiting, n.accepted, n.refused) for n in notices] == [
        (2, 0, 0),
        (1, 0, 1),
        (0, 1, 1),
    ]

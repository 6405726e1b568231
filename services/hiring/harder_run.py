"""The look at questions that was asked for; loads numpy, so only commands import this."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.hiring import fairness, voluntary
from services.measuring import dif, working
from services.session import reading, writing


def run(work_id: int, questions: Sequence[str], clock: Callable[[], datetime]) -> None:
    """Compare the two largest groups of each question on every item.

    The outcome holds, by question, the two groups, how many items were looked at and the keys of
    those in classes B and C; nothing of a group under 100 people.
    """
    with writing() as session:
        if not working.take(session, work_id):
            return
        working.progress(session, work_id, 0, len(questions))
    looks = []
    try:
        for number, question in enumerate(questions, start=1):
            with reading() as session:
                looks.append(_look(session, question))
            with writing() as session:
                working.progress(session, work_id, number, len(questions))
    except Exception as error:
        with writing() as session:
            working.end(session, work_id, "failed", {"failed": type(error).__name__}, clock())
        raise
    with writing() as session:
        working.end(session, work_id, "done", {"looks": looks}, clock())


def _look(session: Session, question: str) -> dict[str, Any]:
    groups = _groups(session, question)
    if groups is None:
        return {"question": question, "items": 0}
    of, reference, focal = groups
    found = [one for one in dif.dif_by(session, of, reference, focal) if one.dif.use != "hidden"]
    if not found:
        return {"question": question, "items": 0}
    return {
        "question": question,
        "reference": reference,
        "focal": focal,
        "items": len(found),
        **{
            letter: sorted(one.key for one in found if one.dif.dif_class == letter)
            for letter in "BC"
        },
    }


def _groups(session: Session, question: str) -> tuple[dict[str, str], str, str] | None:
    """Subject -> answer, and the two answers that most people gave; None without two."""
    subjects = [row.subject for row in fairness.finished(session, None)]
    said = voluntary.of_subjects(session, subjects)
    groups = {subject: own[question] for subject, own in said.items() if question in own}
    sizes: dict[str, int] = {}
    for answer in groups.values():
        sizes[answer] = sizes.get(answer, 0) + 1
    most = sorted(sizes, key=lambda answer: (-sizes[answer], answer))[:2]
    return (groups, most[0], most[1]) if len(most) == 2 else None

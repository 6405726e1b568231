"""Lessons that a candidate may read: those that their own report names, and no others.

See docs/decisions/0017-open-lessons.md.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from domain.records import frozen
from services.actor import Actor
from services.errors import NotFound
from services.hiring import reports
from services.hiring.reports import NextStep
from services.learning import pages, prerequisites
from services.learning.pages import LessonFrame
from services.library import catalogue
from services.library.catalogue import LessonLine

FOR_EACH = 3
LEARNERS = ("learner",)  # a candidate is shown what any learner may see


@frozen
class Reading:
    """What helps with one next step."""

    step: NextStep
    lessons: tuple[LessonLine, ...]


def readings(session: Session, steps: Iterable[NextStep], lang: str) -> tuple[Reading, ...]:
    """For each next step the lessons nearest to its level, those mainly about it first."""
    outline = catalogue.outline(session, lang)
    seen = {m.key for m in outline.modules if prerequisites.is_visible(m, LEARNERS)}
    lessons = [line for line in outline.lessons if line.key.partition("/")[0] in seen]
    found = []
    for step in steps:
        about = [line for line in lessons if step.code in line.competencies]
        ranks = {
            line.key: (line.competencies[0] != step.code, abs(line.level - step.level))
            for line in about
        }
        nearest = sorted(ranks, key=ranks.__getitem__)[:FOR_EACH]
        by_key = {line.key: line for line in about}
        found.append(Reading(step, tuple(by_key[key] for key in nearest)))
    return tuple(found)


def own_lesson(
    session: Session, actor: Actor, key: str, lang: str, now: datetime
) -> tuple[str, LessonFrame]:
    """The position's title, and a lesson that the candidate's report names; raises NotFound, Gone.

    Nothing of the reading is kept.
    """
    page = reports.own_page(session, actor, lang, now)
    named = {line.key for one in readings(session, page.next_steps, lang) for line in one.lessons}
    if key not in named:
        raise NotFound
    # Named to them, so open to them: as to a trainer, for whom no module waits for another.
    reader = Actor(actor.person_id, actor.subject, frozenset({"learner", "trainer"}))
    return page.offer.position, pages.lesson_page(session, reader, key, lang, now).frame

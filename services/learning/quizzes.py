"""The quizzes of lessons and modules, for whoever may read what they ask about."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.library.courses import UNIT
from services.actor import Actor
from services.assessment import starting
from services.errors import NotFound
from services.learning.prerequisites import is_visible, refuse_closed
from services.library import catalogue


def start_quiz(
    session: Session, actor: Actor, lesson_key: str, lang: str, seed: int, now: datetime
) -> int:
    """Start a lesson's quiz as `starting.start_quiz` does.

    Raises NotFound and Waiting where the lesson is closed to this reader.
    """
    refuse_closed(session, actor, lesson_key)
    return starting.start_quiz(session, actor, lesson_key, lang, seed, now)


def start_form(
    session: Session, actor: Actor, form_key: str, lang: str, seed: int, now: datetime
) -> int:
    """Start a form as `starting.start_form` does; the quiz of a module that is closed is none.

    A module that waits for another one may be tested out of: its quiz is open, its lessons wait.
    """
    if form_key.startswith(UNIT):
        outline = catalogue.outline(session, catalogue.SOURCE_LANG)
        for module in outline.modules:
            if module.quiz_key == form_key and not is_visible(module, actor.roles):
                raise NotFound
    return starting.start_form(session, actor, form_key, lang, seed, now)

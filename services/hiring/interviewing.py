"""The interview guide of a candidate: drawn from their own answers, the same for every interviewer.

Questions of the assessment stay secret: the guide names subtopics and places, never their text.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.assessment.item_models import author_model
from domain.hiring.guide import Given, Surprise, Weak, surprising, weakest
from domain.library.interviews import ANCHORS
from domain.records import frozen
from services import journal
from services.actor import Actor
from services.assessment.responding import Asked, asked
from services.assessment.scoring import SCOPE
from services.competencies import estimates
from services.errors import NotFound
from services.hiring import access, naming
from services.hiring.access import ApplicationRecord, PositionRecord
from services.library import catalogue
from services.library.catalogue import Framework, RevisionText

BECAUSE_WEAK, BECAUSE_SURPRISING = "weak", "surprising"


@frozen
class GuideQuestion:
    """A question to ask, why, and what answers contain. anchors: 1, 3 and 5 -> words.

    because: "weak" or "surprising"; positions: of the surprising answers, which a reader may open.
    revision_id: of the guide that it stands in.
    """

    competency: str
    name: str
    subtopic: str
    subtopic_name: str
    because: str
    reached: int
    maximum: int
    positions: tuple[int, ...]
    better: bool
    ask: str
    probe: str
    anchors: Mapping[int, str]
    source: str
    revision_id: int

    @property
    def key(self) -> str:
        return f"{self.competency}-{self.subtopic}"


@frozen
class GuidePage:
    """The guide of one candidate. name: as the reader may see it."""

    application_id: int
    name: str
    position: PositionRecord
    questions: tuple[GuideQuestion, ...]


def guide_page(
    session: Session, actor: Actor, application_id: int, lang: str, now: datetime
) -> GuidePage:
    """The guide for a reader of the position; the view is journaled, as that of a result is.

    Raises NotFound, also before the attempt has ended. Needs a writing session.
    """
    found, position = ended(session, actor, application_id)
    journal.append(session, actor, "guide.viewed", "application", application_id, now)
    how = naming.reader(session, actor, position.id)
    name = naming.shown(found, how, lang).name
    return GuidePage(application_id, name, position, questions(session, found, lang))


def ended(
    session: Session, actor: Actor, application_id: int
) -> tuple[ApplicationRecord, PositionRecord]:
    """An application whose attempt has ended, and its position; raises NotFound."""
    found = access.application(session, actor, application_id)
    if not found.ended:
        raise NotFound
    return found, access.position_of(session, found.position_id)


def questions(session: Session, found: ApplicationRecord, lang: str) -> tuple[GuideQuestion, ...]:
    """The questions for a candidate: of the weakest subtopics, then of surprising answers."""
    framework = catalogue.framework(session)
    given = _given(session, found, framework)
    guides = {guide.key: guide for guide in catalogue.published(session, "guide")}
    weak = weakest(given)
    named = {(one.competency, one.subtopic) for one in weak}
    by_topic: dict[tuple[str, str], list[Surprise]] = {}
    for one in surprising(given):
        by_topic.setdefault((one.competency, one.subtopic), []).append(one)
    found_questions = [
        _question(one, by_topic.get((one.competency, one.subtopic), []), guides, framework, lang)
        for one in weak
    ]
    reached = {(one.competency, one.subtopic): one for one in weakest(given, len(given))}
    found_questions += [
        _question(reached[key], surprises, guides, framework, lang, BECAUSE_SURPRISING)
        for key, surprises in by_topic.items()
        if key not in named
    ]
    return tuple(one for one in found_questions if one is not None)


def _given(session: Session, found: ApplicationRecord, framework: Framework) -> list[Given]:
    """The answers that count, each with the model by which it is marked."""
    drawn = estimates.kept(session, SCOPE, [found.attempt_id]).get(found.attempt_id, {})
    return [
        Given(
            one.position,
            one.competency,
            one.item.subtopic,
            one.mark.points,
            _model(one, framework),
            drawn[one.competency].theta,
        )
        for one in asked(session, found.attempt_id)
        if one.mark is not None and not one.struck and one.competency in drawn
    ]


def _model(one: Asked, framework: Framework) -> Any:
    known = framework.models.get((one.revision_id, one.competency))
    if known is not None and known.max_mark == one.item.max_mark:
        return known
    return author_model(one.item, framework.standard)


def _question(
    weak: Weak,
    surprises: list[Surprise],
    guides: Mapping[str, RevisionText],
    framework: Framework,
    lang: str,
    because: str = BECAUSE_WEAK,
) -> GuideQuestion | None:
    """The question of a subtopic; None where the bank has none."""
    guide = guides.get(weak.competency)
    entries = guide.meta["questions"] if guide else []
    entry = next((one for one in entries if one["subtopic"] == weak.subtopic), None)
    if guide is None or entry is None:
        return None
    competency = framework.competencies[weak.competency]
    names = {part.id: part.name for part in competency.subtopics}
    return GuideQuestion(
        weak.competency,
        _said(competency.name, lang),
        weak.subtopic,
        _said(names[weak.subtopic], lang) if weak.subtopic in names else weak.subtopic,
        because,
        weak.reached,
        weak.maximum,
        tuple(one.position for one in surprises),
        bool(surprises) and all(one.better for one in surprises),
        _said(entry["ask"], lang),
        _said(entry["probe"], lang),
        {level: _said(entry[name], lang) for level, name in ANCHORS.items()},
        entry["source"],
        guide.id,
    )


def _said(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts["en"]

"""Interview guides: for each subtopic a question, and what answers of three kinds contain.

The three anchors stand for the ratings 1, 3 and 5; 2 and 4 lie between them. Sources: Smith &
Kendall (1963), J. Appl. Psychol. 47(2), 149-155; Campion, Palmer & Campion (1997), Personnel
Psychology 50(3), 655-702.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from domain.library.documents import load_yaml
from domain.library.fields import COMPETENCY, SLUG, Fields
from domain.records import frozen

MOST_QUESTIONS = 20
LONGEST = 400
ANCHORS = {1: "weak", 3: "sound", 5: "strong"}


@frozen
class Question:
    """ask: the question; probe: what to ask next; weak, sound, strong: anchors; by language.

    source: where its facts come from, empty where it holds none.
    """

    subtopic: str
    ask: Mapping[str, str]
    probe: Mapping[str, str]
    weak: Mapping[str, str]
    sound: Mapping[str, str]
    strong: Mapping[str, str]
    source: str


@frozen
class InterviewGuide:
    """The questions about one competency."""

    id: str
    questions: tuple[Question, ...]


def parse_guide(source: str, path: str) -> InterviewGuide:
    """Read `.../interviews/<competency>.yaml`. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    entries = fields.children("questions", least=1, most=MOST_QUESTIONS)
    guide = InterviewGuide(
        id=fields.text("id", most=8, pattern=COMPETENCY),
        questions=tuple(_question(entry) for entry in entries),
    )
    if guide.id and guide.id != (stem := PurePosixPath(path).stem):
        fields.problem("id", f"must equal the file's name, “{stem}”")
    named = [question.subtopic for question in guide.questions]
    for subtopic in sorted({one for one in named if named.count(one) > 1}):
        fields.problem("questions", f"asks about {subtopic!r} twice")
    fields.finish()
    return guide


def _question(entry: Fields) -> Question:
    return Question(
        subtopic=entry.text("subtopic", most=60, pattern=SLUG),
        ask=_both(entry, "ask"),
        probe=_both(entry, "probe"),
        weak=_both(entry, "weak"),
        sound=_both(entry, "sound"),
        strong=_both(entry, "strong"),
        source=entry.text("source", most=200) if entry.has("source") else "",
    )


def _both(entry: Fields, name: str) -> dict[str, str]:
    """A text in both languages: an interview is held in either."""
    texts = entry.localised(name, most=LONGEST)
    if texts and "zh_Hans" not in texts:
        entry.problem(name, "the Chinese text (zh_Hans) is missing")
    return texts

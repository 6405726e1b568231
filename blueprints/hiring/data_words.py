"""What the fields of a person's own data are called on the page; the file keeps their names."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

LABELS = {
    "made_at": _l("Read at"),
    "person": _l("You"),
    "abilities": _l("What was measured"),
    "attempts": _l("Assessments"),
    "contests": _l("Contested questions"),
    "learning": _l("Learning"),
    "applications": _l("Applications"),
    "name": _l("Name"),
    "email": _l("Mail address"),
    "email_waiting": _l("New mail address, not confirmed"),
    "language": _l("Language"),
    "theme": _l("Colours"),
    "kind": _l("Kind of account"),
    "added_at": _l("Added"),
    "password_set_at": _l("Password set"),
    "second_factor_since": _l("Second factor since"),
    "roles": _l("Roles"),
    "written": _l("Your own words"),
    "about": _l("About"),
    "text": _l("Text"),
    "at": _l("When"),
    "evidence": _l("Evidence"),
    "estimates": _l("Figures drawn from it"),
    "self_ratings": _l("How you rated yourself"),
    "practice": lazy_pgettext("competency", "Practice"),
    "source": _l("Source"),
    "points": _l("Points"),
    "of": _l("Out of"),
    "weight": _l("Weight"),
    "logits": _l("Ability in logits"),
    "error": _l("Standard error"),
    "observations": _l("Number of answers"),
    "level": _l("Level"),
    "purpose": _l("Purpose"),
    "form": _l("Test form"),
    "state": _l("State"),
    "started_at": _l("Started"),
    "ended_at": _l("Ended"),
    "saves": _l("Answers as they were saved"),
    "question": _l("Question"),
    "answer": _l("Answer"),
    "seconds": _l("Seconds"),
    "saved_at": _l("Saved"),
    "held": _l("Held back because"),
    "contested_at": _l("Contested"),
    "answered_at": _l("Answered"),
    "reason": _l("Reason"),
    "lessons": _l("Lessons"),
    "lesson": _l("Lesson"),
    "sections": _l("Sections"),
    "last_opened_at": _l("Last opened"),
    "finished_at": _l("Finished"),
    "assignments": _l("Modules that you were asked to learn"),
    "module": _l("Module"),
    "due_on": _l("Due"),
    "let_into_modules": _l("Modules that you were let into"),
    "marked_unclear": _l("Sections that you marked as unclear"),
    "document": _l("Document"),
    "section": _l("Section"),
    "position": _l("Position"),
    "invited_at": _l("Invited"),
    "agreed_at": _l("Agreed"),
    "kept_for_days": _l("Days of keeping"),
    "voluntary": _l("What you said of yourself"),
    "decisions": _l("Decisions"),
    "outcome": _l("Outcome"),
    "extra_time": _l("Your wish for time"),
    "percent": _l("Per cent"),
}


def readable(kept: Any, name: str = "") -> Any:
    """The same nested data with times as times, so that a page writes them as its reader does."""
    if isinstance(kept, Mapping):
        return {key: readable(value, key) for key, value in kept.items()}
    if isinstance(kept, list | tuple):
        return [readable(value) for value in kept]
    if isinstance(kept, str) and (name == "at" or name.endswith(("_at", "_since"))):
        return datetime.fromisoformat(kept)
    if isinstance(kept, str) and name.endswith("_on"):
        return date.fromisoformat(kept)
    return kept

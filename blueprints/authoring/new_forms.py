"""The forms that a new lesson or module begins with: plain words for what its file needs."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from blueprints.shared.forms import Form

NEEDED = InputRequired(_l("Please fill this in."))
TITLE = Length(1, 120, _l("A title has 1 to 120 characters."))
NAME = _l("Name in its address")
NAME_HINT = _l("Small Latin letters, digits and hyphens. Left empty, it is made from the title.")
SHORT = Length(max=400, message=_l("Say it in up to 400 characters."))
MINUTES = _l("From 1 to 90 minutes.")
LEVELS = tuple(SelectChoice(str(n), str(n)) for n in range(1, 6))


class LessonForm(Form):
    """Title and module are needed to begin; the rest can wait until the text is published."""

    module = SelectField(_l("Module"), [NEEDED], validate_choice=False)
    title = StringField(_l("Title"), [NEEDED, TITLE])
    name = StringField(NAME, [Optional()], description=NAME_HINT)
    summary = TextAreaField(
        _l("Summary"), [Optional(), SHORT], description=_l("One sentence: what is it about?")
    )
    objective = TextAreaField(
        _l("Objective"),
        [Optional(), SHORT],
        description=_l("What a reader can do afterwards: “You can …”"),
    )
    competencies = SelectMultipleField(
        _l("What it teaches"), [Optional()], option_widget=CheckboxInput(), validate_choice=False
    )
    level = SelectField(
        _l("Level"), choices=LEVELS, description=_l("1 for newcomers, 5 for experts")
    )
    minutes = IntegerField(
        _l("Minutes to read"), [Optional(), NumberRange(1, 90, MINUTES)], default=10
    )
    sources = TextAreaField(
        _l("Sources"),
        [Optional(), Length(max=4000)],
        description=_l("One on each line: title | year | address"),
    )
    text = TextAreaField(
        _l("Text to begin with"),
        [Optional()],
        description=_l("Paste what you have. Left empty, an outline to fill in stands there."),
    )

    def facts(self) -> dict[str, str]:
        """The fields as the form of the front matter gives them."""
        return {
            "summary": self.summary.data or "",
            "objective": self.objective.data or "",
            "competencies": ", ".join(self.competencies.data or ()),
            "level": self.level.data or "",
            "minutes": str(self.minutes.data or ""),
            "sources": self.sources.data or "",
        }


class ModuleForm(Form):
    """A module in both languages."""

    title = StringField(_l("Title in English"), [NEEDED, TITLE])
    title_zh = StringField(_l("Title in Chinese"), [Optional(), TITLE])
    name = StringField(NAME, [Optional()], description=NAME_HINT)
    summary = TextAreaField(_l("Summary in English"), [NEEDED, SHORT])
    summary_zh = TextAreaField(_l("Summary in Chinese"), [Optional(), SHORT])
    competencies = SelectMultipleField(
        _l("What it teaches"), [NEEDED], option_widget=CheckboxInput(), validate_choice=False
    )

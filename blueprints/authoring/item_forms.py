"""The form of an item, kind by kind: shape only. What is right is asked of the one checker.

The names are those of `domain/exchange/sheets.py`: `form.data` is a sheet.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import Choice
from wtforms.validators import Optional

MOST_ROWS = 40  # in one list of a form; a text with more is edited as text
MANY = 20


class Pick(SelectField):
    """A choice that keeps what stands in the text, even where the list does not know it."""

    def __init__(self, label: Any, choices: Iterable[tuple[str, Any]] = (), **options: Any) -> None:
        super().__init__(label, coerce=str, validate_choice=False, **options)
        self.offer(choices)

    def offer(self, choices: Iterable[tuple[str, Any]]) -> None:
        """What can be chosen: values with their words."""
        self.choices = [SelectChoice(value, words) for value, words in choices]

    def iter_choices(self) -> list[Choice]:
        found: list[Choice] = super().iter_choices()
        if self.data and not any(choice.selected for choice in found):
            found.append(Choice(self.data, self.data, True, {}))
        return found


class RowList(FieldList):
    """Rows that can be added, moved and taken away. least, most: how many are asked for.

    A text may hold more: the check says so, and nothing is cut off.
    """

    def __init__(
        self, label: Any, form: type[Form], least: int, most: int, hint: Any = "", **bound: Any
    ) -> None:
        super().__init__(
            FormField(form),
            label,
            description=hint,
            min_entries=least,
            max_entries=MOST_ROWS,
            **bound,
        )
        self.least, self.most = least, most


def line(label: Any, hint: Any = "", **options: Any) -> StringField:
    """A text in one line."""
    return StringField(label, description=hint, **options)


def prose(label: Any, hint: Any = "", lines: int = 2, **options: Any) -> TextAreaField:
    """A text in several lines."""
    return TextAreaField(label, description=hint, render_kw={"rows": lines}, **options)


rows = RowList
NUMBER = {"inputmode": "decimal"}
WHY = _l("Why this is so")
MAY_LACK = [Optional()]


class Weight(Form):
    code = Pick(_l("Competency"))
    weight = line(_l("Weight in per cent"), render_kw=NUMBER)


class HintRow(Form):
    text = prose(_l("Hint"))
    cost = line(_l("Costs per cent of the evidence"), render_kw=NUMBER)


class ItemForm(Form):
    """What items of every kind have. Parts of a kind stand between `stem` and `hints`."""

    id = HiddenField()
    kind = HiddenField()
    stem = prose(_l("Question"), lines=5)
    pool = Pick(
        _l("Pool"),
        [("practice", _l("Practice: key and reasons are shown afterwards")),
         ("secure", _l("Secure: for hiring only"))],
    )  # fmt: skip
    subtopic = Pick(_l("Subtopic"))
    competencies = rows(
        _l("What it measures"), Weight, 1, 9,
        _l("100 per cent for what the question is about; less for what an answer also shows."),
    )  # fmt: skip
    cognitive = Pick(
        _l("Asks to"),
        [("K", _l("know")), ("A", _l("apply")), ("N", _l("analyse or judge"))],
    )
    difficulty = Pick(
        _l("Difficulty"),
        [("1", _l("1, very easy")), ("2", "2"), ("3", _l("3, medium")), ("4", "4"),
         ("5", _l("5, very hard"))],
    )  # fmt: skip
    lesson = Pick(_l("Lesson that teaches it"))
    seeds = line(
        _l("Claims that it asks about"),
        _l("Such as S1-24, S1-25. Empty: those of the lesson."),
        validators=MAY_LACK,
    )
    evidence = BooleanField(_l("It asks what the evidence says about a doubtful claim"))
    source = line(_l("Source"), _l("Author, title, place, year: where the facts can be read."))
    review_by = line(
        _l("Check the facts by"), _l("Empty where nothing can change."),
        validators=MAY_LACK, render_kw={"type": "date"},
    )  # fmt: skip
    hints = rows(
        _l("Hints"), HintRow, 0, 5,
        _l("Practice only. A hint costs a share of what the answer weighs as evidence."),
    )  # fmt: skip
    parts: tuple[str, ...] = ()

    def places(self) -> Iterator[tuple[str, Any]]:
        """Every list of rows with its name."""
        return ((f.short_name, f) for f in self if isinstance(f, RowList))


class OptionRow(Form):
    text = prose(_l("Answer to choose"))
    key = BooleanField(_l("This one is right"))
    why = prose(WHY, _l("People read this afterwards."))


class SingleForm(ItemForm):
    options = rows(
        _l("Answers to choose from"), OptionRow, 3, 8, _l("Four are usual; exactly one is right.")
    )
    parts = ("options",)


class MultipleForm(ItemForm):
    options = rows(
        _l("Answers to choose from"), OptionRow, 3, 8,
        _l("Two or more are right; say in the question how many."),
    )  # fmt: skip
    parts = ("options",)


class TrueFalseForm(ItemForm):
    answer = Pick(
        _l("The statement is"), [("", _l("Choose")), ("true", _l("True")), ("false", _l("False"))]
    )
    why = prose(_l("Why it is true or false"))
    reasons = rows(
        _l("Reasons to choose from"), OptionRow, 3, 8, _l("Exactly one is the right reason.")
    )
    parts = ("answer", "why", "reasons")


class StepRow(Form):
    text = prose(_l("Step"))
    why = prose(WHY)


class OrderingForm(ItemForm):
    steps = rows(_l("Steps in the right order"), StepRow, 3, 8, _l("Candidates see them shuffled."))
    parts = ("steps",)


class PairRow(Form):
    left = prose(_l("Left side"))
    right = prose(_l("Belongs to it"))
    why = prose(WHY)


class ExtraRow(Form):
    right = prose(_l("Belongs to none"))
    why = prose(WHY)


class MatchingForm(ItemForm):
    pairs = rows(_l("Pairs"), PairRow, 3, 8)
    extra = rows(_l("Right sides that belong to none"), ExtraRow, 0, 6)
    parts = ("pairs", "extra")


class ActionRow(Form):
    text = prose(_l("Action"))
    score = Pick(
        _l("How well would it work?"),
        [("", _l("Choose")), ("3", _l("3, best")), ("2", "2"), ("1", "1"), ("0", _l("0, worst"))],
    )
    why = prose(WHY)


class JudgementForm(ItemForm):
    ask = Pick(
        _l("Candidates say"),
        [("", _l("the best")), ("best-worst", _l("the best and the worst")),
         ("rate", _l("a rating of each"))],
    )  # fmt: skip
    actions = rows(_l("Actions"), ActionRow, 4, 4, _l("Four; exactly one is the best."))
    parts = ("ask", "actions")


class StatementRow(Form):
    text = prose(_l("Statement"))
    facet = line(_l("Side that it shows"))
    reversed = BooleanField(_l("Who agrees has less of it"))
    pair = line(_l("Word that it shares with its opposite"), validators=MAY_LACK)
    why = prose(_l("What it asks about"))


class LikertForm(ItemForm):
    statements = rows(
        _l("Statements"), StatementRow, 2, MANY,
        _l("Two with the same word, one of them turned round, show whether somebody hurried."),
    )  # fmt: skip
    parts = ("statements",)


class ShortExamples(Form):
    right = prose(_l("Answers that must be accepted"), _l("One on each line."), 3)
    wrong = prose(_l("Answers that must not be accepted"), _l("One on each line."), 3)


class NearRow(Form):
    pattern = line(_l("Pattern of a wrong answer"))
    why = prose(_l("What is wrong with it"))


class ShortForm(ItemForm):
    accept = prose(
        _l("Accepted patterns"),
        _l("One on each line, in small letters, without punctuation. “.*” stands for any words, "
           "“fob|free on board” for either."),
        3,
    )  # fmt: skip
    shown = line(_l("Right answer as it is shown"))
    why = prose(WHY)
    near = rows(_l("Wrong answers that are foreseen"), NearRow, 0, MANY)
    examples = FormField(ShortExamples, _l("Examples that prove the patterns"))
    parts = ("accept", "shown", "why", "near", "examples")

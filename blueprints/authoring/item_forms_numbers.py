"""The forms of items with numbers, tables, places and rubrics; see item_forms.py."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField

from blueprints.authoring.item_forms import (
    MAY_LACK,
    NUMBER,
    WHY,
    ItemForm,
    JudgementForm,
    LikertForm,
    MatchingForm,
    MultipleForm,
    OrderingForm,
    Pick,
    ShortForm,
    SingleForm,
    TrueFalseForm,
    line,
    prose,
    rows,
)


class ParameterRow(Form):
    name = line(
        _l("Name of the number"), _l("A short word in small letters; the question says {name}.")
    )
    way = Pick(
        _l("Its values"),
        [("range", _l("from one to another, in steps")), ("list", _l("one of a list"))],
    )
    low = line(_l("Lowest value"), render_kw=NUMBER)
    high = line(_l("Highest value"), render_kw=NUMBER)
    step = line(_l("In steps of"), render_kw=NUMBER)
    values = line(_l("List of values"), _l("Numbers with commas between them."))


class SlipRow(Form):
    value = line(_l("Wrong number"))
    why = prose(_l("What went wrong on the way"))


class NumericForm(ItemForm):
    answer = line(_l("Right number"), _l("Where numbers vary: a sum, such as (fob + freight) * 2."))
    tolerance = line(_l("Give or take"), render_kw=NUMBER)
    unit = line(_l("Unit"), validators=MAY_LACK)
    decimals = line(_l("Decimals that are shown"), render_kw=NUMBER)
    why = prose(_l("How it is worked out"), _l("{answer} stands for the right number."))
    slips = rows(_l("Wrong numbers that are foreseen"), SlipRow, 0, 8)
    parameters = rows(
        _l("Numbers that vary from person to person"), ParameterRow, 0, 8,
        _l("Leave this empty where everybody gets the same numbers."),
    )  # fmt: skip
    parts = ("parameters", "answer", "tolerance", "unit", "decimals", "why", "slips")


class CellForm(Form):
    way = Pick(
        _l("This cell"),
        [("given", _l("is given")), ("number", _l("asks for a number")),
         ("words", _l("asks for words"))],
    )  # fmt: skip
    text = line(_l("Content"))
    answer = line(_l("Right number"), render_kw=NUMBER)
    tolerance = line(_l("Give or take"), render_kw=NUMBER)
    decimals = line(_l("Decimals that are shown"), render_kw=NUMBER)
    accept = prose(_l("Accepted patterns"), _l("One on each line."))
    shown = line(_l("Right answer as it is shown"))
    why = prose(WHY)


class LineForm(Form):
    label = line(_l("Name of the row"))
    cells = FieldList(FormField(CellForm), _l("Cells"), min_entries=1, max_entries=5)


class TableForm(ItemForm):
    columns = prose(
        _l("Headings of the columns"),
        _l("One on each line, that of the rows' names first."), 3,
    )  # fmt: skip
    rows = rows(_l("Rows of the table"), LineForm, 1, 12)
    parts = ("columns", "rows")


class AreaRow(Form):
    label = line(_l("Name of the place"), _l("Enough for a person who does not see the figure."))
    key = BooleanField(_l("This one is right"))
    shape = Pick(_l("Shape"), [("circle", _l("Circle")), ("rect", _l("Rectangle"))])
    x = line(_l("From the left"), render_kw=NUMBER)
    y = line(_l("From the top"), render_kw=NUMBER)
    size = line(_l("Radius, or width"), render_kw=NUMBER)
    height = line(_l("Height"), render_kw=NUMBER)
    why = prose(WHY)


class HotspotForm(ItemForm):
    figure = Pick(_l("Figure that is shown"))
    areas = rows(
        _l("Places"), AreaRow, 3, 8,
        _l("A circle is placed by its middle, a rectangle by its upper left corner."),
    )  # fmt: skip
    parts = ("figure", "areas")


class LengthForm(Form):
    least = line(_l("Fewest words"), render_kw=NUMBER)
    most = line(_l("Most words"), render_kw=NUMBER)


class CriterionRow(Form):
    criterion = line(_l("What is looked at"))
    levels = prose(
        _l("What earns 0, 1, 2 … points"),
        _l("One on each line: first what earns nothing, last what earns all points."), 3,
    )  # fmt: skip


class OpenForm(ItemForm):
    words = FormField(LengthForm, _l("Length of the answer"))
    why = prose(_l("What a good answer does"))
    rubric = rows(_l("Rubric for those who mark"), CriterionRow, 1, 8)
    parts = ("words", "why", "rubric")


FORMS: dict[str, type[ItemForm]] = {
    "single": SingleForm,
    "multiple": MultipleForm,
    "truefalse": TrueFalseForm,
    "ordering": OrderingForm,
    "matching": MatchingForm,
    "numeric": NumericForm,
    "sjt": JudgementForm,
    "short": ShortForm,
    "table": TableForm,
    "hotspot": HotspotForm,
    "likert": LikertForm,
    "open": OpenForm,
}

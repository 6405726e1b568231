"""What the checker says of an item, in plain words and the reader's language.

The checker speaks to authors of text files (domain/library/fields.py and domain/assessment/): what
it says is put here for people who fill in a form. The rest is said as problem_words.py says it.
"""

import re
from typing import Any

from flask_babel import lazy_gettext as _l

from blueprints.authoring.problem_words import problem_said
from blueprints.authoring.routes import bp

_QUOTED = "“(?P<what>.*)”"
# What the checker writes -> what people read; the groups of the pattern fill the places.
_WORDS: tuple[tuple[str, Any], ...] = (
    (r"is missing|must not be empty", _l("Fill this in.")),
    (r"must be text; put it in quotes", _l("Write words here.")),
    (
        r"is longer than (?P<most>\d+) characters",
        _l("Make it shorter: %(most)s characters at most."),
    ),
    (r"must be a number|must be a number below 10\^15", _l("Write a plain number such as 3.60.")),
    (
        r"must be a whole number from (?P<low>-?\d+) to (?P<high>\d+)",
        _l("Write a whole number from %(low)s to %(high)s."),
    ),
    (r"must be a number from 0 to 1", _l("Write a number from 0 to 100.")),
    (r"must be at least (?P<least>\S+)", _l("Write %(least)s or more.")),
    (r"must be one of .*", _l("Choose one from the list.")),
    (r"must be a date written like .*", _l("Choose a day.")),
    (_QUOTED + " is not of the expected form", _l("“%(what)s” is not written as it should be.")),
    (_QUOTED + " is listed twice", _l("“%(what)s” stands here twice.")),
    (r"is named twice", _l("This stands in an earlier row already.")),
    (r"repeats an earlier text", _l("This says the same as an earlier row.")),
    (
        r"must list (?P<least>\d+) to (?P<most>\d+) entries, lists (?P<n>\d+)",
        _l("From %(least)s to %(most)s are needed; there are %(n)s."),
    ),
    (
        r"must list (?P<least>\d+) entries, lists (?P<n>\d+)",
        _l("%(least)s are needed; there are %(n)s."),
    ),
    (r"is not a competency", _l("This is not one of the competencies.")),
    (r"must weigh more than 0", _l("Write more than 0 per cent.")),
    (
        r"must be 0: a self-description measures nothing",
        _l("A self-description measures nothing: write 0."),
    ),
    (r"must name at least one competency", _l("Choose at least one competency.")),
    (
        "must include the folder's competency, " + _QUOTED,
        _l("One row must be %(what)s, which the item belongs to."),
    ),
    (r"must not cost more than 1 together", _l("All hints together cost 100 per cent at most.")),
    (r"are for practice items only", _l("Secure items have no hints.")),
    (
        r"must have exactly one key, has (?P<n>\d+)",
        _l("Tick exactly one as right; %(n)s are ticked."),
    ),
    (
        r"must have two or more keys, has (?P<n>\d+)",
        _l("Tick two or more as right; %(n)s are ticked."),
    ),
    (r"must have at least one wrong option", _l("Leave at least one that is not right.")),
    (
        r"is also the right side of a pair",
        _l("This belongs to a pair above. Write something that belongs to none."),
    ),
    (
        r"must offer two or more different right sides",
        _l("Write two or more different right sides."),
    ),
    (r"must differ in their scores", _l("The actions must not all be worth the same.")),
    (
        r"must have exactly one action with score 3, has (?P<n>\d+)",
        _l("Exactly one action is the best (3); now %(n)s are."),
    ),
    (
        r"must have exactly one action with score 0, has (?P<n>\d+)",
        _l("Exactly one action is the worst (0); now %(n)s are."),
    ),
    (
        _QUOTED + " must join two statements of one facet, one of them reversed",
        _l("“%(what)s” must stand at two statements of one side, one of them turned round."),
    ),
    (
        r"would be marked right: it is within tolerance",
        _l("This would be marked right: it is too near to the right number."),
    ),
    (
        r"would be marked right with (?P<what>.*): it is within tolerance",
        _l("With %(what)s this would be marked right: it is too near to the right number."),
    ),
    (
        r"must be a short word in lower case, and not “answer”",
        _l("Use a short word in small letters, and not “answer”."),
    ),
    (
        r"must list 2 to (?P<most>\d+) numbers",
        _l("Write 2 to %(most)s numbers with commas between them."),
    ),
    (
        r"must go up from `from` to `to` in 1 to (?P<most>\d+) steps",
        _l("The highest value must be above the lowest, in %(most)s steps at most."),
    ),
    (
        r"must name the parameter \{(?P<what>.*)\}",
        _l("Write {%(what)s} where the number that varies belongs."),
    ),
    (
        r"\{(?P<what>.*)\} is not a parameter",
        _l("{%(what)s} is none of the numbers that vary."),
    ),
    (
        r"uses '(?P<what>.*)', which is not a parameter",
        _l("“%(what)s” is none of the numbers that vary."),
    ),
    (
        r"is not a sum that can be read|may hold numbers.*",
        _l("Write a sum such as (fob + freight) * 2."),
    ),
    (
        r"must list \d numbers in the figure's units",
        _l("Fill in where the place is on the figure: numbers of 0 and more, sizes above 0."),
    ),
    (
        r"would not be accepted itself",
        _l("The accepted patterns do not accept this answer."),
    ),
    (
        _QUOTED + " would not be accepted",
        _l("“%(what)s” should be accepted, but no pattern does."),
    ),
    (
        _QUOTED + " would be accepted",
        _l("“%(what)s” should not be accepted, but a pattern does."),
    ),
    (
        r"matches none of the right examples",
        _l("A pattern fits none of the answers that must be accepted."),
    ),
    (
        r"matches none of the wrong examples",
        _l("This fits none of the answers that must not be accepted."),
    ),
    (r"is not a usable pattern: .*", _l("This pattern cannot be read.")),
    (r"must leave at least one cell open", _l("At least one cell must ask for something.")),
    (
        r"must have `least` no higher than `most`",
        _l("The fewest words must not be more than the most."),
    ),
    (r"there is no '(?P<what>.*)'", _l("“%(what)s” does not exist here.")),
    (
        r"could not be rendered within two seconds",
        _l("This text takes too long to show. Make it shorter or simpler."),
    ),
)
_TABLE = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _WORDS)


@bp.app_template_filter("item_problem")
def plain(message: str) -> str:
    """A message of the checker as people read it."""
    for pattern, words in _TABLE:
        if found := pattern.fullmatch(message):
            places = found.groupdict()
            return str(words) % places if places else str(words)
    return problem_said(message)

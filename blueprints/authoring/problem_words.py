"""What the check of a text says, in the trainer's language: the domain speaks English.

Each sentence of the table is the English one itself, with what it names left open; a sentence that
is not here is shown as it is. The names that it quotes stay as their author wrote them.
"""

import re

from flask_babel import gettext

from blueprints.authoring.routes import bp

N_ = str  # marks a sentence for the catalog; it is translated where it is shown

_TABLE = (
    N_("is missing"),
    N_("must not be empty"),
    N_("must be text; put it in quotes"),
    N_("must be a list"),
    N_("must be true or false"),
    N_("must be a number"),
    N_("must be a number from %(low)s to %(high)s"),
    N_("must be a whole number from %(low)s to %(high)s"),
    N_("must be one of %(words)s"),
    N_("must be a mapping of fields to values"),
    N_("must be a date written like 2027-05-31"),
    N_("must list %(least)s to %(most)s entries, lists %(count)s"),
    N_("must equal the file's name, %(name)s"),
    N_("is longer than %(most)s characters"),
    N_("is not a field known here"),
    N_("is given twice"),
    N_("%(name)s is listed twice"),
    N_("%(name)s is not of the expected form"),
    N_("there is no %(name)s"),
    N_("there is no figure %(name)s"),
    N_("there is no picture %(name)s in the library"),
    N_("there is no lesson %(name)s in this module"),
    N_("there is no module %(name)s"),
    N_("%(name)s is secure: its key would be shown in a quiz"),
    N_("has no English text beside it"),
    N_("goes round in a circle: %(names)s"),
    N_("a module cannot come before itself"),
    N_("a module without lessons stays closed"),
    N_("must begin with front matter: a line of three dashes"),
    N_("the front matter is not closed by a line of three dashes"),
    N_("is longer than %(most)s KB; divide it into two lessons"),
    N_("takes longer than 2 seconds to render; take out what is deeply nested or repeated"),
    N_("could not be rendered; take out what you added last, or try again in a minute"),
    N_("lists, quotes or blocks are nested too deeply"),
    N_("the text must start with prose, not with a block"),
    N_("the text must start with prose, not with a heading"),
    N_("the text must start with prose, not with code"),
    N_("needs %(least)s or more sections (##), has %(count)s"),
    N_("needs at least one question in the text: /// check | the question"),
    N_("the title stands in the front matter; sections start with ##"),
    N_("a heading cannot stand inside a block"),
    N_("closes a block, but none is open"),
    N_("the block %(kind)s is not closed by a line ///"),
    N_("the block needs a title: /// %(kind)s | title"),
    N_("%(kind)s is not a block; there are: %(known)s"),
    N_("this code fence is not closed"),
    N_("one tab alone is no choice: put another one after it"),
    N_("a set has up to %(most)s tabs, this one %(count)s"),
    N_("another tab of this set is called %(name)s too"),
    N_("a check holds only lines “- [ ] text :: reason”"),
    N_("this option has no reason: text :: reason"),
    N_("this option has no text"),
    N_("this check needs two or more options"),
    N_("this check must have exactly one key [x], has %(count)s"),
    N_("HTML is not used in lessons; it would be shown as text"),
    N_("the figure needs a text that says what it shows"),
    N_("%(name)s is not a figure: figures/<name>.svg"),
    N_("a link to a lesson is lesson:module/lesson"),
    N_("a link to the glossary is term:some-word"),
    N_("a link cannot start with %(scheme)s; it would be dropped"),
    N_("has %(count)s words, not %(least)s to %(most)s"),
    N_("has %(count)s questions in the text, not %(least)s"),
    N_("has neither a case nor a worked example"),
    N_("has no task for work: /// try | title"),
    N_("links %(count)s key terms to the glossary, not %(least)s"),
    N_("%(sum)s gives %(result)s, which the text does not say"),
    N_("%(address)s may be somebody's: invented addresses end in .example"),
    N_("%(word)s: is not finished"),
)
_OPEN = re.compile(r"%\((\w+)\)s")


def _pattern(sentence: str) -> re.Pattern[str]:
    """The sentence with a gap for each thing that it names."""
    parts = _OPEN.split(sentence)  # words, name, words, name, words
    named = [f"(?P<{part}>.+)" if n % 2 else re.escape(part) for n, part in enumerate(parts)]
    return re.compile("".join(named), re.DOTALL)


def _fixed(sentence: str) -> int:
    return len(_OPEN.sub("", sentence))


# What says most comes first: “there is no figure x” is no “there is no x”.
SENTENCES = tuple(
    (sentence, _pattern(sentence)) for sentence in sorted(_TABLE, key=_fixed, reverse=True)
)


@bp.app_template_filter("problem")
def problem_said(message: str) -> str:
    """One message of the check in the reader's language."""
    for sentence, pattern in SENTENCES:
        if found := pattern.fullmatch(message):
            return str(gettext(sentence, **found.groupdict()))
    return message

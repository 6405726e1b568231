"""Reading items about conduct: judgements of actions, and self-descriptions."""

from collections import defaultdict
from collections.abc import Sequence

from domain.assessment.authored_parts import MOST_TEXT, MOST_WHY, Core, lettered, refuse_repeats
from domain.assessment.items import (
    ASKS,
    BEST_ACTION,
    LETTERS,
    Action,
    Item,
    Judgement,
    Likert,
    Statement,
)
from domain.library.fields import Fields

MOST_STATEMENTS = 20
MOST_FACET = 60


def judgement(fields: Fields, core: Core) -> Item:
    """The rest of a judgement item. Faults are noted in `fields`."""
    ask = (fields.one_of("ask", ASKS) or ASKS[0]) if fields.has("ask") else ASKS[0]
    actions = tuple(
        Action(
            letter=letter,
            text=entry.text("text", most=MOST_TEXT),
            why=entry.text("why", most=MOST_WHY),
            score=entry.integer("score", 0, BEST_ACTION),
        )
        for letter, entry in lettered(fields.children("actions", least=4, most=4))
    )
    refuse_repeats(fields, "actions", [action.text for action in actions])
    if actions:
        _check_scores(fields, ask, [action.score for action in actions])
    return Judgement(**core, actions=actions, ask=ask)


def _check_scores(fields: Fields, ask: str, scores: list[int]) -> None:
    """One action to be found as the best, and one as the worst where that is asked."""
    best, worst = scores.count(BEST_ACTION), scores.count(0)
    if ask == "rate":
        if len(set(scores)) < 2:
            fields.problem("actions", "must differ in their scores")
        return
    if best != 1:
        fields.problem("actions", f"must have exactly one action with score 3, has {best}")
    if ask == "best-worst" and worst != 1:
        fields.problem("actions", f"must have exactly one action with score 0, has {worst}")


def likert(fields: Fields, core: Core) -> Item:
    """The rest of a self-description. Faults are noted in `fields`."""
    entries = fields.children("statements", least=2, most=MOST_STATEMENTS)
    statements = tuple(
        Statement(
            letter=letter,
            text=entry.text("text", most=MOST_TEXT),
            why=entry.text("why", most=MOST_WHY),
            facet=entry.text("facet", most=MOST_FACET),
            reversed=entry.flag("reversed"),
            pair=entry.text("pair", most=MOST_FACET) if entry.has("pair") else "",
        )
        for letter, entry in zip(LETTERS, entries, strict=False)
    )
    refuse_repeats(fields, "statements", [statement.text for statement in statements])
    _check_pairs(fields, statements)
    return Likert(**core, statements=statements)


def _check_pairs(fields: Fields, statements: Sequence[Statement]) -> None:
    """A pair is one statement and its opposite, both of one facet."""
    pairs: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.pair:
            pairs[statement.pair].append(statement)
    for name, found in pairs.items():
        ways = sorted(statement.reversed for statement in found)
        if ways != [False, True] or len({statement.facet for statement in found}) != 1:
            message = f"“{name}” must join two statements of one facet, one of them reversed"
            fields.problem("statements", message)

"""An item's own rule of marking, tried on answers: so its key is the one that earns the mark."""

from collections.abc import Iterable
from dataclasses import replace

from domain.exchange.gift_answers import Refused
from domain.exchange.qti_marking import Declared, Rule
from domain.exchange.qti_scoring import Unknown, score, worth
from domain.exchange.qti_tree import attribute, first, tag, within
from domain.exchange.xml_text import Element, text_of

_SINGLE = {
    "choiceInteraction": ("simpleChoice",),
    "inlineChoiceInteraction": ("inlineChoice",),
    "hotspotInteraction": ("hotspotChoice",),
    "textEntryInteraction": (),
}
_WHOLE = ("choiceInteraction", "orderInteraction", "matchInteraction")
_ELSE = "\N{OBJECT REPLACEMENT CHARACTER}"  # an answer that nobody gives


def followed(
    item: Element, interaction: Element, response: str, declared: Declared, rule: Rule
) -> tuple[Declared, Rule]:
    """What is right after the rule was tried; both as they came where it names a template.

    Raises Refused for a rule that cannot be followed where nothing else says what is right.
    """
    processing = first(item, "responseProcessing")
    if processing is None or attribute(processing, "template") or rule.kind == "point":
        return declared, rule
    try:
        if declared.cardinality == "single" and tag(interaction) in _SINGLE:
            return _single(item, interaction, response, declared, rule)
        if declared.cardinality != "single" and tag(interaction) in _WHOLE and declared.correct:
            return declared, _whole(item, response, declared, rule)
    except Unknown as unknown:
        if not declared.correct and not any(share > 0 for share in declared.worth.values()):
            why = f"only its own rule of marking says what is right, and not followed is: {unknown}"
            raise Refused(tag(interaction), why[:200]) from None
        if not rule.notes:
            words = f"its rule of marking was not followed ({unknown}): the correct response counts"
            return declared, replace(rule, notes=(words,))
    return declared, rule


def _single(
    item: Element, interaction: Element, response: str, declared: Declared, rule: Rule
) -> tuple[Declared, Rule]:
    marks = worth(item, response, _candidates(item, interaction, declared))
    if not marks:
        score(item, response, (_ELSE,))  # says what it cannot follow, if there is such a thing
    best = max(marks.values(), default=0.0)
    if best <= 0:
        raise Refused(tag(interaction), "its own rule of marking gives no answer a mark")
    named = {*declared.correct, *declared.worth}
    if not _SINGLE[tag(interaction)]:  # of texts and numbers in the rule many are something else
        near = bool(rule.tolerance and declared.correct)
        marks = {k: mark for k, mark in marks.items() if k in named or (mark and not near)}
    notes = tuple(note for note in rule.notes if not note.startswith("its rule of marking"))
    keys = tuple(key for key, mark in marks.items() if mark == best)
    if declared.correct and not set(declared.correct) & set(keys):
        notes += ("its rule of marking and its correct response differ: the rule counts",)
    is_text = tag(interaction) == "textEntryInteraction" and declared.base == "string"
    if is_text and score(item, response, (_ELSE,)) > 0:
        notes += ("other answers than these earned a mark there too",)
    return replace(declared, worth=marks), replace(rule, kind="map", notes=notes)


def _candidates(item: Element, interaction: Element, declared: Declared) -> Iterable[str]:
    """The answers that the rule may know: each choice, or each text that stands anywhere in it."""
    if names := _SINGLE[tag(interaction)]:
        return [attribute(choice, "identifier") for choice in within(interaction, *names)]
    processing = first(item, "responseProcessing")
    said = [
        " ".join(text_of(value).split())
        for value in within(processing, "baseValue")
        if attribute(value, "baseType") == declared.base
    ]
    plain = [key for key in (*declared.correct, *declared.worth, *said) if key]
    return list(dict.fromkeys(plain))[:200]


def _whole(item: Element, response: str, declared: Declared, rule: Rule) -> Rule:
    """Where an answer has several parts the rule is tried on the right one, and on none."""
    notes: tuple[str, ...] = ()
    right = score(item, response, declared.correct)
    if right <= 0 or score(item, response, ()) >= right:
        notes = ("its rule of marking gives the correct response no mark: look what is right",)
    elif rule.kind == "match" and _parts_count(item):
        notes = ("part of the mark for a half-right answer was left out",)
    return replace(rule, notes=notes)


def _parts_count(item: Element) -> bool:
    """Whether the rule knows more than one mark above nothing."""
    marks = {
        text_of(value)
        for setting in within(first(item, "responseProcessing"), "setOutcomeValue")
        if attribute(setting, "identifier") == "SCORE"
        for value in within(setting, "baseValue")
    }
    return len(marks - {"0", "0.0", ""}) > 1

"""One assessmentItem of QTI 2.1, 2.2 or 3.0 as a question."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from domain.exchange.gift_answers import Refused
from domain.exchange.markup import Writer
from domain.exchange.moodle_writing import base64_of
from domain.exchange.qti_marking import Declared, Rule, declarations, rule_of, shares
from domain.exchange.qti_places import hotspot, points
from domain.exchange.qti_rules import followed
from domain.exchange.qti_tree import (
    IGNORED_IN_BODY,
    INTERACTIONS,
    attribute,
    direct,
    first,
    is_for_candidates,
    resolve,
    tag,
    within,
    write,
)
from domain.exchange.questions import Answer, PictureFile, Question, number
from domain.exchange.xml_text import Element, parse

GAP = "\n\n" + r"\_" * 5  # alone at the end it says nothing
CHOICES = ("simpleChoice", "inlineChoice", "simpleAssociableChoice", "hotspotChoice")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass
class Context:
    """What the interactions of one item share."""

    path: str
    item: Element
    files: Mapping[str, bytes]
    rule: Rule
    declared: Declared
    notes: list[str] = field(default_factory=list)
    pictures: dict[str, PictureFile] = field(default_factory=dict)

    def note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)

    def tolerance(self, value: str) -> str:
        """How far a number may be off; the rule may say it in per cent."""
        given = self.rule.tolerance or "0"
        if not given.endswith("%"):
            return given
        return number(format(abs(Decimal(value)) * Decimal(given[:-1]) / 100, "f")) or "0"

    def plain(self, element: Element) -> str:
        """An element as text on one line, without the feedback in it."""
        writer = Writer(markdown=False)
        write(writer, element, IGNORED_IN_BODY)
        for words in writer.notes:
            self.note(words)
        return " ".join(writer.text().split())

    def feedback(self, choice: Element) -> str:
        """What is said about a choice: inside it, or as modal feedback under its identifier."""
        identifier = attribute(choice, "identifier")
        said = [self.plain(e) for e in within(choice, "feedbackInline", "feedbackBlock")]
        said += [
            self.plain(e)
            for e in direct(self.item, "modalFeedback")
            if attribute(e, "identifier") == identifier and attribute(e, "showHide") != "hide"
        ]
        return " ".join(filter(None, said))

    def picture(self, href: str) -> str | None:
        """Keep a picture of the package and give back the name that it is kept under."""
        path = resolve(self.path, href, self.files)
        if path is None or not path.lower().endswith(_PICTURES):
            return None
        short = path.rpartition("/")[2]
        taken = sum(other.rpartition("/")[2] == short for other in self.files) > 1
        name = re.sub(r"[^a-z0-9.]+", "-", (path if taken else short).lower()).strip("-.")[-80:]
        self.pictures[name] = PictureFile(name, base64_of(self.files[path]))
        return name


def read_item(data: bytes, path: str, files: Mapping[str, bytes]) -> Question:
    """The question of one item file. Raises Unreadable, and Refused for what has no place here."""
    item = parse(data)
    if tag(item) != "assessmentItem":
        raise Refused(tag(item)[:40], "is not an assessmentItem")
    body = first(item, "itemBody")
    if body is None:
        raise Refused("assessmentItem", "has no itemBody")
    interactions = list(within(body, *INTERACTIONS))
    interaction = _only(interactions)
    if direct(item, "templateProcessing"):
        raise Refused("templateProcessing", "draws its values by a program, which is not run here")
    if attribute(item, "adaptive") == "true":
        raise Refused("adaptive item", "goes on in several steps; an answer is given once here")
    every = declarations(item)
    identifier = attribute(interaction, "responseIdentifier") or "RESPONSE"
    if identifier not in every:
        raise Refused(tag(interaction), f"answers to “{identifier[:40]}”, which is not declared")
    declared, rule = followed(item, interaction, identifier, every[identifier], rule_of(item))
    context = Context(path, item, files, rule, declared, list(rule.notes))
    question = _KINDS[tag(interaction)](interaction, context)
    stem = _stem(body, context)
    if not stem.strip():
        raise Refused(tag(interaction), "has no question text")
    general = _general(context, interaction)
    if rule.kind == "none" and question.kind != "open":
        context.note("it says no rule of marking: the correct response counts")
    if direct(item, "stylesheet"):
        context.note("its style sheet was left out")
    return replace(
        question,
        name=attribute(item, "title")[:200],
        stem=stem,
        why=general,
        tags={"id": attribute(item, "label")} if attribute(item, "label") else {},
        pictures=tuple(context.pictures.values()),
        notes=(*question.notes, *context.notes),
    )


def _only(interactions: list[Element]) -> Element:
    if not interactions:
        raise Refused("assessmentItem", "asks nothing: there is no interaction in it")
    for one in interactions:
        if why := INTERACTIONS[tag(one)]:
            raise Refused(tag(one), why)
    if len(interactions) > 1:
        names = ", ".join(sorted({tag(one) for one in interactions}))
        why = f"asks {len(interactions)} things at once ({names}); ask each by itself"
        raise Refused("composite item", why)
    return interactions[0]


def _stem(body: Element, context: Context) -> str:
    names = {}
    for element in within(body, "img", "object"):
        href = attribute(element, "src") or attribute(element, "data")
        inside = any(element in list(i.iter()) for i in within(body, "simpleChoice"))
        if href and not inside and _shown(body, element) and (name := context.picture(href)):
            names[href] = name
    writer = Writer(names)
    shared = [_stimulus(one, context) for one in direct(context.item, "assessmentStimulusRef")]
    write(writer, body, IGNORED_IN_BODY)
    _note_unshown(body, context)
    for words in writer.notes:
        context.note(words)
    for name, data in writer.embedded.items():
        context.pictures[name] = PictureFile(name, data)
    return "\n\n".join([*shared, writer.text().removesuffix(GAP).rstrip()]).strip()


def _shown(body: Element, element: Element) -> bool:
    """Whether a picture stands in the text and is not the ground of a hotspot."""
    places = within(body, "hotspotInteraction", "selectPointInteraction")
    return not any(element in list(place) for place in places)


def _stimulus(reference: Element, context: Context) -> str:
    """A text that several items share is put before each; its pictures lie beside it."""
    path = resolve(context.path, attribute(reference, "href"), context.files)
    shared = None if path is None else first(parse(context.files[path]), "stimulusBody")
    if path is None or shared is None:
        raise Refused("assessmentStimulusRef", "the text that it rests on is not in the package")
    there = replace(context, path=path)  # the lists of notes and pictures are the item's own
    names = {}
    for element in within(shared, "img", "object"):
        href = attribute(element, "src") or attribute(element, "data")
        if href and (name := there.picture(href)):
            names[href] = name
    writer = Writer(names)
    write(writer, shared, IGNORED_IN_BODY)
    for words in writer.notes:
        context.note(words)
    for name, data in writer.embedded.items():
        context.pictures[name] = PictureFile(name, data)
    return writer.text()


def _note_unshown(body: Element, context: Context) -> None:
    """Words in the body that stand for some and not for others have no place in a stem."""
    mine = {id(e) for choice in within(body, *CHOICES) for e in choice.iter()}
    asked_in_words = first(body, "extendedTextInteraction") is not None
    for element in within(body, "feedbackInline", "feedbackBlock", "rubricBlock"):
        for_marker = tag(element) == "rubricBlock" and asked_in_words
        if id(element) in mine or for_marker or is_for_candidates(element):
            continue
        if said := context.plain(element):
            context.note(f"a <{tag(element)}> was left out: “{said[:80]}”")


def _general(context: Context, interaction: Element) -> str:
    """Modal feedback that belongs to no choice; more than one depends on the outcome."""
    mine = {attribute(e, "identifier") for e in interaction.iter()} - {""}
    free = [
        e for e in direct(context.item, "modalFeedback") if attribute(e, "identifier") not in mine
    ]
    if len(free) > 1:
        for element in free:
            said = context.plain(element)[:60]
            context.note(f"the feedback “{said}” was left out: reasons stand at each answer")
        return ""
    return context.plain(free[0]) if free else ""


def _choice(interaction: Element, context: Context) -> Question:
    most = attribute(interaction, "maxChoices") or "1"
    several = context.declared.cardinality == "multiple" and most != "1"
    worth = shares(context.declared, context.rule, several=several)
    choices = list(within(interaction, "simpleChoice", "inlineChoice"))
    answers = tuple(
        Answer(context.plain(c), worth.get(attribute(c, "identifier"), 0.0), context.feedback(c))
        for c in choices
    )
    if len(answers) < 2:
        raise Refused(tag(interaction), "has fewer than two choices")
    if all(answer.share <= 0 for answer in answers):
        raise Refused(tag(interaction), "marks no choice as right")
    if several and context.rule.kind == "match":
        context.note("only all right ticks together earned the mark there; here each counts")
    if any(True for c in choices for _ in within(c, "img", "object")):
        context.note("a picture inside an answer was left out: answers are text here")
    if not several and {a.text.lower() for a in answers} == {"true", "false"}:
        return _verdict(answers)
    return Question("multiple" if several else "single", "", "", answers=answers)


def _verdict(answers: tuple[Answer, ...]) -> Question:
    """Two choices that say True and False."""
    right = next(answer for answer in answers if answer.share > 0)
    truth = right.text.lower() == "true"
    said = sorted(
        (replace(a, text=a.text.capitalize(), share=float(a is right)) for a in answers),
        key=lambda a: -a.share,
    )
    return Question("truefalse", "", "", truth=truth, answers=tuple(said))


def _order(interaction: Element, context: Context) -> Question:
    steps = {attribute(c, "identifier"): c for c in within(interaction, "simpleChoice")}
    order = [key for key in context.declared.correct if key in steps]
    if len(order) < 2 or set(order) != set(steps):
        raise Refused("orderInteraction", "does not say the right order of all its steps")
    answers = tuple(
        Answer(context.plain(steps[key]), 1.0, context.feedback(steps[key])) for key in order
    )
    return Question("ordering", "", "", answers=answers)


def _match(interaction: Element, context: Context) -> Question:
    sets = direct(interaction, "simpleMatchSet")
    if len(sets) != 2:
        raise Refused("matchInteraction", "has no two sets to match")
    lefts, rights = (
        {attribute(c, "identifier"): c for c in direct(one, "simpleAssociableChoice")}
        for one in sets
    )
    named = context.declared.correct
    if context.rule.kind == "map" and context.declared.worth:
        named = tuple(key for key, worth in context.declared.worth.items() if worth > 0)
    pairs: dict[str, str] = {}
    for pair in named:
        one, _, other = pair.partition(" ")
        if one in rights and other in lefts:
            one, other = other, one
        if one not in lefts or other not in rights:
            raise Refused("matchInteraction", f"pairs “{pair[:40]}”, which it does not have")
        if one in pairs:
            raise Refused("matchInteraction", "gives a left side several right sides")
        pairs[one] = other
    for key, left in lefts.items():
        if key not in pairs:
            context.note(f"“{context.plain(left)[:60]}” goes with nothing there; it was left out")
    if len(pairs) < 2:
        raise Refused("matchInteraction", "needs two pairs or more")
    answers = [
        Answer(
            context.plain(lefts[key]),
            1.0,
            context.feedback(lefts[key]),
            context.plain(rights[pairs[key]]),
        )
        for key in lefts
        if key in pairs
    ]
    answers += [
        Answer("", 0.0, context.feedback(right), context.plain(right))
        for key, right in rights.items()
        if key not in pairs.values()
    ]
    return Question("matching", "", "", answers=tuple(answers))


def _text_entry(interaction: Element, context: Context) -> Question:
    declared = context.declared
    worth = dict.fromkeys(declared.correct, 1.0)
    if context.rule.kind == "map" and declared.worth:
        worth = shares(declared, context.rule, several=False)
    if all(share <= 0 for share in worth.values()):
        raise Refused("textEntryInteraction", "accepts no answer")
    if declared.base in ("integer", "float"):
        answers = []
        for key, share in worth.items():
            if not (value := number(key)):
                raise Refused("textEntryInteraction", f"“{key[:40]}” is no number")
            answers.append(Answer(value, share, value=value, tolerance=context.tolerance(value)))
        return Question("numeric", "", "", answers=tuple(answers))
    if len({key.casefold() for key in worth}) < len(worth):
        context.note("capital letters counted there; here they do not")
    return Question(
        "short", "", "", answers=tuple(Answer(key, share) for key, share in worth.items())
    )


def _extended(interaction: Element, context: Context) -> Question:
    said = [
        context.plain(e)
        for e in within(first(context.item, "itemBody"), "rubricBlock")
        if not is_for_candidates(e)
    ]
    said += [value for value in context.declared.correct if value]
    answers = (Answer("", 1.0, " ".join(said)),) if said else ()
    if attribute(interaction, "format") == "xhtml":
        context.note("answers could be formatted there; here they are plain text")
    return Question("open", "", "", answers=answers)


_KINDS: Mapping[str, Callable[[Element, Context], Question]] = {
    "choiceInteraction": _choice,
    "inlineChoiceInteraction": _choice,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "textEntryInteraction": _text_entry,
    "extendedTextInteraction": _extended,
    "hotspotInteraction": hotspot,
    "selectPointInteraction": points,
}

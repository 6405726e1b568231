"""Moodle XML: every question that this house can ask, and the name of every one that it cannot.

Source: docs.moodle.org, "Moodle XML format".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

from domain.exchange.gift_answers import Refused
from domain.exchange.markup import escaped, markdown_of, plain_of
from domain.exchange.questions import (
    MOST_QUESTIONS,
    Answer,
    PictureFile,
    Question,
    Reading,
    Refusal,
    Unreadable,
    number,
    share_of,
)
from domain.exchange.xml_text import Element, child, children, name_of, parse, text_of

UNSUPPORTED = {
    "cloze": "has several gaps in one text; ask each gap by itself",
    "calculated": "draws its numbers from a data set, which has no place here",
    "calculatedsimple": "draws its numbers from a data set, which has no place here",
    "calculatedmulti": "draws its numbers from a data set, which has no place here",
    "ddwtos": "asks to drag words into a text; make it a matching question",
    "gapselect": "asks to choose words in a text; make it a matching question",
    "ddimageortext": "asks to drag things onto a picture, which has no place here",
    "ddmarker": "asks to drag markers onto a picture, which has no place here",
    "description": "is a text without a question",
    "multianswer": "has several gaps in one text; ask each gap by itself",
    "random": "stands for any question of a category, not for one",
    "randomsamatch": "is made of other questions by chance",
    "coderunner": "runs programs, which this house does not",
    "stack": "computes with algebra, which this house does not",
    "recordrtc": "records sound or film, which this house does not",
}
_PLUGIN = "@@PLUGINFILE@@/"


class _Texts:
    """The texts of one question: formats, embedded files, and what was left out."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.files: dict[str, PictureFile] = {}

    def note(self, *words: str) -> None:
        self.notes += [text for text in words if text not in self.notes]

    def _names(self, holder: Element) -> dict[str, str]:
        """Address in the text -> name that the file is kept under."""
        names: dict[str, str] = {}
        for file in children(holder, "file"):
            name = (file.get("name") or "").strip()
            kept = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[-80:]
            if file.get("encoding") != "base64" or not kept:
                self.note(f"the file “{name[:80]}” is not in base64, so it was left out")
                continue
            if not kept.endswith((".png", ".jpg", ".jpeg", ".gif", ".webp")):
                self.note(f"the file “{name[:80]}” is no picture that is shown here")
                continue
            folder = (file.get("path") or "").strip("/ ")
            whole = f"{folder}/{name}" if folder else name
            self.files[kept] = PictureFile(kept, "".join((file.text or "").split()))
            names[_PLUGIN + whole] = names[_PLUGIN + quote(whole)] = kept
            names[_PLUGIN + whole.replace(" ", "%20")] = kept
        return names

    def markdown(self, holder: Element | None) -> str:
        if holder is None:
            return ""
        raw, form = text_of(child(holder, "text")) or _own_text(holder), holder.get("format", "")
        names = self._names(holder)
        if form == "markdown":
            for address, kept in names.items():
                raw = raw.replace(f"({address}", f"(media:{kept}")
            return raw.strip()
        if form == "plain_text":
            return escaped(raw)
        if form == "moodle_auto_format":  # where a line of the text is a line of the page
            raw = raw.replace("\n", "<br>")
        markdown, writer = markdown_of(raw, names)
        self.note(*writer.notes)
        for name, data in writer.embedded.items():
            self.files[name] = PictureFile(name, data)
        return markdown

    def old_picture(self, element: Element) -> str:
        """The one picture of a question in files of Moodle 1.9; it stands under the text."""
        name, data = text_of(child(element, "image")), text_of(child(element, "image_base64"))
        kept = re.sub(r"[^a-z0-9.]+", "-", name.rpartition("/")[2].lower()).strip("-.")[-80:]
        if not data or not kept.endswith((".png", ".jpg", ".jpeg", ".gif", ".webp")):
            if name or data:
                self.note(f"the picture “{name[:80]}” is not in the file, so it was left out")
            return ""
        self.files[kept] = PictureFile(kept, "".join(data.split()))
        return f"\n\n![picture](media:{kept})"

    def plain(self, holder: Element | None) -> str:
        if holder is None:
            return ""
        raw, form = text_of(child(holder, "text")) or _own_text(holder), holder.get("format", "")
        if form in ("plain_text", "markdown", ""):
            looks_like_html = form == "" and "<" in raw and ">" in raw
            if not looks_like_html:
                return " ".join(raw.split())
        text, notes = plain_of(raw)
        self.note(*notes)
        if any(True for _ in children(holder, "file")):
            self.note("a file inside an answer or a feedback was left out")
        return text


def _own_text(holder: Element) -> str:
    return (holder.text or "").strip() if child(holder, "text") is None else ""


def read_moodle(data: bytes) -> Reading:
    """Every question of a Moodle XML file. Raises Unreadable."""
    root = parse(data)
    if name_of(root) != "quiz":
        raise Unreadable(f"is XML of another kind: it begins with <{name_of(root)[:40]}>")
    questions: list[Question] = []
    refusals: list[Refusal] = []
    notes: list[str] = []
    category, place_number = "", 0
    for element in root:
        if name_of(element) != "question":
            refusals.append(Refusal("quiz", f"<{name_of(element)[:40]}>", "is not a question"))
            continue
        kind = (element.get("type") or "").strip()
        if kind == "category":
            category = text_of(child(child(element, "category"), "text"))[:200]
            if said := plain_of(text_of(child(child(element, "info"), "text")))[0]:
                notes.append(f"The description of a category is not kept: “{said[:120]}”.")
            continue
        place_number += 1
        name = " ".join(text_of(child(child(element, "name"), "text")).split())[:200]
        place = f"question {place_number}" + (f" “{name}”" if name else "")
        try:
            question = _question(element, kind, place)
        except Refused as refused:
            refusals.append(Refusal(place, refused.element, str(refused)))
            continue
        questions.append(replace(question, name=name, category=category))
        if len(questions) >= MOST_QUESTIONS:
            why = f"a file may hold {MOST_QUESTIONS} questions; the rest was left out"
            refusals.append(Refusal(place, "file", why))
            break
    return Reading("moodle", tuple(questions), tuple(refusals), tuple(notes[:20]))


def _question(element: Element, kind: str, place: str) -> Question:
    read = _KINDS.get(kind)
    if read is None:
        why = UNSUPPORTED.get(kind, "is a kind of question that this house does not have")
        raise Refused(kind[:40] or "question without a type", why)
    texts = _Texts()
    stem = texts.markdown(child(element, "questiontext"))
    if not stem.strip():
        raise Refused(kind, "has no question text")
    stem += texts.old_picture(element)
    question = read(element, texts)
    hints = tuple(hint for one in children(element, "hint") if (hint := texts.plain(one)))
    general = texts.plain(child(element, "generalfeedback"))
    _note_the_rest(element, kind, texts)
    shown = tuple(file for file in texts.files.values() if f"media:{file.name}" in stem)
    for file in texts.files.values():
        if file not in shown:
            texts.note(f"the picture “{file.name}” is shown nowhere in the question text")
    return replace(
        question,
        place=place,
        stem=stem,
        why=general,
        hints=hints,
        tags=_tags(element),
        pictures=shown,
        notes=(*question.notes, *texts.notes),
    )


_SAID = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def _note_the_rest(element: Element, kind: str, texts: _Texts) -> None:
    """Settings that this house decides for itself."""
    penalty = number(text_of(child(element, "penalty")))
    if penalty and float(penalty) not in (0.0, 0.1, 0.3333333, 0.333, 1.0) and kind != "essay":
        texts.note("the penalty for each new try was left out: an answer is given once")
    marks = number(text_of(child(element, "defaultgrade")))
    if marks and float(marks) != 1.0:
        texts.note(f"was worth {marks} marks there; here its kind says what it is worth")
    if labels := [t for t in _labels(element) if "=" not in t]:
        texts.note(f"its tags were left out: {', '.join(labels)[:120]}")
    for name in _SAID:
        if text_of(child(element, name)):
            said = plain_of(text_of(child(child(element, name), "text")))[0]
            usual = (
                "Your answer is correct.",
                "Your answer is partially correct.",
                "Your answer is incorrect.",
            )
            if said not in usual:
                texts.note(f"the {name} “{said[:60]}” was left out: reasons stand at each answer")


def _labels(element: Element) -> list[str]:
    holder = child(element, "tags")
    return [] if holder is None else [text_of(tag) for tag in children(holder, "tag")]


def _tags(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for label in _labels(element):
        name, equals, value = label.partition("=")
        if equals:
            found[name.strip()] = value
    if identity := text_of(child(element, "idnumber")):
        found["id"] = identity
    return found


def _share(element: Element) -> float:
    share = share_of(element.get("fraction") or "0")
    if share is None:
        raise Refused("answer", f"fraction {str(element.get('fraction'))[:20]} is no share")
    return share


def _answers(element: Element, texts: _Texts) -> list[Answer]:
    return [
        Answer(texts.plain(one), _share(one), texts.plain(child(one, "feedback")))
        for one in children(element, "answer")
    ]


def _multichoice(element: Element, texts: _Texts) -> Question:
    answers = _answers(element, texts)
    single = text_of(child(element, "single")).lower() not in ("false", "0")
    if len(answers) < 2:
        raise Refused("multichoice", "has fewer than two choices")
    if all(answer.share <= 0 for answer in answers):
        raise Refused("multichoice", "marks no choice as right")
    return Question("single" if single else "multiple", "", "", answers=tuple(answers))


def _all_or_nothing(element: Element, texts: _Texts) -> Question:
    texts.note("only all right ticks together earned the mark there; here each counts")
    return replace(_multichoice(element, texts), kind="multiple")


def _truefalse(element: Element, texts: _Texts) -> Question:
    answers = _answers(element, texts)
    right = [answer for answer in answers if answer.share > 0]
    if len(right) != 1 or right[0].text.lower() not in ("true", "false"):
        raise Refused("truefalse", "does not say which of true and false is right")
    truth = right[0].text.lower() == "true"
    why = {answer.text.lower(): answer.why for answer in answers}
    said = tuple(
        Answer(str(verdict), float(verdict is truth), why.get(str(verdict).lower(), ""))
        for verdict in (truth, not truth)
    )
    return Question("truefalse", "", "", truth=truth, answers=said)


def _shortanswer(element: Element, texts: _Texts) -> Question:
    answers = [answer for answer in _answers(element, texts) if answer.text]
    if all(answer.share <= 0 for answer in answers):
        raise Refused("shortanswer", "accepts no answer")
    notes: tuple[str, ...] = ()
    if text_of(child(element, "usecase")) == "1":
        notes = ("capital letters counted there; here they do not",)
    return Question("short", "", "", answers=tuple(answers), notes=notes)


def _numerical(element: Element, texts: _Texts) -> Question:
    answers: list[Answer] = []
    for one in children(element, "answer"):
        written = _own_text(one) or text_of(child(one, "text"))
        why = texts.plain(child(one, "feedback"))
        if written.strip() == "*":
            answers.append(Answer("*", 0.0, why))
            continue
        tolerance = number(text_of(child(one, "tolerance")) or "0")
        value = number(written)
        if not value or not tolerance or tolerance.startswith("-"):
            raise Refused("numerical", f"“{written[:40]}” is no number with a tolerance")
        answers.append(Answer(value, _share(one), why, value=value, tolerance=tolerance))
    if all(answer.share <= 0 for answer in answers):
        raise Refused("numerical", "accepts no number")
    units = [
        (text_of(child(unit, "unit_name")), number(text_of(child(unit, "multiplier"))))
        for unit in children(child(element, "units") or Element("units"), "unit")
    ]
    notes = []
    if len(units) > 1:
        others = ", ".join(name for name, _ in units[1:])[:80]
        notes.append(f"only the unit “{units[0][0]}” is asked for; left out: {others}")
    penalty = number(text_of(child(element, "unitpenalty")))
    if penalty and float(penalty) and text_of(child(element, "unitgradingtype")) not in ("", "0"):
        notes.append("a wrong unit took marks off there; here the unit stands beside the answer")
    unit = units[0][0] if units else ""
    return Question("numeric", "", "", answers=tuple(answers), unit=unit[:40], notes=tuple(notes))


def _matching(element: Element, texts: _Texts) -> Question:
    answers = []
    for pair in children(element, "subquestion"):
        left, right = texts.plain(pair), texts.plain(child(pair, "answer"))
        if right:
            answers.append(Answer(left, 1.0 if left else 0.0, goes_with=right))
        elif left:
            raise Refused("matching", f"“{left[:40]}” has no right side")
    if sum(bool(answer.text) for answer in answers) < 2:
        raise Refused("matching", "needs two pairs or more")
    return Question("matching", "", "", answers=tuple(answers))


def _essay(element: Element, texts: _Texts) -> Question:
    notes = []
    if text_of(child(element, "attachments")) not in ("", "0"):
        notes.append("files could be handed in there; here an answer is text")
    least, most = (text_of(child(element, f"{end}wordlimit")) for end in ("min", "max"))
    if least.strip("0") or most.strip("0"):
        notes.append(f"its limits of words were left out: {least or 0} to {most or 'any number'}")
    if said := texts.plain(child(element, "responsetemplate")):
        notes.append(f"the text to begin with was left out: “{said[:80]}”")
    why = texts.plain(child(element, "graderinfo"))
    answers = (Answer("", 1.0, why),) if why else ()
    return Question("open", "", "", answers=answers, notes=tuple(notes))


def _ordered(element: Element, texts: _Texts) -> Question:
    """The steps of Moodle's ordering: `fraction` is the place from 1, which is no share."""
    steps = sorted(
        children(element, "answer"), key=lambda one: float(number(one.get("fraction") or "") or 0)
    )
    answers = tuple(
        Answer(texts.plain(one), 1.0, texts.plain(child(one, "feedback"))) for one in steps
    )
    if len(answers) < 2:
        raise Refused("ordering", "has fewer than two steps")
    return Question("ordering", "", "", answers=answers)


_KINDS: Mapping[str, Callable[[Element, _Texts], Question]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ddmatch": _matching,
    "multichoiceset": _all_or_nothing,
    "essay": _essay,
    "ordering": _ordered,
}

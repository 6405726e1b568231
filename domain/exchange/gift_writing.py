"""Questions as GIFT. What GIFT cannot say is listed by `house.losses`, never dropped in silence."""

from collections.abc import Iterable

from domain.exchange.gift_text import protected
from domain.exchange.questions import Answer, Question, percent

CARRIES = frozenset({"single", "multiple", "truefalse", "short", "numeric", "matching", "open"})


def write_gift(questions: Iterable[Question]) -> str:
    """A GIFT file; kinds that are not in CARRIES are left to the caller to report."""
    parts: list[str] = []
    category = ""
    for question in questions:
        if question.kind not in CARRIES:
            continue
        if question.category != category:
            category = question.category
            parts.append(f"$CATEGORY: {protected(category)}\n")
        parts.append(_question(question))
    return "\n".join(parts)


def _question(question: Question) -> str:
    tags = dict(question.tags)
    told = "".join(
        f" [{'id' if name == 'id' else 'tag'}:{_tag(name, value)}]" for name, value in tags.items()
    )
    lines = [f"//{told}\n"] if told else []
    if question.name:
        lines.append(f"::{protected(' '.join(question.name.split()))}::")
    lines.append(f"[markdown]{protected(question.stem)} {{{_inside(question)}}}\n")
    return "".join(lines)


def _tag(name: str, value: str) -> str:
    written = value if name == "id" else f"{name}={value}"
    return " ".join(written.replace("\\", "\\\\").replace("]", "\\]").split())


def _inside(question: Question) -> str:
    lines = [_answer(question.kind, answer) for answer in question.answers]
    if question.kind == "truefalse":
        said = {answer.text: answer.why for answer in question.answers}
        wrong, right = said.get(str(not question.truth), ""), said.get(str(question.truth), "")
        text = f"{str(question.truth).upper()}"
        lines = [f"{text}#{_plain(wrong)}#{_plain(right)}" if wrong or right else text]
    remark = question.why
    if question.kind == "open":  # what markers are told has no other place in GIFT
        remark = remark or next((answer.why for answer in question.answers), "")
    general = f"\n####{_plain(remark)}" if remark else ""
    if question.kind == "open":
        return general.strip("\n")
    first = "#" if question.kind == "numeric" else ""
    return first + "\n" + "\n".join(lines) + general + "\n"


def _plain(text: str) -> str:
    return f"[plain]{protected(text)}" if text else ""


def _answer(kind: str, answer: Answer) -> str:
    why = f"#{_plain(answer.why)}" if answer.why else ""
    match kind:
        case "matching":
            return f"={_plain(answer.text)} -> {_plain(answer.goes_with)}{why}"
        case "numeric":
            text = "*" if not answer.value else f"{answer.value}\\:{answer.tolerance or 0}"
            text = text.replace("\\:", ":")
            mark = "=" if answer.share > 0 else "~"
            return f"{mark}{_share(answer, mark)}{text}{why}"
        case "multiple":
            return f"~%{percent(answer.share)}%{_plain(answer.text)}{why}"
        case "short":
            return f"={_share(answer, '=')}{_plain(answer.text)}{why}"
    mark = "=" if answer.share == 1 else "~"
    return f"{mark}{_share(answer, mark)}{_plain(answer.text)}{why}"


def _share(answer: Answer, mark: str) -> str:
    usual = 1.0 if mark == "=" else 0.0
    return "" if answer.share == usual else f"%{percent(answer.share)}%"

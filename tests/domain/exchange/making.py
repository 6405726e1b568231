"""Questions as they may come, for round trips through every format."""

from dataclasses import replace

from hypothesis import strategies as st

from domain.exchange.questions import Answer, Question

LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Co", "Cn", "Cf"]
)
SIGNS = st.sampled_from([*"~=#{}:\\%<>&\"'[]*_`|$-+/.,;()!?", "->", "::", "//", "&amp;"])


def _one_line(text: str) -> str:
    return " ".join(text.split())


# Texts as our own items have them: trimmed, white space single.
texts = (
    st.lists(LETTERS | SIGNS, min_size=1, max_size=20)
    .map(lambda parts: _one_line("".join(parts)))
    .filter(lambda text: text and text[0] not in "[%$" and text != "*")
)
whys = st.just("") | texts
stems = (
    st.lists(texts, min_size=1, max_size=3)
    .map("\n\n".join)
    .filter(lambda stem: not stem.startswith(("//", "$CATEGORY", "::")))
)
numbers = st.integers(-99999, 99999).map(lambda n: f"{n / 100:g}")
tags = st.dictionaries(
    st.sampled_from(["id", "pool", "source", "lesson"]),
    texts.filter(lambda text: "[" not in text),
    max_size=3,
)


@st.composite
def questions(draw: st.DrawFn, kinds: list[str]) -> Question:
    """A question of one of the kinds, of what formats can carry."""
    kind = draw(st.sampled_from(kinds))
    made = Question(kind, "", draw(stems), name=draw(whys), why=draw(whys), tags=draw(tags))
    return replace(made, **_answers(draw, kind))


def _answers(draw: st.DrawFn, kind: str) -> dict[str, object]:
    match kind:
        case "truefalse":
            truth = draw(st.booleans())
            said = (Answer(str(truth), 1.0, draw(whys)), Answer(str(not truth), 0.0, draw(whys)))
            return {"truth": truth, "answers": said}
        case "open":
            return {"answers": ()}
        case "numeric":
            value = draw(numbers)
            return {"answers": (Answer(value, 1.0, draw(whys), value=value, tolerance="0.5"),)}
    chosen = draw(st.lists(texts, min_size=3, max_size=5, unique_by=str.casefold))
    why = [draw(whys) for _ in chosen]
    if kind == "matching":
        pairs = zip(chosen, draw(st.lists(texts, min_size=5, max_size=5)), strict=False)
        # GIFT knows no other reading of an arrow than "goes with".
        plain = [(a.replace("->", "to"), b.replace("->", "to")) for a, b in pairs]
        return {"answers": tuple(Answer(left, 1.0, "", right) for left, right in plain)}
    shares = {
        "single": [1.0, 0.5, *[0.0] * 3],
        "multiple": [0.5, 0.5, *[-0.5] * 3],
        "short": [1.0, 0.5, *[1.0] * 3],
        "ordering": [1.0] * 5,
    }[kind]
    return {"answers": tuple(map(Answer, chosen, shares, why))}


def bare(question: Question) -> Question:
    """Without where it stood and what is only said about reading it."""
    answers = tuple(
        replace(answer, text=answer.value) if answer.value else answer
        for answer in question.answers
    )
    return replace(question, place="", category="", notes=(), answers=answers)

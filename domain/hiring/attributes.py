"""What candidates may say of themselves for the fairness figures. Every answer is voluntary."""

from collections.abc import Mapping

# Question -> its answers. Saying nothing is always possible and is not kept.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "gender": ("woman", "man", "other"),
    "age": ("under-30", "30-to-39", "40-to-49", "50-and-over"),
    "language": ("chinese", "english", "other"),
}
# Attributes that are also read together, two at a time.
CROSSED = (("gender", "age"), ("gender", "language"))
UNSAID = "unsaid"


def answers_of(given: Mapping[str, str], asked: tuple[str, ...]) -> dict[str, str]:
    """The answers to keep; raises ValueError naming the question that has an unknown answer."""
    kept = {}
    for question in asked:
        answer = given.get(question, UNSAID) or UNSAID
        if answer == UNSAID:
            continue
        if answer not in QUESTIONS[question]:
            raise ValueError(question)
        kept[question] = answer
    return kept

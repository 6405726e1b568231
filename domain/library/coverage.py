"""Where each claim of the source texts is taught and asked, and what is missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from domain.library.claims import Claim
from domain.library.documents import Problem
from domain.records import frozen

CLAIMS_PATH = "framework/claims.yaml"


@frozen
class Covered:
    """A claim with the keys of the lessons that teach it and the items that ask about it.

    boxes: lessons with a claim check of it; evidence: items that ask what the evidence says.
    """

    claim: Claim
    lessons: tuple[str, ...]
    items: tuple[str, ...]
    boxes: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def missing(self) -> Iterator[str]:
        if not self.lessons:
            yield "no lesson teaches it"
        if not self.items:
            yield "no item asks about it"
        if self.claim.doubtful and not self.boxes:
            yield f"it is doubtful, and no lesson checks it: /// claim | {self.claim.id}: ..."
        if self.claim.doubtful and not self.evidence:
            yield "it is doubtful, and no item asks for its evidence (evidence: true)"


def coverage(
    claims: Iterable[Claim],
    lessons: Mapping[str, Mapping[str, Any]],
    items: Mapping[str, Mapping[str, Any]],
) -> list[Covered]:
    """lessons and items: key -> record as plain data, of the source language."""
    taught, boxed = _by_seed(lessons, "seeds"), _by_seed(lessons, "claims")
    asked = _by_seed(items, "seeds")
    evidence = _by_seed({k: meta for k, meta in items.items() if meta.get("evidence")}, "seeds")
    return [
        Covered(
            claim,
            *(tuple(found.get(claim.id, ())) for found in (taught, asked, boxed, evidence)),
        )
        for claim in claims
    ]


def coverage_problems(covered: Iterable[Covered]) -> list[Problem]:
    """What is missing, as problems of the list of claims."""
    return [
        Problem(CLAIMS_PATH, None, "claim-coverage", f"{line.claim.id}: {message}")
        for line in covered
        for message in line.missing
    ]


def as_markdown(covered: Sequence[Covered]) -> str:
    """The page docs/coverage.md."""
    rows = [
        f"| {line.claim.id} | {line.claim.says}{' **(doubtful)**' if line.claim.doubtful else ''} "
        f"| {', '.join(line.lessons)} | {', '.join(line.items)} "
        f"| {', '.join((*line.boxes, *line.evidence)) if line.claim.doubtful else ''} |"
        for line in covered
    ]
    return "\n".join(
        [
            "# Where each claim is taught and asked",
            "",
            "Made by `flask --app app content coverage`; the test run compares. The last column",
            "names the claim checks and the items on the evidence of a doubtful claim.",
            "",
            "| claim | in our words | lessons | items | evidence |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _by_seed(documents: Mapping[str, Mapping[str, Any]], field: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in sorted(documents):
        for seed in documents[key][field]:
            found.setdefault(seed, []).append(key)
    return found

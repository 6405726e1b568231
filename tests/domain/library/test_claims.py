"""The list of claims, and where each of them is taught and asked."""

from collections.abc import Mapping
from typing import Any

import pytest

from config import ROOT
from domain.library.claims import Claim, parse_claims
from domain.library.coverage import as_markdown, coverage, coverage_problems
from domain.library.documents import DocumentError

PATH = "framework/claims.yaml"
SOURCE = """\
id: claims
claims:
  - {id: S0-1, says: "A threshold stands before the trade."}
  - {id: S0-6, says: "A consumer orders straight away.", doubtful: true}
"""
MOST = {0: 19, 1: 33, 2: 16, 3: 13, 4: 16}
DOUBTFUL = {
    "S0-6", "S1-2", "S1-3", "S1-4", "S1-23", "S2-2", "S2-10", "S3-5", "S3-7", "S4-4", "S4-8",
}  # fmt: skip

SURE, DOUBTED = Claim("S0-1", "A.", False), Claim("S0-6", "B.", True)


def lesson(*seeds: str, claims: tuple[str, ...] = ()) -> Mapping[str, Any]:
    return {"seeds": list(seeds), "claims": list(claims)}


def item(*seeds: str, evidence: bool = False) -> Mapping[str, Any]:
    return {"seeds": list(seeds), "evidence": evidence}


LESSONS = {"m/one": lesson("S0-1"), "m/two": lesson("S0-1", "S0-6", claims=("S0-6",))}
ITEMS = {"C1-P01": item("S0-1"), "C1-P02": item("S0-6", evidence=True)}


def test_claims_are_read() -> None:
    assert parse_claims(SOURCE, PATH) == (
        Claim("S0-1", "A threshold stands before the trade.", False),
        Claim("S0-6", "A consumer orders straight away.", True),
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: claims", "id: claim", "claims.yaml:1: id: must be one of claims"),
        ("S0-6", "S0-1", "claims.yaml:4: claims[2].id: “S0-1” is listed twice"),
        ("S0-6", "S9-6", "claims.yaml:4: claims[2].id:"),
        (', says: "A consumer orders straight away."', "", "claims[2].says: is missing"),
        ("doubtful: true", "doubtful: perhaps", "claims[2].doubtful: must be true or false"),
        ("doubtful: true", "sure: true", "claims[2].sure: is not a field known here"),
    ],
)
def test_faults_are_named(old: str, new: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_claims(SOURCE.replace(old, new), PATH)
    assert words in str(caught.value)


def test_the_shipped_list_holds_every_claim_of_the_source_texts_and_no_other() -> None:
    claims = parse_claims((ROOT / "content" / PATH).read_text(), PATH)
    expected = [f"S{part}-{n}" for part, last in MOST.items() for n in range(1, last + 1)]
    assert [claim.id for claim in claims] == expected
    assert len(expected) == 97
    assert {claim.id for claim in claims if claim.doubtful} == DOUBTFUL


def test_each_claim_is_found_where_it_stands() -> None:
    sure, doubted = coverage([SURE, DOUBTED], LESSONS, ITEMS)
    assert (sure.lessons, sure.items) == (("m/one", "m/two"), ("C1-P01",))
    assert (doubted.boxes, doubted.evidence) == (("m/two",), ("C1-P02",))
    assert coverage_problems([sure, doubted]) == []


@pytest.mark.parametrize(
    ("lessons", "items", "words"),
    [
        ({"m/two": LESSONS["m/two"]} | {"m/two": lesson("S0-6", claims=("S0-6",))}, ITEMS,
         ["S0-1: no lesson teaches it"]),
        (LESSONS, {"C1-P02": ITEMS["C1-P02"]}, ["S0-1: no item asks about it"]),
        (LESSONS | {"m/two": lesson("S0-6")}, ITEMS,
         ["S0-6: it is doubtful, and no lesson checks it: /// claim | S0-6: ..."]),
        (LESSONS, ITEMS | {"C1-P02": item("S0-6")},
         ["S0-6: it is doubtful, and no item asks for its evidence (evidence: true)"]),
        ({}, {}, [
            "S0-1: no lesson teaches it",
            "S0-1: no item asks about it",
            "S0-6: no lesson teaches it",
            "S0-6: no item asks about it",
            "S0-6: it is doubtful, and no lesson checks it: /// claim | S0-6: ...",
            "S0-6: it is doubtful, and no item asks for its evidence (evidence: true)",
        ]),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    lessons: dict[str, Any], items: dict[str, Any], words: list[str]
) -> None:
    found = coverage_problems(coverage([SURE, DOUBTED], lessons, items))
    assert [problem.message for problem in found] == words
    assert {problem.path for problem in found} <= {PATH}


def test_a_claim_that_is_sure_needs_no_check_of_its_evidence() -> None:
    (sure,) = coverage([SURE], {"m/one": lesson("S0-1", claims=("S0-1",))}, ITEMS)
    assert list(sure.missing) == []


def test_the_page_has_one_row_for_each_claim() -> None:
    page = as_markdown(coverage([SURE, DOUBTED], LESSONS, ITEMS))
    assert page.endswith(
        "| S0-1 | A. | m/one, m/two | C1-P01 |  |\n"
        "| S0-6 | B. **(doubtful)** | m/two | C1-P02 | m/two, C1-P02 |\n"
    )

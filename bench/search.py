"""How long a search takes among many documents, on the database that THRESHOLD_DATABASE_URL names.

    THRESHOLD_INSTANCE=/tmp/bench .venv/bin/python -m bench.search [--documents 5000] [--seed 1]

Fills the search of a migrated database with invented texts in two languages, asks each
question 40 times and prints the slowest median with its goal; everything is rolled back.
Exit code 1 when the goal is missed.
"""

import argparse
import random
import statistics
import sys
import time
from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import create_app
from domain.library.searching import split
from models.library import Document
from models.search import SearchEntry
from services.actor import Actor
from services.library.search import search
from services.session import reading

GOAL_MS = 50.0
WORDS, ROUNDS = 600, 40
HAN = "报价单货物买卖运输付款检验信用证合同样品客户工厂海关保险"


def text_of(rng: random.Random, vocabulary: list[str]) -> str:
    """A text in which common words are common: the n-th is asked for 1/n as often."""
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    english = " ".join(rng.choices(vocabulary, weights, k=WORDS))
    return english + " " + "".join(rng.choices(HAN, k=WORDS // 4))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    letters = "abcdefghijklmnoprstuvw"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(3, 9))) for _ in range(5000)]
    asked = {
        "the commonest word": vocabulary[0],
        "a rare word": vocabulary[4000],
        "three words": " ".join(vocabulary[5:8]),
        "two characters": "报价",
        "a word and a character": f"{vocabulary[20]} 货",
    }
    worst = 0.0
    trainer = Actor(1, "bench", frozenset({"trainer"}))
    # reading() rolls back whatever was written in it.
    with create_app().app_context(), reading() as session:
        at = time.time()
        fill(session, rng, vocabulary, options.documents)
        dialect = session.get_bind().dialect.name
        print(f"{options.documents} documents on {dialect}, filled in {time.time() - at:.1f} s")
        for name, question in asked.items():
            times = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                found = search(session, trainer, question, "en")
                times.append(1000 * (time.perf_counter() - start))
            middle = statistics.median(times)
            worst = max(worst, middle)
            print(f"{name:24} {middle:7.1f} ms  {len(found.readers)} + {len(found.bank)} shown")
    print(f"slowest median {worst:.1f} ms, goal {GOAL_MS:.0f} ms, ratio {worst / GOAL_MS:.2f}")
    return 0 if worst < GOAL_MS else 1


def fill(session: Session, rng: random.Random, vocabulary: list[str], documents: int) -> None:
    for number in range(documents):
        body = text_of(rng, vocabulary)
        title = " ".join(rng.choices(vocabulary, k=6))
        document_id = session.execute(
            insert(Document)
            .values(kind="lesson", key=f"bench/{number}", lang="en", path=f"bench/{number}.md",
                    created_at=datetime.now(UTC))
            .returning(Document.id)
        ).scalar_one()  # fmt: skip
        session.execute(
            insert(SearchEntry).values(
                document_id=document_id, part="", kind="lesson", lang="en", key=f"bench/{number}",
                audience="reader" if number % 2 else "trainer", title=title, body=body,
                heading=split(title), words=split(body),
            )
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

"""Hostile files: a refusal in words or a reading, within seconds and little memory, nothing else.

The whole collection is a proof; a normal run takes some of each family, chosen by a seed.
"""

import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT
from domain.exchange.questions import Unreadable
from gateways import isolated
from gateways.isolated import MEMORY
from tests.gateways.hostile import FILES

MEASURED = re.compile(r" \[(\d+) KiB\]$")
# Odd, but sound enough to be encoded anew.
SOUND = {
    "picture: gif of 499 frames", "picture: png that unpacks", "picture: png with a wrong sum",
}  # fmt: skip
SECONDS = 5.0
MOST_MEMORY = 256 * 1024  # KiB that the reader may take at most
SAMPLE = sorted(random.Random(1122).sample(sorted(FILES), 12))
# Of these the family is known for going wrong; they are cheap to make.
ALWAYS = [
    "archive: overlapping bomb", "archive: name '../out.xml'", "archive: link inside",
    "xml: laughs in quiz", "picture: gif of 20,000 frames", "picture: png says 60000 x 60000",
    "sheet: 300,000 empty rows",
]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_is_written(tmp_path: Path) -> Iterator[None]:
    before = set(os.listdir("/tmp")) | set(os.listdir(ROOT)) | set(os.listdir(ROOT.parent))
    yield
    after = set(os.listdir("/tmp")) | set(os.listdir(ROOT)) | set(os.listdir(ROOT.parent))
    strange = {name for name in after - before if name in ("out.xml", "x.xml", "b.xml", "x.yaml")}
    assert not strange


def meet(name: str) -> str:
    """Read one file as a trainer's upload is read; gives back the refusal, "" for a reading."""
    work, made = FILES[name]
    data = made()
    started = time.monotonic()
    try:
        peak = isolated.run("tests.gateways.planted:measured", data, {"work": work})
        assert peak < MOST_MEMORY, f"{name}: {peak // 1024} MB"
        refusal = ""
    except Unreadable as error:
        refusal = str(error)
        if found := MEASURED.search(refusal):
            assert int(found[1]) < MOST_MEMORY, f"{name}: {int(found[1]) // 1024} MB"
            refusal = MEASURED.sub("", refusal)
    seconds = time.monotonic() - started
    assert seconds < SECONDS, f"{name} took {seconds:.1f} s"
    return refusal


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 170


@pytest.mark.parametrize("name", sorted({*SAMPLE, *ALWAYS}))
def test_some_hostile_files(name: str) -> None:
    check(name)


@pytest.mark.proof
@pytest.mark.parametrize("name", sorted(FILES))
def test_every_hostile_file(name: str) -> None:
    check(name)


def check(name: str) -> None:
    refusal = meet(name)
    if name.startswith("picture:") and name not in SOUND:
        assert refusal, "was taken for a sound picture"
    assert refusal == "" or len(refusal.split()) >= 2


def test_a_reader_that_takes_too_much_is_refused() -> None:
    """The planted flaw: work that sleeps, work that fills the memory, work that dies."""
    for work, words in (("sleeps", "too long"), ("fills", "memory"), ("dies", "memory")):
        with pytest.raises(Unreadable, match=words):
            isolated.run(f"tests.gateways.planted:{work}", b"", {}, seconds=2)
    assert MEMORY < 512 * 1024**2

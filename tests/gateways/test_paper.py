"""PDFs with Latin and Chinese letters, drawn in a helper process."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateways import paper

ROW = ["C2 贸易实务", "3–4", {"band": [30, 40, 50, 60, 70], "cut": 52}]


def document(rows: int = 3) -> dict[str, Any]:
    table = {"kind": "table", "head": ["实践", "Level", ""], "widths": [5, 2, 4]}
    return {
        "title": "Candidate 7F3A",
        "foot": "销售, Europe",
        "lang": "zh_Hans",
        "blocks": [
            {"kind": "h1", "text": "候选人 7F3A"},
            {"kind": "boxed", "text": "Not validated " * 20},
            {**table, "rows": [ROW] * rows},
            {"kind": "p", "text": "x" * 400},
        ],
    }


def text_of(whole: bytes, tmp_path: Path) -> str:
    (tmp_path / "one.pdf").write_bytes(whole)
    done = subprocess.run(
        ["pdftotext", "-layout", "one.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    )
    return done.stdout.decode()


@pytest.fixture(scope="module", autouse=True)
def _end() -> Any:
    yield
    paper._process.stop()


def test_both_scripts_stand_on_every_page(tmp_path: Path) -> None:
    whole = paper.pdf(document(rows=90))
    assert whole.startswith(b"%PDF-")
    assert len(whole) < 100_000  # of a font of 4 MB the used letters only
    assert len(re.findall(rb"/Type /Page\b", whole)) >= 3
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext reads what was written")
    said = text_of(whole, tmp_path)
    assert said.count("C2 贸易实务") == 90
    assert said.count("销售, Europe") == said.count("\f")
    assert said.count("实践") == said.count("\f")  # the head again on each page


def test_english_needs_no_chinese_font() -> None:
    plain = document()
    plain |= {"foot": "Sales", "blocks": [{"kind": "p", "text": "Sales, Europe ± 6 “quoted” ≥ 3"}]}
    assert len(paper.pdf(plain)) < 30_000


def test_the_drawing_library_stays_out_of_this_process() -> None:
    script = "import sys; from gateways import paper; sys.exit('fpdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_letters_that_no_font_has_break_nothing() -> None:
    odd = document(1)
    odd["blocks"].append({"kind": "p", "text": "😀 \u0e01 \n\t\x00 \u202e"})
    assert paper.pdf(odd).startswith(b"%PDF-")

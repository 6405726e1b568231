"""The house keeps its rules, and each checker catches a planted flaw."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from tests.architecture import rules


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("rule", [rules.hidden_imports, rules.long_things])
def test_every_python_file(rule: object) -> None:
    broken = [
        fault
        for path in rules.python_files(ROOT)
        for fault in rule(path.read_text(), relative(path))  # type: ignore[operator]
    ]
    assert not broken, "\n".join(broken)


def test_only_one_place_names_the_session() -> None:
    broken = [
        fault
        for path in rules.python_files(ROOT)
        if relative(path) != "services/session.py"
        for fault in rules.names_db_session(path.read_text(), relative(path))
    ]
    assert not broken, "\n".join(broken)


def test_the_domain_reads_no_clock_no_chance_no_file() -> None:
    broken = [
        fault
        for path in sorted((ROOT / "domain").rglob("*.py"))
        for fault in rules.reads_the_clock(path.read_text(), relative(path))
    ]
    assert not broken, "\n".join(broken)


def test_templates_hold_nothing_inline() -> None:
    broken = [
        fault
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for fault in rules.inline_code(path.read_text(), relative(path))
    ]
    assert not broken, "\n".join(broken)


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    missing = [relative(folder) for folder in folders if not (folder / "__init__.py").exists()]
    assert not missing


def test_web_processes_stay_light(tmp_path: Path) -> None:
    """The web application imports no migration tool, no queue and no numbers library."""
    code = (
        "import sys; from app import create_app; create_app(); "
        "print([m for m in ('alembic', 'huey', 'numpy', 'openpyxl') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "THRESHOLD_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("rule", "flaw"),
    [
        (rules.hidden_imports, "def f():\n    from services import journal\n"),
        (rules.hidden_imports, "if TYPE_CHECKING:\n    import models.base\n"),
        (rules.long_things, "x = 1\n" * 451),
        (rules.long_things, "def f():\n" + "    x = 1\n" * 61),
        (rules.names_db_session, "db.session.commit()\n"),
        (rules.reads_the_clock, "now = datetime.now(UTC)\n"),
        (rules.inline_code, '<p style="color: red">'),
        (rules.inline_code, '<a onclick="steal()">'),
        (rules.inline_code, "<script>steal()</script>"),
        (rules.inline_code, "{{ note|safe }}"),
    ],
)
def test_the_checkers_catch_a_planted_flaw(rule: object, flaw: str) -> None:
    assert rule(flaw, "planted")  # type: ignore[operator]

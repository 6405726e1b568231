"""The two commands of the README on machines that lack something: one clear line, no half start."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config import ROOT

OLD = "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'Python 3.9.2'; exit 0; }\nexit 1\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *version_info*) exit 0 ;; esac\nexit 1\n'
# Stands for the python of the virtual environment: writes down how it was called.
RECORDING = '#!/bin/sh\nprintf "%s\\n" "$*" >>"${0%/*}/../calls"\nexit 0\n'


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that the scripts need, without a virtual environment."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def run(clone: Path, script: str, *words: str, **variables: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [str(clone / "scripts" / script), *words],
        cwd="/",
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


@pytest.mark.parametrize("script", ["serve", "test"])
def test_a_python_that_is_too_old_is_one_line(clone: Path, script: str) -> None:
    python = program(clone / "bin/python", OLD)
    code, lines = run(clone, script, PYTHON=str(python))
    assert code == 1
    assert lines == [
        "Threshold needs Python 3.11 or newer (found: Python 3.9.2); set PYTHON to the one to use"
    ]


@pytest.mark.parametrize("script", ["serve", "test"])
def test_a_missing_venv_module_is_one_line(clone: Path, script: str) -> None:
    python = program(clone / "bin/python", WITHOUT_VENV)
    code, lines = run(clone, script, PYTHON=str(python))
    assert code == 1
    (line,) = lines
    assert line.startswith("The venv module of")
    assert "apt-get install python3-venv" in line


def test_packages_are_installed_when_the_pins_change_and_only_then(clone: Path) -> None:
    program(clone / ".venv/bin/python", RECORDING)
    calls = clone / ".venv/calls"
    for _ in range(2):
        assert run(clone, "serve", "--port", "8123")[0] == 0
    asked = calls.read_text().splitlines()
    assert [line for line in asked if "pip install" in line] == [
        "-m pip install -qq --disable-pip-version-check --no-input -r requirements.txt"
    ]
    assert asked[-1] == "-P cli/supervisor.py --port 8123"
    with (clone / "requirements.txt").open("a") as pins:
        pins.write("# changed\n")
    run(clone, "serve")
    assert calls.read_text().count("pip install") == 2


def test_packages_that_cannot_be_installed_are_tried_again(clone: Path) -> None:
    broken = RECORDING.replace("exit 0", 'case "$*" in *install*) exit 1 ;; esac')
    program(clone / ".venv/bin/python", broken)
    for _ in range(2):
        code, lines = run(clone, "serve")
        assert code == 1
        assert lines[-1].startswith("The packages could not be installed")
    assert (clone / ".venv/calls").read_text().count("pip install") == 2


def test_arguments_go_to_pytest_alone(clone: Path) -> None:
    program(clone / ".venv/bin/python", RECORDING)
    assert run(clone, "test", "-m", "proof")[0] == 0
    assert (clone / ".venv/calls").read_text().splitlines()[-1] == "-m pytest -m proof"

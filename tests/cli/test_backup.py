"""flask backup, as an operator meets it."""

from pathlib import Path

import pytest
from flask import Flask

from tests.migrations.databases import KINDS, empty_app


@pytest.mark.parametrize("kind", KINDS)
def test_create_and_restore(
    request: pytest.FixtureRequest, any_app: Flask, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "elsewhere"
    result = any_app.test_cli_runner().invoke(args=["backup", "create", "--to", str(folder)])
    assert result.exit_code == 0, result.output
    assert "person: 8 rows" in result.output
    (path,) = folder.iterdir()
    with empty_app(request, kind, tmp_path / "new") as app:
        runner = app.test_cli_runner()
        restored = runner.invoke(args=["backup", "restore", str(path)])
        assert restored.exit_code == 0, restored.output
        assert restored.output.splitlines()[-1].startswith("Restored ")
        again = runner.invoke(args=["backup", "restore", str(path)])
        assert again.exit_code == 1
        assert len(again.output.splitlines()) == 1
        assert "holds data already" in again.output


def test_a_folder_that_cannot_be_written(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = app.test_cli_runner().invoke(
        args=["backup", "create", "--to", str(tmp_path / "file" / "below")]
    )
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1


def test_a_file_that_is_not_there(app: Flask, tmp_path: Path) -> None:
    request = ["backup", "restore", str(tmp_path / "none.tar.gz")]
    result = app.test_cli_runner().invoke(args=request)
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)

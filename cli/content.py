"""flask content: check, load and export the authored material."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from config import ROOT
from domain.library.coverage import as_markdown
from services.authoring import searching
from services.library import content_folder
from services.session import writing

FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=ROOT / "content",
    show_default="content/",
)


@click.command()
@FOLDER
def check(folder: Path) -> None:
    """Name every fault with file and line; exit code 1 when there is one."""
    found = content_folder.check(folder, datetime.now(UTC).date())
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)
    for problem in found.problems:
        click.echo(str(problem))
    count = len(found.problems)
    click.echo(f"{count} problem{'' if count == 1 else 's'}" if count else "The content is sound.")
    sys.exit(1 if count else 0)


@click.command()
@FOLDER
def coverage(folder: Path) -> None:
    """Print where each claim of the source texts is taught and asked (docs/coverage.md)."""
    click.echo(as_markdown(content_folder.covered(folder)), nl=False)


@click.command("reading-levels")
@FOLDER
def reading_levels(folder: Path) -> None:
    """Print how hard the lessons and stems are to read (LIX), the hardest first."""
    for path, level in content_folder.reading_levels(folder):
        click.echo(f"{level:5.1f}  {path}")


@contextmanager
def _bar(files: int) -> Iterator[Callable[[], object]]:
    """A bar that grows with each file; silent where nobody watches the terminal."""
    with click.progressbar(length=files, label="Reading content", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


@click.command()
@FOLDER
@with_appcontext
def load(folder: Path) -> None:
    """Bring changes of the folder into the database."""
    report = content_folder.load_folder(folder, datetime.now(UTC), _bar)
    for problem in report.problems:
        click.echo(str(problem), err=True)
    for path in report.conflicts:
        click.echo(f"{path}: changed here and in the site; the site's text is kept", err=True)
    click.echo(
        f"{len(report.created)} new, {len(report.changed)} changed, {len(report.retired)} retired, "
        f"{len(report.kept)} kept as edited in the site, {len(report.conflicts)} conflicts"
    )
    sys.exit(1 if report.problems or report.conflicts else 0)


@click.command()
@FOLDER
@with_appcontext
def export(folder: Path) -> None:
    """Write the published documents back to the folder, byte for byte.

    A file that was changed in the folder is never written over; exit code 1 for a conflict.
    """
    with writing() as session:
        report = content_folder.export_folder(session, folder)
    for path in report.changed:
        click.echo(path)
    for path in report.kept:
        click.echo(f"{path}: changed here only; load it to bring it in", err=True)
    for path in report.conflicts:
        click.echo(f"{path}: changed here and in the site; the file is kept", err=True)
    click.echo(f"{len(report.changed)} files changed")
    sys.exit(1 if report.conflicts else 0)


@click.command()
@with_appcontext
def index() -> None:
    """Build the search anew from what is published and drafted."""
    with writing() as session:
        count = searching.rebuild(session)
    click.echo(f"{count} entries")

"""flask serve prepare: everything that must stand before the first request."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app

from cli import content, database, demo
from cli.watch import end_with_supervisor
from config import ROOT, Settings
from services.admin import first_start
from services.session import reading, writing


def _settings() -> Settings:
    settings: Settings = current_app.extensions["threshold.settings"]
    return settings


@click.command()
@click.option("--demo", "invented", is_flag=True, help="Fill in an invented company.")
@click.pass_context
def prepare(ctx: click.Context, invented: bool) -> None:
    """Migrate, load content/ where it changed, and print the link for the first admin."""
    end_with_supervisor(os.environ)
    click.echo("Bringing the database to its newest form ...")
    ctx.invoke(database.upgrade, revision="head")
    _load_content(ctx, ROOT / "content", _settings().instance / "content.fingerprint")
    if invented:
        click.echo("Filling in an invented company ...")
        ctx.invoke(demo.load)
    with writing() as session:
        raw = first_start.first_link(session, datetime.now(UTC))
    if raw:
        click.echo("No admin yet. This link makes the first one; it works once, for 7 days:")
        click.echo(f"  {_settings().base_url}/account/first/{raw}")


def _load_content(ctx: click.Context, folder: Path, note: Path) -> None:
    """Load the folder unless this very database was loaded from these very files."""
    digest = _digest(folder)
    seen, _, mark = note.read_text().partition(" ") if note.exists() else ("", "", "")
    with reading() as session:
        if seen == digest and first_start.holds_mark(session, mark):
            return
    click.echo("Loading content/ ...")
    try:
        ctx.invoke(content.load, folder=folder)
    except SystemExit as end:
        if end.code:
            _go_on_with_older_content()
            return  # not noted: the faults are named again at the next start
    with reading() as session:
        note.write_text(f"{digest} {first_start.library_mark(session)}")


def _go_on_with_older_content() -> None:
    """A fault in one file must not take the site down, if it has something to show."""
    with reading() as session:
        if not first_start.library_mark(session):
            raise click.ClickException("content/ has faults, and there is nothing else to show")
    click.echo("The site goes on with what it has.", err=True)


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content_of = hashlib.sha256(path.read_bytes()).digest()
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + content_of)
    return total.hexdigest()

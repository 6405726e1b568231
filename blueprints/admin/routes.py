"""Audit log, mail, backups, system; the pages about people are in blueprints/admin/people.py."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.admin.blueprint import bp, settings
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import asked_number, now
from services.admin import audit as audit_service
from services.admin import post, safekeeping
from services.admin import system as system_service
from services.session import reading, writing


def words(name: str) -> str:
    """What was typed into a field of a search, on one line and not too long."""
    return " ".join(request.args.get(name, "").replace("\0", " ").split())[:200]


@bp.get("/audit")
@allow("admin")
def audit() -> ResponseReturnValue:
    """The journal, newest first."""
    wanted = audit_service.Filter(words("event"), words("person"), words("object"))
    with reading() as session:
        page = audit_service.audit_page(session, actor(), wanted, asked_number("before"))
    return render_template(
        "admin/audit.html", page=page, wanted=wanted, before=asked_number("before")
    )


@bp.get("/mail")
@allow("admin")
def mail() -> ResponseReturnValue:
    """How mail is sent, and what became of the newest."""
    with reading() as session:
        page = post.mail_page(session, actor(), settings())
    return render_template("admin/mail.html", page=page)


@bp.post("/mail/test")
@allow("admin")
def send_test() -> ResponseReturnValue:
    """Send a test mail to whoever asks for it."""
    with writing() as session:
        post.ask_test(session, actor(), now())
    flash(_("A test mail is on its way to you. Its line below says when it was sent."), "done")
    return redirect(url_for(".mail"), 303)


@bp.get("/backups")
@allow("admin")
def backups() -> ResponseReturnValue:
    """The backups, and the one that is being made."""
    with reading() as session:
        page = safekeeping.backups_page(session, actor(), settings().instance)
    return render_template("admin/backups.html", page=page, work=page.work)


@bp.get("/backups/work")
@allow("admin")
def backup_work() -> ResponseReturnValue:
    """How far the backup is; asks for the whole page once it has ended."""
    with reading() as session:
        work = safekeeping.work_of(session, actor(), settings().instance)
    ended = {} if work and work.open else {"HX-Refresh": "true"}
    return render_template("admin/_backup_work.html", work=work), ended


@bp.post("/backups")
@allow("admin")
def make_backup() -> ResponseReturnValue:
    """Ask for a backup."""
    with writing() as session:
        safekeeping.ask(session, actor(), now())
    return redirect(url_for(".backups"), 303)


@bp.get("/system")
@allow("admin")
def system() -> ResponseReturnValue:
    """Versions, the database, what it holds, settings."""
    with reading() as session:
        page = system_service.system_page(session, actor(), settings())
    return render_template("admin/system.html", page=page)

"""Working out what answers say about items and forms. Loads numpy: for commands and benches only.

Each figure is kept as a row of `statistic`, written only where something changed; a page shows the
newest. `pages.py` reads what is written here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.assessment.statistics.answer_report import AskedItem, ItemReport, item_reports
from domain.assessment.statistics.score_report import Reliability, error_curve, score_report
from models.measuring import Statistic
from services import journal
from services.actor import SYSTEM
from services.library import catalogue
from services.library.catalogue import Framework, RevisionText
from services.measuring import working
from services.measuring.answers import BankItem, answer_table, form_table, items_of
from services.session import reading, writing

DIGITS = 5
Row = dict[str, Any]


def run(work_id: int, now: Callable[[], datetime], say: Callable[[str], object]) -> None:
    """Carry out statistics that were asked for; a second time changes nothing.

    Opens its own transactions: a short one for each competency and form, so that nobody waits.
    """
    with writing() as session:
        if not working.take(session, work_id):
            return
    try:
        found = _worked_out(work_id, now, say)
    except Exception as error:
        with writing() as session:
            working.end(session, work_id, "failed", {"failed": type(error).__name__}, now())
        raise
    with writing() as session:
        if working.end(session, work_id, "done", found, now()):
            journal.append(session, SYSTEM, "statistics.finished", "work", work_id, now(), **found)


def _worked_out(
    work_id: int, now: Callable[[], datetime], say: Callable[[str], object]
) -> dict[str, int]:
    with reading() as session:
        framework = catalogue.framework(session)
        forms = [form for form in catalogue.published(session, "form") if form.meta.get("items")]
    total = len(framework.competencies) + len(forms)
    items: list[Row] = []
    for done, code in enumerate(framework.competencies):
        _note(work_id, done, total)
        with reading() as session:
            items += _item_rows(session, code, framework)
        say(f"{code}: {len(items)} items so far")
    sat: list[Row] = []
    for done, form in enumerate(forms, start=len(framework.competencies)):
        _note(work_id, done, total)
        with reading() as session:
            sat.append(_form_row(session, form, framework))
        say(f"{form.key}: {sat[-1]['answers']} people")
    with writing() as session:
        working.progress(session, work_id, total, total)
        changed = _keep(session, [*items, *sat], now())
    return {"items": len(items), "forms": len(sat), "changed": changed}


def _note(work_id: int, done: int, total: int) -> None:
    with writing() as session:
        working.progress(session, work_id, done, total)


def _item_rows(session: Session, code: str, framework: Framework) -> list[Row]:
    """A row for every item at home in a competency that somebody answered."""
    bank = items_of(session, code, framework)
    if not bank:
        return []
    table = answer_table(session, code, bank)
    if not len(table.marks):
        return []
    asked = [AskedItem(item.model, tuple(c.key for c in item.choices)) for item in bank]
    return [
        _row("item", item.key, item.revision_id, report.statistics.answers, _told(item, report))
        for item, report in zip(bank, item_reports(asked, table), strict=True)
        if report.statistics.answers
    ]


def _told(item: BankItem, report: ItemReport) -> Row:
    """What is kept of an item's report. flags: see domain/assessment/quality.py."""
    told = asdict(report.statistics) | {"discrimination": report.statistics.discrimination}
    del told["answers"]
    choices = [
        {"letter": c.letter, "key": c.key, "share": s.share, "correlation": s.rest_correlation}
        for c, s in zip(item.choices, report.choices, strict=True)
    ]
    observed = [[point.theta, point.share, point.people] for point in report.observed]
    dif = [asdict(one) for one in report.dif]
    return told | {
        "choices": choices,
        "observed": observed,
        "dif": dif,
        "flags": list(report.flags),
    }


def _form_row(session: Session, form: RevisionText, framework: Framework) -> Row:
    table = form_table(session, form.key, form.meta["items"], framework)
    report = score_report(table.marks, table.highest, table.groups)
    data = {
        "most": report.most,
        **_reliability(report.whole),
        "groups": {code: _reliability(part) for code, part in report.groups.items()},
        "mean": report.mean,
        "deviation": report.deviation,
        "error": report.error,
        "counts": list(report.counts),
        "curve": asdict(error_curve(table.models)) if table.models else {},
    }
    return _row("form", form.key, form.id, report.people, data)


def _reliability(part: Reliability) -> Row:
    return {"items": part.items, "alpha": part.alpha, "omega": part.omega}


def _row(kind: str, key: str, revision_id: int, answers: int, data: Mapping[str, Any]) -> Row:
    kept = {name: _plain(value) for name, value in data.items()}
    return {
        "kind": kind,
        "key": key,
        "revision_id": revision_id,
        "answers": answers,
        "data": kept,
    }


def _plain(value: Any) -> Any:
    """As JSON gives it back, with digits that anybody reads."""
    match value:
        case float():
            return round(value, DIGITS)
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case str():
            return str(value)  # a word of an enumeration
        case _:
            return value


def _keep(session: Session, rows: Iterable[Row], at: datetime) -> int:
    """Append the rows that say something new; how many."""
    newest = select(func.max(Statistic.id)).group_by(Statistic.kind, Statistic.key)
    held = {
        (row.kind, row.key): (row.revision_id, row.answers, row.data)
        for row in session.execute(
            select(
                Statistic.kind,
                Statistic.key,
                Statistic.revision_id,
                Statistic.answers,
                Statistic.data,
            ).where(Statistic.id.in_(newest))
        )
    }
    fresh = [
        row | {"computed_at": at}
        for row in rows
        if held.get((row["kind"], row["key"])) != (row["revision_id"], row["answers"], row["data"])
    ]
    if fresh:
        session.execute(insert(Statistic), fresh)
    return len(fresh)

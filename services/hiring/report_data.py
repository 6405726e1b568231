"""A candidate's report as data: for the JSON file, the API and the print. Every field by name.

Points run from 0 to 100 and are rounded to a tenth; times are ISO 8601 in UTC. What the reader may
not see is not in there: the name is a label where names are hidden, and no question is shown.
"""

from datetime import datetime
from typing import Any

from services.competencies.presenting import PracticeLine, RoleFit
from services.hiring.access import PositionRecord
from services.hiring.reports import AnswerLine, CandidatePage, Result

FORMAT, VERSION = "threshold.report", 1


def report_data(page: CandidatePage) -> dict[str, Any]:
    """The whole report; `result` is None before the attempt has ended."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "application": page.application_id,
        "candidate": {
            "name": page.name,
            "email": page.email,
            "names_hidden": page.reader.blind,
        },
        "position": _position(page.position),
        "stage": str(page.stage),
        "invited_at": _time(page.invited_at),
        "consented_at": _time(page.consented_at),
        # To the day where the reader is no recruiter: times would tell who was given extra time.
        "started_at": _told(page.started_at, page.manages),
        "kept_until": _time(page.kept_until),
        "result": _result(page.result, page.manages) if page.result else None,
        "decisions": [
            {
                "id": one.id,
                "outcome": one.outcome,
                "reason": one.reason_code,
                "at": _time(one.decided_at),
                "replaces": one.replaces,
            }
            for one in page.decisions
        ],
    }


def _position(position: PositionRecord) -> dict[str, Any]:
    return {
        "id": position.id,
        "title": position.title,
        "profile": position.profile,
        "weights": dict(position.weights),
        "gates": dict(position.gates),
        "cut": None
        if position.cut is None
        else {
            "points": position.cut,
            "method": position.cut_method,
            "set_on": position.cut_set_on.isoformat() if position.cut_set_on else None,
            "judges": position.cut_judges,
            "informs_only": True,
        },
        "validated_for_selection": position.validated,
    }


def _result(result: Result, exact: bool) -> dict[str, Any]:
    preference = result.profile.preference
    return {
        "ended_at": _told(result.ended_at, exact),
        "minutes_worked": result.worked,
        "age_months": result.months,
        "provisional": result.profile.provisional,
        "adaptive": result.adaptive,
        "practices": [_practice(line, result) for line in result.profile.lines],
        "fit": _fit(result.fit),
        "roles": [_fit(fit) for fit in result.profile.fits],
        "preference": None
        if preference is None
        else {
            "role": preference.role_id,
            "difference": _points(preference.difference),
            "critical": _points(preference.critical),
        },
        "norm": None
        if result.norm is None
        else {
            "group": result.norm.name,
            "as_of": result.norm.as_of.isoformat() if result.norm.as_of else None,
        },
        "answers": [_answer(line, result) for line in result.answers],
        "facts": {
            "devices": result.facts.devices,
            "openings": [
                {"device": one.device, "at": _told(one.opened_at, exact)}
                for one in result.facts.openings
            ],
            "late_answers": result.facts.late,
            "stale_answers": result.facts.stale,
            "prove_nothing": True,
        },
    }


def _practice(line: PracticeLine, result: Result) -> dict[str, Any]:
    standing = result.standings.get(line.code)
    without = next((one.moderated for one in result.effort if one.plain.code == line.code), None)
    known = line.measured
    return {
        "code": line.code,
        "name": line.name,
        "measured": known,
        "points": _points(line.points) if known else None,
        "standard_error": _points(line.se_points) if known else None,
        "standard_error_today": _points(result.aged_se.get(line.code)),
        "band_68": [_points(line.low68), _points(line.high68)] if known else None,
        "band_95": [_points(line.low95), _points(line.high95)] if known else None,
        "levels": [line.level_low, line.level_high] if known else None,
        "provisional": line.provisional,
        "answers": line.observations,
        "percentile": standing.percentile if standing and known else None,
        "norm_people": standing.people if standing and known else None,
        "without_rapid_answers": None
        if without is None or not without.measured
        else {
            "points": _points(without.points),
            "standard_error": _points(without.se_points),
        },
    }


def _fit(fit: RoleFit) -> dict[str, Any]:
    return {
        "role": fit.role_id,
        "points": _points(fit.points),
        "standard_error": _points(fit.se_points),
        "band_95": None if fit.low95 is None else [_points(fit.low95), _points(fit.high95)],
        "not_measured": list(fit.missing),
        "gates": [
            {"practice": gate.code, "level": gate.level, "verdict": str(gate.verdict)}
            for gate in fit.gates
        ],
    }


def _answer(line: AnswerLine, result: Result) -> dict[str, Any]:
    state = "struck" if line.struck else "waiting" if line.waiting else "marked"
    return {
        "question": line.position,
        "practice": line.competency,
        "subtopic": line.subtopic,
        "kind": line.kind,
        "answered": line.answered,
        "state": state,
        "points": line.points if state == "marked" else None,
        "maximum": line.maximum,
        "seconds": line.seconds,
        "share_of_time": _points(line.share),
        "rapid": line.position in result.rapid,
    }


def _points(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _told(at: datetime | None, exact: bool) -> str | None:
    """A time, or only its day."""
    return _time(at) if exact or at is None else at.date().isoformat()


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()

"""Candidates of one position side by side, in the order of their names."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.competencies.radar import DotRow
from domain.competencies.rolefit import role_fit
from domain.competencies.scale import Ability
from domain.hiring.comparison import FEWEST, MOST, Lead, leads, widest_gap
from domain.hiring.order import Turning, turnings
from domain.records import frozen
from models.hiring import Application
from services import journal
from services.actor import Actor
from services.assessment.scoring import SCOPE
from services.competencies import estimates
from services.competencies.estimates import Estimated
from services.competencies.presenting import PracticeLine, RoleFit, fit_for, practice_line
from services.errors import Invalid, NotFound
from services.hiring import access, naming
from services.hiring.access import APPLICATION, ApplicationRecord, PositionRecord
from services.hiring.positions import gates_of
from services.library import catalogue
from services.library.catalogue import Framework


@frozen
class Compared:
    """One of the candidates; `place` (0 to 5) is the sign that stands for them in the drawings."""

    place: int
    application_id: int
    name: str
    fit: RoleFit


@frozen
class Verdict:
    """One line of the paragraph: who is above whom by more than the error. Figures in points.

    gap, critical: the widest difference and what it had to exceed; None while fewer than two are
    measured. Every pair that `leads` does not name is equal.
    """

    leads: tuple[Lead, ...]
    gap: float | None
    critical: float | None

    @property
    def equal(self) -> bool:
        return not self.leads and self.gap is not None


@frozen
class PracticeRow:
    """One practice: a line per candidate in the order of the places, None where not measured."""

    code: str
    name: str
    weight: int
    lines: tuple[PracticeLine | None, ...]
    verdict: Verdict

    @property
    def rows(self) -> tuple[DotRow | None, ...]:
        return tuple(line.row if line else None for line in self.lines)


@frozen
class ComparePage:
    """The whole comparison. no_result: names of those who have no result yet.

    turnings: how firm each reading of a pair is, and what would change it; the loosest first.
    adaptive: some of them were asked questions that were chosen by their answers.
    """

    position: PositionRecord
    candidates: tuple[Compared, ...]
    fit: Verdict
    practices: tuple[PracticeRow, ...]
    no_result: tuple[str, ...]
    turnings: tuple[Turning, ...]
    adaptive: bool = False

    @property
    def fit_rows(self) -> tuple[DotRow | None, ...]:
        return tuple(candidate.fit.row for candidate in self.candidates)

    @property
    def apart(self) -> tuple[PracticeRow, ...]:
        """The practices in which somebody is above somebody else."""
        return tuple(row for row in self.practices if row.verdict.leads)


def compare_page(
    session: Session,
    actor: Actor,
    position_id: int,
    application_ids: Sequence[int],
    lang: str,
    now: datetime,
) -> ComparePage:
    """Two to six candidates of one position; each view of a result is journaled.

    Raises NotFound for an application of another position, Invalid for too few or too many.
    Needs a writing session for the journal.
    """
    position = access.position(session, actor, position_id)
    wanted = list(dict.fromkeys(application_ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise Invalid(fields={"a": f"choose {FEWEST} to {MOST} candidates"})
    how = naming.reader(session, actor, position_id)
    records = (naming.shown(one, how, lang) for one in _applications(session, position_id, wanted))
    found = sorted(records, key=lambda record: (record.name.casefold(), record.id))
    ended = [record for record in found if record.ended]
    shown = estimates.kept(session, SCOPE, [record.attempt_id for record in ended])
    measured = [record for record in ended if shown.get(record.attempt_id)]
    for record in measured:
        journal.append(
            session, actor, "result.viewed", "application", record.id, now, compared=True
        )
    framework = catalogue.framework(session)
    drawn = [shown[record.attempt_id] for record in measured]
    return ComparePage(
        position,
        tuple(
            Compared(place, record.id, record.name, _fit(position, drawn[place], framework, lang))
            for place, record in enumerate(measured)
        ),
        _verdict([_fit_ability(position, each) for each in drawn], framework),
        tuple(_practice(code, position, drawn, framework, lang) for code in _codes(framework)),
        tuple(record.name for record in found if record not in measured),
        turnings(
            {place: _abilities(each) for place, each in enumerate(drawn)},
            position.weights,
            framework.standard.critical_z,
        ),
        any(record.adaptive for record in measured),
    )


def _applications(
    session: Session, position_id: int, wanted: Sequence[int]
) -> list[ApplicationRecord]:
    for application_id in wanted:
        access.require_key(application_id)
    rows = session.execute(
        APPLICATION.where(Application.position_id == position_id, Application.id.in_(wanted))
    ).all()
    if len(rows) != len(wanted):
        raise NotFound
    return [ApplicationRecord(*row) for row in rows]


def _codes(framework: Framework) -> list[str]:
    return [practice.code for practice in framework.practices]


def _fit(
    position: PositionRecord, drawn: Mapping[str, Estimated], framework: Framework, lang: str
) -> RoleFit:
    return fit_for(position.weights, gates_of(position), drawn, framework, lang)


def _fit_ability(position: PositionRecord, drawn: Mapping[str, Estimated]) -> Ability | None:
    return role_fit(_abilities(drawn), position.weights)


def _abilities(drawn: Mapping[str, Estimated]) -> dict[str, Ability]:
    return {code: found.ability for code, found in drawn.items()}


def _verdict(abilities: Sequence[Ability | None], framework: Framework) -> Verdict:
    z, scale = framework.standard.critical_z, framework.standard.per_logit
    known = {place: ability for place, ability in enumerate(abilities) if ability is not None}
    gap = widest_gap(list(known.values()), z)
    if gap is None:
        return Verdict((), None, None)
    return Verdict(leads(known, z), gap.difference * scale, gap.critical * scale)


def _practice(
    code: str,
    position: PositionRecord,
    drawn: Sequence[Mapping[str, Estimated]],
    framework: Framework,
    lang: str,
) -> PracticeRow:
    practice = framework.competencies[code]
    found = [each.get(code) for each in drawn]
    return PracticeRow(
        code,
        practice.name.get(lang, practice.name["en"]),
        int(position.weights.get(code, 0)),
        tuple(practice_line(practice, one, framework, lang) if one else None for one in found),
        _verdict([one.ability if one else None for one in found], framework),
    )

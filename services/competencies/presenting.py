"""Estimates as pages show them: points with their error, levels, role fit, and the drawing data.

Pure functions over records; words that need translation are left to the templates.
"""

from collections.abc import Iterable, Mapping

from domain.competencies import radar as drawing
from domain.competencies import rolefit
from domain.competencies.framework import Competency, Gate, RoleProfile
from domain.competencies.radar import DotRow, Radar
from domain.competencies.scale import (
    Ability,
    Verdict,
    gate_verdict,
    level_range,
    likely_band,
    points,
    wide_band,
)
from domain.records import frozen
from services.competencies.estimates import Estimated
from services.library.catalogue import Framework

# What is known of somebody who has answered nothing: the prior.
UNKNOWN = Ability(0.0, 1.0, 0)
# The two roles that every profile is held against.
CONTRAST = ("operations", "sales")


@frozen
class PracticeLine:
    """One practice in points. Where nothing is measured yet, the figures are those of the prior.

    se_points: one standard error. level_low..level_high: the levels that the 68 % band touches;
    level_text: the same as "3" or "2–3", or "–" while unmeasured. self_points: the middle of the
    level that the person gave themself.
    """

    code: str
    name: str
    short: str
    points: float
    se_points: float
    low68: float
    high68: float
    low95: float
    high95: float
    level_low: int
    level_high: int
    level_text: str
    provisional: bool
    observations: int
    row: DotRow
    self_level: int | None
    self_points: float | None

    @property
    def measured(self) -> bool:
        return self.observations > 0

    @property
    def self_gap(self) -> float | None:
        """Self minus measured, in points."""
        if self.self_points is None or not self.measured:
            return None
        return self.self_points - self.points


@frozen
class GateLine:
    """A level that a role asks for. verdict: "met", "not met" or "not yet known"."""

    code: str
    short: str
    level: int
    verdict: Verdict
    measured: bool


@frozen
class FitPart:
    """What one practice adds to a fit. share: percent of the whole; points: None if unmeasured."""

    code: str
    short: str
    share: float
    points: float | None
    reason: str


@frozen
class RoleFit:
    """The fit to a role in points; None while a practice that the role weighs is not measured.

    parts: the practices with a weight above 0; missing: those of them that are not measured.
    """

    role_id: str
    name: str
    points: float | None
    se_points: float | None
    low95: float | None
    high95: float | None
    row: DotRow | None
    gates: tuple[GateLine, ...]
    parts: tuple[FitPart, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(part.code for part in self.parts if part.points is None)

    @property
    def measured(self) -> bool:
        return self.points is not None


@frozen
class PreferenceLine:
    """Whether two roles can be told apart. role_id: None inside the error. Figures in points."""

    role_id: str | None
    name: str | None
    difference: float
    critical: float


@frozen
class ProfileView:
    """Seven lines in the framework's order and what is drawn from them.

    radar: None until all seven are measured; preference: None until both fits are.
    """

    lines: tuple[PracticeLine, ...]
    radar: Radar | None
    fits: tuple[RoleFit, ...]
    preference: PreferenceLine | None

    @property
    def measured(self) -> tuple[PracticeLine, ...]:
        return tuple(line for line in self.lines if line.measured)

    @property
    def strongest(self) -> PracticeLine | None:
        return max(self.measured, key=lambda line: line.points, default=None)

    @property
    def weakest(self) -> PracticeLine | None:
        return min(self.measured, key=lambda line: line.points, default=None)

    @property
    def provisional(self) -> bool:
        return any(line.provisional for line in self.measured)

    @property
    def rated(self) -> bool:
        return any(line.self_level is not None for line in self.lines)

    def line(self, code: str) -> PracticeLine:
        """The line of a practice; raises KeyError."""
        for line in self.lines:
            if line.code == code:
                return line
        raise KeyError(code)


def present(
    estimates: Mapping[str, Estimated],
    framework: Framework,
    lang: str,
    self_levels: Mapping[str, int] | None = None,
) -> ProfileView:
    """The profile of somebody. self_levels: code -> 1 to 5, only for the person's own eyes."""
    levels = self_levels or {}
    lines = tuple(
        practice_line(
            practice, estimates.get(practice.code), framework, lang, levels.get(practice.code)
        )
        for practice in framework.practices
    )
    shape = None
    if all(line.measured for line in lines):
        shape = drawing.radar(
            [
                drawing.Reading(line.code, line.points, line.se_points, line.self_points)
                for line in lines
            ],
            cuts(framework),
            framework.standard.critical_z,
        )
    fits = tuple(_role(role, estimates, framework, lang) for role in framework.roles.values())
    return ProfileView(lines, shape, fits, _preference(estimates, framework, lang))


def practice_line(
    practice: Competency,
    estimate: Estimated | None,
    framework: Framework,
    lang: str,
    self_level: int | None = None,
    need: float | None = None,
) -> PracticeLine:
    """One practice as a line. need: points that somebody asks for, drawn as an upright bar."""
    standard = framework.standard
    ability = estimate.ability if estimate else UNKNOWN
    likely, wide = likely_band(ability, standard), wide_band(ability, standard)
    levels = level_range(ability, standard)
    value, error = points(ability.theta, standard), ability.se * standard.per_logit
    text = str(levels.low) if levels.is_single else f"{levels.low}–{levels.high}"
    return PracticeLine(
        code=practice.code,
        name=localised(practice.name, lang),
        short=localised(practice.short, lang),
        points=value,
        se_points=error,
        low68=likely.low,
        high68=likely.high,
        low95=wide.low,
        high95=wide.high,
        level_low=levels.low,
        level_high=levels.high,
        level_text=text if ability.n else "–",
        provisional=bool(estimate and estimate.provisional),
        observations=ability.n,
        row=drawing.dot_row(value, error, cuts(framework), need, standard.critical_z),
        self_level=self_level,
        self_points=None if self_level is None else level_points(self_level, framework),
    )


def fit_for(
    weights: Mapping[str, float],
    gates: Iterable[Gate],
    estimates: Mapping[str, Estimated],
    framework: Framework,
    lang: str = "en",
    *,
    role: RoleProfile | None = None,
) -> RoleFit:
    """The fit to given weights (a position's own, say): competency -> share, any scale above 0.

    role: whose name and reasons the fit carries; its id is "own" without one.
    """
    standard = framework.standard
    abilities = {code: found.ability for code, found in estimates.items()}
    fit = rolefit.role_fit(abilities, weights)
    value = error = band = row = None
    if fit is not None:
        value, error = points(fit.theta, standard), fit.se * standard.per_logit
        band = wide_band(fit, standard)
        row = drawing.dot_row(value, error, cuts(framework), None, standard.critical_z)
    return RoleFit(
        role_id=role.id if role else "own",
        name=localised(role.name, lang) if role else "",
        points=value,
        se_points=error,
        low95=band.low if band else None,
        high95=band.high if band else None,
        row=row,
        gates=tuple(_gate(gate, abilities, framework, lang) for gate in gates),
        parts=_parts(weights, abilities, framework, lang, role),
    )


def _parts(
    weights: Mapping[str, float],
    abilities: Mapping[str, Ability],
    framework: Framework,
    lang: str,
    role: RoleProfile | None,
) -> tuple[FitPart, ...]:
    total = sum(weights.values())
    return tuple(
        FitPart(
            practice.code,
            localised(practice.short, lang),
            100 * weights[practice.code] / total,
            points(abilities[practice.code].theta, framework.standard)
            if practice.code in abilities
            else None,
            localised(role.reasons[practice.code], lang)
            if role and practice.code in role.reasons
            else "",
        )
        for practice in framework.practices
        if weights.get(practice.code, 0) > 0
    )


def _role(
    role: RoleProfile, estimates: Mapping[str, Estimated], framework: Framework, lang: str
) -> RoleFit:
    return fit_for(role.weights, role.gates, estimates, framework, lang, role=role)


def _gate(
    gate: Gate, abilities: Mapping[str, Ability], framework: Framework, lang: str
) -> GateLine:
    ability = abilities.get(gate.competency)
    known = framework.competencies.get(gate.competency)
    return GateLine(
        gate.competency,
        localised(known.short, lang) if known else gate.competency,
        gate.level,
        gate_verdict(ability, gate.level, framework.standard),
        ability is not None,
    )


def _preference(
    estimates: Mapping[str, Estimated], framework: Framework, lang: str
) -> PreferenceLine | None:
    pair = [framework.roles[role_id] for role_id in CONTRAST if role_id in framework.roles]
    if len(pair) < len(CONTRAST):
        return None
    abilities = {code: found.ability for code, found in estimates.items()}
    found = rolefit.preference(abilities, pair[0], pair[1], framework.standard)
    if found is None:
        return None
    scale = framework.standard.per_logit
    name = localised(framework.roles[found.role].name, lang) if found.role else None
    return PreferenceLine(found.role, name, found.difference * scale, found.critical * scale)


def level_points(level: int, framework: Framework) -> float:
    """The middle of a level's band in points; the open outer levels are as wide as the next one."""
    edges = cuts(framework)
    wide = [2 * edges[0] - edges[1], *edges, 2 * edges[-1] - edges[-2]]
    return min(100.0, max(0.0, (wide[level - 1] + wide[level]) / 2))


def cuts(framework: Framework) -> tuple[float, ...]:
    """Where levels 2 to 5 begin, in points."""
    return tuple(points(cut, framework.standard) for cut in framework.standard.cuts)


def localised(texts: Mapping[str, str], lang: str) -> str:
    """A text of the framework in a language, in English where it has none."""
    return texts.get(lang) or texts["en"]

"""The standard that the tests of this street measure by."""

from domain.competencies.framework import Standard

STANDARD = Standard(
    version=1,
    cuts=(-1.5, -0.5, 0.5, 1.5),
    b_of_difficulty=(-2.0, -1.0, 0.0, 1.0, 2.0),
    discrimination=1.0,
    threshold_spread=0.8,
    provisional_se_factor=1.25,
    centre=50.0,
    per_logit=15.0,
    half_life_months=24.0,
    gate_met=0.8,
    gate_not_met=0.2,
    critical_z=1.96,
    method="EAP",
    notes=(),
)

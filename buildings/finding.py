"""One thing that is wrong with a plan, or missing: where it is and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

Stage: TypeAlias = Literal["schema", "references", "geometry", "building", "scenario"]
Severity: TypeAlias = Literal["error", "warning", "note"]

STAGES: Final[tuple[Stage, ...]] = ("schema", "references", "geometry", "building", "scenario")
"""In the order in which a plan is mended: what comes later may be a consequence."""
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """A numbered finding about a plan.

    ``subjects`` are ids of the plan; ``x_m`` and ``y_m`` a point to look at, None where the
    finding is about the whole building.
    """

    stage: Stage
    severity: Severity
    code: str
    subjects: tuple[str, ...]
    message: str
    repair: str
    level: str | None = None
    x_m: float | None = None
    y_m: float | None = None
    number: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return {
            "number": self.number,
            "stage": self.stage,
            "severity": self.severity,
            "code": self.code,
            "subjects": list(self.subjects),
            "level": self.level,
            "x_m": None if self.x_m is None else round(self.x_m, 2),
            "y_m": None if self.y_m is None else round(self.y_m, 2),
            "message": self.message,
            "repair": self.repair,
        }


def numbered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return findings numbered from 1: by stage, in it errors before warnings before notes."""
    ranked = sorted(findings, key=lambda f: (STAGES.index(f.stage), SEVERITIES.index(f.severity)))
    return tuple(replace(finding, number=i) for i, finding in enumerate(ranked, 1))

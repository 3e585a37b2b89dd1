"""How a scenario file counts people by role."""

from __future__ import annotations

from pydantic import Field

from buildings import Count
from scenarios.population_defaults import AgeBand, Role
from scenarios.quiet_part import QuietPart


class HeadsFile(QuietPart):
    """How many people of each role there are, and how old the students."""

    students: Count = 0
    teachers: Count = 0
    substitutes: Count = 0
    aides: Count = 0
    office: Count = Field(default=0, description="Office and other staff.")
    visitors: Count = 0
    age_band: AgeBand | None = Field(default=None, description="Age band of the students.")

    def heads(self) -> dict[Role, int]:
        """Return the number of people by role, those that there are."""
        counts: dict[Role, int] = {
            "student": self.students,
            "teacher": self.teachers,
            "substitute": self.substitutes,
            "aide": self.aides,
            "office": self.office,
            "visitor": self.visitors,
        }
        return {role: n for role, n in counts.items() if n}

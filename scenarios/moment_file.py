"""How a scenario file says the time of day, and who is outdoors when the incident begins."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from buildings import FilePart
from scenarios.heads_file import HeadsFile
from scenarios.moment_said import MomentName, moment_defaults
from scenarios.scenario import RoomPeople

Share = Annotated[float | None, Field(ge=0.0, le=1.0)]
FloorPerPerson = Annotated[float | None, Field(ge=0.3, le=100.0)]


class MomentNumbersFile(FilePart):
    """Shares of people and classes at the time of day, over the defaults."""

    students_in_halls: Share = None
    students_in_restrooms: Share = None
    students_outdoors: Share = None
    staff_at_doors: Share = None
    staff_outdoors: Share = None
    visitors_at_office: Share = None
    classes_outdoors: Share = None
    classes_in_cafeteria: Share = None
    classes_gathered: Share = None
    hall_m2_per_person: FloorPerPerson = Field(
        default=None, description="Floor per person up to which halls and restrooms fill."
    )
    gym_m2_per_person: FloorPerPerson = Field(
        default=None, description="Floor per person in a gym that is used for an assembly."
    )

    def to_numbers(self, moment: MomentName | None) -> dict[str, float]:
        """Return what is said, after checking that it belongs to the time of day."""
        said: dict[str, float] = self.model_dump(exclude_none=True)
        known = moment_defaults()[moment] if moment else {}
        for key in said:
            if key not in known:
                when = f"speaks of another time of day than {moment}" if moment else "needs moment"
                expected = f"; {moment} has {', '.join(known)}" if known else ""
                raise ValueError(f"moment_numbers.{key}: {when}{expected}")
        return said


class OutdoorsFile(HeadsFile):
    """Who is at one place outdoors at the start."""

    def to_people(self) -> RoomPeople:
        """Return the checked values; people outdoors form no class of their own."""
        return RoomPeople(count=self.heads(), age_band=self.age_band, one_class=False)

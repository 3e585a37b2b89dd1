"""How a scenario file says how an evacuation is announced and practised."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from buildings import FilePart, Name, Seconds
from scenarios.announcement_file import AnnouncementFile, heard
from scenarios.distribution_file import DistributionFile
from scenarios.population_file import maybe_distribution
from scenarios.scenario import Evacuation


class AssemblyFile(FilePart):
    """Where classes gather; without it, where the exit that each person takes leads."""

    everyone: Name | None = None
    rooms: dict[Name, Name] = Field(default_factory=dict)


class EvacuateFile(FilePart):
    """The evacuation as announced and practised."""

    alarm_s: Seconds = 0.0
    announcement: AnnouncementFile = AnnouncementFile()
    class_release: Literal["together", "individual"] = "together"
    roll_call_s: DistributionFile | None = None
    assembly: AssemblyFile = AssemblyFile()

    def to_evacuation(self) -> Evacuation:
        """Return the checked values."""
        said = self.announcement
        return Evacuation(
            alarm_s=self.alarm_s,
            heard_everywhere_s=heard(said.everywhere_s),
            heard_in_zones_s={zone: heard(delay) for zone, delay in said.zones.items()},
            heard_in_spaces_s={space: heard(delay) for space, delay in said.spaces.items()},
            class_release=self.class_release,
            roll_call_s=maybe_distribution(self.roll_call_s),
            assembly_everyone=self.assembly.everyone,
            assembly_rooms=dict(self.assembly.rooms),
        )

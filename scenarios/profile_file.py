"""How a scenario file says who has which mobility profile, and what a profile is."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import Field, model_validator

from buildings import Count, FilePart
from scenarios.distribution_file import AnyDistributionFile, WalkingSpeedFile, to_distribution
from scenarios.population_defaults import ROLES, Role
from scenarios.profiles import MOST_HELPERS, MOST_PLACES, PROFILES, ProfileName

StairSpeed = Annotated[float, Field(gt=0.0, le=5.0)]


class ProfileCountsFile(FilePart):
    """How many people have each mobility profile; all others walk unimpaired."""

    stick: Count = 0
    crutches: Count = 0
    walker: Count = 0
    wheelchair: Count = 0
    electric_wheelchair: Count = 0
    sensory: Count = Field(default=0, description="Do not see or hear well, walk like others.")
    needs_helper: Count = Field(default=0, description="Walk, but not without somebody beside.")


class RoomProfilesFile(ProfileCountsFile):
    """How many people of a room have each mobility profile: students, or those of another role.

    The first people of the role get them, in the order of the profiles; ids and draws of all the
    others stay what they are.
    """

    student: ProfileCountsFile | None = None
    teacher: ProfileCountsFile | None = None
    substitute: ProfileCountsFile | None = None
    aide: ProfileCountsFile | None = None
    office: ProfileCountsFile | None = None
    visitor: ProfileCountsFile | None = None

    @model_validator(mode="after")
    def _said_once(self) -> RoomProfilesFile:
        for profile in PROFILES:
            if getattr(self, profile) and getattr(self.student, profile, 0):
                raise ValueError(f"{profile} is said of the students twice: alone and by role")
        return self

    def to_profiles(self) -> dict[Role, dict[ProfileName, int]]:
        """Return the number of people by role and profile, without zeros."""
        found: dict[Role, dict[ProfileName, int]] = {}
        for role in ROLES:
            own = getattr(self, role)
            for profile in PROFILES:
                n = getattr(own, profile, 0)
                if role == "student":
                    n += getattr(self, profile)
                if n:
                    found.setdefault(role, {})[profile] = n
        return found


class ProfileFile(FilePart):
    """What a scenario changes of one mobility profile, over the defaults."""

    speed_mps: WalkingSpeedFile | None = Field(
        default=None, description="Free speed on the level, in metres per second."
    )
    stair_down_mps: StairSpeed | None = Field(
        default=None, description="Mean speed along the slope of an ordinary stair."
    )
    stair_up_mps: StairSpeed | None = None
    size: Annotated[int, Field(ge=1, le=MOST_PLACES)] | None = Field(
        default=None, description="Places taken up on the floor, and headways in a door."
    )
    level_only: bool | None = Field(default=None, description="Cannot use a stair alone.")
    helpers_needed: Annotated[int, Field(ge=0, le=MOST_HELPERS)] | None = None
    pre_movement_factor: Annotated[float, Field(gt=0.0, le=100.0)] | None = None

    def to_changes(self) -> dict[str, Any]:
        """Return what is said, by the name that it has in a `Profile`."""
        said: dict[str, Any] = {
            key: value for key in KEYS if (value := getattr(self, key)) is not None
        }
        speed: AnyDistributionFile | None = self.speed_mps
        if speed is not None:
            said["speed_mps"] = to_distribution(speed)
        return said


KEYS: Final = tuple(ProfileFile.model_fields)
"""What can be said of a profile."""

"""How a scenario file says where people shelter from weather, and how much floor each takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from buildings import FilePart, Name, Seconds
from scenarios.protocol_said import ShelterSaid
from scenarios.sourced_numbers import Number

Area = Annotated[float, Field(gt=0.0, le=100.0)]


class ShelterFile(FilePart):
    """The best available refuge areas against weather. Nobody is promised protection in them."""

    areas: Annotated[list[Name], Field(max_length=1000)] = Field(
        default_factory=list,
        description="Rooms; by default those with safe_haven: drawn or hardened, and where the "
        "plan has none, rooms and halls without an outer wall that shows a window or a door.",
    )
    m2_per_person: Area | None = Field(default=None, description="Floor that each person takes.")
    m2_per_wheelchair: Area | None = None
    usable_share: Annotated[float, Field(gt=0.0, le=1.0)] | None = Field(
        default=None, description="Share of the floor of an area on which people can be."
    )
    lead_s: Seconds | None = Field(
        default=None, description="Warning lead time; the share in shelter by then is told."
    )

    def to_shelter(self) -> ShelterSaid:
        """Return the checked values, without the numbers (see `numbers`)."""
        return ShelterSaid(areas=tuple(self.areas), lead_s=self.lead_s)

    def numbers(self) -> dict[str, Number]:
        """Return the numbers that are said, by table and key."""
        keys = ("m2_per_person", "m2_per_wheelchair", "usable_share")
        said = {key: getattr(self, key) for key in keys}
        return {f"shelter.{key}": float(one) for key, one in said.items() if one is not None}

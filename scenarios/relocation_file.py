"""How a scenario file says where people relocate to, and how they get there."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from buildings import Count, FilePart, Name, Seconds
from scenarios.distribution_file import DistributionFile, to_distribution
from sim.protocols.relocation_orders import Buses, OnFoot, Relocation

AtLeastOne = Annotated[int, Field(ge=1, le=10_000)]


class BusesFile(FilePart):
    """Buses that shuttle to the site until nobody is left."""

    number: AtLeastOne
    capacity: AtLeastOne = Field(description="People whom one bus takes.")
    ride_s: DistributionFile = Field(description="One ride, there or back.")
    first_s: Seconds = Field(description="From the announcement until the first bus is there.")
    headway_s: Seconds = Field(default=0.0, description="From each bus to the next one.")
    loading_places: AtLeastOne = Field(
        default=1, description="Buses that load at the same time; the default is ours."
    )
    waits_s: Seconds = Field(
        default=120.0,
        description="How long a bus with free seats waits for a class that is not ready; ours.",
    )
    wheelchair_buses: Count = Field(
        default=0, description="Buses with a lift; without one people in wheelchairs stay behind."
    )
    wheelchair_places: AtLeastOne = Field(
        default=2, description="Wheelchairs that such a bus takes; the default is ours."
    )


class SiteFile(FilePart):
    """A safe haven away from campus: on foot, or by bus."""

    name: Name
    metres: Annotated[float, Field(ge=0.0, le=1e5)] | None = Field(
        default=None, description="On foot, from the assembly area."
    )
    crossings: Count = Field(default=0, description="Roads that each class crosses on foot.")
    buses: BusesFile | None = None

    @model_validator(mode="after")
    def _one_way(self) -> SiteFile:
        if (self.metres is None) == (self.buses is None):
            raise ValueError("give either metres, for a walk, or buses")
        if self.buses is not None and self.crossings:
            raise ValueError("crossings: only on foot")
        return self

    def to_relocation(self) -> Relocation:
        """Return the checked values."""
        if self.buses is None:
            return Relocation(self.name, OnFoot(self.metres or 0.0, self.crossings))
        said = self.buses.model_dump(exclude={"ride_s"})
        return Relocation(self.name, Buses(ride_s=to_distribution(self.buses.ride_s), **said))

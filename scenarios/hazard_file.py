"""How a scenario file says where a hazard is, from when until when, and what is known of it."""

from __future__ import annotations

import math
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, model_validator
from shapely import Polygon

from buildings import FilePart, Name, Seconds
from scenarios.distribution_file import DistributionFile, to_distribution
from scenarios.hazard_said import HazardSaid
from scenarios.orders_file import KnownTo, Places
from scenarios.sourced_numbers import Number
from sim import MOST_HAZARDS, HazardKind, WayOut

Metres = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
Corner = Annotated[list[Metres], Field(min_length=2, max_length=2)]

NEED_A_TIMELINE: Final = ("notice_s", "reported", "leaves_by")
"""Keys that say what people do: only people who follow a timeline do it."""


class HazardFile(FilePart):
    """A part of the building that is not to be entered for a span of time, typed by a planner."""

    kind: HazardKind
    spaces: Places | None = Field(default=None, description="Zones and rooms; or say a polygon.")
    polygon: Annotated[list[Corner], Field(min_length=3, max_length=1000)] | None = Field(
        default=None,
        description="Corners [x, y] in metres of the plan; every piece of floor that it touches "
        "counts as a whole.",
    )
    level: Name | None = Field(default=None, description="The level of the polygon.")
    from_s: Seconds = Field(default=0.0, description="When it begins.")
    until_s: Annotated[float, Field(gt=0.0, le=1e7)] | None = Field(
        default=None, description="When it is over; without it, it lasts until the end."
    )
    known_to: KnownTo | None = Field(
        default=None,
        description="everyone, or zones and rooms whose people know at once which ways are closed; "
        "without it only those know who see it.",
    )
    closes_ways: bool | None = Field(
        default=None,
        description="Whether nobody goes in meanwhile; those inside can always leave. By kind.",
    )
    notice_s: DistributionFile | None = Field(
        default=None,
        description="From its beginning until those in it or beside it know of it. By kind.",
    )
    leaves_by: WayOut | None = Field(
        default=None,
        description="Where people in it go: exit, or by_rules, which may be another room. By kind.",
    )
    reported: bool = Field(
        default=False,
        description="Whether the first who notices it reports it; a step of the timeline may "
        "follow that with `after: hazard_reported`.",
    )

    @model_validator(mode="after")
    def _holds_together(self) -> HazardFile:
        if (self.spaces is None) == (self.polygon is None):
            raise ValueError("say either spaces or polygon")
        if (self.polygon is None) != (self.level is None):
            raise ValueError("level: belongs to a polygon, and a polygon needs one")
        if self.polygon is not None and not Polygon(self.polygon).is_valid:
            raise ValueError("polygon: its outline crosses itself")
        if self.polygon is not None and Polygon(self.polygon).area <= 0:
            raise ValueError("polygon: has no area")
        if self.until_s is not None and self.until_s <= self.from_s:
            raise ValueError(f"until_s: should be > from_s, {self.from_s:g} (got {self.until_s:g})")
        return self

    @property
    def asks_for_a_timeline(self) -> tuple[str, ...]:
        """Keys that are said and do nothing without a timeline."""
        return tuple(key for key in NEED_A_TIMELINE if getattr(self, key) not in (None, False))

    def to_hazard(self) -> HazardSaid:
        """Return the checked values."""
        numbers: dict[str, Number] = {}
        if self.notice_s is not None:
            numbers[f"{self.kind}.notice_s"] = to_distribution(self.notice_s)
        if self.closes_ways is not None:
            numbers[f"{self.kind}.closes_ways"] = float(self.closes_ways)
        if self.leaves_by is not None:
            numbers[f"{self.kind}.leaves_by_exit"] = float(self.leaves_by == "exit")
        return HazardSaid(
            kind=self.kind,
            from_s=float(self.from_s),
            until_s=math.inf if self.until_s is None else float(self.until_s),
            spaces=tuple(self.spaces or ()),
            outline=tuple((float(x), float(y)) for x, y in self.polygon or ()),
            level=self.level,
            known_to=tuple(self.known_to or ()),
            reported=self.reported,
            numbers=numbers,
        )


def typed_list(value: object) -> object:
    """Refuse more hazards than a planner types, in words that say why."""
    if isinstance(value, list) and len(value) > MOST_HAZARDS:
        raise ValueError(
            f"should have at most {MOST_HAZARDS} entries, each typed by a planner (got "
            f"{len(value)}): hazards are not searched over"
        )
    return value


HazardsFile = Annotated[
    list[HazardFile], Field(max_length=MOST_HAZARDS), BeforeValidator(typed_list)
]

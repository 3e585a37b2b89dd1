"""What a building is: levels, spaces, portals and points, in metres, with nothing left to guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from shapely import LineString, Point, Polygon

from buildings.borders import InputError

OUTSIDE: Final = "outside"
"""The space id that stands for the open air on the far side of an exit."""

SpaceKind: TypeAlias = Literal[
    "room", "corridor", "hall", "stair", "landing", "ramp", "lift",
    "outdoor", "assembly", "void", "hard_corner",
]  # fmt: skip
SpaceUse: TypeAlias = Literal[
    "classroom", "lab", "office", "gym", "cafeteria", "library", "auditorium", "toilet", "storage",
    "kitchen", "nurse", "main_office", "vestibule", "mechanical", "circulation", "reunification",
    "other",
]  # fmt: skip
PortalKind: TypeAlias = Literal["door", "opening", "gate", "window", "exit", "virtual"]
YesNo: TypeAlias = Literal["yes", "no"]
YesNoUnknown: TypeAlias = Literal["yes", "no", "unknown"]


class PlanError(InputError):
    """A plan that cannot be read or does not hold together.

    Parameters
    ----------
    message : str
        What stands above the findings.
    findings : sequence of str, optional
        Every fault found, one line each; they are part of the message.
    """

    def __init__(self, message: str, findings: tuple[str, ...] = ()) -> None:
        self.findings = findings
        super().__init__("\n".join((message, *(f"  {line}" for line in findings))))


@dataclass(frozen=True, slots=True)
class Level:
    """One storey; ``ordinal`` 0 is the level of the main entrance."""

    id: str
    ordinal: int
    name: str
    elevation_m: float
    height_m: float
    short: str


@dataclass(frozen=True, slots=True)
class StairFacts:
    """One stair flight: a straight run of equal steps between two levels or landings.

    ``up_deg`` is the bearing of ascent in degrees, clockwise from the plan's +y axis.
    """

    riser_m: float
    tread_m: float
    steps: int
    width_m: float
    up_deg: float
    from_level: str
    to_level: str
    handrail: int | None = None
    handrail_gap_m: float | None = None

    @property
    def rise_m(self) -> float:
        """Height climbed by the flight."""
        return self.riser_m * self.steps

    @property
    def incline_m(self) -> float:
        """Walking length on the slope: ``steps * sqrt(riser^2 + tread^2)``."""
        return float(self.steps * (self.riser_m**2 + self.tread_m**2) ** 0.5)


@dataclass(frozen=True, slots=True)
class RampFacts:
    """A ramp: height climbed, horizontal run and clear width, in metres."""

    rise_m: float
    run_m: float
    width_m: float


@dataclass(frozen=True, slots=True)
class LiftFacts:
    """A lift shaft: the levels it serves, the persons its car holds, who may use it in an alarm."""

    levels: tuple[str, ...]
    car_capacity: int
    usable_in: Literal["never", "wheelchair", "always"] = "never"


@dataclass(frozen=True, slots=True)
class AssemblyFacts:
    """What a gathering place outside is for and how many it holds."""

    role: Literal["evac_assembly", "reunification", "staging"]
    capacity: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """A polygon of floor with one use. Coordinates in metres on the plan's local axes.

    A stair flight and a landing are each one space; a flight lies on its lower level (``level``)
    and its ``stair`` names both. ``walkable`` "no" keeps a space in the picture but out of the
    graph.
    """

    id: str
    level: str
    kind: SpaceKind
    use: SpaceUse
    polygon: Polygon
    number: str | None = None
    name: str | None = None
    capacity: int | None = None
    occupants_default: int | None = None
    height_m: float | None = None
    walkable: YesNo = "yes"
    obstacle_of: str | None = None
    safe_haven: Literal["none", "drawn", "hardened", "refuge"] | None = None
    hard_corner: Literal["none", "drawn", "computed"] | None = None
    in_space: str | None = None
    zone: str | None = None
    public_address: YesNoUnknown | None = None
    cell_coverage: YesNoUnknown | None = None
    hazard: str | None = None
    stair: StairFacts | None = None
    ramp: RampFacts | None = None
    lift: LiftFacts | None = None
    assembly: AssemblyFacts | None = None
    extra: Mapping[str, str | int | float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def area_m2(self) -> float:
        """Floor area of the polygon."""
        return float(self.polygon.area)

    @property
    def label(self) -> str:
        """What a person calls the space: the door plate, else the name, else the id."""
        return self.number or self.name or self.id

    @property
    def called(self) -> str:
        """What a person calls the space, with its id where that says more."""
        return self.id if self.label == self.id else f"{self.label} ({self.id})"


@dataclass(frozen=True, slots=True, eq=False)
class Portal:
    """A line across the clear opening between two spaces, or between a space and ``outside``.

    ``lock`` says from which side a person can lock the door; ``unknown`` is a fact too.
    """

    id: str
    level: str
    kind: PortalKind
    from_space: str
    to_space: str
    width_m: float
    line: LineString
    leaves: int | None = None
    lock: Literal["inside", "outside", "both", "remote", "none", "unknown"] | None = None
    lock_key: Literal["none", "thumbturn", "key", "card"] | None = None
    lock_state: Literal["locked", "unlocked"] | None = None
    auto_lock: YesNo | None = None
    remote_group: str | None = None
    swing: Literal["in", "out", "both", "slide"] | None = None
    hinge: Literal["left", "right"] | None = None
    closer: YesNo | None = None
    panic_bar: YesNo | None = None
    alarmed: YesNo | None = None
    barricade: str | None = None
    one_way: Literal["no", "out", "in"] | None = None
    forced_entry_s: float | None = None
    glazing: Literal["none", "panel", "half", "full", "sidelight", "panel+sidelight"] | None = None
    glazing_w_m: float | None = None
    glazing_off_m: float | None = None
    sill_m: float | None = None
    head_m: float | None = None
    wall_t_m: float | None = None
    cover: Literal["none", "blind", "film", "paper", "unknown"] | None = None
    cover_default: Literal["open", "closed"] | None = None
    cover_close_s: float | None = None
    egress: YesNo | None = None
    exterior_no: str | None = None
    is_exit: YesNoUnknown | None = None
    accessible: YesNoUnknown | None = None
    discharges_to: str | None = None
    extra: Mapping[str, str | int | float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def leads_outside(self) -> bool:
        """Whether one side of the portal is the open air."""
        return OUTSIDE in (self.from_space, self.to_space)

    @property
    def usable_as_exit(self) -> bool:
        """Whether people evacuate through it: leads outside, is walkable, and is marked an exit."""
        return self.leads_outside and self.kind != "window" and self.is_exit == "yes"

    @property
    def midpoint(self) -> Point:
        """The middle of the opening, where walking distances are measured to."""
        return self.line.interpolate(0.5, normalized=True)


@dataclass(frozen=True, slots=True, eq=False)
class PlanPoint:
    """A device or mark at a point of a level (pull station, panic button, key box, label, ...)."""

    id: str
    level: str
    kind: str
    point: Point
    name: str | None = None
    bearing_deg: float | None = None
    fov_deg: float | None = None
    range_m: float | None = None
    controls: str | None = None
    extra: Mapping[str, str | int | float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of ``facts.csv``: a person's statement about a space, portal or point."""

    id: str
    key: str
    value: str
    source: str
    date: str


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A building as read and checked: everything sorted by id, levels by ordinal.

    ``defaults`` holds building-wide values such as ``wall_t`` in metres. ``sha256`` is the hash of
    the canonical files of the plan, so it names exactly this geometry and these facts.
    """

    id: str
    name: str
    version: str
    levels: tuple[Level, ...]
    spaces: Mapping[str, Space]
    portals: Mapping[str, Portal]
    points: Mapping[str, PlanPoint]
    crs: str | None = None
    georef: Literal["none", "surveyed", "approx"] = "none"
    north_deg: float = 0.0
    defaults: Mapping[str, str | int | float] = field(default_factory=lambda: MappingProxyType({}))
    sources: tuple[str, ...] = ()
    reviewed_by: str | None = None
    reviewed_on: str | None = None
    facts: tuple[Fact, ...] = ()
    sha256: str = ""

    def level(self, level_id: str) -> Level:
        """Return the level with this id.

        Raises
        ------
        KeyError
            If the plan has no such level.
        """
        for level in self.levels:
            if level.id == level_id:
                return level
        raise KeyError(f"plan {self.id!r} has no level {level_id!r}")

    def spaces_on(self, level_id: str) -> Iterator[Space]:
        """Yield the spaces of one level in order of id."""
        return (space for space in self.spaces.values() if space.level == level_id)

    def portals_of(self, space_id: str) -> Iterator[Portal]:
        """Yield the portals that touch one space in order of id."""
        return (p for p in self.portals.values() if space_id in (p.from_space, p.to_space))

    @property
    def exits(self) -> tuple[Portal, ...]:
        """The portals people may evacuate through, in order of id."""
        return tuple(portal for portal in self.portals.values() if portal.usable_as_exit)

    @property
    def assembly_areas(self) -> tuple[Space, ...]:
        """The gathering places outside, in order of id."""
        return tuple(space for space in self.spaces.values() if space.kind == "assembly")

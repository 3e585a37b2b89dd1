"""A scenario: which building, who is in it, what is announced, and how often to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from buildings import InputError, KeyPath, YamlFile
from scenarios.population_defaults import AgeBand, Role, StaffRule
from sim import Distribution

SAID_BY_SCENARIO = "scenario"
"""The source of a number that the scenario itself gives."""

NEVER = float("inf")
"""The delay of an announcement that is never heard in a place."""


class ScenarioError(InputError):
    """A scenario that cannot be read, or that asks for what its plan does not have.

    Parameters
    ----------
    faults : sequence of str
        Every fault found, one line each; together they are the message.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class RoomPeople:
    """Who is in one room at the start.

    Attributes
    ----------
    count : mapping of role to number of people
    age_band : str or None
        Age band of the students; None for the band of the whole population.
    at_xy : tuple of (x, y)
        Standing places in metres, one for each person in order of id; empty for the room's own.
    one_class : bool or None
        Whether the room's students and staff leave as one class; None follows the room's use.
    speed_mps, pre_movement_s : Distribution or None
        For everybody in the room; None follows the scenario.
    """

    count: Mapping[Role, int]
    age_band: AgeBand | None = None
    at_xy: tuple[tuple[float, float], ...] = ()
    one_class: bool | None = None
    speed_mps: Distribution | None = None
    pre_movement_s: Distribution | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """Who is in the building: named rooms, the plan's usual numbers, or a total to share out.

    Attributes
    ----------
    source : {"rooms", "from_plan", "total"}
    rooms : mapping of room (space id or number) to people
        With ``from_plan`` and ``total`` these rooms replace what would be worked out for them.
    counts : {"everybody", "students"}
        Whom the plan's usual numbers count; staff come beside students.
    total : int
        Number of people to share out, those in `rooms` among them; 0 unless asked for.
    age_band : str or None
        Age band of students where the room does not say.
    load_factors_m2 : mapping of room use to floor area per person, over the defaults
    staff : mapping of room use to staff rule, over the defaults
    accept_no_route : tuple of str
        Rooms that may have people although no exit can be reached from them.
    """

    source: Literal["rooms", "from_plan", "total"]
    rooms: Mapping[str, RoomPeople]
    counts: Literal["everybody", "students"] = "everybody"
    total: int = 0
    age_band: AgeBand | None = None
    load_factors_m2: Mapping[str, float] = field(default_factory=dict)
    staff: Mapping[str, StaffRule] = field(default_factory=dict)
    accept_no_route: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speeds:
    """Free walking speeds on the level (m/s); the most particular statement wins.

    A room's own speed comes first, then role, then age band, then everyone, then the defaults.
    ``stair_down`` and ``stair_up`` multiply every person's speed on stairs.
    """

    everyone: Distribution | None = None
    by_role: Mapping[str, Distribution] = field(default_factory=dict)
    by_age_band: Mapping[str, Distribution] = field(default_factory=dict)
    stair_down: float = 1.0
    stair_up: float = 1.0


@dataclass(frozen=True, slots=True)
class PreMovement:
    """Delay between hearing the alarm and the first step (s); the most particular wins.

    A listed time comes first, then the room's own, role and use, use, role, everyone, defaults.
    """

    everyone: Distribution | None = None
    by_role: Mapping[str, Distribution] = field(default_factory=dict)
    by_use: Mapping[str, Distribution] = field(default_factory=dict)
    by_role_and_use: Mapping[str, Mapping[str, Distribution]] = field(default_factory=dict)
    listed_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Evacuation:
    """The evacuation as announced and practised.

    Attributes
    ----------
    alarm_s : float
        When the alarm starts, in seconds from the start of the scenario.
    heard_everywhere_s : float
        Delay until it is heard, where neither the zone nor the space says otherwise.
    heard_in_zones_s, heard_in_spaces_s : mapping to seconds
        Delays by zone of the plan and by space; `NEVER` where it is not heard.
    class_release : {"together", "individual"}
        Whether a class leaves as a group when its leader is ready.
    roll_call_s : Distribution or None
        Time to call the roll; None for the default.
    assembly_everyone : str or None
        Assembly area of all classes; None: where the exit that each person takes leads.
    assembly_rooms : mapping of room to assembly area
    """

    alarm_s: float = 0.0
    heard_everywhere_s: float = 0.0
    heard_in_zones_s: Mapping[str, float] = field(default_factory=dict)
    heard_in_spaces_s: Mapping[str, float] = field(default_factory=dict)
    class_release: Literal["together", "individual"] = "together"
    roll_call_s: Distribution | None = None
    assembly_everyone: str | None = None
    assembly_rooms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """One scenario as read and checked, before it meets its plan.

    Attributes
    ----------
    name : str
    file : YamlFile
        What was read, so that a later fault can still name its line.
    plan_as_said : str
        The plan as the file names it, for the manifest.
    plan_at : str
        Where the plan is: "builtin:<slug>" or a folder.
    seed, replicas : int
    end_s : float
        When simulated time ends.
    population, speeds, pre_movement, evacuation
        Who is there, how fast, how prompt, and what they are told.
    class_uses : tuple of str
        Uses of the rooms whose students and staff form a class.
    assign_exits : mapping of room to exit (portal id or exterior door number)
    law : str
        Name of the flow preset.
    law_numbers : mapping of field to value, over the preset
    resolved : dict
        The whole scenario as plain values, nothing left out: what the manifest records.
    """

    name: str
    file: YamlFile
    plan_as_said: str
    plan_at: str
    seed: int
    replicas: int
    end_s: float
    population: Population
    speeds: Speeds
    pre_movement: PreMovement
    evacuation: Evacuation
    class_uses: tuple[str, ...]
    assign_exits: Mapping[str, str]
    law: str
    law_numbers: Mapping[str, float | str]
    resolved: dict[str, Any]

    def fault(self, path: KeyPath, words: str) -> str:
        """Return one line of a `ScenarioError`: file, line, key path and what is wrong there."""
        return f"{self.file.place(path)}: {words}"

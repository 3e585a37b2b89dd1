"""A scenario: which building, who is in it, what is announced, and how often to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from buildings import InputError, KeyPath, YamlFile
from scenarios.assistance_said import AssistanceSaid, LiftSaid
from scenarios.communication_said import CommunicationSaid
from scenarios.hazard_said import HazardSaid
from scenarios.moment_said import MomentName
from scenarios.population_defaults import AgeBand, Role, StaffRule
from scenarios.profiles import Profile, ProfileName
from scenarios.protocol_said import ProtocolSaid
from scenarios.responders_said import RespondersSaid
from scenarios.sourced_numbers import Number
from sim import Distribution

if TYPE_CHECKING:  # what it says is made ready with the words of this module
    from scenarios.reunification_said import ReunificationSaid

DoorState: TypeAlias = Literal["open", "closed", "locked", "blocked"]
ExitRule: TypeAlias = Literal["nearest", "locally_quickest"]
AtClosedDoor: TypeAlias = Literal["reroute", "wait"]

SAID_BY_SCENARIO = "scenario"
"""The source of a number that the scenario itself gives."""

NEVER = float("inf")
"""The delay of an announcement that is never heard in a place."""

EVERYONE: Final = "everyone"
"""Who knows of a door where everybody does, wherever they are."""

ANY_EXIT: Final = "any"
"""The exit of a direction that lets people choose for themselves again."""


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
    profiles : mapping of role to mapping of mobility profile to number of people
        Who among them does not walk like everybody else.
    """

    count: Mapping[Role, int]
    age_band: AgeBand | None = None
    at_xy: tuple[tuple[float, float], ...] = ()
    one_class: bool | None = None
    speed_mps: Distribution | None = None
    pre_movement_s: Distribution | None = None
    profiles: Mapping[Role, Mapping[ProfileName, int]] = field(default_factory=dict)


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
    mobility : mapping of mobility profile to what it is, over the defaults
    moment : {"class", "passing", "recess", "lunch", "assembly", "arrival"}
        Time of day; in class everybody is in the room they belong to.
    moment_numbers : mapping of key to number, over the defaults of that time of day
    outdoors : mapping of assembly area to the people there at the start
    """

    source: Literal["rooms", "from_plan", "total"]
    rooms: Mapping[str, RoomPeople]
    counts: Literal["everybody", "students"] = "everybody"
    total: int = 0
    age_band: AgeBand | None = None
    load_factors_m2: Mapping[str, float] = field(default_factory=dict)
    staff: Mapping[str, StaffRule] = field(default_factory=dict)
    accept_no_route: tuple[str, ...] = ()
    mobility: Mapping[ProfileName, Profile] = field(default_factory=dict)
    moment: MomentName = "class"
    moment_numbers: Mapping[str, float] = field(default_factory=dict)
    outdoors: Mapping[str, RoomPeople] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speeds:
    """Free walking speeds on the level (m/s); the most particular statement wins.

    A room's own speed comes first, then role, then age band, then everyone, then the defaults. For
    people with a mobility profile what the scenario says of it comes before all, and the profile's
    usual speed after the room's own.
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


@dataclass(frozen=True, slots=True)
class DoorChange:
    """A door that changes while the scenario runs, as the file says it.

    Attributes
    ----------
    door : str
        Portal id or exterior door number.
    at_s : float
        Time since the start of the scenario.
    state : {"open", "closed", "locked", "blocked"}
    known_to : tuple of str
        Zones and rooms whose people are told, or `EVERYONE`; empty: only who sees the door.
    """

    door: str
    at_s: float
    state: DoorState
    known_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Direction:
    """Staff send people to an exit, as the file says it.

    Attributes
    ----------
    at_s : float
        Time since the start of the scenario.
    exit : str
        Portal id or exterior door number; `ANY_EXIT` lets people choose again.
    rooms : tuple of str
        Zones and rooms whose people are told; empty: everybody who is still inside.
    """

    at_s: float
    exit: str
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FamiliarExit:
    """The exit that people know from every day, and the share of them who take it."""

    exit: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """What one role does differently; None: as everybody."""

    rule: ExitRule | None = None
    at_closed_door: AtClosedDoor | None = None
    familiar: FamiliarExit | Literal["none"] | None = None


@dataclass(frozen=True, slots=True)
class ExitChoice:
    """Which exit people choose.

    Attributes
    ----------
    rule : {"nearest", "locally_quickest"}
    at_closed_door : {"reroute", "wait"}
        What they do at a door that turns out to be closed.
    familiar : FamiliarExit or None
    familiar_roles : tuple of str
        Whose familiar exit it is; empty: everybody's.
    by_role : mapping of role to what it does differently
    """

    rule: ExitRule = "nearest"
    at_closed_door: AtClosedDoor = "reroute"
    familiar: FamiliarExit | None = None
    familiar_roles: tuple[Role, ...] = ()
    by_role: Mapping[Role, RoleChoice] = field(default_factory=dict)

    def of(self, role: Role) -> tuple[ExitRule, AtClosedDoor, FamiliarExit | None]:
        """Return the rule, what happens at a closed door and the familiar exit of one role."""
        own = self.by_role.get(role, RoleChoice())
        familiar: FamiliarExit | None
        if own.familiar is None:
            theirs = not self.familiar_roles or role in self.familiar_roles
            familiar = self.familiar if theirs else None
        else:
            familiar = None if own.familiar == "none" else own.familiar
        return own.rule or self.rule, own.at_closed_door or self.at_closed_door, familiar


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
    keep_together : bool
        Whether a class walks at the pace of its slowest member.
    assign_exits : mapping of room to exit (portal id or exterior door number)
    doors : tuple of DoorChange
    directions : tuple of Direction
    exit_choice : ExitChoice
    assistance : AssistanceSaid
        How people are helped who cannot leave by themselves.
    lifts : mapping of lift to how it is run
    law : str
        Name of the flow preset.
    law_numbers : mapping of field to value, over the preset
    merge_weights : mapping of door to its share of a freed place in the full space beyond
    resolved : dict
        The whole scenario as plain values, nothing left out: what the manifest records.
    protocol : ProtocolSaid
        What is announced step by step; without a timeline it is a plain evacuation.
    communication : CommunicationSaid or None
        Who is told by which channel; None: the plain delays of the protocol.
    responders : RespondersSaid
        Who comes to help, and who releases rooms door to door.
    accountability : mapping of "table.key" to number, or None
        Over the defaults of roll calls; None: every class is counted right.
    teaches : str
        One sentence on what can be learned from it; empty where it does not say.
    hazards : tuple of HazardSaid
        Parts of the building that are not to be entered for a time.
    reunification : ReunificationSaid or None
        How students are handed over at the end.
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
    keep_together: bool
    assign_exits: Mapping[str, str]
    doors: tuple[DoorChange, ...]
    directions: tuple[Direction, ...]
    exit_choice: ExitChoice
    assistance: AssistanceSaid
    lifts: Mapping[str, LiftSaid]
    law: str
    law_numbers: Mapping[str, float | str]
    merge_weights: Mapping[str, float]
    resolved: dict[str, Any]
    protocol: ProtocolSaid = field(default_factory=ProtocolSaid)
    communication: CommunicationSaid | None = None
    responders: RespondersSaid = field(default_factory=RespondersSaid)
    accountability: Mapping[str, Number] | None = None
    teaches: str = ""
    hazards: tuple[HazardSaid, ...] = ()
    reunification: ReunificationSaid | None = None

    def fault(self, path: KeyPath, words: str) -> str:
        """Return one line of a `ScenarioError`: file, line, key path and what is wrong there."""
        return f"{self.file.place(path)}: {words}"

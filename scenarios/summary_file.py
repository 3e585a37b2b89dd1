"""The keys of ``summary.json``: what a run answers, in numbers that keep their names."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.protocol_summary_file import ProtocolSummary
from scenarios.summary_parts import Interval, Number, SummaryPart, Timing


class ScenarioName(SummaryPart):
    """Which scenario was run."""

    name: str
    file: str


class PlanName(SummaryPart):
    """Which building it was run in."""

    id: str
    sha256: str


class Clearance(SummaryPart):
    """Time from the start of the scenario until a share of the people is out."""

    median: Number
    mean: Number
    interval: Interval
    interval_level: float
    interval_covers: float = Field(
        description="Probability that one further replica lies in the interval."
    )
    per_replica: list[Number]


class Clearances(SummaryPart):
    """Time until ceil(p N) people are out, for four shares p."""

    p50: Clearance
    p90: Clearance
    p95: Clearance
    p100: Clearance


class ExitUse(SummaryPart):
    """Use of one exit. Counts are means over the replicas, times are medians."""

    number: str | None = Field(description="Exterior door number, as responders call it.")
    passed: float
    passed_interval: Interval
    share: float = Field(description="Share of all people who left through this exit.")
    first_s: Number
    first_interval: Interval
    last_s: Number
    last_interval: Interval


class DoorUse(SummaryPart):
    """Use of one door, opening or exit, both directions together; means over the replicas."""

    number: str | None
    kind: str
    width_m: float
    passed: float
    passed_interval: Interval
    peak_queue: float = Field(
        description="Most people waiting on one side at the same time; of a wide opening, the sum "
        "over its parts."
    )
    peak_queue_interval: Interval
    waiting_at_end: float = Field(
        description="People who still wait when the run ends, at a closed door or behind others."
    )
    queue_person_s: float = Field(description="Time waited by all people together.")
    queue_person_s_interval: Interval


class RoomUse(SummaryPart):
    """When the last of the people of one room left it."""

    number: str | None
    people: int
    clear_s: Timing
    not_out: dict[str, float] = Field(
        description="Mean number of its people by final state, those who are out left out: "
        "no_route, queueing (they wait at a door), ..."
    )


class ProfileUse(SummaryPart):
    """The people of one mobility profile."""

    people: int
    last_out_s: Timing
    not_out: dict[str, float] = Field(
        description="Mean number of them by final state, those who are out left out."
    )


class OrderGiven(SummaryPart):
    """A door that changed, or people who were sent to an exit, while the scenario ran."""

    at_s: float
    kind: Literal["door", "direction"]
    portal: str | None = Field(description="Door or exit; null: any exit again.")
    number: str | None
    state: str | None = Field(description="State of the door from then on.")
    passes_from: list[str] | None = Field(
        description="Spaces from which people pass the door from then on."
    )
    known_to: Literal["everyone"] | list[str] = Field(
        description="Spaces whose people are told; of a door, those who see it know it too."
    )


class GroupUse(SummaryPart):
    """One class: set off, complete at its assembly area, counted there."""

    people: int
    released_s: Timing
    assembled_s: Timing
    accounted_s: Timing


class PersonHelped(SummaryPart):
    """One person who needs help to leave; times are medians over the replicas."""

    profile: str
    space: str = Field(description="Space at the start.")
    ways: dict[str, float] = Field(description="Share of the replicas by way of leaving.")
    waits_from_s: Timing
    wait_s: Timing = Field(description="From beginning to wait until help begins.")
    help_s: Timing = Field(description="All helpers are there, or the lift stands open.")
    set_off_s: Timing
    out_s: Timing


class Assistance(SummaryPart):
    """Those who need help to leave; counts are means over the replicas."""

    people: dict[str, PersonHelped]
    still_waiting: float = Field(description="People who wait for help at the end.")
    longest_wait_s: Timing
    last_out_s: Timing
    helpers: int = Field(description="People who can be called to help.")
    helpers_used: float
    helpers_at_once: float = Field(description="Most helpers on a task at the same time.")


class UnitUse(SummaryPart):
    """One unit of responders; times are null where they were not reached."""

    people: int
    on_site: bool
    goes_to: str | None = Field(description="Room it goes to, as the scenario calls it.")
    arrived_s: Timing
    entered_s: Timing
    at_room_s: Timing
    half_of_rooms_s: Timing = Field(
        description="It could be at any one of half of the rooms, had it gone there at once."
    )
    most_rooms_s: Timing = Field(description="The same for 9 in 10 rooms.")


class RoomReleased(SummaryPart):
    """One room that was to be released door to door."""

    reached_s: Timing
    released_s: Timing


class Rate(SummaryPart):
    """Rooms per minute, over the replicas."""

    mean: float
    interval: list[Number]


class RespondersUse(SummaryPart):
    """Responders, and releases door to door; responders count among no people elsewhere."""

    units: dict[str, UnitUse]
    first_entry_s: Timing = Field(description="The first unit comes in from outside.")
    rooms: dict[str, RoomReleased]
    rooms_to_release: float = Field(description="Mean number of rooms that were to be released.")
    rooms_released: float
    release_from_s: Timing
    last_release_s: Timing = Field(description="Null where a room never was released.")
    rooms_per_minute: Rate


class Amount(SummaryPart):
    """A number over the replicas."""

    median: float
    interval: Interval


class HazardUse(SummaryPart):
    """One hazard of the scenario: who noticed it when, and exposure in person-seconds by room."""

    kind: str
    from_s: float
    until_s: Number = Field(description="null: until the end.")
    first_noticed_s: Timing
    reported_s: Timing
    exposure_person_s: Amount = Field(
        description="Person-seconds in the region or in line of sight of an opening to it."
    )
    inside_person_s: Amount
    rooms: dict[str, Amount] = Field(
        description="Exposure by room, in order of space id; rooms without any left out."
    )


class Movement(SummaryPart):
    """The flow law: its numbers and where they come from."""

    law: str
    speed_law: str
    numbers: dict[str, float | Literal["unlimited"]]
    sources: dict[str, str]


class SummaryFile(SummaryPart):
    """What a run answers. Times are seconds from the start of the scenario; null: not reached."""

    schema_version: Literal[1]
    kind: Literal["summary"]
    note: str
    scenario: ScenarioName
    plan: PlanName
    seed: int
    replicas: int
    people: int
    alarm_s: float
    ledger: dict[str, int | float] = Field(
        description="Mean number of people by final state; the numbers add up to people."
    )
    ledger_per_replica: dict[str, list[int]]
    clearance_s: Clearances
    all_accounted_s: Timing | None = Field(description="Last class counted; null: no classes.")
    exits: dict[str, ExitUse]
    doors: dict[str, DoorUse]
    rooms: dict[str, RoomUse]
    groups: dict[str, GroupUse]
    profiles: dict[str, ProfileUse] = Field(description="Those who walk unimpaired left out.")
    assistance: Assistance | None = Field(description="null: nobody needs help to leave.")
    responders: RespondersUse | None = Field(
        default=None, description="null: nobody comes to help or releases rooms door to door."
    )
    hazards: list[HazardUse] = Field(
        default_factory=list, description="Empty: the scenario has none."
    )
    protocol: ProtocolSummary | None = Field(
        default=None, description="null: a plain evacuation, nothing is announced step by step."
    )
    orders: list[OrderGiven]
    notes: list[str] = Field(description="What a planner should know about who may not get out.")
    movement: Movement

"""What ``summary.json`` says of announced actions: rooms, people, halls and the alert."""

from __future__ import annotations

from pydantic import Field

from scenarios.summary_parts import Interval, Number, SummaryPart, Timing


class Spread(SummaryPart):
    """A number that every replica has: its mean, and the central 90 % of the replicas."""

    mean: Number
    interval: Interval


class Step(SummaryPart):
    """One announced action."""

    action: str
    planned_s: float
    announced_s: Timing = Field(description="What times are counted from.")
    announced: float = Field(description="Share of the replicas in which it is announced.")


class DoneBy(SummaryPart):
    """How much is done by a time after T0."""

    at_s: float
    rooms: Spread
    share_of_rooms: Spread
    share_of_people: Spread = Field(description="People counted in the room in which they start.")
    share_low: Number = Field(
        description="Mean share of rooms that are certainly done; lower than share_high only after "
        "the end of simulated time."
    )
    share_high: Number


class RoomTimes(SummaryPart):
    """The times behind a measure: places and replicas together."""

    n_observed: int
    n_censored: int = Field(description="Not done when the run ends.")
    n_missing: int
    unit: str
    t0: str


class StrandedAt(SummaryPart):
    """People who are neither in a room that is done nor outside, at a time after T0."""

    at_s: float
    people: Spread
    by_place: dict[str, float] = Field(description="Mean number by kind of place.")


class Sight(SummaryPart):
    """Seconds in which people could be seen, after the first lockdown. Concealment only."""

    per_person_s: Spread
    person_s: Spread
    never: Spread = Field(description="Share of people who are never in sight.")
    until_s: float = Field(description="Counted for so long after T0.")


class ExteriorDoors(SummaryPart):
    """The exterior doors in a secure."""

    number: int
    locked: Spread = Field(description="Doors that are locked at some time.")
    last_s: Timing = Field(description="The last of these, after the secure is announced.")


class InShelter(SummaryPart):
    """People in shelter by a time after the shelter is announced."""

    at_s: float
    people: Spread
    share: Number = Field(description="Mean share of all people.")


class RefugeArea(SummaryPart):
    """A best available refuge area."""

    number: str | None
    people: Spread = Field(description="People who are in shelter there.")
    places: int = Field(description="As many of the least need fit on its floor.")
    floor_m2: float = Field(description="Floor on which people can be.")
    full: float = Field(description="Share of the replicas in which it is full.")
    full_s: Timing = Field(description="After the announcement.")


class Shelter(SummaryPart):
    """A shelter from weather, hazardous material or an earthquake."""

    by_lead_time: list[InShelter]
    lead: InShelter | None = Field(
        description="By the scenario's own lead time; null: it asks about none."
    )
    people: Spread = Field(description="People who are in shelter at all.")
    last_s: Timing = Field(description="The last of these is in, after the announcement.")
    without_place: Spread = Field(description="People who find no place in a refuge area.")
    ventilation_off_s: Timing | None = Field(
        description="After the announcement; null: no shelter from a hazardous material."
    )
    areas: dict[str, RefugeArea] = Field(
        description="Refuge areas of a shelter from weather, by space. Nobody is promised "
        "protection in them."
    )


class Alert(SummaryPart):
    """The dispatcher is told; seconds from the start of the scenario."""

    alerted_s: Timing
    answered_s: Timing
    sent_s: Timing


class ReportedBy(SummaryPart):
    """Classes that have reported by a time after the evacuation is announced."""

    at_s: float
    classes: Spread


class Accounted(SummaryPart):
    """How everybody is accounted for; seconds from the start of the scenario."""

    all_accounted_s: Timing = Field(description="Every class reported, every missing resolved.")
    all_accounted: float = Field(description="Share of the replicas in which that is so.")
    classes: int
    reported_by: list[ReportedBy]
    false_missing: Spread = Field(description="People reported missing who stood there.")
    hidden: Spread = Field(description="People counted as present who were nowhere known of.")
    said_falsely: float = Field(
        description="Share of the replicas in which 'all present' was said while it was false."
    )
    all_present_false_s: Timing | None = Field(
        description="For how long, in those replicas; null: in none of them."
    )


class Relocated(SummaryPart):
    """People at the site away from campus; seconds from the start of the scenario."""

    people: Spread
    half_s: Timing = Field(description="Half of those who come are there.")
    last_s: Timing
    classes: int
    classes_p50_s: Timing = Field(
        description="Half of the classes are there, each with the last of its people who comes."
    )
    classes_p90_s: Timing
    per_class: dict[str, Timing] = Field(description="The last who comes of each class is there.")


class Reunified(SummaryPart):
    """Students handed over to their families; seconds from the start of the scenario."""

    students: int
    handed_over: Spread
    referred: Spread = Field(description="Students who are left to staff for now.")
    open: Spread = Field(description="Students neither handed over nor referred at the end.")
    share_referred: float = Field(description="Mean share of the students.")
    share_open: float = Field(description="Mean share of the students.")
    p50_s: Timing = Field(description="Half of all students; null: not reached.")
    p90_s: Timing
    p100_s: Timing
    handed_over_last_s: Timing = Field(description="The last hand-over there is.")


class Latency(SummaryPart):
    """From the planned start to the announcement, and from there until rooms hear it."""

    announced_after_s: Timing
    median_room_hears_after_s: Timing
    last_room_hears_after_s: Timing
    rooms_never_hear: Spread


class RoomOutcome(SummaryPart):
    """One room that counts."""

    number: str | None
    people: int
    done_s: Timing = Field(description="After T0; null: not done in half of the replicas.")
    done: float = Field(description="Share of the replicas in which it is done.")
    reasons: dict[str, float] = Field(description="Share of the replicas by why it is not done.")
    reason: str | None = Field(description="The most frequent of them; null: always done.")
    believed_locked: float = Field(
        description="Share of the replicas in which its people think it is locked and it is not."
    )
    places_out_of_sight: int = Field(description="As many as this run goes by.")
    coverage_low: float = Field(description="Share of its people who fit, roomy standing.")
    coverage_high: float = Field(description="The same, tight standing.")
    shortfall: int = Field(description="People without a place out of sight, as this run goes by.")
    visible: float = Field(description="Mean number of people in sight at the end.")
    in_sight_s: float = Field(
        description="Mean seconds in sight of a person who starts there, 0 without people."
    )


class ProtocolSummary(SummaryPart):
    """What becomes of announced actions. T0 is when the step that is asked about is announced."""

    aim: str | None = Field(
        description="lockdown: rooms are to be secured; hold or secure: to settle; null: neither."
    )
    t0: str
    steps: list[Step]
    rooms: Spread = Field(description="Rooms with people in them that the step concerns.")
    times: RoomTimes
    done_by: list[DoneBy]
    time_to_share_s: dict[str, Timing] = Field(
        description="Seconds after T0 until the share of rooms is done; null: not reached."
    )
    all_done: float = Field(description="Share of the replicas in which every room is done.")
    not_done: dict[str, Spread] = Field(description="Rooms that are not done, by reason.")
    believed_locked: Spread = Field(
        description="Rooms that are thought to be locked and are not, at the end of the procedure."
    )
    hall_clearance_s: Timing = Field(
        description="The last person other than staff is in a hall; null: somebody stays there."
    )
    stranded: list[StrandedAt]
    in_sight: Sight | None = Field(description="null: no lockdown.")
    exterior_doors: ExteriorDoors | None = Field(description="null: no secure among the steps.")
    shelter: Shelter | None = Field(description="null: no shelter among the steps.")
    latency: Latency
    alert: Alert | None = Field(description="null: no way to the dispatcher is described.")
    accounted: Accounted | None = Field(description="null: no evacuation, or no classes.")
    relocated: Relocated | None = Field(description="null: nobody is sent to a site.")
    reunified: Reunified | None = Field(description="null: nobody is handed over.")
    people_states: dict[str, float] = Field(
        description="Mean number of people by state at the end."
    )
    per_room: dict[str, RoomOutcome]

"""What became of rooms, doors and people in protocols, over all replicas of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from scenarios.protocol_said import DirectiveSaid
from scenarios.room_facts import RoomFacts
from sim import Roster, RunResult, protocols
from sim.protocols import BoundedTimes, ProtocolTimes, StateChanges

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PREFIX: Final = "protocol_of_"
"""What the arrays are called beside those of the ensemble: prefix and field."""

TIMES: Final = tuple(
    entry.name for entry in fields(ProtocolTimes) if entry.type in ("Floats", "Ints", "Flags")
)
"""The arrays of `ProtocolTimes`, one of which every replica has."""

ONE_FOR_ALL: Final = (
    "all_accounted_s", "false_missing", "hidden", "all_present_false_s", "ventilation_off_s",
)  # fmt: skip
"""Those of which a replica has one number."""

OF_SPACES: Final = ("area_full_s",)
"""Those of spaces beside all whose name begins with ``room_``."""
OF_ALL: Final = ("announced_s", "alert_s", *ONE_FOR_ALL)
"""Those that are neither of rooms nor of doors nor of people."""

CIRCULATION: Final = protocols.PLACE_KINDS.index("hall")


@dataclass(frozen=True, eq=False)
class ProtocolOutcome:
    """R replicas of a scenario with announced actions.

    Attributes
    ----------
    times : ProtocolTimes
        Every array with the replicas in front: rooms (R, S'), doors (R, G), people (R, N),
        directives (R, T), the alert (R, 3), `ONE_FOR_ALL` (R, 1). Its state changes are empty;
        those of kept replicas are in their results.
    facts : RoomFacts
        What the plan says of each space.
    actions : tuple of Action
        What is announced, step by step.
    planned_s : tuple of float
        When each step is to be announced.
    end_s : float
        When simulated time ends.
    """

    times: ProtocolTimes
    facts: RoomFacts
    actions: tuple[protocols.Action, ...]
    planned_s: tuple[float, ...]
    end_s: float

    def __post_init__(self) -> None:
        for name in TIMES:
            getattr(self.times, name).setflags(write=False)

    @property
    def replicas(self) -> int:
        """Number of replicas."""
        return len(self.times.room_state)

    @property
    def aim_step(self) -> int:
        """The step whose outcome is asked for: the first lockdown, else the first hold or secure.

        -1 where there is neither: rooms have nothing to reach.
        """
        wanted: tuple[tuple[protocols.Action, ...], ...] = (
            (protocols.Action.LOCKDOWN,),
            (protocols.Action.HOLD, protocols.Action.SECURE),
        )
        for actions in wanted:
            for step, action in enumerate(self.actions):
                if action in actions:
                    return step
        return -1

    @property
    def aim(self) -> protocols.Action | None:
        """What that step asks for; None without one."""
        return self.actions[self.aim_step] if self.aim_step >= 0 else None

    @property
    def is_lockdown(self) -> bool:
        """Whether rooms are to be secured."""
        return self.aim == protocols.Action.LOCKDOWN

    @property
    def zero_s(self) -> Floats:
        """T0 of each replica, shape (R,): that step is announced; as planned if it never is."""
        step = max(self.aim_step, 0)
        announced = self.times.announced_s[:, step]
        return np.where(np.isfinite(announced), announced, self.planned_s[step])

    @property
    def announced(self) -> Flags:
        """Whether that step is announced at all in each replica, shape (R,)."""
        return np.asarray(np.isfinite(self.times.announced_s[:, max(self.aim_step, 0)]))

    @property
    def _ends_s(self) -> float:
        """When people are next told to leave or go on as usual; inf where they are not."""
        ends = (protocols.Action.EVACUATE, protocols.Action.RELEASE)
        later = zip(self.actions, self.planned_s, strict=True)
        steps = list(later)[self.aim_step + 1 :]
        return min((at_s for action, at_s in steps if action in ends), default=np.inf)

    @property
    def done_s(self) -> Floats:
        """When each room has done what is asked, shape (R, S'), from the start of the scenario."""
        return self.times.room_secured_s if self.is_lockdown else self.times.room_settled_s

    @cached_property
    def counted(self) -> Flags:
        """Rooms that count, shape (R, S'): meant by the step, and with people in them."""
        occupied = np.where(
            self.announced[:, None], self.times.room_occupied, self.facts.occupied_at_first
        )
        return np.asarray(occupied & self.facts.meant & (self.aim_step >= 0))

    @cached_property
    def rooms(self) -> BoundedTimes:
        """When each room is done, in seconds after T0, shape (R, S'); watched until the end."""
        return BoundedTimes.watched(self.done_s, self.end_s).after(self.zero_s[:, None])

    @property
    def not_done(self) -> Flags:
        """Rooms that count and are never done, shape (R, S')."""
        return np.asarray(self.counted & ~np.isfinite(self.done_s))

    def share_by(self, at_s: Floats, *, of_people: bool = False) -> tuple[Floats, Floats]:
        """Return the share of rooms, or of their people, done by some times after T0.

        Returns
        -------
        low, high : ndarray, shape (R, T)
            They differ beyond the end of simulated time only.
        """
        weights = self.counted * (self.facts.people if of_people else 1)
        return protocols.share_by(self.rooms, at_s, weights)

    def rooms_by(self, at_s: float) -> Ints:
        """Count the rooms that are done by a time after T0, shape (R,)."""
        return np.asarray((self.counted & (self.rooms.hi_s <= at_s)).sum(axis=1), dtype=np.int64)

    def time_to_share(self, share: float) -> Floats:
        """Return when a share of the rooms is done, after T0, shape (R,); inf if never."""
        return protocols.time_to_share(self.rooms, share, self.counted * 1.0).hi_s

    def stranded(self, at_s: Floats, roster: Roster, left_s: Floats, out_s: Floats) -> Ints:
        """Count people neither in a secured room nor outside, shape (R, T, kinds of place).

        Parameters
        ----------
        at_s : ndarray, shape (T,)
            Times after T0.
        roster : Roster
        left_s, out_s : ndarray, shape (R, N)
            Last time out of the space of the start, and out of the building.
        """
        zero = self.zero_s[:, None]
        return protocols.stranded(
            at_s,
            start_space=np.where(roster.outdoors >= 0, -1, roster.space),
            space_kind=self.facts.place_kind,
            secured_s=self.done_s - zero,
            left_start_s=left_s - zero,
            out_s=out_s - zero,
            in_room_s=self.times.in_room_s - zero,
            in_room=self.times.in_room,
            sheltered_s=self.times.sheltered_s - zero,
        )

    def hall_clearance_s(self, roster: Roster, left_s: Floats, out_s: Floats) -> Floats:
        """Return when the last person other than staff is in a hall, after T0, shape (R,).

        Somebody who goes into a room counts until they have reached their place in it. Who leaves
        a room at a later evacuation or release does not count. inf where somebody is still in a
        hall at the end.
        """
        zero = self.zero_s[:, None]
        outdoors = roster.outdoors >= 0
        kind = np.where(outdoors, -1, self.facts.place_kind[np.maximum(roster.space, 0)])
        staff = np.array([role not in ("student", "visitor") for role in roster.role])
        on_the_way = (left_s > zero) & (left_s < self._ends_s) & ~outdoors
        counts = ~staff & ((kind == CIRCULATION) | on_the_way)
        stays = np.where(self.times.in_room_s >= np.where(on_the_way, left_s, 0.0),
                         self.times.in_room_s, np.inf)  # fmt: skip
        left = np.minimum(stays, out_s) - zero
        return protocols.hall_clearance(BoundedTimes(left, left), counts).hi_s

    def sight_per_person_s(self) -> Floats:
        """Return the seconds in sight per person, shape (R,); 0 without people."""
        sight = self.times.in_sight_s
        return sight.mean(axis=1) if sight.shape[1] else np.zeros(self.replicas)

    @property
    def n_not_done(self) -> Ints:
        """Rooms that count and are never done, in each replica, shape (R,)."""
        return np.asarray(self.not_done.sum(axis=1), dtype=np.int64)

    @property
    def last_done_s(self) -> Floats:
        """When the last of the rooms that are ever done is done, after T0, shape (R,)."""
        done = np.where(self.counted & np.isfinite(self.done_s), self.rooms.hi_s, -np.inf)
        last = done.max(axis=1, initial=-np.inf)
        return np.where(np.isfinite(last), last, np.inf)

    def of_replica(self, replica: int, changes: Mapping[str, StateChanges]) -> ProtocolTimes:
        """Return the times of one replica, with its changes of state by field."""
        own: dict[str, Any] = {name: getattr(self.times, name)[replica] for name in TIMES}
        return replace(self.times, **(own | dict(changes)))


def of_people(times: ProtocolTimes, n_people: int) -> ProtocolTimes:
    """Return what is said of the first people of a roster, without the responders behind them."""
    own: dict[str, Any] = {
        name: getattr(times, name)[:n_people]
        for name in TIMES
        if not name.startswith(("room_", "door_")) and name not in (*OF_ALL, *OF_SPACES)
    }
    people = times.people.entity < n_people
    changes = StateChanges(
        times.people.time_s[people], times.people.entity[people], times.people.state[people]
    )
    return replace(times, people=changes, **own)


def stack_protocol(results: Iterable[RunResult]) -> dict[str, NDArray[Any]]:
    """Return the arrays of several results on top of each other; none for plain evacuations."""
    rows = [result.protocol for result in results]
    kept = [row for row in rows if row is not None]
    if not kept:
        return {}
    return {f"{PREFIX}{name}": np.stack([getattr(row, name) for row in kept]) for name in TIMES}


def protocol_from(
    times: ProtocolTimes,
    timeline: Sequence[DirectiveSaid],
    facts: RoomFacts,
    *,
    end_s: float,
) -> ProtocolOutcome:
    """Return the outcome of what a scenario announces, from times with the replicas in front."""
    return ProtocolOutcome(
        times=times,
        facts=facts,
        actions=tuple(protocols.Action[step.action.upper()] for step in timeline),
        planned_s=tuple(step.at_s for step in timeline),
        end_s=end_s,
    )


def stacked_times(arrays: Mapping[str, NDArray[Any]], *, prefix: str = "") -> ProtocolTimes:
    """Return times with the replicas in front, and no changes of state."""
    own: dict[str, Any] = {name: arrays[f"{prefix}{name}"] for name in TIMES}
    none = {name: StateChanges.none() for name in ("rooms", "doors", "people")}
    return ProtocolTimes(**(own | none))


def expected_shapes(
    replicas: int, compiled: CompiledPlan, roster: Roster, steps: int
) -> dict[str, tuple[int, ...]]:
    """Return the shape of each array of times in an ensemble."""
    shapes: dict[str, tuple[int, ...]] = {}
    for name in TIMES:
        width = roster.n_people
        if name.startswith("room_") or name in OF_SPACES:
            width = len(compiled.space_ids)
        elif name.startswith("door_"):
            width = compiled.n_gates
        elif name == "announced_s":
            width = steps
        elif name == "alert_s":
            width = 3
        elif name in ONE_FOR_ALL:
            width = 1
        shapes[name] = (replicas, width)
    return shapes

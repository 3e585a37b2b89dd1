"""One scenario made ready to run: people drawn by key, classes led out, one result per replica."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim.conductor import Incident
from sim.distributions import Distribution
from sim.evacuation import ClassTimes, EvacuationOrders, evacuate_class
from sim.flow_laws import FlowLaw
from sim.kernels.arrays import OUT
from sim.kernels.backend import Backend
from sim.keyed_draws import entity_keys, uniforms
from sim.movement import Movement, Placement
from sim.network import MovementError, build_network
from sim.results import RunResult
from sim.roster import Roster

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMPILING_PAYS_FROM: Final = 20_000
"""People times replicas from which loading the compiled kernel is quicker than doing without."""


class Simulation:
    """An evacuation of one building by one roster, ready to run replica after replica.

    Parameters
    ----------
    compiled : CompiledPlan
    roster : Roster
    flow_law : FlowLaw
    orders : EvacuationOrders
    seed : int
        Every draw is keyed by this seed, the replica, the person and the purpose.
    backend : {"auto", "compiled", "python"}
        How the kernel runs; "auto" compiles when ``expected_replicas`` make it pay. The results
        are the same bit for bit.
    expected_replicas : int
        How many replicas will be asked for, for "auto".

    Raises
    ------
    MovementError
        If the building, the roster and the law do not fit together; the message says where.
    """

    def __init__(
        self,
        compiled: CompiledPlan,
        roster: Roster,
        flow_law: FlowLaw,
        orders: EvacuationOrders,
        *,
        seed: int,
        backend: Literal["auto"] | Backend = "auto",
        expected_replicas: int = 1,
    ) -> None:
        if orders.hears_delay_s.shape != (len(compiled.space_ids),):
            raise MovementError(
                f"hears_delay_s has {len(orders.hears_delay_s)} entries, expected one for each of "
                f"{len(compiled.space_ids)} spaces"
            )
        self.compiled = compiled
        self.roster = roster
        self.flow_law = flow_law
        self.orders = orders
        self.seed = seed
        if backend == "auto":
            many = roster.n_people * expected_replicas >= COMPILING_PAYS_FROM
            backend = "compiled" if many else "python"
        self.backend: Backend = backend
        self._person_keys = entity_keys(roster.person_ids)
        self._group_keys = entity_keys(roster.groups.ids)
        self._members = [
            np.flatnonzero(roster.group == k).tolist() for k in range(len(roster.groups.ids))
        ]
        self._alone = np.flatnonzero(roster.group < 0)
        cells, slots, points = _standing_places(compiled, roster)
        exit_rows = sorted(set(roster.exit_gate.tolist())) or [-1]
        self.network = build_network(compiled, flow_law, exit_rows=exit_rows, points=points)
        anchor = np.where(slots >= 0, compiled.slot_start[np.maximum(slots, 0)], -1)
        anchor[slots < 0] = self.network.point_walk
        place = np.full(roster.n_people, -1, dtype=np.int64)
        in_class = roster.group >= 0
        place[in_class] = roster.groups.place[roster.group[in_class]]
        self._placement = Placement(
            cell=cells,
            anchor=anchor,
            home=roster.space,
            row=np.searchsorted(exit_rows, roster.exit_gate),
            place=place,
            group=roster.group,
        )

    def draw_speeds(self, replica: int) -> Floats:
        """Return the free speed of each person on the level, down and up stairs, shape (N, 3)."""
        roster = self.roster
        level = np.empty(roster.n_people)
        self._draw(level, "speed", replica, roster.speeds, roster.speed_of)
        return np.column_stack([level, level * roster.stair_down, level * roster.stair_up])

    def draw_pre_movement(self, replica: int) -> Floats:
        """Return the pre-movement time of each person in seconds, shape (N,)."""
        roster = self.roster
        times = roster.listed_pre_movement_s.copy()
        of = np.where(np.isnan(times), roster.pre_movement_of, -1)
        self._draw(times, "pre-movement", replica, roster.pre_movements, of)
        return times

    def _draw(
        self,
        into: Floats,
        purpose: str,
        replica: int,
        distributions: tuple[Distribution, ...],
        which: Ints,
    ) -> None:
        """Fill in one draw for everybody, of the distribution that is theirs."""
        for i, distribution in enumerate(distributions):
            own = np.flatnonzero(which == i)
            if distribution.kind == "constant":
                into[own] = distribution.ppf(0.5)
            elif len(own):
                keys = self._person_keys[own]
                into[own] = distribution.ppf(uniforms(self.seed, replica, purpose, keys))

    def run(self, replica: int = 0, *, record_events: bool = False) -> RunResult:
        """Run one replica to the end.

        Parameters
        ----------
        replica : int
            Its number; the same number gives the same bytes whatever ran before.
        record_events : bool
            Whether to keep the event log; it changes no other result.
        """
        roster, orders = self.roster, self.orders
        speed = self.draw_speeds(replica)
        pre_movement = self.draw_pre_movement(replica)
        n_groups = len(roster.groups.ids)
        movement = Movement(
            self.network,
            self._placement,
            speed,
            n_groups=n_groups,
            backend=self.backend,
            record_events=record_events,
        )
        incident = Incident(movement)
        times = ClassTimes(*(np.full(n_groups, np.inf) for _ in range(3)))
        hears = orders.alarm_s + orders.hears_delay_s[roster.space]
        starts = hears[self._alone] + pre_movement[self._alone]
        told = np.isfinite(starts)
        movement.release(self._alone[told], starts[told])
        roll_call = orders.roll_call_s.ppf(
            uniforms(self.seed, replica, "roll call", self._group_keys)
        )
        for group, members in enumerate(self._members):
            hears_s = float(orders.alarm_s + orders.hears_delay_s[roster.groups.space[group]])
            if len(members) == 0 or not np.isfinite(hears_s):
                continue
            leader = int(roster.groups.leader[group])
            together = orders.class_release == "together"
            own = pre_movement[members]
            slowest = pre_movement[leader] if leader >= 0 else own.max()
            incident.process(
                evacuate_class(
                    incident,
                    group=group,
                    members=members,
                    hears_s=hears_s,
                    ready_s=float(slowest) if together else own.tolist(),
                    roll_call_s=float(roll_call[group]),
                    times=times,
                )
            )
        incident.run(until=orders.end_s)
        movement.finish()
        return self._result(replica, movement, times, speed, pre_movement)

    def _result(
        self,
        replica: int,
        movement: Movement,
        times: ClassTimes,
        speed: Floats,
        pre_movement: Floats,
    ) -> RunResult:
        get, side = movement.person, movement.side
        out, placed, started = get("out_s"), get("placed_s"), get("started_s")
        happened = np.concatenate([out, placed, started, times.accounted_s, side("last_pass_s")])
        happened = happened[np.isfinite(happened)]
        status = get("status")
        status[np.isfinite(out)] = OUT  # whether or not still on the way to an assembly area
        return RunResult(
            seed=self.seed,
            replica=replica,
            end_s=float(happened.max()) if len(happened) else 0.0,
            started_s=started,
            left_room_s=get("left_room_s"),
            out_s=out,
            exit_gate=get("exit_gate"),
            assembled_s=placed,
            final_state=status,
            queue_s=get("waited_s"),
            walked_m=get("walked_m"),
            speed_mps=speed[:, 0].copy(),
            pre_movement_s=pre_movement,
            group_released_s=times.released_s,
            group_assembled_s=times.assembled_s,
            group_accounted_s=times.accounted_s,
            side_passed=side("passed"),
            side_peak_queue=side("peak_queue"),
            side_queue_person_s=side("queue_person_s"),
            side_first_s=side("first_pass_s"),
            side_last_s=side("last_pass_s"),
            events=movement.events(),
        )


def _standing_places(
    compiled: CompiledPlan, roster: Roster
) -> tuple[Ints, Ints, list[tuple[int, Floats]]]:
    """Give everyone a cell and a standing place of their room, in order; or their given point."""
    cells = np.empty(roster.n_people, dtype=np.int64)
    slots = np.full(roster.n_people, -1, dtype=np.int64)
    points: list[tuple[int, Floats]] = []
    taken: dict[int, int] = {}
    slot_xy = compiled.slot_xy.reshape(-1, 2)
    side_xy = compiled.side_xy.reshape(-1, 2)
    for person in range(roster.n_people):
        space = int(roster.space[person])
        own = compiled.slots_of(space)
        if len(own) == 0:
            raise MovementError(f"{compiled.space_ids[space]} has no standing place")
        given = roster.start_xy[person]
        if np.isnan(given).any():
            n = taken.get(space, 0)
            taken[space] = n + 1
            slots[person] = own[n % len(own)]
            cells[person] = compiled.slot_cell[slots[person]]
        else:
            nearest = own[np.argmin(((slot_xy[own] - given) ** 2).sum(axis=1))]
            cell = int(compiled.slot_cell[nearest])
            first, last = compiled.cell_sides_start[cell], compiled.cell_sides_start[cell + 1]
            sides = compiled.cell_sides[first:last]
            cells[person] = cell
            points.append((cell, np.hypot(*(side_xy[sides] - given).T)))
    return cells, slots, points

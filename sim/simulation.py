"""One scenario made ready to run: people drawn by key, classes led out, one result per replica."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from buildings import CompiledPlan
from sim.abilities import LOCALLY_QUICKEST, Abilities
from sim.assistance import HelpTimes
from sim.assisted import AssistedEvacuation, HelpDraws
from sim.conductor import Incident
from sim.distributions import Distribution
from sim.evacuation import ClassTimes, EvacuationOrders, evacuate_class
from sim.flow_laws import FlowLaw
from sim.hazards import close_ways
from sim.kernels.arrays import IN_PLACE, NO_ROUTE, NOT_STARTED, OUT, QUEUEING, WALKING
from sim.kernels.backend import Backend
from sim.keyed_draws import entity_keys, uniforms
from sim.movement import FrozenError, Movement, Placement
from sim.network import Goal, MovementError, build_network
from sim.orders import DirectionOrder, DoorOrder, Order, from_the_start, shut_from_the_start
from sim.protocols.hazard_outcome import hazard_outcome
from sim.protocols.orders import ProtocolOrders
from sim.protocols.outcome import outcome_of
from sim.protocols.responders import RESPONDER
from sim.protocols.start import begin, goals_needed, slots_needed
from sim.protocols.timeline import Timeline
from sim.results import WAITS_FOR_HELP, WAITS_IN_REFUGE, Events, RunResult
from sim.roster import Roster
from sim.start_places import start_places
from sim.stays import stays_of
from sim.waiting_places import WaitingPlaces, waiting_places

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMPILING_PAYS_FROM: Final = 20_000
"""People times replicas from which loading the compiled kernel is quicker than doing without."""

NO_PEOPLE: Final = (np.zeros(0, dtype=np.int64),)
"""A list of people with nobody in it."""

SPARE_ROWS: Final = 2
"""Routing rows kept free for each one in use where doors close, for what people learn (ours)."""


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
    merge_weights : mapping of gate to weight, optional
        Shares of a freed place in the full cell beyond, instead of those that the law gives.

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
        merge_weights: Mapping[int, float] | None = None,
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
        self._orders = tuple(sorted(orders.orders, key=lambda order: order.at_s))
        self._later_orders = self._orders[len(from_the_start(self._orders)) :]
        self._person_keys = entity_keys(roster.person_ids)
        self._group_keys = entity_keys(roster.groups.ids)
        self._members = [
            np.flatnonzero(roster.group == k).tolist() for k in range(len(roster.groups.ids))
        ]
        helpers = orders.assistance.helpers if orders.assistance is not None else ()
        self._helpers = np.array(helpers, dtype=np.int64)
        self._led_by = _led_by(roster, self._members)
        outdoors = roster.outdoors
        cells, slots, near, points = start_places(
            compiled, roster.space, start_xy=roster.start_xy, outdoors=outdoors
        )
        self.abilities = roster.abilities or Abilities.plain(roster.n_people)
        given = (slots < 0) & (outdoors < 0)
        anchor = np.where(slots >= 0, compiled.slot_start[np.maximum(slots, 0)], -1)
        anchor[given] = -1 - np.arange(len(points))
        anchor[outdoors >= 0] = len(compiled.slot_m) + compiled.place_start[outdoors[outdoors >= 0]]
        self.waiting = waiting_places(
            compiled,
            flow_law,
            roster,
            self.abilities,
            orders.assistance,
            cells=cells,
            anchors=anchor.tolist(),
            points=points,
            orders=self._orders,
            backend=backend,
        )
        self._slots = near
        self._more_slots = self._slots_of_protocol()
        self._places = {
            slot: self.waiting.first_place + number
            for number, slot in enumerate([*self.waiting.slots, *self._more_slots])
        }
        self._goals = _goals(roster, self.abilities, orders.orders, self.waiting)
        if orders.protocol is not None:
            for goal in goals_needed(self._places, self.abilities):
                self._goals.setdefault(goal, len(self._goals))
        self.network = build_network(
            compiled,
            flow_law,
            goals=tuple(self._goals),
            slots=[*self.waiting.slots, *self._more_slots],
            points=points,
            merge_weights=merge_weights,
            shut=shut_from_the_start(self._orders),
        )
        changing = orders.protocol is not None
        self._room_for_rows = SPARE_ROWS * len(self.network.arrays.rows) if changing else 0
        anchor[given] = self.network.point_walk
        self._gathers_at = np.full(roster.n_people, -1, dtype=np.int64)
        in_class = roster.group >= 0
        self._gathers_at[in_class] = roster.groups.place[roster.group[in_class]]
        place = self._gathers_at.copy()
        place[self.waiting.people] = self.waiting.places_of()
        self._placement = Placement(
            cell=cells,
            anchor=anchor,
            home=roster.space,
            row=self._rows(roster.exit_gate),
            place=place,
            group=np.where(outdoors >= 0, -1, roster.group),  # nobody waits for who is out
            size=self.abilities.size,
            quick=self.abilities.exit_choice == LOCALLY_QUICKEST,
            patient=self.abilities.waits_at_closed,
        )

    def draw_speeds(self, replica: int) -> Floats:
        """Return the free speed of each person on the level, down and up stairs, shape (N, 3)."""
        roster = self.roster
        level = np.empty(roster.n_people)
        self._draw(level, "speed", replica, roster.speeds, roster.speed_of)
        speeds = np.column_stack([level, level * roster.stair_down, level * roster.stair_up])
        together = roster.groups.keep_together
        if together is not None:
            for group in np.flatnonzero(together):
                members = self._members[group]
                members = [m for m in members if m not in self.waiting.sizes]
                if members:
                    speeds[members] = speeds[members].min(axis=0)
        return speeds

    def draw_pre_movement(self, replica: int) -> Floats:
        """Return the pre-movement time of each person in seconds, shape (N,)."""
        roster = self.roster
        times = roster.listed_pre_movement_s.copy()
        of = np.where(np.isnan(times), roster.pre_movement_of, -1)
        self._draw(times, "pre-movement", replica, roster.pre_movements, of)
        return times

    def draw_exits(self, replica: int) -> Ints:
        """Return the only exit that each person will use at first, -1 for any, shape (N,).

        An assigned exit, else with its probability the familiar one; a class goes where its leader
        goes.
        """
        roster, able = self.roster, self.abilities
        exits = roster.exit_gate.copy()
        if (able.familiar_gate >= 0).any():
            draws = uniforms(self.seed, replica, "familiar exit", self._person_keys)
            chosen = np.where(draws < able.familiar_share, able.familiar_gate, -1)
            exits = np.where(exits >= 0, exits, self._as_the_leader(chosen))
        return exits

    def draw_ties(self, replica: int) -> Floats:
        """Return which of equally good ways each person takes, in [0, 1), shape (N,)."""
        draws = uniforms(self.seed, replica, "equal ways", self._person_keys)
        return self._as_the_leader(draws)

    def _as_the_leader(self, values: NDArray[Any]) -> NDArray[Any]:
        """Give everybody in a class the value of its leader, or of its first member."""
        return values[self._led_by]

    def _rows(self, exits: Ints) -> Ints:
        """Return the routing row of each person, for the only exit that each may use.

        Whoever needs help sets out for where they wait.
        """
        level_only = self.abilities.level_only.tolist()
        rows = np.array(
            [
                self._goals[Goal(exit_gate, level_only=able)]
                for exit_gate, able in zip(exits.tolist(), level_only, strict=True)
            ],
            dtype=np.int64,
        )
        rows[self.waiting.people] = self.waiting.rows_from(self._goals)
        return self.network.first_row[rows]

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
        placement = replace(self._placement, tie=self.draw_ties(replica))
        if (self.abilities.familiar_gate >= 0).any():
            placement = replace(placement, row=self._rows(self.draw_exits(replica)))
        hazards = self.orders.hazards
        movement = Movement(
            self.network,
            placement,
            speed,
            n_groups=n_groups + (0 if orders.protocol is None else len(self.compiled.space_ids)),
            backend=self.backend,
            record_events=record_events or bool(hazards),
            room_for_rows=self._room_for_rows,
        )
        incident = Incident(movement)
        close_ways(incident, hazards, self.compiled)
        helped = self._assisted(incident, replica, speed)
        for order in self._later_orders:
            incident.at(order.at_s, partial(self._carry_out, incident, order, helped))
        timeline = None
        if orders.protocol is None:
            times = self._begin_evacuation(incident, helped, replica, pre_movement)
        else:
            timeline = self._begin_protocol(incident, orders.protocol, replica, speed)
            run = timeline.run
            times = ClassTimes(
                np.full(n_groups, np.inf), run.group_assembled_s, run.group_accounted_s
            )
        try:
            incident.run(until=orders.end_s)
            movement.check_that_nothing_is_frozen()
        except FrozenError as error:
            message = f"seed {self.seed}, replica {replica}: {error}"
            raise FrozenError(message, error.held_up) from error
        movement.finish()
        if timeline is not None:
            timeline.finish()
        return self._result(
            replica, movement, times, speed, pre_movement, helped, timeline, record=record_events
        )

    def _begin_evacuation(
        self,
        incident: Incident,
        helped: AssistedEvacuation | None,
        replica: int,
        pre_movement: Floats,
    ) -> ClassTimes:
        """Let the alarm be heard: people alone set off by themselves, classes as a procedure."""
        roster, orders, movement = self.roster, self.orders, incident.movement
        n_groups = len(roster.groups.ids)
        times = ClassTimes(*(np.full(n_groups, np.inf) for _ in range(3)))
        outdoors = roster.outdoors >= 0
        hears = orders.alarm_s + np.where(outdoors, 0.0, orders.hears_delay_s[roster.space])
        led = [self._with_the_leader(members) for members in self._members]
        alone = np.setdiff1d(np.flatnonzero(~outdoors), np.concatenate([*led, *NO_PEOPLE]))
        if helped is not None:
            helpers = self._helpers[roster.group[self._helpers] < 0]
            alone = np.setdiff1d(alone, helpers)
            for helper in helpers.tolist():
                ready_s = float(hears[helper] + pre_movement[helper])
                if np.isfinite(ready_s):
                    incident.process(_helps_from(incident, helped, [helper], after=ready_s))
        starts = hears[alone] + pre_movement[alone]
        told = np.isfinite(starts)
        movement.release(alone[told], starts[told])
        roll_call = orders.roll_call_s.ppf(
            uniforms(self.seed, replica, "roll call", self._group_keys)
        )
        for group, members in enumerate(led):
            if not self._members[group]:
                continue
            hears_s = float(hears[members[0]]) if len(members) else orders.alarm_s
            if not np.isfinite(hears_s):
                continue
            leader = int(roster.groups.leader[group])
            together = orders.class_release == "together" or not len(members)
            own = pre_movement[members]
            slowest = own.max(initial=0.0) if leader not in members else pre_movement[leader]
            counted = incident.process(
                evacuate_class(
                    incident,
                    group=group,
                    members=members.tolist(),
                    hears_s=hears_s,
                    ready_s=float(slowest) if together else own.tolist(),
                    roll_call_s=float(roll_call[group]),
                    times=times,
                )
            )
            if helped is not None:
                staff = np.intersect1d(self._members[group], self._helpers).tolist()
                incident.process(_helps_from(incident, helped, staff, after=counted))
        return times

    def _with_the_leader(self, members: Sequence[int]) -> Ints:
        """Return those of a class who are indoors where its leader, or its first member, is.

        They set off as one; everybody else sets off by themselves and is counted with the class.
        """
        if not members:
            return np.zeros(0, dtype=np.int64)
        own = np.asarray(members, dtype=np.int64)
        space = self.roster.space[self._led_by[own[0]]]
        return np.asarray(own[(self.roster.space[own] == space) & (space >= 0)])

    def _begin_protocol(
        self, incident: Incident, protocol: ProtocolOrders, replica: int, speed: Floats
    ) -> Timeline:
        """Let the timeline of announced actions begin."""
        return begin(
            incident,
            protocol,
            self.compiled,
            self.roster,
            self.abilities,
            goals=self._goals,
            places=self._places,
            slots=self._slots,
            seed=self.seed,
            replica=replica,
            speed_mps=speed,
            hazards=self.orders.hazards,
        )

    def _slots_of_protocol(self) -> list[int]:
        """Return the standing places to which a protocol may send people, beside those of help."""
        protocol = self.orders.protocol
        if protocol is None:
            return []
        return [slot for slot in slots_needed(protocol) if slot not in self.waiting.slots]

    def _assisted(
        self, incident: Incident, replica: int, speed: Floats
    ) -> AssistedEvacuation | None:
        """Begin to help those who need it; None where nobody does."""
        assistance, people = self.orders.assistance, self.waiting.people
        if assistance is None or len(people) == 0:
            return None
        keys = self._person_keys[people]
        draws = [uniforms(self.seed, replica, name, keys) for name in ("report", "prepare", "lift")]
        prepare_s = np.zeros(len(people))
        for way, means in assistance.means.items():
            own = np.flatnonzero(assistance.way[people] == way)
            prepare_s[own] = means.prepare_s.ppf(draws[1][own])
        return AssistedEvacuation(
            incident,
            assistance,
            self.waiting,
            self._goals,
            speed,
            self._gathers_at,
            HelpDraws(assistance.report_s.ppf(draws[0]), prepare_s, draws[2]),
        )

    def _carry_out(
        self, incident: Incident, order: Order, helped: AssistedEvacuation | None
    ) -> None:
        """Do now what an order says."""
        movement = incident.movement
        status = movement.person("status")
        afoot = np.isin(status, (NOT_STARTED, WALKING, QUEUEING, NO_ROUTE))
        space = np.append(self.compiled.cell_space, -1)[movement.person("cell")]
        if isinstance(order, DoorOrder):
            incident.set_gate(order.gate, passes=order.passes)
            told = afoot if order.told is None else afoot & np.isin(space, order.told)
            incident.inform(np.flatnonzero(told).tolist(), order.gate)
            return
        if helped is not None:
            afoot[sorted(helped.leave_alone())] = False
        inside = afoot & (space >= 0) & (np.array(self.roster.role) != RESPONDER)
        told = inside if order.spaces is None else inside & np.isin(space, order.spaces)
        for level_only in (False, True):
            people = np.flatnonzero(told & (self.abilities.level_only == level_only))
            row = self._goals.get(Goal(order.exit_gate, level_only=level_only))
            if row is not None:
                incident.send(people.tolist(), row)

    def _result(
        self,
        replica: int,
        movement: Movement,
        times: ClassTimes,
        speed: Floats,
        pre_movement: Floats,
        helped: AssistedEvacuation | None,
        timeline: Timeline | None,
        *,
        record: bool,
    ) -> RunResult:
        get, side = movement.person, movement.side
        out, placed, started = get("out_s"), get("placed_s"), get("started_s")
        happened = np.concatenate([out, placed, started, times.accounted_s, side("last_pass_s")])
        happened = happened[np.isfinite(happened)]
        status = get("status")
        outdoors = (self.roster.outdoors >= 0) & (status == NOT_STARTED)
        out[outdoors] = placed[outdoors] = 0.0  # outdoors from the start
        status[np.isfinite(out)] = OUT  # whether or not still on the way to an assembly area
        protocol = None
        if timeline is not None:
            protocol = outcome_of(
                timeline.run,
                timeline.announcer,
                timeline.counting,
                slots=self._slots,
                end_s=self.orders.end_s,
                record=record,
                responding=timeline.responding,
            )
            happened = np.append(happened, timeline.last_change_s())
        hazards = None
        if self.orders.hazards:
            hazards = hazard_outcome(
                self.compiled,
                self.orders.hazards,
                stays_of(self.compiled, movement.events(), self._placement.cell, self.orders.end_s),
                slots=self._slots,
                started_s=started,
                timeline=timeline,
            )
        people = self.waiting.people
        help_times = HelpTimes.of(people)
        if helped is not None:
            help_times = replace(helped.times, tasks=helped.desk.tasks)
            waits = (status[people] == IN_PLACE) & np.isfinite(help_times.waits_from_s)
            refuges = self.orders.assistance.refuges if self.orders.assistance else ()
            in_refuge = np.isin(self.compiled.cell_space[get("cell")[people]], refuges)
            status[people[waits & in_refuge]] = WAITS_IN_REFUGE
            status[people[waits & ~in_refuge]] = WAITS_FOR_HELP
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
            side_waiting=side("waiting"),
            side_queue_person_s=side("queue_person_s"),
            side_first_s=side("first_pass_s"),
            side_last_s=side("last_pass_s"),
            events=movement.events() if record else Events.none(),
            orders=self._orders,
            help=help_times,
            protocol=protocol,
            hazards=hazards,
        )


def _helps_from(
    incident: Incident, helped: AssistedEvacuation, staff: Sequence[int], *, after: float | Event
) -> Generator[Event, Any, None]:
    """Let staff help once they are ready, or once their class has been counted."""
    yield incident.timeout(after) if isinstance(after, float) else after
    for helper in staff:
        helped.desk.free(helper)


def _led_by(roster: Roster, members: Sequence[Sequence[int]]) -> Ints:
    """Return for each person the leader of their class, or its first member; else themselves."""
    led_by = np.arange(roster.n_people)
    for group, own in enumerate(members):
        if own:
            leader = int(roster.groups.leader[group])
            led_by[own] = leader if leader >= 0 else own[0]
    return led_by


def _goals(
    roster: Roster, abilities: Abilities, orders: Sequence[Order], waiting: WaitingPlaces
) -> dict[Goal, int]:
    """Return a number for everything that people may set out for, with and without stairs."""
    exits = {-1, *roster.exit_gate.tolist(), *abilities.familiar_gate.tolist()}
    exits |= {order.exit_gate for order in orders if isinstance(order, DirectionOrder)}
    kinds = sorted({False, *abilities.level_only.tolist()})
    goals = [Goal(gate, level_only=kind) for kind in kinds for gate in sorted(exits)]
    return {goal: row for row, goal in enumerate(dict.fromkeys([*goals, *waiting.goals()]))}

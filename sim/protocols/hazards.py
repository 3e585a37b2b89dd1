"""What people do who are near a hazard: notice it, report it, and leave the part it is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.hazards import Hazard
from sim.kernels.arrays import JOINED, OUT, RIDING
from sim.protocols.halls import seek
from sim.protocols.leaving import leave_alone, until_empty, walk_out
from sim.protocols.rules import Response, Situation
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import PersonState, RoomState

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GOES_ON = (
    PersonState.LEAVING, PersonState.COMING_IN, PersonState.TO_SHELTER, PersonState.RELOCATING,
    PersonState.AT_SITE, PersonState.HANDED_OVER, PersonState.REFERRED,
)  # fmt: skip
"""People outside rooms who are on their way already, and go on around what is closed."""


@dataclass(frozen=True, slots=True)
class HazardReport:
    """Somebody reports a hazard: which, when, from which space, and who in which role."""

    hazard: int
    time_s: float
    space: int
    person: int
    role: str


class HazardWatch:
    """The hazards of one run, and who knows of them since when.

    People in the region, or in a cell that shares a gate with it, notice a hazard after a time
    drawn for each space; from then until it is over their space knows of it, which the rules of
    response ask for. Those in the region leave it. The first who notices a hazard that is to be
    reported reports it at once.

    Parameters
    ----------
    run : ProtocolRun
    hazards : sequence of Hazard, length H
    """

    def __init__(self, run: ProtocolRun, hazards: Sequence[Hazard]) -> None:
        self.run, self.hazards = run, tuple(hazards)
        self.noticed_s = np.full((len(self.hazards), len(run.compiled.space_ids)), np.inf)
        self.reports: list[HazardReport] = []
        self._knows = np.zeros(len(run.compiled.space_ids), dtype=np.int64)
        self._lies_in = np.zeros(len(run.compiled.space_ids), dtype=np.int64)
        self._inside = [hazard.in_region(run.compiled) for hazard in self.hazards]
        self._touched = [hazard.in_or_beside(run.compiled) for hazard in self.hazards]

    def begin(self) -> None:
        """Let every hazard be noticed in its time."""
        at = self.run.incident.at
        for number, hazard in enumerate(self.hazards):
            at(hazard.from_s, partial(self._lies, number, 1))
            uniforms = self.run.draws.uniform("space", f"notices hazard {number}")
            notices_s = hazard.from_s + hazard.notice_s.ppf(uniforms)
            for space in self._spaces(self._touched[number]):
                if notices_s[space] < hazard.until_s:
                    at(float(notices_s[space]), partial(self._notice, number, space))
            if np.isfinite(hazard.until_s):
                at(hazard.until_s, partial(self._lies, number, -1))

    def reported_s(self) -> Floats:
        """Return when each hazard was reported, shape (H,); inf never."""
        times = np.full(len(self.hazards), np.inf)
        for report in self.reports:
            times[report.hazard] = report.time_s
        return times

    def _spaces(self, cells: NDArray[np.bool_]) -> list[int]:
        """Return the spaces of some cells, ascending."""
        spaces = np.unique(self.run.compiled.cell_space[cells])
        return [int(space) for space in spaces if space >= 0]

    def _lies(self, number: int, change: int) -> None:
        """Note that a hazard begins, or is over: then nobody has it in mind any more."""
        run = self.run
        self._lies_in[self._spaces(self._inside[number])] += change
        if change < 0:
            self._knows[np.isfinite(self.noticed_s[number])] -= 1
        run.hazard_in[:] = self._lies_in > 0
        run.hazard_known[:] = self._knows > 0

    def _notice(self, number: int, space: int) -> None:
        """Let the people of one space know of a hazard; those in its region leave."""
        run = self.run
        self.noticed_s[number, space] = float(run.incident.now)
        self._knows[space] += 1
        run.hazard_known[space] = True
        status, cell = run.movement.person("status"), run.movement.person("cell")
        there = (run.space_now() == space) & ~np.isin(status, (OUT, JOINED, RIDING)) & ~run.on_duty
        near = np.flatnonzero(there & self._touched[number][cell])
        if not len(near):
            return
        if self.hazards[number].reported and not any(r.hazard == number for r in self.reports):
            self._report(number, space, near)
        inside = near[self._inside[number][cell[near]]]
        if not len(inside):
            return
        if space in run.room_spaces:
            if run.rooms.state[space] not in (RoomState.LEAVING, RoomState.EMPTY):
                run.follow(space, self._clear_room(number, space))
            return
        for person in inside.tolist():
            self._clear_hall(number, person)

    def _report(self, number: int, space: int, near: Ints) -> None:
        """Let whoever is in charge report it, or whoever is first in the roster."""
        run = self.run
        staff = run.in_charge(near)
        person = staff if staff >= 0 else int(near[0])
        now = float(run.incident.now)
        report = HazardReport(number, now, space, person, run.roster.role[person])
        self.reports.append(report)
        if not run.hazard_reported.triggered:
            run.hazard_reported.succeed(report)

    def _clear_room(self, number: int, space: int) -> Procedure:
        """Let a room be left: out of the building, or each for the nearest room elsewhere."""
        run = self.run
        if run.rooms.state[space] != RoomState.ALERTED:
            run.rooms.enter(space, RoomState.ALERTED)
        present = run.alert(run.present_in(space))
        leader = run.in_charge(present)
        leaves = not len(present) or self._leaves(
            number,
            Situation(
                exit_m=run.metres_out(space),
                room_m=float(self._rooms_m(int(present[0])).min(initial=np.inf)),
                hazard_near=True,
                adult=leader >= 0,
                age_band=run.age_band_in(space),
            ),
        )
        if leaves:
            yield from walk_out(run, space)
            return
        run.note("left_s", space)
        run.rooms.enter(space, RoomState.LEAVING)
        for person in present.tolist():
            self._to_another_room(person)
        yield from until_empty(run, space)
        run.note("empty_s", space)
        run.rooms.enter(space, RoomState.EMPTY)

    def _clear_hall(self, number: int, person: int) -> None:
        """Let somebody outside any room leave the region, unless they are on their way already."""
        run = self.run
        state, room = run.people.state[person], int(run.room_of[person])
        if state in GOES_ON:
            return
        if state == PersonState.SEEKING_ROOM and room >= 0 and not run.hazard_in[room]:
            return
        run.alert(np.array([person]))
        situation = Situation(
            exit_m=run.metres_out_of(person),
            room_m=float(self._rooms_m(person).min(initial=np.inf)),
            hazard_near=True,
            adult=False,
            age_band=run.age_band_of(person),
        )
        if self._leaves(number, situation):
            leave_alone(run, person)
        else:
            self._to_another_room(person)

    def _leaves(self, number: int, situation: Situation) -> bool:
        """Whether people in a region leave the building; to stay is no answer there."""
        if self.hazards[number].leaves_by == "exit" or not np.isfinite(situation.room_m):
            return True
        return self.run.response(situation) == Response.LEAVE

    def _rooms_m(self, person: int) -> Floats:
        """Return how far it is from somebody to each room; inf to those in a region."""
        run = self.run
        metres = run.metres_to_rooms(person)
        metres[run.hazard_in[run.room_spaces]] = np.inf
        return metres

    def _to_another_room(self, person: int) -> None:
        run = self.run
        metres = self._rooms_m(person)
        if not np.isfinite(metres.min(initial=np.inf)):
            leave_alone(run, person)
            return
        given = np.flatnonzero(run.announced_s <= run.incident.now)
        turn = int(given[-1]) if len(given) else -1
        seek(run, person, int(run.room_spaces[np.argmin(metres)]), turn)

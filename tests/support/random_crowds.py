"""Random connected buildings with people in them, drawn by Hypothesis for the laws of movement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st
from support.hand_buildings import hand_building, hand_orders, hand_roster

from buildings import CompiledPlan
from sim import Distribution, FlowLaw, RunResult, Simulation, flow_law
from sim.kernels.arrays import Network
from sim.network import Goal, build_network

GOLDEN: Final = 0.6180339887498949
"""Fractions of its multiples never repeat: for distances of which no two are alike."""
FLOWS: Final = ("door_specific_flow", "corridor_specific_flow")


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """A building, the number of people in each room, and the law by which they move."""

    building: CompiledPlan
    people: dict[str, int]
    law: FlowLaw

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Say in a few lines what Hypothesis has found."""
        sides = self.building.side_cell.tolist()
        gates = [
            f"{self.building.cell_ids[a]}-{self.building.cell_ids[b]} {width_m:g} m"
            for a, b, width_m in zip(
                sides[::2], sides[1::2], self.building.gate_width_m, strict=True
            )
        ]
        areas = dict(zip(self.people, self.building.cell_area_m2.tolist(), strict=False))
        law = f"{self.law.name}, {self.law.storage_per_m2:g} per m2"
        walks = sorted({round(float(m), 3) for m in self.building.hop_m})[:4]
        starts = sorted({round(float(m), 3) for m in self.building.slot_m})[:4]
        printer.text(f"Crowd({self.people} on {areas} m2, {gates}, {law}, {walks}, {starts})")

    @property
    def n_people(self) -> int:
        return sum(self.people.values())

    def network(self) -> Network:
        return build_network(self.building, self.law, goals=[Goal()]).arrays

    def faster(self, factor: float) -> Crowd:
        """Return the crowd with gates that pass so many times as many people."""
        flows = {name: getattr(self.law, name) * factor for name in FLOWS}
        return replace(self, law=replace(self.law, **flows))

    def run(
        self,
        *,
        backend: Any = "python",
        record: bool = True,
        seed: int = 1,
        speed: Distribution | None = None,
        pre_movement: Distribution | None = None,
        classes: Sequence[str] = (),
        together: bool = True,
    ) -> RunResult:
        """Evacuate; by default people differ in speed and set off within 20 s."""
        roster = hand_roster(
            self.building,
            self.people,
            speed=speed or Distribution("normal", (1.2, 0.2), 0.6, 1.8),
            pre_movement=pre_movement or Distribution("uniform", (0.0, 20.0)),
            classes=classes,
        )
        orders = hand_orders(self.building, roll_call_s=15.0, together=together)
        simulation = Simulation(self.building, roster, self.law, orders, seed=seed, backend=backend)
        return simulation.run(0, record_events=record)


def irregular(building: CompiledPlan) -> CompiledPlan:
    """Return the building with no two walks equally long and no two gates equally wide.

    So nobody ties, neither on the way nor on the accounts by which merging streams take turns.
    """
    hop_m = building.hop_m.copy()
    for cell in range(building.n_cells):
        k = int(building.cell_sides_start[cell + 1] - building.cell_sides_start[cell])
        start = int(building.hop_start[cell])
        for i in range(k):
            for j in range(i):
                share = (GOLDEN * (start + i * k + j)) % 1.0
                for at in (start + i * k + j, start + j * k + i):
                    hop_m[at] *= 1.0 + 0.3 * share
    slot_m = building.slot_m + 3.0 * ((GOLDEN * np.arange(len(building.slot_m))) % 1.0)
    width_m = building.gate_width_m * (1.0 + 0.2 * ((GOLDEN * np.arange(building.n_gates)) % 1.0))
    return replace(building, hop_m=hop_m, slot_m=slot_m, gate_width_m=width_m)


@st.composite
def crowds(draw: Any, *, ties: bool = True, most_rooms: int = 7, most_people: int = 60) -> Crowd:
    """A random connected building with at least one exit, its people and a law.

    With ``ties`` many walks are equally long, or no way at all; without, no two are.
    """
    n = draw(st.integers(1, most_rooms))
    areas = {f"room-{i}": draw(st.sampled_from([2.0, 6.0, 20.0, 60.0])) for i in range(n)}
    names = [*areas]
    gates = [
        (names[draw(st.integers(0, i - 1))], names[i], draw(st.sampled_from([0.8, 1.2, 2.4])))
        for i in range(1, n)
    ]
    for _ in range(draw(st.integers(0, 3))):
        a, b = draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1))
        if a != b:
            gates.append((names[a], names[b], draw(st.sampled_from([0.8, 1.5]))))
    for i in draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=3)):
        gates.append((names[i], "outside", draw(st.sampled_from([0.8, 1.0, 1.8]))))
    law = flow_law(
        draw(st.sampled_from(["sfpe", "weidmann", "experiments"])),
        storage_per_m2=draw(st.sampled_from([1.0, 3.0, math.inf])),
    )
    building = hand_building(
        areas,
        gates,
        walk_m=draw(st.sampled_from([0.0, 1.0, 7.0] if ties else [1.0, 7.0])),
        start_m=draw(st.sampled_from([0.0, 2.0, 5.0] if ties else [2.0, 5.0])),
        assembly_m=draw(st.sampled_from([None, 20.0])),
        slots=most_people,
    )
    room = {name: int(min(area * law.storage_per_m2, most_people)) for name, area in areas.items()}
    people = {name: draw(st.integers(0, room[name])) for name in names}
    return Crowd(building if ties else irregular(building), people, law)

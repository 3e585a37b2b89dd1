"""Buildings made by hand from cells, gates and distances, for known answers of the engine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from buildings import CompiledPlan
from sim import Distribution, EvacuationOrders, Groups, Roster


def hand_building(
    areas: Mapping[str, float],
    gates: Sequence[tuple[str, str, float]],
    *,
    walk_m: float | Mapping[tuple[str, int, int], float] = 10.0,
    start_m: float | Mapping[tuple[str, int], float] = 5.0,
    slots: int = 200,
    stairs: Mapping[str, tuple[float, float, float, float]] | None = None,
    assembly_m: float | None = None,
) -> CompiledPlan:
    """Build a compiled plan.

    ``areas`` gives the cells (m2) in order; ``gates`` joins two of them, or one and "outside",
    with a clear width. ``walk_m`` is the distance between any two gates of a cell, or a mapping
    ``(cell, gate, gate) -> metres``; ``start_m`` from any standing place to any gate, or a mapping
    ``(cell, gate) -> metres``. ``stairs``
    maps a cell to riser, tread, width, length; its first gate is its foot.
    """
    stairs = stairs or {}
    names = [*areas, "outside"]
    n_cells, n_gates = len(names), len(gates)
    side_cell = np.array([names.index(c) for a, b, _ in gates for c in (a, b)], dtype=np.int64)
    sides: list[list[int]] = [[] for _ in names]
    side_local = np.zeros(2 * n_gates, dtype=np.int64)
    for side, cell in enumerate(side_cell.tolist()):
        side_local[side] = len(sides[cell])
        sides[cell].append(side)
    hop_start, hops, kinds = [], [], []
    for name, own in zip(names, sides, strict=True):
        hop_start.append(len(hops))
        for i, a in enumerate(own):
            for j, b in enumerate(own):
                if a == b:
                    metres = 0.0
                elif name in stairs:
                    metres = stairs[name][3]
                elif isinstance(walk_m, Mapping):
                    metres = walk_m.get((name, a >> 1, b >> 1), walk_m.get((name, b >> 1, a >> 1)))
                else:
                    metres = walk_m
                hops.append(metres)
                kinds.append((2 if i < j else 1) if name in stairs and a != b else 0)
    exits = [g for g, (a, b, _) in enumerate(gates) if "outside" in (a, b)]
    has_place = assembly_m is not None
    slot_cell = np.repeat(np.arange(n_cells - 1), slots)
    counts = [len(own) for own in sides[:-1]]
    rows = [
        [start_m.get((n, s >> 1), 5.0) if isinstance(start_m, Mapping) else start_m for s in own]
        for n, own in zip(names[:-1], sides[:-1], strict=True)
    ]
    slot_m = np.array([metres for row in rows for _ in range(slots) for metres in row])
    slot_start = np.concatenate(
        [np.cumsum([0, *np.repeat(counts, slots)])[:-1], []] if slots else [[]]
    ).astype(np.int64)
    kind = [2 if n in stairs else 6 if n == "outside" else 0 for n in names]
    nan = np.full(n_cells, np.nan)
    riser, tread, width = nan.copy(), nan.copy(), nan.copy()
    for name, (r, t, w, _) in stairs.items():
        c = names.index(name)
        riser[c], tread[c], width[c] = r, t, w
    return CompiledPlan(
        plan_id="hand",
        plan_sha256="0" * 64,
        space_ids=tuple(areas),
        cell_ids=tuple(names),
        cell_space=np.array([*range(n_cells - 1), -1]),
        cell_kind=np.array(kind),
        cell_level=np.array([0] * (n_cells - 1) + [-1]),
        cell_area_m2=np.array([*areas.values(), math.inf], dtype=np.float64),
        cell_riser_m=riser,
        cell_tread_m=tread,
        cell_width_m=width,
        gate_ids=tuple(f"D{g}" for g in range(n_gates)),
        gate_portal=tuple(f"D{g}" for g in range(n_gates)),
        gate_kind=np.array(
            [
                4 if "outside" in (a, b) else 3 if a in stairs or b in stairs else 0
                for a, b, _ in gates
            ]
        ),
        gate_width_m=np.array([w for _, _, w in gates], dtype=np.float64),
        gate_leaves=np.ones(n_gates, dtype=np.int64),
        gate_jambs=np.full(n_gates, 2),
        gate_xy=np.zeros(2 * n_gates),
        side_cell=side_cell,
        side_local=side_local,
        side_xy=np.zeros(4 * n_gates),
        cell_sides_start=np.cumsum([0, *(len(own) for own in sides)]),
        cell_sides=np.array([s for own in sides for s in own], dtype=np.int64),
        hop_start=np.array(hop_start),
        hop_m=np.array(hops, dtype=np.float64),
        hop_kind=np.array(kinds, dtype=np.int64),
        place_ids=("assembly",) if has_place else (),
        place_cell=np.array([n_cells - 1] if has_place else [], dtype=np.int64),
        place_xy=np.zeros(2 * has_place),
        place_start=np.array([0] if has_place else [], dtype=np.int64),
        place_m=np.full(len(exits) if has_place else 0, assembly_m or 0.0),
        slot_space_start=np.arange(n_cells) * slots,
        slot_cell=slot_cell,
        slot_xy=np.zeros(2 * len(slot_cell)),
        slot_start=slot_start,
        slot_m=slot_m,
        exit_gates=np.array(exits, dtype=np.int64),
        exit_place=np.full(len(exits), 0 if has_place else -1, dtype=np.int64),
    )


def hand_roster(
    building: CompiledPlan,
    people: Mapping[str, int],
    *,
    speed: Distribution | None = None,
    pre_movement: Distribution | None = None,
    exit_of: Mapping[str, str] | None = None,
    classes: Sequence[str] = (),
) -> Roster:
    """Build a roster of so many people in each space; ``classes`` names spaces that are a class."""
    ids, space, exit_gate, group = [], [], [], []
    leaders = []
    for name, count in people.items():
        index = building.space_index(name)
        if name in classes:
            leaders.append(len(ids))
        for i in range(count):
            ids.append(f"{name}/person-{i:04d}")
            space.append(index)
            gate = (exit_of or {}).get(name)
            exit_gate.append(-1 if gate is None else building.gate_index(gate))
            group.append(classes.index(name) if name in classes else -1)
    n = len(ids)
    return Roster(
        person_ids=tuple(ids),
        role=("student",) * n,
        profile=("unimpaired",) * n,
        space=np.array(space, dtype=np.int64),
        group=np.array(group, dtype=np.int64),
        start_xy=np.full((n, 2), np.nan),
        exit_gate=np.array(exit_gate, dtype=np.int64),
        speeds=(speed or Distribution.constant(1.0),),
        speed_of=np.zeros(n, dtype=np.int64),
        pre_movements=(pre_movement or Distribution.constant(0.0),),
        pre_movement_of=np.zeros(n, dtype=np.int64),
        listed_pre_movement_s=np.full(n, np.nan),
        stair_down=np.ones(n),
        stair_up=np.ones(n),
        groups=Groups(
            ids=tuple(f"class {name}" for name in classes),
            space=np.array([building.space_index(c) for c in classes], dtype=np.int64),
            place=np.full(len(classes), -1, dtype=np.int64),
            leader=np.array(leaders, dtype=np.int64),
        ),
    )


def hand_orders(
    building: CompiledPlan, *, alarm_s: float = 0.0, roll_call_s: float = 0.0, together: bool = True
) -> EvacuationOrders:
    """Return orders under which everybody hears the alarm at once."""
    return EvacuationOrders(
        alarm_s=alarm_s,
        hears_delay_s=np.zeros(len(building.space_ids)),
        class_release="together" if together else "individual",
        roll_call_s=Distribution.constant(roll_call_s),
    )

"""How dense and how fast people are in one piece of floor, read from the event log of a replica."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from scenarios.ensemble import Ensemble
from scenarios.occupancy import cell_moves
from sim import EVENT_KINDS, Roster, RunResult

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CellTraffic:
    """What a cell saw during a span of time.

    Attributes
    ----------
    mean_density_per_m2, peak_density_per_m2 : float
        Persons over floor area, people who wait included; the mean is over time.
    crossings : int
        People who came into the cell and left it again within the span.
    mean_speed_mps : float
        Metres over seconds of these, together (waiting at the far gate included); nan without any.
    """

    mean_density_per_m2: float
    peak_density_per_m2: float
    crossings: int
    mean_speed_mps: float

    @property
    def specific_flow(self) -> float:
        """Speed times density, in persons per second and metre."""
        return self.mean_speed_mps * self.mean_density_per_m2


def cell_occupancy(
    ensemble: Ensemble, result: RunResult, cell_id: str
) -> tuple[Floats, NDArray[np.int64]]:
    """Follow the number of people in one cell through the event log of one replica.

    Parameters
    ----------
    ensemble : Ensemble
        Where the replica comes from.
    result : RunResult
        A replica that was run with its events.
    cell_id : str
        A cell of the compiled plan: a space, or a piece of one such as "C1/03".

    Returns
    -------
    times_s, people : ndarray
        From each time on the cell holds so many people; the first time is 0.

    Raises
    ------
    KeyError
        If the plan has no such cell.
    ValueError
        If the result has no events, or somebody who never set off began in a space of several
        cells: the log does not say in which.
    """
    compiled = ensemble.compiled
    cell = _cell(compiled, cell_id)
    if not len(result.events):
        raise ValueError("the replica was run without its events")
    cells, time_s = cell_moves(compiled, result)
    step = (cells[:, 1] == cell).astype(np.int64) - (cells[:, 0] == cell)
    at_start = int((_first_cells(compiled, ensemble.roster, result) == cell).sum())
    changed = step != 0
    return (
        np.concatenate([[0.0], time_s[changed]]),
        np.concatenate([[at_start], at_start + np.cumsum(step[changed])]).astype(np.int64),
    )


def cell_traffic(
    ensemble: Ensemble, result: RunResult, cell_id: str, *, from_s: float, until_s: float
) -> CellTraffic:
    """Measure density and speed in one cell between two times.

    Parameters
    ----------
    ensemble, result, cell_id
        As for `cell_occupancy`.
    from_s, until_s : float
        The span, in seconds since the incident began.

    Raises
    ------
    KeyError, ValueError
        As for `cell_occupancy`; also if the span is empty or not finite.
    """
    if not (0.0 <= from_s < until_s < math.inf):
        raise ValueError(f"expected 0 <= from_s < until_s < inf, got {from_s} and {until_s}")
    compiled = ensemble.compiled
    times_s, people = cell_occupancy(ensemble, result, cell_id)
    ends_s = np.append(times_s[1:], math.inf)
    lasted_s = np.clip(np.minimum(ends_s, until_s) - np.maximum(times_s, from_s), 0.0, None)
    held = (ends_s > from_s) & (times_s < until_s)
    area_m2 = float(compiled.cell_area_m2[_cell(compiled, cell_id)])
    walked_m, took_s = _crossings(compiled, result, cell_id, from_s, until_s)
    total_s = math.fsum(took_s)
    return CellTraffic(
        mean_density_per_m2=math.fsum(lasted_s * people) / (until_s - from_s) / area_m2,
        peak_density_per_m2=float(people[held].max()) / area_m2,
        crossings=len(took_s),
        mean_speed_mps=math.fsum(walked_m) / total_s if total_s > 0 else math.nan,
    )


def _cell(compiled: CompiledPlan, cell_id: str) -> int:
    if cell_id not in compiled.cell_ids:
        raise KeyError(f"plan {compiled.plan_id!r} has no cell {cell_id!r}")
    return compiled.cell_ids.index(cell_id)


def _passages(result: RunResult) -> tuple[Floats, Ints, Ints]:
    """Return time, side passed from and person of everybody who passed a gate, in order."""
    events = result.events
    counted = events.person < len(result.out_s)  # responders are no occupants
    passed = np.flatnonzero((events.kind == EVENT_KINDS.index("pass")) & counted)
    return (
        events.time_s[passed],
        events.subject[passed].astype(np.int64),
        events.person[passed].astype(np.int64),
    )


def _first_cells(compiled: CompiledPlan, roster: Roster, result: RunResult) -> Ints:
    """Return the cell in which each person began."""
    events = result.events
    began = np.full(roster.n_people, -1, dtype=np.int64)
    counted = events.person < roster.n_people
    starts = np.flatnonzero((events.kind == EVENT_KINDS.index("start")) & counted)
    began[events.person[starts]] = events.subject[starts]
    for person in np.flatnonzero(began < 0).tolist():
        own = np.flatnonzero(compiled.cell_space == roster.space[person])
        if len(own) != 1:
            raise ValueError(
                f"{roster.person_ids[person]} never set off, and began somewhere in "
                f"{compiled.space_ids[roster.space[person]]}, which has {len(own)} cells"
            )
        began[person] = own[0]
    return began


def _crossings(
    compiled: CompiledPlan, result: RunResult, cell_id: str, from_s: float, until_s: float
) -> tuple[Floats, Floats]:
    """Return metres and seconds of everybody who came and went within a span."""
    cell = _cell(compiled, cell_id)
    time_s, side, person = _passages(result)
    within = (time_s >= from_s) & (time_s <= until_s)
    comes = within & (compiled.side_cell[side ^ 1] == cell)
    goes = within & (compiled.side_cell[side] == cell)
    rows = np.flatnonzero(comes | goes)
    rows = rows[np.argsort(person[rows], kind="stable")]  # each person's passages in order of time
    first, second = rows[:-1], rows[1:]
    paired = (person[first] == person[second]) & comes[first] & goes[second]
    first, second = first[paired], second[paired]
    k = int(compiled.cell_sides_start[cell + 1] - compiled.cell_sides_start[cell])
    local_in, local_out = compiled.side_local[side[first] ^ 1], compiled.side_local[side[second]]
    walked_m = compiled.hop_m[compiled.hop_start[cell] + local_in * k + local_out]
    return walked_m, time_s[second] - time_s[first]

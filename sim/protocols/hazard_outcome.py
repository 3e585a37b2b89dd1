"""Gather what became of hazards once a run is over: noticed, reported, and exposure by room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim.hazard_exposure import (
    ANYWHERE,
    Pieces,
    seconds_in_region,
    seconds_in_view,
    views_onto,
)
from sim.hazard_times import HazardTimes
from sim.hazards import Hazard
from sim.protocols.responders import RESPONDER
from sim.protocols.states import DoorState, PersonState, StateBoard
from sim.protocols.timeline import Timeline
from sim.stays import Stays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Spans = dict[int, list[tuple[float, float]]]


def hazard_outcome(
    compiled: CompiledPlan,
    hazards: Sequence[Hazard],
    stays: Stays,
    *,
    slots: Ints,
    started_s: Floats,
    timeline: Timeline | None,
) -> HazardTimes:
    """Return what became of every hazard of a run.

    Parameters
    ----------
    compiled : CompiledPlan
    hazards : sequence of Hazard, length H
    stays : Stays
        Where everybody was; responders are left out.
    slots : ndarray of int, shape (N,)
        Standing place of each person at the start; -1 outdoors, or at a point of their own.
    started_s : ndarray, shape (N,)
        First step of each person.
    timeline : Timeline or None
        Of the finished run; None for a plain evacuation, whose doors have no states: then only the
        region and the spaces it lies in count.
    """
    if timeline is not None:
        roles = np.array(timeline.run.roster.role)
        stays = stays.of_people(roles != RESPONDER)
    shape = (len(hazards), len(compiled.space_ids))
    inside, in_sight = np.zeros(shape), np.zeros(shape)
    for number, hazard in enumerate(hazards):
        inside[number], in_sight[number] = seconds_in_region(compiled, hazard, stays)
    if timeline is None:
        never = np.full(shape, np.inf)
        return HazardTimes(never, np.full(len(hazards), np.inf), inside, in_sight)
    run = timeline.run
    corners = run.orders.corners
    open_spans = spans_in(run.doors, DoorState.STANDS_OPEN)
    pieces = _pieces(compiled, stays, slots, started_s, corners.goal_slot, run.people)
    for number, hazard in enumerate(hazards):
        views = views_onto(
            compiled, corners, hazard, open_spans=open_spans, covered_s=run.times["covered_s"]
        )
        in_sight[number] += seconds_in_view(
            compiled, corners, pieces, views, from_s=hazard.from_s, until_s=hazard.until_s
        )
    return HazardTimes(timeline.watch.noticed_s, timeline.watch.reported_s(), inside, in_sight)


def spans_in(board: StateBoard, state: int) -> Spans:
    """Return for each entity that is ever in a state from when until when it is, in order."""
    spans: Spans = {int(entity): [(0.0, np.inf)] for entity in np.flatnonzero(board.start == state)}
    times, entities, states = board.changes()
    concerned = np.unique(entities[states == state]).tolist()
    mine = np.isin(entities, [*concerned, *spans])
    for time_s, entity, into in zip(
        times[mine].tolist(), entities[mine].tolist(), states[mine].tolist(), strict=True
    ):
        own = spans.setdefault(entity, [])
        if own and own[-1][1] == np.inf:
            own[-1] = own[-1][0], time_s
        if into == state:
            own.append((time_s, np.inf))
    return spans


def _pieces(
    compiled: CompiledPlan,
    stays: Stays,
    slots: Ints,
    started_s: Floats,
    corner_slot: Ints,
    people: StateBoard,
) -> Pieces:
    """Say where in each room people stood: at their place, at the corner, or anywhere."""
    concealed = spans_in(people, PersonState.CONCEALED)
    space = np.append(compiled.cell_space, -1)[stays.cell]
    rows: list[tuple[int, int, float, float]] = []
    indoors = np.flatnonzero((space >= 0) & (stays.until_s > stays.from_s))
    for row in indoors.tolist():
        person, room = int(stays.person[row]), int(space[row])
        begin, end = float(stays.from_s[row]), float(stays.until_s[row])
        if stays.first[row] and slots[person] >= 0:
            leaves = min(end, float(started_s[person]))
            rows.append((room, int(slots[person]), begin, leaves))
            begin = leaves
        for first, last in concealed.get(person, ()):
            hidden, shown = max(first, begin), min(last, end)
            if hidden < shown:
                rows.append((room, ANYWHERE, begin, hidden))
                rows.append((room, int(corner_slot[room]), hidden, shown))
                begin = shown
        if begin < end:
            rows.append((room, ANYWHERE, begin, end))
    columns = [*zip(*rows, strict=True)] or [(), (), (), ()]
    return Pieces(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.float64),
        np.array(columns[3], dtype=np.float64),
    )

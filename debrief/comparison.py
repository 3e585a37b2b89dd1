"""A drill beside its simulated drills: every observation placed, the whole drill and its places."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buildings import InputError
from debrief.arrival_curve import Envelope, ObservedSteps, curve_envelope, observed_steps
from debrief.drill_log import COMPARED_EVENTS, DrillLog, Observation
from debrief.measures import simulated_times, zero_s
from debrief.placement import VERDICTS, Placement, place_observation, with_error
from debrief.room_measures import ROOM_FIELDS, SharesSecured, checked, shares_secured
from debrief.worst_place import DrillShift, drill_shift
from scenarios import Ensemble

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What a drill shows beside R simulated drills.

    Attributes
    ----------
    log : DrillLog
    ensemble : Ensemble
    placements : tuple of Placement
        The observations of events that a simulation knows, in the order of the log.
    recorded : tuple of Observation
        The others: listed, not compared.
    shift : DrillShift
        Over `shift_of`.
    shift_of : tuple of int
        Placements with an exact time that entered the shift and the worst place.
    steps : ObservedSteps
        People counted out of the watched exits.
    envelope : Envelope or None
        Of the simulated counts of the same exits at the observed times; None without counts.
    secured : tuple of SharesSecured
        Rooms secured by some times, observed and simulated; empty where that was not asked.
    """

    log: DrillLog
    ensemble: Ensemble
    placements: tuple[Placement, ...]
    recorded: tuple[Observation, ...]
    shift: DrillShift
    shift_of: tuple[int, ...]
    steps: ObservedSteps
    envelope: Envelope | None
    secured: tuple[SharesSecured, ...] = ()

    @property
    def verdicts(self) -> dict[str, int]:
        """Number of placements by verdict, all five words present."""
        counted = Counter(p.verdict for p in self.placements)
        return {word: counted[word] for word in VERDICTS}

    @property
    def worst(self) -> Placement | None:
        """The place that stands out most after the common shift, None with too few times."""
        if self.shift.worst < 0:
            return None
        return self.placements[self.shift_of[self.shift.worst]]


def compare(log: DrillLog, ensemble: Ensemble) -> Comparison:
    """Set a drill log beside an ensemble of the same building.

    Parameters
    ----------
    log : DrillLog
        The observations.
    ensemble : Ensemble
        Simulated drills of the scenario that the drill is to be compared with.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If the drill was a lockdown, hold or secure and none was simulated.
    """
    wanted = log.drill.kind
    aim = None if ensemble.protocol is None else ensemble.protocol.aim
    if wanted != "evacuate" and (aim is None or aim.name.lower() != wanted):
        simulated_kind = "an evacuation" if aim is None else f"a {aim.name.lower()}"
        raise InputError(
            f"drill {log.drill.drill_id}: kind is {wanted}, but the simulated drills are of "
            f"{simulated_kind}; expected a run of a scenario with that action in its timeline"
        )
    placements: list[Placement] = []
    columns: list[Floats] = []
    shift_of: list[int] = []
    recorded: list[Observation] = []
    for seen in log.observations:
        observation = seen if aim is None else checked(seen)
        known = aim is not None and observation.event in ROOM_FIELDS
        if observation.event not in COMPARED_EVENTS and not known:
            recorded.append(seen)
            continue
        simulated = simulated_times(ensemble, observation)
        placement = place_observation(observation, simulated, seed=ensemble.seed)
        if simulated is not None and not math.isnan(placement.log_ratio):
            blurred = with_error(simulated, observation, seed=ensemble.seed)
            if np.isfinite(blurred).all() and (blurred > 0).all():
                shift_of.append(len(placements))
                columns.append(blurred)
        placements.append(placement)
    times = [placements[i].observation.t_s for i in shift_of]
    table = np.column_stack(columns) if columns else np.zeros((ensemble.replicas, 0))
    steps = observed_steps(log.observations)
    return Comparison(
        log=log,
        ensemble=ensemble,
        placements=tuple(placements),
        recorded=tuple(recorded),
        shift=drill_shift(times, table),
        shift_of=tuple(shift_of),
        steps=steps,
        envelope=_envelope(ensemble, steps),
        secured=shares_secured(ensemble, log.observations, t0=log.drill.t0_event),
    )


def counts_out(ensemble: Ensemble, exits: tuple[str, ...], times_s: Floats) -> Floats:
    """Count the people out through some exits at each time after T0, shape (R, T).

    No exits means the whole building.
    """
    gates = [ensemble.compiled.gate_index(e) for e in exits if e in ensemble.compiled.gate_ids]
    out = ensemble.out_s - zero_s(ensemble)[:, None]
    if exits:
        out = np.where(np.isin(ensemble.exit_gate, gates), out, np.inf)
    ordered = np.sort(out, axis=1)
    return np.stack([np.searchsorted(row, times_s, side="right") for row in ordered]).astype(float)


def _envelope(ensemble: Ensemble, steps: ObservedSteps) -> Envelope | None:
    if len(steps.times_s) == 0:
        return None
    simulated = counts_out(ensemble, steps.exits, steps.times_s)
    return curve_envelope(simulated, steps.counts)

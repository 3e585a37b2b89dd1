"""Run many replicas of a scenario, on one core or several, to the same bytes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from scenarios.assembled import Assembled, assemble
from scenarios.ensemble import STACKED, Ensemble, of_occupants, stack_results
from scenarios.hazard_outcome import hazards_from
from scenarios.help_outcome import help_from
from scenarios.manifest import make_manifest
from scenarios.protocol_outcome import PREFIX, ProtocolOutcome, protocol_from, stacked_times
from scenarios.responder_outcome import responders_from
from scenarios.room_facts import room_facts
from scenarios.scenario import Scenario, ScenarioError
from sim import (
    EvacuationOrders,
    FrozenError,
    MovementError,
    Roster,
    RunResult,
    Simulation,
    flow_law,
    protocols,
)

Stacked: TypeAlias = dict[str, NDArray[Any]]
Progress: TypeAlias = Callable[[int, int], None]

CHUNK_PEOPLE: Final = 25_000
"""People times replicas in one chunk: short enough that no core waits long for the last one."""
ALONE_UP_TO: Final = 500_000
"""People times replicas up to which one process is about done before others have started."""


class ReplicaError(RuntimeError):
    """A replica that failed, named by what it takes to run it again."""


class FrozenReplicaError(ReplicaError):
    """A replica in which people held each other up for ever: the watchdog stopped it.

    Parameters
    ----------
    message : str
    seed, replica : int
    held_up : tuple of (int, str)
        Each person who was held up, and the gate or cell.
    """

    def __init__(
        self, message: str, seed: int, replica: int, held_up: tuple[tuple[int, str], ...]
    ) -> None:
        super().__init__(message, seed, replica, held_up)
        self.seed, self.replica, self.held_up = seed, replica, held_up

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker needs to run replicas; plain enough to be sent to another process."""

    compiled: CompiledPlan
    roster: Roster
    law: str
    law_numbers: dict[str, float | str]
    orders: EvacuationOrders
    seed: int
    expected_replicas: int
    merge_weights: dict[int, float] | None

    def simulation(self) -> Simulation:
        return Simulation(
            self.compiled,
            self.roster,
            flow_law(self.law, **self.law_numbers),
            self.orders,
            seed=self.seed,
            expected_replicas=self.expected_replicas,
            merge_weights=self.merge_weights,
        )


def run_ensemble(
    scenario: Scenario | Assembled,
    *,
    replicas: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    keep_events: int = 1,
) -> Ensemble:
    """Run a scenario many times.

    Parameters
    ----------
    scenario : Scenario or Assembled
        What to run; a scenario is brought together with its plan first.
    replicas, seed : int, optional
        In place of what the scenario says.
    workers : int, optional
        Processes. By default one for little work, else as many as there are cores or chunks. The
        results are the same bytes whatever their number. With more than one, a script that calls
        this needs the usual ``if __name__ == "__main__":``.
    progress : callable, optional
        Called with (replicas done, replicas in all) from time to time.
    keep_events : int
        How many replicas keep their event log: the one with the median last-out time first, then
        the slowest, the quickest, and the others in order. Where rooms are to be secured, by the
        rooms that never are, then by the time of the last one.

    Returns
    -------
    Ensemble

    Raises
    ------
    ScenarioError
        If the scenario does not fit its plan, or its people do not fit into their rooms.
    ReplicaError
        If a replica fails, with its number and seed.
    ValueError
        If there is less than one replica or worker, or a negative seed.
    """
    ready = scenario if isinstance(scenario, Assembled) else assemble(scenario)
    said = ready.scenario
    replicas = said.replicas if replicas is None else replicas
    seed = said.seed if seed is None else seed
    if replicas < 1 or seed < 0 or keep_events < 0 or (workers is not None and workers < 1):
        raise ValueError(
            "run_ensemble: replicas and workers must be >= 1, seed and keep_events >= 0, got "
            f"{replicas}, {workers}, {seed}, {keep_events}"
        )
    simulation = ready.simulation(seed=seed, expected_replicas=replicas)
    people = max(1, ready.roster.n_people)
    size = max(1, CHUNK_PEOPLE // people)
    chunks = [range(first, min(first + size, replicas)) for first in range(0, replicas, size)]
    if workers is None:
        few = people * replicas <= ALONE_UP_TO
        workers = 1 if few else min(os.cpu_count() or 1, len(chunks))
    report = progress or _silent
    report(0, replicas)
    try:
        if workers == 1:
            parts = _run_here(simulation, chunks, replicas, report)
        else:
            _run(simulation, 0, record_events=False)  # compiles once, before several would at once
            parts = _run_in_pool(_work(ready, seed, replicas), chunks, replicas, workers, report)
    except MovementError as error:  # the same in every replica: more people than a room holds
        raise ScenarioError((said.fault((), str(error)),)) from error
    stacked = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    protocol = _protocol(ready, stacked)
    if protocol is None or protocol.aim is None:
        keep = replicas_to_keep(stacked["out_s"].max(axis=1, initial=0.0), keep_events)
    else:
        keep = replicas_to_keep(protocol.last_done_s, keep_events, first_by=protocol.n_not_done)
    return Ensemble(
        plan=ready.plan,
        compiled=ready.compiled,
        roster=ready.roster,
        scenario=said,
        seed=seed,
        replicas=replicas,
        kept=tuple(_run(simulation, replica, record_events=True) for replica in keep),
        manifest=make_manifest(ready, seed=seed, replicas=replicas, kept_replicas=keep),
        help=help_from(stacked),
        responders=responders_from(stacked),
        hazards=hazards_from(stacked),
        protocol=protocol,
        **{name: stacked[name] for name in STACKED},
    )


def replicas_to_keep(
    last_s: NDArray[np.float64], number: int, *, first_by: NDArray[np.int64] | None = None
) -> list[int]:
    """Choose the replicas whose event log is kept: median, slowest, quickest, then in order.

    Parameters
    ----------
    last_s : ndarray, shape (R,)
        When the last person is out, or the last room secured.
    number : int
    first_by : ndarray of int, shape (R,), optional
        What comes before the time: rooms that are never secured.

    Examples
    --------
    >>> replicas_to_keep(np.array([9.0, 5.0, 7.0, 8.0]), 4)
    [2, 0, 1, 3]
    >>> replicas_to_keep(np.array([9.0, 5.0, 7.0]), 3, first_by=np.array([0, 2, 1]))
    [2, 1, 0]
    >>> replicas_to_keep(np.array([9.0]), 3)
    [0]
    """
    replicas = len(last_s)
    worse = np.zeros(replicas, dtype=np.int64) if first_by is None else first_by
    order = np.lexsort((np.arange(replicas), last_s, worse)).tolist()
    wanted = [order[(replicas - 1) // 2], order[-1], order[0], *range(replicas)]
    return list(dict.fromkeys(wanted))[:number]


def _protocol(ready: Assembled, stacked: Stacked) -> ProtocolOutcome | None:
    """Return what became of announced actions; None where there are none."""
    orders = ready.orders.protocol
    if orders is None:
        return None
    return protocol_from(
        stacked_times(stacked, prefix=PREFIX),
        ready.scenario.protocol.timeline,
        room_facts(ready.plan, ready.compiled, ready.roster, orders),
        end_s=ready.scenario.end_s,
    )


def _work(ready: Assembled, seed: int, replicas: int) -> _Work:
    said = ready.scenario
    return _Work(
        compiled=ready.compiled,
        roster=ready.walkers,
        law=said.law,
        law_numbers=dict(said.law_numbers),
        orders=ready.orders,
        seed=seed,
        expected_replicas=replicas,
        merge_weights=None if ready.merge_weights is None else dict(ready.merge_weights),
    )


def _silent(done: int, total: int) -> None:
    """Report nothing."""


def _run(simulation: Simulation, replica: int, *, record_events: bool) -> RunResult:
    try:
        result = simulation.run(replica, record_events=record_events)
        return of_occupants(result, _n_occupants(simulation.roster))
    except MovementError:
        raise
    except FrozenError as error:
        raise FrozenReplicaError(
            f"people held each other up for ever ({error}); this is a fault of the engine",
            simulation.seed,
            replica,
            error.held_up,
        ) from error
    except Exception as error:
        raise ReplicaError(
            f"replica {replica} of seed {simulation.seed} failed: {type(error).__name__}: {error}"
        ) from error


def _n_occupants(roster: Roster) -> int:
    """Return how many of a roster are no responders; these stand first."""
    return sum(role != protocols.RESPONDER for role in roster.role)


def _run_chunk(simulation: Simulation, chunk: range) -> Stacked:
    return stack_results(_run(simulation, replica, record_events=False) for replica in chunk)


def _run_here(
    simulation: Simulation, chunks: list[range], replicas: int, report: Progress
) -> list[Stacked]:
    parts = []
    for chunk in chunks:
        for few in (chunk[i : i + 25] for i in range(0, len(chunk), 25)):
            parts.append(_run_chunk(simulation, few))
            report(few.stop, replicas)
    return parts


_simulation: Simulation | None = None
"""The simulation of this worker process, made once when it starts."""


def _start_worker(work: _Work) -> None:
    global _simulation  # a pool gives its workers no other place
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers Ctrl-C
    _simulation = work.simulation()


def _work_on(chunk: range) -> Stacked:
    if _simulation is None:
        raise RuntimeError("worker was not started")
    return _run_chunk(_simulation, chunk)


def _run_in_pool(
    work: _Work, chunks: list[range], replicas: int, workers: int, report: Progress
) -> list[Stacked]:
    done = 0
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start_worker, initargs=(work,)
    )
    try:
        futures = {pool.submit(_work_on, chunk): chunk for chunk in chunks}
        for future in as_completed(futures):
            future.result()
            done += len(futures[future])
            report(done, replicas)
        return [future.result() for future in futures]
    except BrokenProcessPool as error:
        raise ReplicaError(
            f"a worker process ended before its replicas of seed {work.seed} were done, often for "
            "want of memory; try fewer workers"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)

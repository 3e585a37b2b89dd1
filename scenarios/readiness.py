"""Which gap of a building to mend first: each mended alone and simulated against it as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from buildings import CompiledPlan, Plan, compile_plan
from scenarios.assembled import Assembled, assemble
from scenarios.batch import run_ensemble
from scenarios.ensemble import Ensemble
from scenarios.paired import PairedDifference, compare_ensembles
from scenarios.protocol_outcome import ProtocolOutcome
from scenarios.readiness_gaps import Gap, gaps_of
from scenarios.scenario import Scenario, ScenarioError
from sim.protocols import MARKS_S

BY_S: Final = MARKS_S[1]
"""Rooms are counted two minutes after the announcement (ours)."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What mending something changes, over pairs of replicas.

    Attributes
    ----------
    rooms : PairedDifference
        Rooms secured by `BY_S`; more is better.
    in_sight_s : PairedDifference
        Seconds in sight per person; less is better.
    """

    rooms: PairedDifference
    in_sight_s: PairedDifference


@dataclass(frozen=True, slots=True, eq=False)
class Readiness:
    """The gaps of a building, ranked.

    Attributes
    ----------
    ready : Assembled
        The scenario on the plan as it is.
    as_is : Ensemble
    ranked : tuple of (Gap, Effect)
        Gaps that were simulated, the largest effect first: by rooms, then by seconds in sight.
    together : Effect or None
        All of them mended at once; None with fewer than two.
    not_simulated : tuple of Gap
    """

    ready: Assembled
    as_is: Ensemble
    ranked: tuple[tuple[Gap, Effect], ...]
    together: Effect | None
    not_simulated: tuple[Gap, ...]


def readiness(
    scenario: Scenario,
    *,
    replicas: int | None = None,
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Readiness:
    """Find the gaps of a building and rank what to mend by its simulated effect.

    Every variant has the same people, seed and replicas as the plan as it is, so the draws that
    both have are the same, and the difference is what was mended.

    Parameters
    ----------
    scenario : Scenario
        With a lockdown among its steps.
    replicas : int, optional
        In place of what the scenario says.
    workers : int, optional
        As in `run_ensemble`.
    progress : callable, optional
        Called with what is being run, how many runs are done, and how many there are.

    Raises
    ------
    ScenarioError
        If the scenario announces no lockdown, or does not fit its plan.
    """
    if not any(step.action == "lockdown" for step in scenario.protocol.timeline):
        words = scenario.fault(("protocol",), "readiness asks for a lockdown in protocol.timeline")
        raise ScenarioError((words,))
    ready = assemble(scenario)
    gaps = gaps_of(ready)
    simulated = [gap for gap in gaps if gap.mended is not None]
    report = progress or _silent
    runs = 1 + len(simulated) + (len(simulated) > 1)

    def run(plan: Plan, compiled: CompiledPlan | None) -> Ensemble:
        variant = assemble(scenario, plan, compiled)
        return run_ensemble(variant, replicas=replicas, workers=workers, keep_events=0)

    report("as it is", 0, runs)
    as_is = run(ready.plan, ready.compiled)
    ranked: list[tuple[Gap, Effect]] = []
    whole = ready.plan
    for number, gap in enumerate(simulated, start=1):
        report(gap.words, number, runs)
        ranked.append((gap, _effect(as_is, run(*_variant(ready.plan, gap)))))
        whole = _mended(whole, gap)
    together = None
    if len(simulated) > 1:
        report("all of them", runs - 1, runs)
        together = _effect(as_is, run(whole, compile_plan(whole)))
    report("done", runs, runs)
    return Readiness(
        ready=ready,
        as_is=as_is,
        ranked=tuple(sorted(ranked, key=_rank)),
        together=together,
        not_simulated=tuple(gap for gap in gaps if gap.mended is None),
    )


def _mended(plan: Plan, gap: Gap) -> Plan:
    if gap.mended is None:
        raise ValueError(f"{gap.kind}: cannot be simulated ({gap.why_not})")
    return gap.mended(replace(plan, sources=(*plan.sources, f"mended: {gap.words}")))


def _variant(plan: Plan, gap: Gap) -> tuple[Plan, CompiledPlan]:
    mended = _mended(plan, gap)
    return mended, compile_plan(mended)


def _effect(before: Ensemble, after: Ensemble) -> Effect:
    return Effect(
        rooms=compare_ensembles(before, after, lambda run: _outcome(run).rooms_by(BY_S)),
        in_sight_s=compare_ensembles(before, after, lambda run: _outcome(run).sight_per_person_s()),
    )


def _outcome(ensemble: Ensemble) -> ProtocolOutcome:
    if ensemble.protocol is None:
        raise ValueError("expected an ensemble with announced actions")
    return ensemble.protocol


def _rank(row: tuple[Gap, Effect]) -> tuple[float, float, str]:
    gap, effect = row
    return -effect.rooms.difference, effect.in_sight_s.difference, gap.words


def _silent(what: str, done: int, total: int) -> None:
    """Report nothing."""

"""An ensemble answers as a hand calculation does, whatever the number of workers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ending import end_process
from support.two_rooms import PLAN, compiled_two_rooms, two_rooms_scenario

from scenarios import (
    Assembled,
    Ensemble,
    ReplicaError,
    assemble,
    central_interval,
    run_ensemble,
    summarize,
)
from scenarios.ensemble import STACKED
from scenarios.help_outcome import no_help
from scenarios.intervals import interval_covers
from scenarios.summary import ledger
from scenarios.summary_file import SummaryFile
from sim import FINAL_STATES, Simulation

COMPILED = compiled_two_rooms()
RANDOM = {
    "movement": {"speed_mps": {"everyone": {"kind": "uniform", "low": 0.8, "high": 1.4}}},
    "pre_movement": {"everyone": {"kind": "uniform", "low": 0, "high": 30}},
}


def ready(**changes) -> Assembled:
    return assemble(two_rooms_scenario(**changes), PLAN, COMPILED)


def hand_made(**arrays) -> Ensemble:
    """Three people, two replicas, times by hand."""
    people = {"rooms": {"101": {"visitors": 2}, "102": {"office": 1}}}
    made = ready(population=people)
    n, gates = 3, COMPILED.n_gates
    shapes = {"end_s": (2,)}
    defaults = {}
    for name in STACKED:
        shape = shapes.get(name, (2, n))
        if name.startswith("side_"):
            shape = (2, 2 * gates)
        elif name.startswith("group_"):
            shape = (2, 0)
        whole = name in ("exit_gate", "final_state", "side_passed", "side_peak_queue")
        defaults[name] = np.zeros(shape, dtype=np.int64 if whole else np.float64)
    return Ensemble(
        plan=PLAN,
        compiled=COMPILED,
        roster=made.roster,
        scenario=made.scenario,
        seed=1,
        replicas=2,
        help=no_help(2),
        **{**defaults, **arrays},
    )


OUT = FINAL_STATES.index("out")
INF = np.inf
TIMES = hand_made(
    out_s=np.array([[10.0, 30.0, 20.0], [15.0, INF, 5.0]]),
    left_room_s=np.array([[4.0, 6.0, 3.0], [7.0, INF, 2.0]]),
    exit_gate=np.array([[2, 3, 2], [2, -1, 2]]),
    final_state=np.array([[OUT, OUT, OUT], [OUT, 3, OUT]]),
)


def test_clearance_by_hand():
    assert TIMES.clearance_s(0.5).tolist() == [20.0, 15.0]
    assert TIMES.clearance_s(1 / 3).tolist() == [10.0, 5.0]
    assert TIMES.clearance_s(1.0).tolist() == [30.0, INF]
    assert TIMES.last_out_s().tolist() == [30.0, 15.0]
    for share in (0.0, 1.1, -1.0):
        with pytest.raises(ValueError, match="share must be above 0 and at most 1"):
            TIMES.clearance_s(share)


def test_exits_by_hand():
    assert TIMES.exit_first_s(2).tolist() == [10.0, 5.0]
    assert TIMES.exit_last_s(2).tolist() == [20.0, 15.0]
    assert TIMES.exit_first_s(3).tolist() == [30.0, INF]
    assert TIMES.exit_last_s(3).tolist() == [30.0, INF]
    assert TIMES.exit_count_at(2, 10.0).tolist() == [1, 1]
    assert TIMES.exit_time_of_nth(2, 2).tolist() == [20.0, 15.0]
    assert TIMES.exit_time_of_nth(2, 3).tolist() == [INF, INF]
    assert TIMES.exit_time_of_nth(2, 99).tolist() == [INF, INF]
    with pytest.raises(ValueError, match="n must be at least 1"):
        TIMES.exit_time_of_nth(2, 0)


def test_rooms_and_arrivals_by_hand():
    assert TIMES.room_clear_s(COMPILED.space_index("R1")).tolist() == [6.0, INF]
    assert np.isnan(TIMES.room_clear_s(COMPILED.space_index("C1"))).all()
    assert TIMES.arrival_curve([0.0, 10.0, 30.0]).tolist() == [[0, 1, 3], [0, 1, 2]]


def test_summary_by_hand():
    summary = summarize(TIMES)
    SummaryFile.model_validate(summary)
    assert summary["people"] == 3
    assert summary["ledger"]["out"] == 2.5
    assert summary["ledger"]["no_route"] == 0.5
    assert summary["ledger"]["walking"] == 0
    assert summary["ledger_per_replica"]["out"] == [3, 2]
    assert summary["clearance_s"]["p100"] == {
        "median": None,
        "mean": None,
        "interval": [30.0, None],
        "interval_level": 0.9,
        "interval_covers": pytest.approx(1 / 3),
        "per_replica": [30.0, None],
    }
    assert summary["clearance_s"]["p50"]["median"] == 17.5
    assert summary["exits"]["D2"]["passed"] == 2.0
    assert summary["exits"]["D3"]["share"] == pytest.approx(1 / 6)
    assert summary["rooms"]["R1"]["clear_s"]["interval"] == [6.0, None]
    assert summary["all_accounted_s"] is None
    assert summary["movement"]["numbers"]["storage_per_m2"] == "unlimited"
    assert list(summary["doors"]) == ["D0", "D1", "D2", "D3"]


@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=2, max_size=2))
def test_the_ledger_always_adds_up_exactly(states: list[list[int]]):
    made = hand_made(final_state=np.array(states))
    total = sum(Fraction(n) for n in ledger(made).values())
    assert total == 3
    assert sum(ledger(made).values()) == 3
    for per_replica in zip(*made.ledger_per_replica().values(), strict=True):
        assert sum(per_replica) == 3


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=300))
def test_intervals_are_made_of_the_data(values: list[float]):
    low, high = central_interval(values)
    assert low in values
    assert high in values
    inside = sum(low <= value <= high for value in values)
    assert inside >= 0.9 * len(values)
    assert 0.0 <= interval_covers(len(values)) < 1.0


def test_intervals_refuse_nonsense():
    with pytest.raises(ValueError, match="expected values and a level"):
        central_interval([])
    with pytest.raises(ValueError, match="expected values and a level"):
        central_interval([1.0], level=1.0)


def test_one_replica_agrees_with_the_hand_calculation():
    ensemble = run_ensemble(ready())
    flow = 1.33 * (0.91 - 0.30)
    # 26 of the class walk 5 m to their door, which the first passes at once and the others at its
    # flow, then 4 m to exit 1; the exit takes more than the door brings
    class_out = 5.0 + 25 / flow + 4.0
    assert ensemble.out_s[0, :26].max() == pytest.approx(class_out, abs=1e-6)
    assert ensemble.clearance_s(1.0)[0] == pytest.approx(class_out, abs=1e-6)
    assert ensemble.room_clear_s(COMPILED.space_index("R1"))[0] == pytest.approx(
        5.0 + 25 / flow, abs=1e-6
    )
    door = COMPILED.gate_index("D0")
    assert ensemble.side_passed[0, 2 * door] == 26
    assert ensemble.side_peak_queue[0, 2 * door] == 25
    waited = sum(range(26)) / flow
    assert ensemble.side_queue_person_s[0, 2 * door] == pytest.approx(waited, abs=1e-6)
    summary = summarize(ensemble)
    assert summary["ledger"] == {**dict.fromkeys(FINAL_STATES, 0), "out": 29}
    assert summary["exits"]["D2"]["passed"] == 26
    assert summary["groups"]["class R1"]["accounted_s"]["median"] == pytest.approx(
        class_out + 20.0 + 30.0, abs=1e-6
    )


def test_seed_and_replica_decide_everything():
    first, again = (run_ensemble(ready(**RANDOM), replicas=6) for _ in range(2))
    other = run_ensemble(ready(**RANDOM), replicas=6, seed=8)
    longer = run_ensemble(ready(**RANDOM), replicas=9)
    for name in STACKED:
        assert np.array_equal(getattr(first, name), getattr(again, name))
        assert np.array_equal(getattr(first, name), getattr(longer, name)[:6])
    assert not np.array_equal(first.out_s, other.out_s)


def test_workers_change_no_byte(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("scenarios.batch.CHUNK_PEOPLE", 29 * 4)
    seen: list[tuple[int, int]] = []
    alone = run_ensemble(ready(**RANDOM), replicas=11, workers=1, keep_events=3)
    together = run_ensemble(
        ready(**RANDOM),
        replicas=11,
        workers=2,
        keep_events=3,
        progress=lambda done, total: seen.append((done, total)),
    )
    for name in STACKED:
        assert getattr(alone, name).tobytes() == getattr(together, name).tobytes()
    assert alone.manifest == together.manifest
    assert summarize(alone) == summarize(together)
    assert [r.replica for r in alone.kept] == [r.replica for r in together.kept]
    assert seen[0] == (0, 11)
    assert seen[-1] == (11, 11)


def test_kept_replicas_hold_their_events_and_agree_with_the_rest():
    ensemble = run_ensemble(ready(**RANDOM), replicas=5, keep_events=2)
    last = ensemble.out_s.max(axis=1)
    median, slowest = ensemble.kept
    assert last[median.replica] == np.sort(last)[2]
    assert last[slowest.replica] == last.max()
    for kept in ensemble.kept:
        assert len(kept.events) > 0
        assert np.array_equal(kept.out_s, ensemble.out_s[kept.replica])
    assert run_ensemble(ready(**RANDOM), replicas=2, keep_events=0).kept == ()


def test_a_failed_replica_says_which(monkeypatch: pytest.MonkeyPatch):
    def fail(self: Simulation, replica: int = 0, *, record_events: bool = False) -> None:
        raise RuntimeError("out of chairs")

    made = ready()
    monkeypatch.setattr(Simulation, "run", fail)
    with pytest.raises(ReplicaError, match=r"replica 0 of seed 7 failed: RuntimeError: out of"):
        run_ensemble(made)


def test_a_worker_that_dies_is_said_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("scenarios.batch._work_on", end_process)
    with pytest.raises(ReplicaError, match="a worker process ended before its replicas of seed 7"):
        run_ensemble(ready(), replicas=4, workers=2)


@pytest.mark.parametrize("wrong", [{"replicas": 0}, {"seed": -1}, {"workers": 0}])
def test_nonsense_is_refused(wrong: dict[str, int]):
    with pytest.raises(ValueError, match="replicas and workers must be >= 1"):
        run_ensemble(ready(), **wrong)


def test_an_ensemble_refuses_arrays_of_another_shape_and_writing():
    with pytest.raises(ValueError, match=r"ensemble.out_s: expected shape \(2, 3\)"):
        hand_made(out_s=np.zeros((2, 4)))
    with pytest.raises(ValueError, match="read-only"):
        TIMES.out_s[0, 0] = 1.0

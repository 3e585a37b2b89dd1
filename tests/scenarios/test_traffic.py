"""Density and speed in a cell, against what a ruler and a clock say."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from shapely import box
from support.graph_plans import plan, portal, space

from buildings import OUTSIDE, write_plan
from scenarios import (
    Ensemble,
    assemble,
    cell_occupancy,
    cell_traffic,
    load_scenario,
    run_ensemble,
)
from sim import EVENT_KINDS, Events


def walk(folder: Path, *, people: int = 2, starts_s: tuple[float, ...] = (0.0, 5.0)) -> Ensemble:
    """Let people walk at 2 m/s from a room through a hall of 10 by 4 m and out."""
    spaces = [space("ROOM", box(-4, 0, 0, 4)), space("HALL", box(0, 0, 10, 4), "hall")]
    doors = [
        portal("P1", "ROOM", "HALL", [(0, 1), (0, 3)], "opening"),
        portal("P2", "HALL", OUTSIDE, [(10, 1), (10, 3)], "exit"),
    ]
    write_plan(plan(spaces, doors), folder / "plan")
    at = [[-2.0, 2.0] for _ in range(people)]
    content = {
        "kind": "scenario",
        "schema_version": 1,
        "name": "Through a hall",
        "plan": "plan",
        "replicas": 1,
        "population": {"rooms": {"ROOM": {"visitors": people, "at": at}}},
        "movement": {"speed_law": "none", "speed_mps": {"everyone": 2.0}},
        "pre_movement": {"listed": list(starts_s)},
        "protocol": {"evacuate": {"class_release": "individual"}},
    }
    (folder / "walk.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return run_ensemble(assemble(load_scenario(folder / "walk.yaml")), workers=1)


def test_one_after_the_other_each_for_five_seconds(tmp_path: Path) -> None:
    """They are in the hall from 1 to 6 s and from 6 to 11 s: in the twelve seconds, ten of one."""
    ensemble = walk(tmp_path)
    times_s, people = cell_occupancy(ensemble, ensemble.kept[0], "HALL")
    assert times_s.tolist() == [0.0, 1.0, 6.0, 6.0, 11.0]
    assert people.tolist() in ([0, 1, 0, 1, 0], [0, 1, 2, 1, 0])
    seen = cell_traffic(ensemble, ensemble.kept[0], "HALL", from_s=0.0, until_s=12.0)
    assert seen.crossings == 2
    assert seen.mean_speed_mps == pytest.approx(2.0)
    assert seen.mean_density_per_m2 == pytest.approx(10.0 / 12.0 / 40.0)
    assert seen.specific_flow == pytest.approx(2.0 * 10.0 / 12.0 / 40.0)


def test_a_span_counts_only_those_who_come_and_go_within_it(tmp_path: Path) -> None:
    ensemble = walk(tmp_path)
    late = cell_traffic(ensemble, ensemble.kept[0], "HALL", from_s=5.0, until_s=8.0)
    assert late.crossings == 0
    assert math.isnan(late.mean_speed_mps)
    assert late.mean_density_per_m2 == pytest.approx(3.0 / 3.0 / 40.0)
    before = cell_traffic(ensemble, ensemble.kept[0], "ROOM", from_s=0.0, until_s=1.0)
    assert before.mean_density_per_m2 == pytest.approx(2.0 / 16.0)
    assert before.peak_density_per_m2 == pytest.approx(2.0 / 16.0)


def test_densities_over_all_cells_add_up_to_the_people(tmp_path: Path) -> None:
    starts_s = tuple(float(s) for s in range(12))
    ensemble = walk(tmp_path, people=12, starts_s=starts_s)
    held = sum(
        cell_traffic(ensemble, ensemble.kept[0], cell, from_s=0, until_s=30).mean_density_per_m2
        * area
        for cell, area in (("ROOM", 16.0), ("HALL", 40.0))
    )
    assert held * 30.0 == pytest.approx(float(np.sum(ensemble.out_s[0])))


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    ensemble = walk(tmp_path)
    with pytest.raises(KeyError, match="no cell 'ATTIC'"):
        cell_traffic(ensemble, ensemble.kept[0], "ATTIC", from_s=0, until_s=1)
    with pytest.raises(ValueError, match="from_s < until_s"):
        cell_traffic(ensemble, ensemble.kept[0], "HALL", from_s=1, until_s=1)


def test_whoever_takes_a_lift_leaves_one_cell_and_comes_into_another(tmp_path: Path) -> None:
    """A log where somebody who stands in the room gets into a lift, and out of it in the hall."""
    ensemble = walk(tmp_path, people=1, starts_s=(0.0,))
    ride = Events(
        time_s=np.array([0.0, 2.0, 9.0]),
        kind=np.array([EVENT_KINDS.index(kind) for kind in ("start", "board", "alight")]),
        person=np.zeros(3, dtype=np.int32),
        subject=np.array([ensemble.compiled.cell_ids.index(c) for c in ("ROOM", "ROOM", "HALL")]),
    )
    ridden = replace(ensemble.kept[0], events=ride)
    assert [a.tolist() for a in cell_occupancy(ensemble, ridden, "ROOM")] == [[0.0, 2.0], [1, 0]]
    assert [a.tolist() for a in cell_occupancy(ensemble, ridden, "HALL")] == [[0.0, 9.0], [0, 1]]

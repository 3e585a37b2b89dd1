"""A difference of two plans names what was changed, all of it and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point
from shapely.affinity import translate
from support.plan_folders import Folder

from buildings import Fact, Plan, apply_facts, load_plan
from buildings.cli import main
from buildings.plan import PlanPoint
from buildings.plan_diff import plan_changes
from buildings.plan_features import properties_of, shape_of
from buildings.plan_writer import geometry_of, plan_files

SCHOOL = load_plan("builtin:maple-elementary")
VALUES: dict[str, tuple[str, list[Any]]] = {  # key in files: name inside, values
    "width": ("width_m", [0.7, 0.9, 1.2, 1.234]),
    "lock": ("lock", ["inside", "none", "remote", None]),
    "cover": ("cover", ["none", "blind", "paper", None]),
    "number": ("number", ["7", "Ü 8", None]),
    "capacity": ("capacity", [0, 12, None]),
    "zone": ("zone", ["west", None]),
}
OF_KIND = {"portal": ("width", "lock", "cover"), "space": ("number", "capacity", "zone")}
SHAPES = {"portal": "line", "space": "polygon"}


@st.composite
def edit_sets(draw: st.DrawFn) -> list[tuple[str, str, str, Any]]:
    """Draw edits, at most one for each key of each thing: (kind, id, key, value)."""
    edits: dict[tuple[str, str, str], Any] = {}
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(["portal", "space"]))
        plain = [i for i, s in SCHOOL.spaces.items() if s.kind == "room"]
        ids = plain if kind == "space" else list(SCHOOL.portals)
        id_ = draw(st.sampled_from(ids))
        key = draw(st.sampled_from([*OF_KIND[kind], "geometry"]))
        by = st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000))
        edits[kind, id_, key] = draw(by if key == "geometry" else st.sampled_from(VALUES[key][1]))
    return [(*place, value) for place, value in edits.items()]


def applied(
    plan: Plan, edits: list[tuple[str, str, str, Any]]
) -> tuple[Plan, dict[tuple[str, str, str], tuple[Any, Any]]]:
    """Apply edits; return the plan and what a difference must say."""
    expected = {}
    for kind, id_, key, value in edits:
        features = dict(getattr(plan, f"{kind}s"))
        old = features[id_]
        if key == "geometry":
            moved = translate(shape_of(old), value[0] / 1000, value[1] / 1000)
            features[id_] = replace(old, **{SHAPES[kind]: moved})
            said = [geometry_of(shape_of(f))["coordinates"] for f in (old, features[id_])]
        else:
            features[id_] = replace(old, **{VALUES[key][0]: value})
            said = [getattr(old, VALUES[key][0]), value]
        if said[0] != said[1]:
            expected[kind, id_, key] = (said[0], said[1])
        plan = replace(plan, **{f"{kind}s": MappingProxyType(features)})
    return plan, expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edit_sets())
def test_a_difference_is_the_set_of_edits_and_nothing_else(
    edits: list[tuple[str, str, str, Any]],
):
    changed, expected = applied(SCHOOL, edits)
    found = plan_changes(SCHOOL, changed)
    assert {(c.kind, c.id, c.key): (c.before, c.after) for c in found} == expected
    assert len(found) == len(expected)
    back = plan_changes(changed, SCHOOL)
    assert [(c.kind, c.id, c.key, c.after, c.before) for c in back] == [
        (c.kind, c.id, c.key, c.before, c.after) for c in found
    ]
    assert bool(found) == (plan_files(SCHOOL) != plan_files(changed))


def test_things_added_and_removed_are_named_once():
    point = PlanPoint("AED-9", "L1", "aed", Point(1.0, 2.0))
    gone = next(iter(SCHOOL.portals))
    left = {id_: p for id_, p in SCHOOL.portals.items() if id_ != gone}
    points = {**SCHOOL.points, point.id: point}
    changed = replace(
        SCHOOL,
        portals=MappingProxyType(left),
        points=MappingProxyType(dict(sorted(points.items()))),
    )
    lines = [change.line() for change in plan_changes(SCHOOL, changed)]
    assert lines == [f"portal {gone}: removed", "point AED-9: added"]


def test_every_key_of_every_feature_is_compared():
    for plan in (SCHOOL, load_plan("builtin:birch-high")):
        for kind in ("spaces", "portals", "points"):
            for id_, feature in getattr(plan, kind).items():
                bare = replace(plan, **{kind: MappingProxyType({})})
                alone = replace(bare, **{kind: MappingProxyType({id_: feature})})
                (change,) = plan_changes(bare, alone)
                said = {**properties_of(feature), "geometry": None}
                assert set(change.after) == set(said) - {"id"}
                break


def test_a_fact_shows_as_the_value_and_as_the_statement():
    door = next(p for p in SCHOOL.portals.values() if p.lock == "none")
    stated = apply_facts(SCHOOL, [Fact(door.id, "lock", "inside", "new locks", "2026-10-01")])
    lines = [change.line() for change in plan_changes(SCHOOL, stated)]
    assert lines == [f"portal {door.id}: lock none -> inside", f"fact {door.id} lock: added"]


def test_the_verb_says_what_changed_in_order_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = Folder(tmp_path / "b")
    folder.say("P-101-A", width=0.8, lock="both", cover="blind")
    folder.move("S-103", 0.1, -0.25)
    folder.drop("P-105-A")
    path = str(folder.write())
    assert main(["diff", "builtin:cedar-middle", path]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "space S-103: geometry moved by (0.100, -0.250) m",
        "portal P-101-A: cover none -> blind",
        "portal P-101-A: lock inside -> both",
        "portal P-101-A: width 0.915 -> 0.8 m",
        "portal P-105-A: removed",
        "5 changes",
    ]
    assert main(["diff", "builtin:cedar-middle", path, "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["kind"] == "plan_diff"
    assert content["changes"][3] == {
        "kind": "portal", "id": "P-101-A", "key": "width", "before": 0.915, "after": 0.8,
    }  # fmt: skip
    assert main(["diff", path, path]) == 0
    assert capsys.readouterr().out == "no difference\n"

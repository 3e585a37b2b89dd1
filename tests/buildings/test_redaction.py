"""A redacted plan holds nothing but what the list allows, and is walked in the same time."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from shapely import total_bounds
from support.plan_folders import Folder

from buildings import load_plan, write_plan
from buildings.cli import main
from buildings.plan_models import FEATURE_FILES, file_keys
from buildings.redaction import redacted

CANARY = "CANARY"
KEYS = {
    "spaces": {
        "id", "level", "kind", "use", "walkable", "obstacle_of", "riser", "tread", "steps",
        "width", "up", "from_level", "to_level", "rise", "run", "levels", "car_capacity", "role",
        "usable_in",
    },
    "portals": {"id", "level", "kind", "from", "to", "width", "leaves", "is_exit"},
    "points": set(),
}  # fmt: skip
NAMED = {
    "spaces": ("number", "name", "zone", "hazard"),
    "portals": ("remote_group", "barricade", "exterior_no"),
    "points": ("name",),
}
REFERENCES = ("id", "level", "from", "to", "obstacle_of", "in", "discharges_to", "controls",
              "from_level", "to_level")  # fmt: skip
RARE_M = 77.123  # a number that nothing else in the school is


def canaries(folder: Folder) -> Path:
    """Plant a canary in every field that takes text, and a rare number or value in the others."""
    ring = [[1.0, -6.0], [3.0, -6.0], [3.0, -4.0], [1.0, -4.0], [1.0, -6.0]]
    corner = {"id": "HC-1", "level": "L1", "kind": "hard_corner", "use": "other", "in_": "S-101"}
    folder.add("spaces", [ring], **corner)
    folder.say("S-101", capacity=77123, occupants_default=77123)
    for point in folder.features("points"):
        point["properties"].setdefault("controls", "P-101-A")
    for kind, names in NAMED.items():
        _, model, _ = FEATURE_FILES[kind]
        for feature in folder.features(kind):
            said = feature["properties"]
            for key in REFERENCES:
                if key in said and said[key] != "outside":
                    said[key] = f"{CANARY}-{said[key]}"
            if "levels" in said:
                said["levels"] = ";".join(f"{CANARY}-{id_}" for id_ in said["levels"].split(";"))
            said |= {key: f"{CANARY}-{key}" for key in names} | {"x_note": f"{CANARY}-x"}
            for key, field in model.model_fields.items():
                key = field.alias or key
                number = "float" in str(field.annotation)
                if key in said or key in KEYS[kind] or key in names or key in REFERENCES:
                    continue
                choices = [c for part in get_args(field.annotation) for c in get_args(part)]
                if choices and isinstance(choices[-1], str):
                    said[key] = choices[-1]
                elif number:
                    said[key] = RARE_M
            feature["geometry"]["coordinates"] = moved(feature["geometry"]["coordinates"])
    folder.write()
    path = folder.path / "building.yaml"
    content = yaml.safe_load(path.read_text())
    content |= {
        "id": "canary-school", "name": CANARY, "version": CANARY, "crs": f"EPSG:{CANARY}",
        "georef": "surveyed", "north_deg": 12.345, "sources": [CANARY], "reviewed_by": CANARY,
        "reviewed_on": CANARY, "defaults": {"wall_t": 0.15, CANARY: CANARY},
    }  # fmt: skip
    for level in content["levels"]:
        level |= {"id": f"{CANARY}-{level['id']}", "name": f"{CANARY}-{level['name']}"}
        level |= {"short": CANARY + level["short"], "elevation": level["elevation"] + 123.0}
    path.write_text(yaml.safe_dump(content))
    door = f"{CANARY}-P-101-A"
    (folder.path / "facts.csv").write_text(
        "id,key,value,source,date\n"
        f"{door},remote_group,{CANARY}-group,{CANARY} survey,{CANARY}\n"
        f"{door},x_key,{CANARY},{CANARY},{CANARY}\n"
    )
    return folder.path


def moved(coordinates: Any) -> Any:
    if isinstance(coordinates[0], list):
        return [moved(part) for part in coordinates]
    return [round(coordinates[0] + 431_000.0, 3), round(coordinates[1] + 5_312_000.0, 3)]


def test_every_key_of_the_format_is_planted_or_allowed(tmp_path: Path):
    folder = Folder(tmp_path / "a")
    canaries(folder)
    load_plan(folder.path)
    for kind, (_, model, _) in FEATURE_FILES.items():
        planted = {key for f in folder.features(kind) for key in f["properties"]}
        assert set(file_keys(model)) <= planted | KEYS[kind]


def test_no_canary_is_in_any_byte_and_no_key_beyond_the_list(tmp_path: Path):
    path = canaries(Folder(tmp_path / "a"))
    assert main(["redact", str(path), "--out", str(tmp_path / "b")]) == 0
    before = b"".join(p.read_bytes() for p in sorted(path.iterdir()))
    assert before.count(CANARY.encode()) > 2000
    names = sorted(p.name for p in (tmp_path / "b").iterdir())
    assert names == sorted(
        ["building.yaml", "facts.csv", *(n for n, _, _ in FEATURE_FILES.values())]
    )
    for name in names:
        text = (tmp_path / "b" / name).read_text(encoding="utf-8")
        assert "canary" not in text.lower(), name
        assert "canary" not in name.lower()
        assert str(RARE_M) not in text
        assert "77123" not in text
        assert not re.search(r"\d{4,}\.?\d*", re.sub(r'"[SD]\d{5}"', "", text))  # nothing far away
    for kind, (name, _, _) in FEATURE_FILES.items():
        content = json.loads((tmp_path / "b" / name).read_text())
        assert "crs" not in content
        for feature in content["features"]:
            assert set(feature["properties"]) <= KEYS[kind]
            assert set(feature) == {"type", "properties", "geometry"}
    building = yaml.safe_load((tmp_path / "b" / "building.yaml").read_text())
    assert building["georef"] == "none"
    assert building["north_deg"] == 0
    assert building["levels"][0]["elevation"] == 0
    assert not {"crs", "defaults", "reviewed_by", "reviewed_on"} & set(building)
    assert (tmp_path / "b" / "facts.csv").read_text() == "id,key,value,source,date\n"


def test_what_protects_is_gone_and_what_is_walked_is_kept():
    for name in ("cedar-middle", "birch-high", "maple-elementary"):
        plan = load_plan(f"builtin:{name}")
        public = redacted(plan)
        assert {s.kind for s in public.spaces.values()}.isdisjoint({"hard_corner"})
        assert {p.kind for p in public.portals.values()}.isdisjoint({"window"})
        assert not public.points
        assert len(public.exits) == len(plan.exits)
        kept = {s.use for s in public.spaces.values()}
        assert kept <= {"classroom", "office", "circulation", "other"}
        walked = [
            [(s.kind, round(s.area_m2, 6)) for s in p.spaces.values() if s.walkable == "yes"
             and s.kind != "assembly"]
            for p in (plan, public)
        ]  # fmt: skip
        assert walked[0] == walked[1]
        lines = [p.line for p in public.portals.values()]
        corner = total_bounds([*(s.polygon for s in public.spaces.values()), *lines])[:2]
        assert corner == pytest.approx([0.0, 0.0], abs=1e-9)


def test_numbers_are_kept_when_asked(tmp_path: Path):
    main(["redact", "builtin:cedar-middle", "--numbers", "--out", str(tmp_path / "b")])
    public, plan = load_plan(tmp_path / "b"), load_plan("builtin:cedar-middle")
    numbers = [sorted(s.number or "" for s in p.spaces.values()) for p in (plan, public)]
    assert [n for n in numbers[0] if n] == [n for n in numbers[1] if n]
    assert {p.exterior_no for p in public.exits} == {p.exterior_no for p in plan.exits}
    assert {s.name for s in public.spaces.values()} == {None}


def test_files_are_private_and_the_same_every_time(tmp_path: Path):
    for out in ("a", "b"):
        main(["redact", "builtin:maple-elementary", "--out", str(tmp_path / "new" / out)])
    folders = [tmp_path / "new" / out for out in ("a", "b")]
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    for folder in folders:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert path.read_bytes() == (folders[1] / path.name).read_bytes()


SCENARIO = """\
kind: scenario
schema_version: 1
name: Drill
plan: {plan}
seed: 1
replicas: 3
population: {{age_band: grades_6_8, rooms: {rooms}}}
movement: {{speed_mps: {{everyone: 1.1}}}}
pre_movement: {{everyone: 20}}
protocol: {{evacuate: {{alarm_s: 0, class_release: {release}}}}}
"""


@pytest.mark.parametrize("release", ["together", "individual"])
def test_the_redacted_plan_is_left_in_the_same_time(
    tmp_path: Path, release: str, capsys: pytest.CaptureFixture[str]
):
    from scenarios.cli import main as hallways

    plan = load_plan("builtin:cedar-middle")
    write_plan(plan, tmp_path / "a")
    main(["redact", str(tmp_path / "a"), "--out", str(tmp_path / "b")])
    public = load_plan(tmp_path / "b")
    old = [s.id for s in plan.spaces.values() if s.walkable == "yes" and s.kind != "assembly"]
    new = [s.id for s in public.spaces.values() if s.walkable == "yes" and s.kind != "assembly"]
    people = [id_ for id_ in old if plan.spaces[id_].occupants_default]
    assert len(people) > 20
    times = []
    for name, ids in (("a", old), ("b", new)):
        rooms = {
            ids[old.index(id_)]: {"students": plan.spaces[id_].occupants_default, "teachers": 1}
            for id_ in people
        }
        text = SCENARIO.format(plan=name, rooms=json.dumps(rooms), release=release)
        (tmp_path / f"{name}.yaml").write_text(text)
        out = tmp_path / f"run-{name}"
        assert hallways(["run", str(tmp_path / f"{name}.yaml"), "--out", str(out)]) == 0
        summary = json.loads((out / "summary.json").read_text())
        times.append(summary["clearance_s"])
    assert times[0] == times[1]

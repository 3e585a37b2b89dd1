"""The readiness table: gaps as the plan shows them, each mended alone, ranked by effect."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from rich.console import Console
from support.lockdown_runs import content, wing_with

from buildings import write_plan
from scenarios import ScenarioError, assemble, scenario_from
from scenarios.cli import main
from scenarios.readiness import Readiness, readiness
from scenarios.readiness_gaps import NOT_SIMULATED, gaps_of
from scenarios.readiness_report import print_readiness, readiness_values

FAULTS = (("N00", "no_lock"), ("N01", "key_outside"), ("S00", "glass"))


def scenario_on(folder: Path, faults=FAULTS, *, silent: tuple[str, ...] = (), **protocol):
    plan, _ = wing_with(tuple(sorted(faults)))
    spaces = {
        id_: replace(space, public_address="no") if id_ in silent else space
        for id_, space in plan.spaces.items()
    }
    write_plan(replace(plan, spaces=MappingProxyType(spaces)), folder / "plan")
    said = content(locks={"thumbturn_inside": {"fails": 0}}, **protocol)
    said |= {"plan": str(folder / "plan"), "replicas": 12}
    return scenario_from(said, name="wing.yaml", folder=folder)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Readiness:
    folder = tmp_path_factory.mktemp("readiness")
    return readiness(scenario_on(folder, silent=("S01",)), workers=1)


def test_gaps_are_those_of_the_plan(found: Readiness):
    by_words = {gap.words: gap.places for gap, _ in found.ranked}
    assert by_words == {
        "doors of rooms without a lock, or with none that is known": ("DN00",),
        "doors of rooms that need a key or a card": ("DN01",),
        "doors of rooms with glass that nothing covers": ("DS00",),
        "places with people that public address does not reach": ("S01",),
    }


def test_what_secures_a_room_comes_before_what_quickens_one(found: Readiness):
    effects = {gap.kind + gap.places[0]: effect for gap, effect in found.ranked}
    lock, silent = effects["locksDN00"], effects["public addressS01"]
    assert lock.rooms.difference == pytest.approx(1.0, abs=0.2)
    assert lock.rooms.verdict("more") == silent.rooms.verdict("more") == "better"
    assert found.ranked[-1][0].kind in ("coverings", "locks")
    order = [effect.rooms.difference for _, effect in found.ranked]
    assert order == sorted(order, reverse=True)


def test_everything_mended_secures_every_room(found: Readiness):
    assert found.together is not None
    assert found.together.rooms.after > max(effect.rooms.after for _, effect in found.ranked)


def test_a_mended_plan_differs_in_the_gap_alone(found: Readiness):
    plan = found.ready.plan
    for gap, _ in found.ranked:
        mended = gap.mended(plan)
        for before, after in ((plan.portals, mended.portals), (plan.spaces, mended.spaces)):
            changed = {id_ for id_ in before if before[id_] is not after.get(id_)}
            assert changed <= set(gap.places)
        if gap.kind == "locks":
            assert {mended.portals[id_].lock_key for id_ in gap.places} == {"thumbturn"}


def test_what_cannot_be_simulated_says_why(found: Readiness):
    kinds = {gap.kind for gap in found.not_simulated}
    assert {"numbering", "cameras", "floor plans", "drills", "reunification"} <= kinds
    for gap in found.not_simulated:
        assert gap.why_not == NOT_SIMULATED[gap.kind]


def test_a_sound_building_has_nothing_to_rank(tmp_path: Path):
    ready = assemble(scenario_on(tmp_path, faults=()))
    assert not [gap for gap in gaps_of(ready) if gap.mended is not None]


def test_readiness_asks_for_a_lockdown(tmp_path: Path):
    said = scenario_on(tmp_path, timeline=[{"at_s": 0, "action": "hold"}])
    with pytest.raises(ScenarioError, match="readiness asks for a lockdown"):
        readiness(said)


def test_the_table_is_the_same_every_time_and_calm(found: Readiness, tmp_path: Path):
    out = io.StringIO()
    print_readiness(found, console=Console(file=out, width=110, color_system=None))
    words = out.getvalue()
    assert "What to mend, the largest effect first" in words
    assert "Not simulated" in words
    assert "all of these" in words
    for word in ("attacker", "shooter", "weapon", "victim", "threat"):
        assert word not in words.lower()
    again = readiness(scenario_on(tmp_path, silent=("S01",)), workers=1)
    assert readiness_values(again) == readiness_values(found)


def test_the_verb_prints_plain_values(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_plan(wing_with((("N00", "no_lock"),))[0], tmp_path / "plan")
    said = content() | {"plan": "plan", "replicas": 3}
    Path("wing.yaml").write_text(json.dumps(said), encoding="utf-8")
    assert main(["readiness", "wing.yaml", "--json", "--workers", "1"]) == 0
    values = json.loads(capsys.readouterr().out)
    first = values["gaps"][0]
    assert (first["kind"], first["places"]) == ("locks", ["DN00"])
    assert first["effect"]["rooms"]["verdict"] == "too few replicas"
    assert main(["readiness", "nowhere.yaml"]) == 2

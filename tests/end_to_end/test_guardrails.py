"""What hallways will never have: nobody who does harm, nothing that hurts, no search for the worst.

Words are looked at one by one, in names (``hit_count`` and ``HitCount`` both hold ``hit``), keys,
options, tables of numbers, output and the generated reference. A word that is harmless in one place
is listed here with the reason.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args, get_origin

import numpy as np
import pytest
from support.two_rooms import PLAN, compiled_two_rooms, hand_calculation, two_rooms_scenario

import sim
from scenarios import Scenario, ScenarioError, assemble, hazard_alternatives, scenario_from
from scenarios.hazard_file import HazardFile
from scenarios.scenario_file import ScenarioFile
from sim import MOST_HAZARDS, HazardTimes

ROOT: Final = Path(__file__).parents[2]
FLOORS: Final = ("buildings", "sim", "scenarios", "debrief", "viz")

WORDS: Final = """
aggressor aggressors ambush ammo ammunition armed assailant assailants assault attack attacker
attackers attacks ballistic ballistics bleed bleeding bomb bombs breach breaching bullet bullets
casualties casualty corpse dead deadliest deadly death deaths die died dies enemies enemy fatal
fatalities fatality firearm firearms gun gunman gunmen guns harm harmed hit hits hostile
hostiles injure injured injuries injury intruder intruders kill killed killer kills knife lethal
lethality massacre murder perpetrator perpetrators pistol rifle shoot shooter shooters shooting
shot shots sniper stab survivor survivors suspect suspects tactic tactical tactics target
targeting targets terror terrorist victim victims weapon weapons wound wounded wounds
"""
FORBIDDEN: Final = frozenset(WORDS.split())

GEOMETRY: Final = "what a spatial index or a line of sight meets"
HARMLESS_NAMES: Final = {
    "hit": GEOMETRY,
    "hits": GEOMETRY,
    "dead": "dead ends of corridors, dead spots of loudspeakers",
    "target": "the place that somebody is sent to, the object of an assignment",
    "targets": "the same",
    "suspect": "a reading of a stopwatch that may be wrong",
}
"""Words that occur in names and keys, and what they mean there."""

HARMLESS_PHRASES: Final = {
    r"dead[ _-]ends?": "corridors",
    r"dead[ _-]spots?": "loudspeakers",
    r"tactical documents?": "what a result is not",
    r"quality: suspect|suspect(?= reading|\b.*corrected)": "a reading of a stopwatch",
    r"never ballistic cover": "what a hard corner is not",
}
"""Phrases in which a word is harmless; they are taken out before words are looked at."""


DEAD_SPOT: Final = "dead_spots?"


def words_of(name: str) -> set[str]:
    """Return the words of a name, whatever joins them.

    Examples
    --------
    >>> sorted(words_of("peakHit_count2"))
    ['count', 'hit', 'peak']
    """
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return {part.lower() for part in parts}


def words_in(text: str) -> set[str]:
    """Return the forbidden words of a text, harmless phrases left out."""
    for phrase in HARMLESS_PHRASES:
        text = re.sub(phrase, " ", text, flags=re.IGNORECASE)
    return {word.lower() for word in re.findall(r"[A-Za-z]+", text)} & FORBIDDEN


# names


@cache
def modules() -> tuple[Any, ...]:
    """Return every module of the five packages."""
    found = []
    for floor in FLOORS:
        package = importlib.import_module(floor)
        found.append(package)
        for info in pkgutil.walk_packages(package.__path__, f"{floor}."):
            if not info.name.endswith("__main__"):
                found.append(importlib.import_module(info.name))
    return tuple(found)


def names_of(path: Path) -> Iterator[str]:
    """Yield every name that a module gives to something: modules, classes, arguments, fields."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


@pytest.mark.parametrize("floor", FLOORS)
def test_no_name_speaks_of_harm(floor: str):
    for path in sorted((ROOT / floor).rglob("*.py")):
        for name in names_of(path):
            found = (words_of(name) & FORBIDDEN) - set(HARMLESS_NAMES)
            assert not found, f"{path.relative_to(ROOT)}: {name}"


def test_no_public_name_needs_an_excuse():
    """The words that are let through in names of geometry are in no front door."""
    for floor in FLOORS:
        module = importlib.import_module(floor)
        for name in getattr(module, "__all__", []):
            assert not words_of(name) & FORBIDDEN, f"{floor}.{name}"


@pytest.mark.parametrize(
    "name", ["hit_rate", "shooterPath", "WeaponKind", "kill_zone", "n_wounded"]
)
def test_a_name_that_speaks_of_harm_would_be_found(name: str):
    assert words_of(name) & FORBIDDEN


# keys, options, tables, output


def keys_in(schema: Any) -> Iterator[str]:
    """Yield every key and every allowed word of a JSON Schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (one for one in schema.get("enum", ()) if isinstance(one, str))
        if isinstance(schema.get("const"), str):
            yield schema["const"]
        for value in schema.values():
            yield from keys_in(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys_in(value)


def test_no_key_of_any_file_speaks_of_harm():
    schemas = sorted((ROOT / "docs" / "schema").glob("*.json"))
    assert len(schemas) >= 6
    for path in schemas:
        for key in keys_in(json.loads(path.read_text(encoding="utf-8"))):
            found = (words_of(re.sub(DEAD_SPOT, "", key)) & FORBIDDEN) - {"suspect"}
            assert not found, f"{path.name}: {key}"


def test_no_command_and_no_generated_page_speaks_of_harm():
    pages = sorted((ROOT / "docs" / "reference").glob("*.md"))
    assert any(page.name == "commands.md" for page in pages)
    for page in pages:
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            assert not words_in(line), f"{page.name}:{number}: {line[:80]}"


@pytest.mark.parametrize(
    "path",
    sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.toml")),
    ids=lambda path: path.name,
)
def test_no_table_of_numbers_speaks_of_harm(path: Path):
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text)
    assert not words_in(text)


def output_files() -> list[Path]:
    """Return templates and scenarios: what people read."""
    kinds = (".j2", ".html", ".yaml", ".csv")
    return sorted(
        path
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*")
        if path.suffix in kinds and path.is_file()
    )


def test_templates_and_built_in_scenarios_keep_to_calm_words():
    assert any(path.suffix == ".j2" for path in output_files())
    alarming = re.compile(r"\b(chaos|horr\w+|scream\w*|blood\w*|nightmare|doom\w*|catastroph\w*)\b")
    for path in output_files():
        text = path.read_text(encoding="utf-8")
        assert not words_in(text), path.name
        assert not alarming.search(text.lower()), path.name
        stray = re.search(r"\bpanic(?![ _-]?(?:bar|button|hardware))", text.lower())
        assert not stray, f"{path.name}: panic is a bar or a button, never what people do"


def test_no_built_in_file_names_a_person_or_how_to_reach_one():
    title = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z][a-z]+")
    mail = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}")
    phone = re.compile(r"(?<![\d.])(?:\+1[ -]?)?\(?\d{3}\)?[ -]\d{3}-\d{4}(?!\d)")
    data = (*output_files(), *(p for f in FLOORS for p in (ROOT / f).rglob("*.geojson")))
    assert len(data) > 10
    for path in data:
        text = path.read_text(encoding="utf-8")
        for pattern in (title, mail, phone):
            found = pattern.search(text)
            assert not found, f"{path.name}: {found and found.group()}"


# hazards are typed, and nothing looks for one


TAKES_HAZARDS: Final = {
    "sim.hazard_exposure.seconds_in_region": "counts exposure after a run",
    "sim.hazard_exposure.views_onto": "counts exposure after a run",
    "sim.hazards.check_hazards": "refuses more than a planner types",
    "sim.hazards.close_ways": "closes ways during a run",
    "sim.protocols.hazard_outcome.hazard_outcome": "counts exposure after a run",
    "sim.protocols.hazards.HazardWatch": "what people notice during a run",
    "sim.protocols.hazards.HazardReport": "what people report during a run",
    "sim.protocols.hearing.Announcer": "an announcement may follow a report",
    "sim.protocols.start.begin": "begins a run",
    "sim.evacuation.EvacuationOrders": "what a planner decides",
    "sim.results.RunResult": "what became of it",
    "sim.protocols.rules.Situation": "whether people know of one near them",
    "sim.protocols.rules.Rule": "what they then do",
    "scenarios.scenario.Scenario": "what a planner typed",
    "scenarios.ensemble.Ensemble": "what became of it",
    "scenarios.hazard_report.hazard_table": "prints what became of it",
    "scenarios.hazard_notes.hazard_notes": "says before a run who is cut off",
    "scenarios.read_tables.hazard_table": "reads what became of it",
    "buildings.plan.Space": "what a room holds, such as chemicals, as the plan says",
}
"""Everything public that is given hazards, and why; nothing here makes one up."""


def public_callables() -> Iterator[tuple[str, Any]]:
    """Yield every public function and class with where it lives."""
    for module in modules():
        for name, one in vars(module).items():
            here = getattr(one, "__module__", None) == module.__name__
            if here and not name.startswith("_") and callable(one):
                yield f"{module.__name__}.{name}", one


def test_only_a_run_and_its_measures_are_given_hazards():
    for where, one in public_callables():
        try:
            names = [*inspect.signature(one).parameters]
        except (TypeError, ValueError):
            continue
        if any("hazard" in name for name in names) and not issubclass_of_model(one):
            assert where in TAKES_HAZARDS, f"{where}: say here why it is given hazards"


def issubclass_of_model(one: Any) -> bool:
    """Whether something is a file model: its keys are looked at as keys."""
    return inspect.isclass(one) and hasattr(one, "model_fields")


LOOKING: Final = """
search sweep optimise optimize optimiser worst rank ranking maximise maximize minimise minimize
sample grid move
"""


def test_nothing_searches_sweeps_or_ranks_hazards():
    looking = set(LOOKING.split())
    for where, _ in public_callables():
        words = words_of(where.rpartition(".")[2])
        assert not ("hazard" in words and words & looking), where


def test_where_and_when_a_hazard_is_can_only_be_plain_values():
    """No distribution, range or list of times: only how people notice it is drawn."""
    for name in ("spaces", "polygon", "level", "from_s", "until_s", "closes_ways"):
        annotation = str(HazardFile.model_fields[name].annotation)
        assert "Distribution" not in annotation, name
    assert ScenarioFile.model_fields["hazards"].metadata, "the length is bounded"


def smoke(number: int) -> dict[str, Any]:
    """Return one hazard as a file says it."""
    return {"kind": "smoke", "spaces": ["Hall"], "from_s": number}


def with_hazards(number: int) -> Scenario:
    """Return a scenario with so many hazards."""
    return two_rooms_scenario(hazards=[smoke(n) for n in range(number)])


def test_a_scenario_holds_at_most_twenty_typed_hazards():
    assert MOST_HAZARDS == 20
    assert len(with_hazards(20).hazards) == 20
    with pytest.raises(ScenarioError, match=r"hazards: should have at most 20 .*got 21.*searched"):
        with_hazards(21)


def test_a_list_of_alternatives_holds_at_most_twenty_and_is_typed():
    scenario = with_hazards(1)
    found = hazard_alternatives(scenario, [[smoke(n)] for n in range(20)], folder=Path("nowhere"))
    assert [one.hazards[0].from_s for one in found] == [float(n) for n in range(20)]
    with pytest.raises(ScenarioError, match=r"at most 20 alternatives.*got 21"):
        hazard_alternatives(scenario, [[smoke(n)] for n in range(21)], folder=Path("nowhere"))
    endless: Any = ([smoke(n)] for n in range(3))
    with pytest.raises(ScenarioError, match="expected a typed list of alternatives, got generator"):
        hazard_alternatives(scenario, endless, folder=Path("nowhere"))


@pytest.mark.parametrize("key", ["from_s", "until_s", "spaces"])
def test_a_hazard_cannot_be_drawn(key: str):
    drawn = smoke(1) | {key: {"kind": "uniform", "low": 0, "high": 60}}
    with pytest.raises(ScenarioError, match=rf"hazards\.0\.{key}"):
        scenario_from(hand_calculation(hazards=[drawn]), folder=Path("nowhere"))


def test_the_engine_leaves_a_hazard_as_it_was_typed():
    ready = assemble(with_hazards(2), PLAN, compiled_two_rooms())
    before = [(one.kind, one.cells, one.from_s, one.until_s) for one in ready.orders.hazards]
    ready.simulation(seed=1).run(0)
    after = [(one.kind, one.cells, one.from_s, one.until_s) for one in ready.orders.hazards]
    assert before == after


def test_exposure_is_kept_by_room_and_holds_no_coordinates():
    ready = assemble(with_hazards(2), PLAN, compiled_two_rooms())
    found = ready.simulation(seed=1).run(0).hazards
    assert found is not None
    spaces, people = len(ready.compiled.space_ids), ready.roster.n_people
    assert spaces != people
    for entry in fields(HazardTimes):
        value = getattr(found, entry.name)
        assert value.shape in ((2,), (2, spaces)), entry.name
        assert not {"xy", "x", "y", "slot", "person"} & ({*entry.name.split("_")} - {"person"})
    assert np.isfinite(found.exposure_person_s).all()


def test_rules_of_response_offer_shelter_leaving_and_waiting_only():
    assert {one.name for one in sim.protocols.Response} == {"SHELTER", "LEAVE", "WAIT"}


def test_kinds_of_hazard_are_the_five_of_the_design():
    kind = HazardFile.model_fields["kind"].annotation
    assert get_origin(kind) is not None
    assert set(get_args(kind)) == {"fire", "smoke", "gas", "water", "threat"}

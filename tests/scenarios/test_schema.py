"""The published JSON Schemas are the ones the models give, and they accept what hallways reads."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from support.two_rooms import hand_calculation

from buildings import parse_yaml
from scenarios import builtin_scenarios
from scenarios.find_reunification import builtin_reunifications
from scenarios.reunification_file import ReunificationPlanFile
from scenarios.scenario_file import ScenarioFile
from scenarios.schema import SCHEMAS, json_schema, schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_published_schema_is_up_to_date(name: str):
    text = (PUBLISHED / name).read_text(encoding="utf-8")
    assert text == schema_text(SCHEMAS[name]), "run python -m scenarios.schema"
    jsonschema.Draft202012Validator.check_schema(json_schema(SCHEMAS[name]))


def test_schema_accepts_the_scenarios_that_come_with_hallways():
    schema = json_schema(ScenarioFile)
    for name in builtin_scenarios():
        entry = files("scenarios").joinpath("library", f"{name.removeprefix('builtin:')}.yaml")
        jsonschema.validate(parse_yaml(entry.read_text(encoding="utf-8"), name=name).value, schema)
    jsonschema.validate(hand_calculation(), schema)


def test_schema_accepts_the_reunification_plans_that_come_with_hallways():
    schema = json_schema(ReunificationPlanFile)
    folder = files("scenarios").joinpath("library", "reunification")
    for name in builtin_reunifications():
        entry = folder.joinpath(f"{name.removeprefix('builtin:')}.yaml")
        jsonschema.validate(parse_yaml(entry.read_text(encoding="utf-8"), name=name).value, schema)


def test_schema_refuses_what_the_models_refuse():
    schema = json_schema(ScenarioFile)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(hand_calculation(replica=5), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(hand_calculation(seed=-1), schema)

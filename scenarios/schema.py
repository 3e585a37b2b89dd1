"""The JSON Schemas of the files that scenarios read and write, generated from their models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from scenarios.based_on import KEY as BASED_ON
from scenarios.reunification_file import ReunificationPlanFile
from scenarios.scenario_file import ScenarioFile
from scenarios.summary_file import SummaryFile

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS: Final[Mapping[str, type[BaseModel]]] = {
    "reunification.schema.json": ReunificationPlanFile,
    "scenario.schema.json": ScenarioFile,
    "summary.schema.json": SummaryFile,
}
"""File name under ``docs/schema/`` and the model it is generated from."""


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a file.

    A scenario that is based on another one need not say what that one says.
    """
    schema = {"$schema": DIALECT, **model.model_json_schema()}
    if model is ScenarioFile:
        schema["properties"][BASED_ON] = {
            "description": "A scenario file or builtin:<name>: all that is not said here is as "
            "there.",
            "title": "Based On",
            "type": "string",
        }
        schema["anyOf"] = [{"required": [BASED_ON]}, {"required": schema.pop("required")}]
    return schema


def write_schemas(folder: Path) -> None:
    """Write every schema into a folder, such as ``docs/schema`` of a checkout."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in SCHEMAS.items():
        (folder / name).write_text(schema_text(model), encoding="utf-8")


def schema_text(model: type[BaseModel]) -> str:
    """Return the schema of a file as it is published."""
    return json.dumps(json_schema(model), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_schemas(Path(__file__).parent.parent / "docs" / "schema")

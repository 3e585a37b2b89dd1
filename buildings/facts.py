"""What people know about a building and no drawing says, one line each, apart from geometry."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from buildings.borders import did_you_mean, read_text
from buildings.file_model import check_file
from buildings.plan import Fact, Plan, PlanError
from buildings.plan_features import feature_from, is_own_key, properties_of
from buildings.plan_models import FEATURE_FILES, file_keys
from buildings.yaml_file import YamlFile

COLUMNS: Final = ("id", "key", "value", "source", "date")
FIXED_KEYS: Final = frozenset({"id", "level"})
MAX_FACTS: Final = 200_000


def read_facts(path: Path) -> tuple[Fact, ...]:
    """Read a facts.csv.

    Raises
    ------
    PlanError
        If the columns are not those of the format, a line is short, or a fact is said twice; every
        fault is listed with its line.
    """
    reader = csv.reader(io.StringIO(read_text(path, kind="facts.csv"), newline=""), strict=True)
    faults: list[str] = []
    facts: list[Fact] = []
    said: dict[tuple[str, str], int] = {}
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if tuple(header) != COLUMNS:
            raise PlanError(
                f"{path}:1: columns are {','.join(header) or 'missing'}, "
                f"expected {','.join(COLUMNS)}"
            )
        for row in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(COLUMNS):
                faults.append(f"{path}:{line}: {len(row)} columns, expected {len(COLUMNS)}")
                continue
            fact = Fact(*(cell.strip() for cell in row))
            if (fact.id, fact.key) in said:
                first = said[fact.id, fact.key]
                faults.append(
                    f"{path}:{line}: {fact.id} {fact.key} is said twice, first on line {first}"
                )
            said[fact.id, fact.key] = line
            facts.append(fact)
            if len(facts) > MAX_FACTS:
                raise PlanError(f"{path}: more than {MAX_FACTS} facts")
    except csv.Error as error:
        raise PlanError(f"{path}:{reader.line_num}: not readable as CSV: {error}") from None
    if faults:
        raise PlanError(f"{path}: {len(faults)} faults", tuple(faults))
    return tuple(facts)


def apply_facts(plan: Plan, facts: Sequence[Fact], *, name: str = "facts.csv") -> Plan:
    """Return a plan in which facts win over what the files say.

    Parameters
    ----------
    plan : Plan
        The plan as drawn or imported.
    facts : sequence of Fact
        Statements about its spaces, portals and points; they are kept in ``plan.facts``.
    name : str
        What to call the facts in messages.

    Raises
    ------
    PlanError
        If a fact speaks of an id, a key or a value that does not exist; every fault is listed.
    """
    faults: list[str] = []
    changed: dict[str, dict[str, Any]] = {kind: dict(getattr(plan, kind)) for kind in FEATURE_FILES}
    known = [id_ for features in changed.values() for id_ in features]
    by_id: dict[str, list[Fact]] = {}
    for fact in facts:
        by_id.setdefault(fact.id, []).append(fact)
    for id_, stated in by_id.items():
        kind = next((kind for kind, features in changed.items() if id_ in features), None)
        if kind is None:
            faults.append(f"{name}: {id_}: no space, portal or point{did_you_mean(id_, known)}")
            continue
        feature, found = with_stated(changed[kind][id_], kind, stated, name)
        faults += found
        changed[kind][id_] = feature
    if faults:
        raise PlanError(f"{name}: {len(faults)} facts do not fit the plan", tuple(faults))
    proxies: dict[str, Mapping[str, Any]] = {k: MappingProxyType(v) for k, v in changed.items()}
    return replace(
        plan,
        spaces=proxies["spaces"],
        portals=proxies["portals"],
        points=proxies["points"],
        facts=tuple(sorted(facts, key=lambda fact: (fact.id, fact.key))),
    )


def with_stated(
    feature: Any, kind: str, stated: Iterable[Fact], name: str
) -> tuple[Any, list[str]]:
    """Return a feature with facts applied, and what is wrong with them."""
    _, model, geometry = FEATURE_FILES[kind]
    properties = properties_of(feature)
    faults = []
    keys = file_keys(model)
    for fact in stated:
        if fact.key in FIXED_KEYS:
            faults.append(f"{name}: {fact.id} {fact.key}: cannot be changed by a fact")
        elif fact.key not in keys and not is_own_key(fact.key):
            faults.append(
                f"{name}: {fact.id} {fact.key}: unknown key{did_you_mean(fact.key, keys)}"
            )
        elif fact.value == "":
            properties.pop(fact.key, None)
        else:
            properties[fact.key] = _typed(model, fact.key, fact.value)
    if faults:
        return feature, faults
    extra = {key: value for key, value in properties.items() if is_own_key(key)}
    plain = {key: value for key, value in properties.items() if not is_own_key(key)}
    checked, faults = check_file(YamlFile(f"{name}: {feature.id}", plain, {}), model)
    if checked is None:
        return feature, faults
    shape = {"Polygon": "polygon", "LineString": "line", "Point": "point"}[geometry]
    return feature_from(checked, getattr(feature, shape), extra), []


def _typed(model: Any, key: str, value: str) -> str | int | float:
    """Read a number where the key holds one; text stays as it stands."""
    field = (
        next(f for n, f in model.model_fields.items() if (f.alias or n) == key)
        if (key in file_keys(model))
        else None
    )
    wanted = str(field.annotation) if field is not None else "str"
    for number in (int, float):
        if number.__name__ in wanted:
            try:
                return number(value)
            except ValueError:
                continue
    return value

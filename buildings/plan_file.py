"""Read a plan folder: every fault in its five files listed at once, none passed over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from buildings.borders import InputError, did_you_mean
from buildings.facts import apply_facts, read_facts
from buildings.finding import Finding
from buildings.plan import OUTSIDE, Fact, Plan, PlanError, Space
from buildings.plan_reading import Reading, look_at
from buildings.plan_writer import BUILDING_FILE, FACTS_FILE, plan_sha256

BUILTIN: Final = "builtin:"
SCHOOLS: Final = Path(__file__).parent / "schools"
SHOWN_FINDINGS: Final = 200


def builtin_plans() -> tuple[str, ...]:
    """Return the names of the schools that come with the program."""
    return tuple(sorted(entry.parent.name for entry in SCHOOLS.glob(f"*/{BUILDING_FILE}")))


def load_plan(source: str | Path) -> Plan:
    """Read a plan folder, or one of the built-in schools.

    Parameters
    ----------
    source : str or Path
        A folder with ``building.yaml``, or ``builtin:NAME``.

    Returns
    -------
    Plan
        With ``facts.csv`` applied and its hash set.

    Raises
    ------
    PlanError
        If anything in the files is wrong; the findings name file, line, feature, what was found
        and what was expected.
    """
    folder = _folder(source)
    reading = Reading(folder)
    plan = reading.plan()
    if reading.faults:
        shown = [fault.message for fault in reading.faults[:SHOWN_FINDINGS]]
        more = len(reading.faults) - len(shown)
        lines = (*shown, f"and {more} more") if more else tuple(shown)
        raise PlanError(f"{folder}: {len(reading.faults)} faults in the plan", lines)
    facts = folder / FACTS_FILE
    if facts.exists():
        plan = apply_facts(plan, read_facts(facts), name=str(facts))
    return replace(plan, sha256=plan_sha256(plan))


def read_plan(source: str | Path) -> tuple[Plan, tuple[Finding, ...]]:
    """Read as much of a plan folder as can be read, and say what could not.

    Parameters
    ----------
    source : str or Path
        As for `load_plan`.

    Returns
    -------
    plan : Plan
        Without the features and facts that are faulty; the whole plan where nothing is.
    findings : tuple of Finding
        Errors of the stages "schema" and "references", in the order of the files.

    Raises
    ------
    PlanError
        If there is no such folder, or its ``building.yaml`` cannot be read.
    """
    folder = _folder(source)
    reading = Reading(folder)
    plan = _without_dangling(reading.plan())
    findings = list(reading.faults)
    path = folder / FACTS_FILE
    if path.exists() and not reading.unread:
        try:
            facts = read_facts(path)
        except PlanError as error:
            repair = "write id,key,value,source,date on each line"
            findings += [
                Finding("schema", "error", "facts_file", (), words, repair)
                for words in error.findings or (str(error),)
            ]
        else:
            plan, faults = _with_facts(plan, facts, reading.faulty, str(path))
            findings += faults
    return replace(plan, sha256=plan_sha256(plan)), tuple(findings)


def _without_dangling(plan: Plan) -> Plan:
    """Leave out what refers to something that is not there."""
    levels = {level.id for level in plan.levels}

    def on_levels(space: Space) -> bool:
        named = [space.level, *(space.lift.levels if space.lift is not None else ())]
        if space.stair is not None:
            named += [space.stair.from_level, space.stair.to_level]
        return levels.issuperset(named)

    spaces = {id_: space for id_, space in plan.spaces.items() if on_levels(space)}
    known = {*spaces, OUTSIDE}
    portals = {
        id_: portal
        for id_, portal in plan.portals.items()
        if portal.level in levels
        and {portal.from_space, portal.to_space} <= known
        and portal.from_space != portal.to_space
    }
    points = {id_: point for id_, point in plan.points.items() if point.level in levels}
    return replace(
        plan,
        spaces=MappingProxyType(spaces),
        portals=MappingProxyType(portals),
        points=MappingProxyType(points),
    )


def _with_facts(
    plan: Plan, facts: tuple[Fact, ...], faulty: set[str], name: str
) -> tuple[Plan, list[Finding]]:
    """Apply the facts that fit, id by id, and point out those that do not."""
    by_id: dict[str, list[Fact]] = {}
    for fact in facts:
        by_id.setdefault(fact.id, []).append(fact)
    good: list[Fact] = []
    findings: list[Finding] = []
    for id_, stated in by_id.items():
        try:
            apply_facts(plan, stated, name=name)
        except PlanError as error:
            feature = plan.spaces.get(id_) or plan.portals.get(id_) or plan.points.get(id_)
            if feature is None and id_ in faulty:
                continue
            x, y = look_at(feature) if feature is not None else (None, None)
            level = feature.level if feature is not None else None
            repair = "correct or drop the line in facts.csv"
            findings += [
                Finding("references", "error", "fact", (id_,), words, repair, level, x, y)
                for words in error.findings
            ]
        else:
            good += stated
    return apply_facts(plan, good, name=name), findings


def _folder(source: str | Path) -> Path:
    text = str(source)
    if text.startswith(BUILTIN):
        name = text.removeprefix(BUILTIN)
        if name not in builtin_plans():
            hint = did_you_mean(name, builtin_plans())
            raise PlanError(
                f"{text}: no built-in school of that name{hint}, "
                f"expected one of {', '.join(builtin_plans())}"
            )
        return SCHOOLS / name
    folder = Path(source)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "no such folder"
        raise PlanError(f"{folder}: {what}, expected a plan folder with {BUILDING_FILE}")
    if not (folder / BUILDING_FILE).is_file():
        raise PlanError(f"{folder}: no {BUILDING_FILE} in it, expected a plan folder")
    return folder


__all__ = ["InputError", "builtin_plans", "load_plan", "read_plan"]

"""Find, read and check one scenario: a file, one that comes with hallways, or a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from buildings import InputError, KeyPath, YamlFile, check_file, parse_yaml, read_yaml
from scenarios.based_on import with_base
from scenarios.scenario import ExitChoice, Scenario, ScenarioError
from scenarios.scenario_file import ScenarioFile
from scenarios.scenario_library import BUILTIN, read_builtin


def load_scenario(source: str | Path, *, changes: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    source : str or Path
        A YAML file, or ``builtin:<name>`` for one that comes with hallways.
    changes : sequence of str
        ``key.path=value`` each, over what the file says; values are read as YAML.

    Returns
    -------
    Scenario
        Checked on its own; `assemble` checks it against its plan.

    Raises
    ------
    ScenarioError
        With one line for every fault: file, line, key, what was expected, what was found.
    InputError
        If the file cannot be read at all or is not YAML.
    """
    text = str(source)
    if text.startswith(BUILTIN):
        file, folder = read_builtin(text), Path.cwd()
    else:
        path = Path(source)
        file, folder = read_yaml(path, kind="scenario"), path.parent
    file, folder = with_base(file, folder)
    for change in changes:
        file = changed(file, change)
    return check_scenario(file, folder=folder)


def scenario_from(content: Mapping[str, Any], *, name: str = "scenario", folder: Path) -> Scenario:
    """Check a scenario given as a mapping, as `load_scenario` checks a file.

    Parameters
    ----------
    content : mapping
        What a scenario file would say.
    name : str
        What to call it in messages.
    folder : Path
        Where a relative plan path starts.

    Raises
    ------
    ScenarioError
        With one line for every fault.
    """
    lines: dict[KeyPath, int] = {(): 0}
    file, folder = with_base(YamlFile(name, dict(content), lines), folder)
    return check_scenario(file, folder=folder)


def check_scenario(file: YamlFile, *, folder: Path) -> Scenario:
    """Check the content of a scenario file; relative plan paths start at ``folder``.

    Raises
    ------
    ScenarioError
        With one line for every fault.
    """
    said, faults = check_file(file, ScenarioFile)
    if said is None:
        raise ScenarioError(tuple(faults))
    plan_at = said.plan if said.plan.startswith(BUILTIN) else str(folder / said.plan)
    return Scenario(
        name=said.name,
        file=file,
        plan_as_said=said.plan,
        plan_at=plan_at,
        seed=said.seed,
        replicas=said.replicas,
        end_s=said.end_s,
        population=said.population.to_population(),
        speeds=said.to_speeds(),
        pre_movement=said.to_pre_movement(),
        evacuation=said.protocol.evacuate.to_evacuation(),
        protocol=said.protocol.to_protocol(),
        communication=(
            None if said.communication is None else said.communication.to_communication()
        ),
        responders=said.to_responders(),
        hazards=tuple(hazard.to_hazard() for hazard in said.hazards),
        reunification=(
            None if said.reunification is None else said.reunification.to_reunification()
        ),
        class_uses=tuple(said.classes.uses),
        keep_together=said.classes.keep_together,
        assign_exits=dict(said.assign_exits),
        doors=tuple(door.to_change() for door in said.doors),
        directions=tuple(direction.to_direction() for direction in said.directions),
        exit_choice=ExitChoice() if said.exit_choice is None else said.exit_choice.to_choice(),
        assistance=said.to_assistance(),
        lifts={name: lift.to_lift() for name, lift in said.lifts.items()},
        law=said.movement.law,
        law_numbers=said.movement.to_law_numbers(),
        merge_weights=dict(said.movement.merge_weights),
        accountability=(
            None if said.accountability is None else said.accountability.to_accountability().numbers
        ),
        teaches=said.teaches or "",
        resolved=said.to_resolved(),
    )


def changed(file: YamlFile, change: str) -> YamlFile:
    """Return a file as ``--set key.path=value`` changes it.

    Raises
    ------
    InputError
        If it is no such change, or its value is not YAML.
    """
    key, equals, text = change.partition("=")
    if not equals or not key.strip():
        raise InputError(
            f"--set {change}: expected key=value, such as protocol.evacuate.alarm_s=30"
        )
    said_by = f"--set {change}"
    try:
        wrapped = parse_yaml(f"value: {text}", name=said_by)
    except InputError as error:
        raise InputError(str(error).replace(f"{said_by}:1", said_by)) from None
    if set(wrapped.value) != {"value"}:
        raise InputError(f"{said_by}: expected one value")
    return file.with_value(key.strip().split("."), wrapped.value["value"], said_by=said_by)

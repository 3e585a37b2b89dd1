"""The folder of one run: manifest, summary, Parquet tables and the plan, whole or not at all."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from buildings import (
    CompiledPlan,
    InputError,
    compile_plan,
    load_plan,
    private_folder,
    read_text,
    write_plan,
    write_private,
)
from scenarios.ensemble import Ensemble
from scenarios.find_scenario import scenario_from
from scenarios.orders import ordered
from scenarios.protocol_columns import PROTOCOL_TABLES
from scenarios.protocol_outcome import ProtocolOutcome
from scenarios.protocol_page import PAGE
from scenarios.protocol_tables import changes_of, protocol_outcome
from scenarios.read_tables import (
    hazard_table,
    help_table,
    help_tasks,
    kept_results,
    read_table,
    responder_tables,
    stacked_from,
)
from scenarios.roster import build_roster
from scenarios.run_tables import tables_of, to_parquet
from scenarios.summary import summarize
from scenarios.table_columns import TABLES
from sim import Roster
from sim.protocols import ProtocolTimes

MANIFEST: Final = "manifest.json"
SUMMARY: Final = "summary.json"
PLAN: Final = "plan"
LATER: Final = ("assistance", "helpers", "responders", "releases", "hazards", *PROTOCOL_TABLES)
"""Tables that runs which were written before do not have, or that are not for every run."""
DRAWN: Final = frozenset(
    {
        "report.html", "comparison.json", "comparison.csv", "arrival_curve.png",
        PAGE,
        *(f"{name}.{kind}"
          for name in ("plan_queues", "clearance_curve", "rooms_on_plan", "rooms_curve")
          for kind in ("png", "svg", "pdf")),
    }
)  # fmt: skip
"""Pictures and reports that other verbs put beside a run; they speak of it and go with it."""
CONTENTS: Final = DRAWN | {MANIFEST, SUMMARY, PLAN, *(f"{name}.parquet" for name in TABLES)}
"""What a run folder holds, and all that writing one over another will ever remove."""


class RunFolderError(InputError):
    """A folder that is no run, or not one that may be written over."""


def write_run(ensemble: Ensemble, folder: Path) -> Path:
    """Write a run folder: readable by its owner only, and complete or not there.

    Parameters
    ----------
    ensemble : Ensemble
    folder : Path
        A new or empty folder, or a run folder, which is replaced.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    RunFolderError
        If the folder holds anything that is not part of a run.
    InputError
        If it cannot be written.
    """
    check_may_write(folder)
    target = folder.resolve()
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        private_folder(fresh)
        write_plan(ensemble.plan, fresh / PLAN)
        for name, table in tables_of(ensemble).items():
            write_private(fresh / f"{name}.parquet", to_parquet(table))
        write_private(fresh / SUMMARY, as_json(summarize(ensemble)))
        write_private(fresh / MANIFEST, as_json(ensemble.manifest))
        _put_in_place(fresh, target)
    except OSError as error:
        raise RunFolderError(f"{folder}: cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def check_may_write(folder: Path) -> None:
    """Refuse a folder that holds anything which is not part of a run.

    Raises
    ------
    RunFolderError
        Naming what was found there.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RunFolderError(f"{folder}: is a file, expected a folder to write a run to")
    try:
        present = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise RunFolderError(f"{folder}: cannot be read ({error.strerror})") from None
    if not present:
        return
    foreign = [name for name in present if name not in CONTENTS]
    if foreign or MANIFEST not in present:
        found = (foreign or present)[0]
        raise RunFolderError(
            f"{folder}: holds {found!r}, which is not part of a run; nothing was written. "
            "Expected a new or empty folder, or a run folder to replace"
        )


def load_run(folder: Path) -> Ensemble:
    """Read a run folder back, exactly as it was written.

    Raises
    ------
    RunFolderError
        If the folder is no run, or a file of it is missing, changed or unreadable.
    """
    manifest = read_manifest(folder)
    plan = load_plan(folder / PLAN)
    if plan.sha256 != manifest["plan"]["sha256"]:
        raise RunFolderError(
            f"{folder / PLAN}: the plan was changed after the run "
            f"(found {plan.sha256[:12]}, expected {manifest['plan']['sha256'][:12]})"
        )
    scenario = scenario_from(manifest["scenario"], name=manifest["scenario_file"], folder=folder)
    scenario = replace(scenario, plan_at=str(folder / PLAN))
    compiled = compile_plan(plan)
    roster = build_roster(scenario, plan, compiled)
    tables = {
        name: read_table(folder / f"{name}.parquet", name)
        for name in ("replicas", "people", "doors", "groups", "events")
    }
    seed, replicas = int(manifest["seed"]), int(manifest["replicas"])
    try:
        stacked = stacked_from(tables, compiled, roster, replicas=replicas)
        later = {
            name: read_table(folder / f"{name}.parquet", name)
            for name in LATER
            if (folder / f"{name}.parquet").exists()
        }
        helped = help_table(later.get("assistance"), tables["replicas"], roster, replicas=replicas)
        tasks = help_tasks(later.get("helpers"), roster)
        responders = responder_tables(
            later.get("responders"),
            later.get("releases"),
            scenario.responders,
            compiled,
            replicas=replicas,
        )
        hazards = hazard_table(
            later.get("hazards"), compiled, replicas=replicas, n_hazards=len(scenario.hazards)
        )
        protocol = protocol_outcome(
            later,
            scenario.protocol.timeline,
            compiled,
            roster,
            replicas=replicas,
            end_s=scenario.end_s,
        )
        times = _kept_times(protocol, later, compiled, roster, manifest["kept_replicas"])
    except ValueError as error:
        raise RunFolderError(f"{folder}: the tables do not fit the manifest ({error})") from None
    return Ensemble(
        plan=plan,
        compiled=compiled,
        roster=roster,
        scenario=scenario,
        seed=seed,
        replicas=replicas,
        kept=kept_results(
            tables["events"],
            stacked,
            seed=seed,
            kept_replicas=manifest["kept_replicas"],
            helped=helped,
            tasks=tasks,
            orders=ordered(scenario, plan, compiled, []).all,
            protocol=times,
        ),
        manifest=manifest,
        help=helped,
        responders=responders,
        hazards=hazards,
        protocol=protocol,
        **stacked,
    )


def _kept_times(
    protocol: ProtocolOutcome | None,
    tables: Mapping[str, Any],
    compiled: CompiledPlan,
    roster: Roster,
    kept_replicas: Sequence[int],
) -> dict[int, ProtocolTimes]:
    """Return what became of rooms, doors and people in the kept replicas, by replica."""
    if protocol is None:
        return {}
    changes = changes_of(tables["protocol_changes"], compiled, roster)
    return {number: protocol.of_replica(number, changes[number]) for number in kept_replicas}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    RunFolderError
        If there is none, or it is not the manifest of a run.
    """
    if not folder.is_dir():
        raise RunFolderError(f"{folder}: no such folder, expected a run folder")
    path = folder / MANIFEST
    if not path.exists():
        raise RunFolderError(f"{folder}: holds no {MANIFEST}, expected a run folder")
    try:
        manifest = json.loads(read_text(path, kind="manifest"))
    except json.JSONDecodeError as error:
        raise RunFolderError(f"{path}:{error.lineno}: not readable as JSON: {error.msg}") from None
    wanted = {"plan", "scenario", "scenario_file", "seed", "replicas", "kept_replicas"}
    if not isinstance(manifest, dict) or manifest.get("kind") != "run":
        raise RunFolderError(f"{path}: is not the manifest of a run (kind should be 'run')")
    missing = sorted(wanted - manifest.keys())
    if missing:
        raise RunFolderError(f"{path}: {missing[0]} is missing")
    return manifest


def as_json(value: Any) -> bytes:
    """Return plain values as JSON bytes: keys in their order, no NaN, one final line end."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def _put_in_place(fresh: Path, target: Path) -> None:
    """Move a finished folder to its place; what was there goes only when the new one stands."""
    if not target.exists():
        fresh.rename(target)
        return
    old = target.with_name(f".{target.name}.{secrets.token_hex(4)}.old")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)

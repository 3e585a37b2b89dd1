"""What the watchdog leaves of a stopped replica: enough to run it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from buildings import InputError, read_text, write_private
from scenarios.find_scenario import scenario_from
from scenarios.manifest import make_manifest

if TYPE_CHECKING:
    from scenarios.assembled import Assembled
    from scenarios.batch import FrozenReplicaError
    from sim import RunResult


def write_frozen(ready: Assembled, error: FrozenReplicaError, folder: Path) -> Path:
    """Write what a stopped replica needs to be run again, beside the run folder it would fill.

    Returns
    -------
    Path
        The file: ``<folder>-frozen-<seed>-<replica>.json``.
    """
    manifest = make_manifest(ready, seed=error.seed, replicas=1, kept_replicas=())
    content = {
        "kind": "frozen_replica",
        "message": str(error),
        "replica": error.replica,
        "held_up": [
            {"person": ready.roster.person_ids[person], "at": place}
            for person, place in error.held_up
        ],
        "manifest": manifest,
    }
    path = folder.with_name(f"{folder.name}-frozen-{error.seed}-{error.replica}.json")
    write_private(path, (json.dumps(content, indent=2, sort_keys=True) + "\n").encode())
    return path


def run_frozen_again(path: Path, *, plan_folder: Path | None = None) -> RunResult:
    """Run a stopped replica again, with its event log.

    Parameters
    ----------
    path : Path
        A file that `write_frozen` wrote.
    plan_folder : Path, optional
        Where the plan lies now; by default where the scenario says, from the file's own folder.

    Raises
    ------
    InputError
        If the file is no such file.
    FrozenError
        If the replica freezes again.
    """
    from scenarios.assembled import assemble

    try:
        content: dict[str, Any] = json.loads(read_text(path, kind="frozen replica"))
        manifest, replica = content["manifest"], int(content["replica"])
        said = dict(manifest["scenario"])
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: is not the file of a frozen replica ({error})") from None
    if plan_folder is not None:
        said["plan"] = str(plan_folder.resolve())
    scenario = scenario_from(said, name=path.name, folder=path.parent)
    simulation = assemble(scenario).simulation(seed=int(manifest["seed"]))
    return simulation.run(replica, record_events=True)

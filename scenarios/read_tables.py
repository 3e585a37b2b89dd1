"""Turn the Parquet tables of a run folder back into the arrays of an ensemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from buildings import CompiledPlan, InputError
from scenarios.arrow_columns import code_column, float_column, int_column
from scenarios.ensemble import STACKED
from scenarios.hazard_outcome import HazardOutcome
from scenarios.help_outcome import HelpOutcome, no_help
from scenarios.responder_outcome import OF_ROOMS, OF_UNITS, ResponderOutcome
from scenarios.responders_said import RespondersSaid
from scenarios.table_columns import TABLES
from sim import (
    EVENT_KINDS,
    FINAL_STATES,
    WAYS_OUT,
    Events,
    HelpTask,
    HelpTimes,
    Order,
    Roster,
    RunResult,
)
from sim.protocols import ProtocolTimes


def read_table(path: Path, name: str) -> pa.Table:
    """Read one table of a run folder.

    Raises
    ------
    InputError
        If the file is missing, damaged, or lacks a column.
    """
    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file, expected the table {name!r} of a run") from None
    except (OSError, pa.ArrowException) as error:
        words = str(error).splitlines()[0]
        raise InputError(f"{path}: not readable as Parquet ({words})") from None
    wanted = [column.name for column in TABLES[name] if not column.later]
    missing = [column for column in wanted if column not in table.column_names]
    if missing:
        raise InputError(f"{path}: column {missing[0]!r} is missing")
    return table


def stacked_from(
    tables: Mapping[str, pa.Table], compiled: CompiledPlan, roster: Roster, *, replicas: int
) -> dict[str, NDArray[Any]]:
    """Return the arrays of an ensemble, one row for each replica.

    Raises
    ------
    ValueError
        If a table has not the length that the roster and the building ask for, or names an exit
        or a state that there is not.
    """
    people, doors, groups = tables["people"], tables["doors"], tables["groups"]
    rows = replicas * 2 * compiled.n_gates
    if len(doors) != rows:
        raise ValueError(
            f"doors: expected {rows} rows for the gates of this building, found {len(doors)}: the "
            "run is damaged, or of a version that saw other gates; run it again"
        )
    stacked: dict[str, NDArray[Any]] = {"end_s": float_column(tables["replicas"], "end_s")}
    for name in STACKED:
        if name == "end_s":
            continue
        values: NDArray[Any]
        if name.startswith("group_"):
            values, width = (
                float_column(groups, name.removeprefix("group_")),
                len(roster.groups.ids),
            )
        elif name == "side_waiting" and "waiting" not in doors.column_names:
            values, width = np.zeros(len(doors), dtype=np.int64), 2 * compiled.n_gates
        elif name in ("side_passed", "side_peak_queue", "side_waiting"):
            values, width = int_column(doors, name.removeprefix("side_")), 2 * compiled.n_gates
        elif name.startswith("side_"):
            values, width = float_column(doors, name.removeprefix("side_")), 2 * compiled.n_gates
        elif name == "exit_gate":
            values, width = code_column(people, "exit", compiled.gate_ids), roster.n_people
        elif name == "final_state":
            values, width = code_column(people, "final_state", FINAL_STATES), roster.n_people
        else:
            values, width = float_column(people, name), roster.n_people
        stacked[name] = values.reshape(replicas, width)
    return stacked


def help_table(
    assistance: pa.Table | None, per_replica: pa.Table, roster: Roster, *, replicas: int
) -> HelpOutcome:
    """Return what became of those who need help; nobody does in runs without that table.

    Raises
    ------
    ValueError
        If the table names a person or a way that there is not, or not the same people throughout.
    """
    if assistance is None or assistance.num_rows == 0:
        return no_help(replicas)
    person = code_column(assistance, "person", roster.person_ids).reshape(replicas, -1)
    if (person != person[0]).any():
        raise ValueError("assistance: not the same people in every replica")
    times = {
        name: float_column(assistance, name).reshape(person.shape)
        for name in ("waits_from_s", "help_s", "set_off_s")
    }
    return HelpOutcome(
        person=person,
        **times,
        way=code_column(assistance, "way", WAYS_OUT).reshape(person.shape),
        helpers_used=int_column(per_replica, "helpers_used"),
        helpers_at_once=int_column(per_replica, "helpers_at_once"),
    )


def responder_tables(
    units: pa.Table | None,
    releases: pa.Table | None,
    said: RespondersSaid,
    compiled: CompiledPlan,
    *,
    replicas: int,
) -> ResponderOutcome | None:
    """Return what became of responders; None for runs without them.

    Raises
    ------
    ValueError
        If a table has not the length that the scenario asks for, or names an unknown unit or room.
    """
    if units is None or releases is None or not said.says_anything:
        return None
    names = [unit.name for unit in said.units]
    code_column(units, "unit", names)
    replica, space = (
        int_column(releases, "replica"),
        code_column(releases, "space", compiled.space_ids),
    )
    rooms = np.unique(space)
    at = np.searchsorted(rooms, space)
    to_release = np.zeros((replicas, len(rooms)), dtype=np.bool_)
    to_release[replica, at] = True
    from_s = np.full(replicas, np.inf)
    from_s[replica] = float_column(releases, "from_s")
    times = {name: np.full(to_release.shape, np.inf) for name in OF_ROOMS}
    for name, values in times.items():
        values[replica, at] = float_column(releases, name)
    of_units = {name: float_column(units, name).reshape(replicas, len(names)) for name in OF_UNITS}
    return ResponderOutcome(
        **of_units, **times, space=rooms.astype(np.int64), to_release=to_release, from_s=from_s
    )


def hazard_table(
    hazards: pa.Table | None, compiled: CompiledPlan, *, replicas: int, n_hazards: int
) -> HazardOutcome | None:
    """Return what became of hazards; None for runs without any.

    Raises
    ------
    ValueError
        If the table names a space, a replica or a hazard that there is not.
    """
    if hazards is None or n_hazards == 0:
        return None
    row, number = int_column(hazards, "replica"), int_column(hazards, "hazard")
    if (row >= replicas).any() or (number >= n_hazards).any():
        raise ValueError("hazards: more replicas or hazards than the manifest says")
    space = code_column(hazards, "space", compiled.space_ids)
    shape = (replicas, n_hazards, len(compiled.space_ids))
    noticed, reported = np.full(shape, np.inf), np.full(shape[:2], np.inf)
    inside, in_sight = np.zeros(shape), np.zeros(shape)
    noticed[row, number, space] = float_column(hazards, "noticed_s")
    reported[row, number] = float_column(hazards, "reported_s")
    inside[row, number, space] = float_column(hazards, "inside_person_s")
    in_sight[row, number, space] = float_column(hazards, "in_sight_person_s")
    return HazardOutcome(noticed, reported, inside, in_sight)


def help_tasks(helpers: pa.Table | None, roster: Roster) -> dict[int, tuple[HelpTask, ...]]:
    """Return the tasks of helpers in the kept replicas, by replica."""
    if helpers is None:
        return {}
    columns = (
        int_column(helpers, "replica").tolist(),
        code_column(helpers, "helper", roster.person_ids).tolist(),
        code_column(helpers, "person", roster.person_ids).tolist(),
        *(float_column(helpers, name).tolist() for name in ("called_s", "arrived_s", "done_s")),
    )
    found: dict[int, tuple[HelpTask, ...]] = {}
    for replica, *task in zip(*columns, strict=True):
        found[replica] = (*found.get(replica, ()), HelpTask(*task))
    return found


def kept_results(
    events: pa.Table,
    stacked: Mapping[str, NDArray[Any]],
    *,
    seed: int,
    kept_replicas: Sequence[int],
    helped: HelpOutcome,
    tasks: Mapping[int, tuple[HelpTask, ...]],
    orders: Sequence[Order] = (),
    protocol: Mapping[int, ProtocolTimes] | None = None,
) -> tuple[RunResult, ...]:
    """Return the replicas whose event log was kept, in the order given."""
    replica = int_column(events, "replica")
    time_s = float_column(events, "time_s")
    kind = code_column(events, "kind", EVENT_KINDS).astype(np.int8)
    person = int_column(events, "person").astype(np.int32)
    subject = int_column(events, "subject").astype(np.int32)
    by_time = tuple(sorted(orders, key=lambda order: order.at_s))
    kept = []
    for number in kept_replicas:
        rows = replica == number
        log = Events(time_s[rows], kind[rows], person[rows], subject[rows])
        row = {name: values[number] for name, values in stacked.items() if name != "end_s"}
        end_s = float(stacked["end_s"][number])
        help_times = HelpTimes(
            person=helped.person[number],
            waits_from_s=helped.waits_from_s[number],
            help_s=helped.help_s[number],
            set_off_s=helped.set_off_s[number],
            way=helped.way[number],
            tasks=tasks.get(number, ()),
        )
        kept.append(
            RunResult(
                seed=seed, replica=number, end_s=end_s, events=log, orders=by_time,
                help=help_times, protocol=(protocol or {}).get(number), **row,
            )
        )  # fmt: skip
    return tuple(kept)

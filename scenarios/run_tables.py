"""Fill the tables of a run folder from an ensemble."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from scenarios.arrow_columns import arrow_table, text_column, word_codes
from scenarios.ensemble import Ensemble
from scenarios.occupancy import occupancy_changes
from scenarios.protocol_tables import protocol_tables
from scenarios.responder_outcome import OF_ROOMS, OF_UNITS, no_responders
from scenarios.summary import SHARES
from scenarios.table_columns import TABLES
from sim import EVENT_KINDS, FINAL_STATES, WAYS_OUT


def tables_of(ensemble: Ensemble) -> dict[str, pa.Table]:
    """Return all tables of a run by name."""
    return {
        "replicas": _replicas(ensemble),
        "people": _people(ensemble),
        "doors": _doors(ensemble),
        "rooms": _rooms(ensemble),
        "groups": _groups(ensemble),
        "assistance": _assistance(ensemble),
        "hazards": _hazards(ensemble),
        "helpers": _helpers(ensemble),
        "responders": _units(ensemble),
        "releases": _releases(ensemble),
        "events": _events(ensemble),
        "occupancy": _occupancy(ensemble),
        **protocol_tables(ensemble),
    }


def to_parquet(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file; the same table gives the same bytes."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", version="2.6", store_schema=True)
    return sink.getvalue()


def _by_replica(ensemble: Ensemble, rows: int) -> NDArray[np.int64]:
    return np.repeat(np.arange(ensemble.replicas), rows)


def _replicas(ensemble: Ensemble) -> pa.Table:
    return arrow_table(
        "replicas",
        {
            "replica": np.arange(ensemble.replicas),
            "end_s": ensemble.end_s,
            **{f"clearance_{n}_s": ensemble.clearance_s(share) for n, share in SHARES.items()},
            "helpers_used": ensemble.help.helpers_used,
            "helpers_at_once": ensemble.help.helpers_at_once,
            **ensemble.ledger_per_replica(),
        },
    )


def _people(ensemble: Ensemble) -> pa.Table:
    roster, replicas = ensemble.roster, ensemble.replicas
    roles, role_words = word_codes(roster.role)
    profiles, profile_words = word_codes(roster.profile)
    size = np.ones(roster.n_people) if roster.abilities is None else roster.abilities.size
    gate_words = ensemble.compiled.gate_ids
    return arrow_table(
        "people",
        {
            "replica": _by_replica(ensemble, roster.n_people),
            "person": text_column(np.tile(np.arange(roster.n_people), replicas), roster.person_ids),
            "role": text_column(np.tile(roles, replicas), role_words),
            "profile": text_column(np.tile(profiles, replicas), profile_words),
            "size": np.tile(size, replicas),
            "space": text_column(np.tile(roster.space, replicas), ensemble.compiled.space_ids),
            "group": text_column(np.tile(roster.group, replicas), roster.groups.ids),
            "exit": text_column(ensemble.exit_gate, gate_words),
            "final_state": text_column(ensemble.final_state, FINAL_STATES),
            **{
                name: getattr(ensemble, name)
                for name in (
                    "speed_mps",
                    "pre_movement_s",
                    "started_s",
                    "left_room_s",
                    "out_s",
                    "assembled_s",
                    "queue_s",
                    "walked_m",
                )
            },
        },
    )


def _doors(ensemble: Ensemble) -> pa.Table:
    gates, replicas = ensemble.compiled.n_gates, ensemble.replicas
    return arrow_table(
        "doors",
        {
            "replica": _by_replica(ensemble, 2 * gates),
            "gate": text_column(
                np.tile(np.repeat(np.arange(gates), 2), replicas), ensemble.compiled.gate_ids
            ),
            "side": np.tile([0, 1], replicas * gates),
            "passed": ensemble.side_passed,
            "peak_queue": ensemble.side_peak_queue,
            "waiting": ensemble.side_waiting,
            "queue_person_s": ensemble.side_queue_person_s,
            "first_s": ensemble.side_first_s,
            "last_s": ensemble.side_last_s,
        },
    )


def _rooms(ensemble: Ensemble) -> pa.Table:
    people = ensemble.roster.people_in(len(ensemble.compiled.space_ids))
    rows = np.flatnonzero(people)
    times = [ensemble.room_clear_s(int(row)) for row in rows]
    clear = np.stack(times, axis=1) if times else np.zeros((ensemble.replicas, 0))
    return arrow_table(
        "rooms",
        {
            "replica": _by_replica(ensemble, len(rows)),
            "space": text_column(np.tile(rows, ensemble.replicas), ensemble.compiled.space_ids),
            "people": np.tile(people[rows], ensemble.replicas),
            "clear_s": clear,
        },
    )


def _groups(ensemble: Ensemble) -> pa.Table:
    ids = ensemble.roster.groups.ids
    return arrow_table(
        "groups",
        {
            "replica": _by_replica(ensemble, len(ids)),
            "group": text_column(np.tile(np.arange(len(ids)), ensemble.replicas), ids),
            "released_s": ensemble.group_released_s,
            "assembled_s": ensemble.group_assembled_s,
            "accounted_s": ensemble.group_accounted_s,
        },
    )


def _assistance(ensemble: Ensemble) -> pa.Table:
    help_, roster = ensemble.help, ensemble.roster
    people = help_.people
    profiles, profile_words = word_codes([roster.profile[person] for person in people])
    return arrow_table(
        "assistance",
        {
            "replica": _by_replica(ensemble, len(people)),
            "person": text_column(help_.person, roster.person_ids),
            "profile": text_column(np.tile(profiles, ensemble.replicas), profile_words),
            "waits_from_s": help_.waits_from_s,
            "help_s": help_.help_s,
            "set_off_s": help_.set_off_s,
            "out_s": ensemble.out_s[:, people],
            "way": text_column(help_.way, WAYS_OUT),
        },
    )


def _hazards(ensemble: Ensemble) -> pa.Table:
    outcome, replicas = ensemble.hazards, ensemble.replicas
    names = [column.name for column in TABLES["hazards"] if column.kind == "float64"]
    columns: dict[str, list[NDArray[Any]]] = {
        name: [np.zeros(0)] for name in ("replica", "hazard", "space", *names)
    }
    for number in range(0 if outcome is None else outcome.reported_s.shape[1]):
        if outcome is None:
            break
        known = np.isfinite(outcome.noticed_s[:, number]).any(axis=0)
        spaces = np.union1d(np.flatnonzero(known), outcome.spaces_of(number))
        columns["replica"].append(_by_replica(ensemble, len(spaces)))
        columns["hazard"].append(np.full(replicas * len(spaces), number))
        columns["space"].append(np.tile(spaces, replicas))
        for name in names:
            values = getattr(outcome, name)[:, number]
            if name == "reported_s":
                values = np.repeat(values[:, None], len(spaces), axis=1)
            else:
                values = values[:, spaces]
            columns[name].append(values.ravel())
    joined: dict[str, Any] = {name: np.concatenate(parts) for name, parts in columns.items()}
    joined["space"] = text_column(joined["space"].astype(np.int64), ensemble.compiled.space_ids)
    return arrow_table("hazards", joined)


def _helpers(ensemble: Ensemble) -> pa.Table:
    tasks = [(result.replica, task) for result in ensemble.kept for task in result.help.tasks]
    ids = ensemble.roster.person_ids
    return arrow_table(
        "helpers",
        {
            "replica": [replica for replica, _ in tasks],
            "helper": text_column(
                np.array([task.helper for _, task in tasks], dtype=np.int32), ids
            ),
            "person": text_column(
                np.array([task.person for _, task in tasks], dtype=np.int32), ids
            ),
            "called_s": [task.called_s for _, task in tasks],
            "arrived_s": [task.arrived_s for _, task in tasks],
            "done_s": [task.done_s for _, task in tasks],
        },
    )


def _units(ensemble: Ensemble) -> pa.Table:
    outcome = ensemble.responders or no_responders(ensemble.replicas)
    names = [unit.name for unit in ensemble.scenario.responders.units]
    return arrow_table(
        "responders",
        {
            "replica": _by_replica(ensemble, len(names)),
            "unit": text_column(np.tile(np.arange(len(names)), ensemble.replicas), names),
            **{name: getattr(outcome, name) for name in OF_UNITS},
        },
    )


def _releases(ensemble: Ensemble) -> pa.Table:
    outcome = ensemble.responders or no_responders(ensemble.replicas)
    replica, room = np.nonzero(outcome.to_release)
    return arrow_table(
        "releases",
        {
            "replica": replica,
            "space": text_column(outcome.space[room], ensemble.compiled.space_ids),
            "from_s": outcome.from_s[replica],
            **{name: getattr(outcome, name)[replica, room] for name in OF_ROOMS},
        },
    )


def _events(ensemble: Ensemble) -> pa.Table:
    logs = [result.events for result in ensemble.kept]
    columns = {
        name: np.concatenate([np.zeros(0), *(getattr(log, name) for log in logs)])
        for name in ("time_s", "kind", "person", "subject")
    }
    replica = np.repeat([r.replica for r in ensemble.kept], [len(log) for log in logs])
    kind = text_column(columns.pop("kind"), EVENT_KINDS)
    return arrow_table("events", {"replica": replica, "kind": kind, **columns})


def _occupancy(ensemble: Ensemble) -> pa.Table:
    parts = [occupancy_changes(ensemble, result) for result in ensemble.kept]
    sizes = [len(times) for times, _, _ in parts]
    joined = [np.concatenate([part[i] for part in parts] or [np.zeros(0)]) for i in range(3)]
    return arrow_table(
        "occupancy",
        {
            "replica": np.repeat([result.replica for result in ensemble.kept], sizes),
            "time_s": joined[0],
            "space": text_column(joined[1], ensemble.compiled.space_ids),
            "people": joined[2],
        },
    )

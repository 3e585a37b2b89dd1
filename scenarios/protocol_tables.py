"""Fill the tables of a run with announced actions, and read them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import IntEnum
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from buildings import CompiledPlan
from scenarios.arrow_columns import (
    arrow_table,
    code_column,
    float_column,
    int_column,
    text_column,
)
from scenarios.protocol_columns import PROTOCOL_TABLES
from scenarios.protocol_outcome import (
    ONE_FOR_ALL,
    TIMES,
    ProtocolOutcome,
    expected_shapes,
    protocol_from,
    stacked_times,
)
from scenarios.protocol_said import DirectiveSaid
from scenarios.room_facts import RoomFacts
from sim import Roster, protocols
from sim.protocols import StateChanges

if TYPE_CHECKING:
    from scenarios.ensemble import Ensemble

Stacked = dict[str, NDArray[Any]]

ALERT: Final = ("alerted_s", "answered_s", "sent_s")
ROOMS_OF: Final = ("in_room", "shelter_space")
"""Where each person is or was, an index of a space."""
BOARDS: Final[dict[str, tuple[str, type[IntEnum]]]] = {
    "rooms": ("room", protocols.RoomState),
    "doors": ("door", protocols.DoorState),
    "people": ("person", protocols.PersonState),
}
"""The changes of state that a kept replica has: field, what it is of, its states."""


def words_of(kind: type[IntEnum]) -> tuple[str, ...]:
    """Return the names of states as tables hold them, by code."""
    return tuple(state.name.lower() for state in kind)


def protocol_tables(ensemble: Ensemble) -> dict[str, pa.Table]:
    """Return the tables of announced actions by name; none for plain evacuations."""
    outcome = ensemble.protocol
    if outcome is None:
        return {}
    compiled, roster = ensemble.compiled, ensemble.roster
    return {
        "protocol_spaces": _spaces(outcome.facts, compiled),
        "protocol_rooms": _rooms(outcome, compiled),
        "protocol_doors": _doors(outcome, compiled),
        "protocol_people": _people(outcome, compiled, roster),
        "protocol_steps": _steps(outcome),
        "protocol_replicas": arrow_table(
            "protocol_replicas",
            {
                "replica": np.arange(outcome.replicas),
                **{name: outcome.times.alert_s[:, n] for n, name in enumerate(ALERT)},
                **{name: getattr(outcome.times, name) for name in ONE_FOR_ALL},
            },
        ),
        "protocol_changes": _changes(ensemble),
    }


def _spaces(facts: RoomFacts, compiled: CompiledPlan) -> pa.Table:
    columns = {entry.name: getattr(facts, entry.name) for entry in fields(RoomFacts)}
    columns["place_kind"] = text_column(facts.place_kind, protocols.PLACE_KINDS)
    space = text_column(np.arange(len(compiled.space_ids)), compiled.space_ids)
    return arrow_table("protocol_spaces", {"space": space, **columns})


def _rows(outcome: ProtocolOutcome, ids: Sequence[str]) -> tuple[NDArray[np.int64], pa.Array]:
    """Return the replica and the id of each row, one for each replica and entity."""
    replica = np.repeat(np.arange(outcome.replicas), len(ids))
    return replica, text_column(np.tile(np.arange(len(ids)), outcome.replicas), ids)


def field_of(prefix: str, column: str) -> str:
    """Return the name in `ProtocolTimes` of what a column holds."""
    return f"{prefix}{column}" if f"{prefix}{column}" in TIMES else column


def _times_of(outcome: ProtocolOutcome, table: str, prefix: str) -> dict[str, Any]:
    """Return the columns of a table that are arrays of times or counts as they stand."""
    times = outcome.times
    return {
        column.name: getattr(times, field_of(prefix, column.name))
        for column in PROTOCOL_TABLES[table]
        if column.kind != "text" and column.name != "replica"
    }


def _rooms(outcome: ProtocolOutcome, compiled: CompiledPlan) -> pa.Table:
    replica, space = _rows(outcome, compiled.space_ids)
    state = text_column(outcome.times.room_state, words_of(protocols.RoomState))
    own = _times_of(outcome, "protocol_rooms", "room_")
    return arrow_table(
        "protocol_rooms", {"replica": replica, "space": space, "state": state, **own}
    )


def _doors(outcome: ProtocolOutcome, compiled: CompiledPlan) -> pa.Table:
    replica, gate = _rows(outcome, compiled.gate_ids)
    state = text_column(outcome.times.door_state, words_of(protocols.DoorState))
    own = _times_of(outcome, "protocol_doors", "door_")
    return arrow_table("protocol_doors", {"replica": replica, "gate": gate, "state": state, **own})


def _people(outcome: ProtocolOutcome, compiled: CompiledPlan, roster: Roster) -> pa.Table:
    replica, person = _rows(outcome, roster.person_ids)
    return arrow_table(
        "protocol_people",
        {
            "replica": replica,
            "person": person,
            "state": text_column(outcome.times.person_state, words_of(protocols.PersonState)),
            **{
                name: text_column(getattr(outcome.times, name), compiled.space_ids)
                for name in ROOMS_OF
            },
            **_times_of(outcome, "protocol_people", ""),
        },
    )


def _steps(outcome: ProtocolOutcome) -> pa.Table:
    n_steps = len(outcome.actions)
    actions = np.tile([int(action) for action in outcome.actions], outcome.replicas)
    return arrow_table(
        "protocol_steps",
        {
            "replica": np.repeat(np.arange(outcome.replicas), n_steps),
            "step": np.tile(np.arange(n_steps), outcome.replicas),
            "action": text_column(actions, words_of(protocols.Action)),
            "announced_s": outcome.times.announced_s,
        },
    )


def _changes(ensemble: Ensemble) -> pa.Table:
    parts: list[tuple[int, str, Sequence[str], type[IntEnum], StateChanges]] = []
    for result in ensemble.kept:
        if result.protocol is not None:
            for field, (of, kind) in BOARDS.items():
                changes = getattr(result.protocol, field)
                parts.append((result.replica, of, _ids(of, ensemble), kind, changes))
    none = np.zeros(0)
    entity = [[ids[e] for e in changes.entity.tolist()] for _, _, ids, _, changes in parts]
    state = [[words_of(kind)[s] for s in c.state.tolist()] for _, _, _, kind, c in parts]
    sizes = [len(changes.time_s) for *_, changes in parts]
    of_words = [of for (_, of, *_), n in zip(parts, sizes, strict=True) for _ in range(n)]
    return arrow_table(
        "protocol_changes",
        {
            "replica": np.repeat([replica for replica, *_ in parts], sizes),
            "time_s": np.concatenate([none, *(changes.time_s for *_, changes in parts)]),
            "of": pa.array(of_words, type=pa.string()).dictionary_encode(),
            "entity": pa.array(list(chain(*entity)), type=pa.string()).dictionary_encode(),
            "state": pa.array(list(chain(*state)), type=pa.string()).dictionary_encode(),
        },
    )


def _ids(of: str, ensemble: Ensemble) -> Sequence[str]:
    compiled = ensemble.compiled
    known = {"room": compiled.space_ids, "door": compiled.gate_ids}
    return known.get(of, ensemble.roster.person_ids)


def protocol_outcome(
    tables: Mapping[str, pa.Table],
    timeline: Sequence[DirectiveSaid],
    compiled: CompiledPlan,
    roster: Roster,
    *,
    replicas: int,
    end_s: float,
) -> ProtocolOutcome | None:
    """Return what the tables of a run say; None where it has none of them.

    Raises
    ------
    ValueError
        If a table has not the length that roster, building and timeline ask for, or names
        something that there is not.
    """
    if "protocol_rooms" not in tables:
        return None
    rooms, doors = tables["protocol_rooms"], tables["protocol_doors"]
    people = tables["protocol_people"]
    arrays: Stacked = {}
    for table, prefix in ((rooms, "room_"), (doors, "door_"), (people, "")):
        name = {"room_": "rooms", "door_": "doors"}.get(prefix, "people")
        for column in PROTOCOL_TABLES[f"protocol_{name}"]:
            if column.kind == "float64":
                arrays[field_of(prefix, column.name)] = _floats_or_never(table, column.name)
    arrays["room_occupied"] = int_column(rooms, "occupied").astype(np.bool_)
    arrays["room_visible"] = int_column(rooms, "visible")
    arrays["room_state"] = code_column(rooms, "state", words_of(protocols.RoomState))
    arrays["door_state"] = code_column(doors, "state", words_of(protocols.DoorState))
    arrays["person_state"] = code_column(people, "state", words_of(protocols.PersonState))
    for name in ROOMS_OF:
        nowhere = np.full(people.num_rows, -1, dtype=np.int64)
        there = name in people.column_names
        arrays[name] = code_column(people, name, compiled.space_ids) if there else nowhere
    arrays["announced_s"] = float_column(tables["protocol_steps"], "announced_s")
    whole = tables["protocol_replicas"]
    arrays["alert_s"] = np.column_stack([float_column(whole, name) for name in ALERT])
    for column in PROTOCOL_TABLES["protocol_replicas"]:
        if column.name in ONE_FOR_ALL:
            read = int_column if column.kind == "int32" else _floats_or_never
            arrays[column.name] = read(whole, column.name)
    shapes = expected_shapes(replicas, compiled, roster, len(timeline))
    return protocol_from(
        stacked_times({name: arrays[name].reshape(shape) for name, shape in shapes.items()}),
        timeline,
        _facts(tables["protocol_spaces"]),
        end_s=end_s,
    )


def _floats_or_never(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Return a column of times; inf throughout where the run was written before there was one."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.inf)
    return float_column(table, name)


def _facts(table: pa.Table) -> RoomFacts:
    flags = ("is_room", "meant", "can_close", "no_lock")
    counts = ("people", "capacity_low", "capacity_high", "places")
    columns: dict[str, Any] = {name: int_column(table, name) for name in (*flags, *counts)}
    columns |= {name: columns[name].astype(np.bool_) for name in flags}
    return RoomFacts(**columns, place_kind=code_column(table, "place_kind", protocols.PLACE_KINDS))


def changes_of(
    table: pa.Table, compiled: CompiledPlan, roster: Roster
) -> dict[int, dict[str, StateChanges]]:
    """Return the changes of state of the kept replicas, by replica and field."""
    replica = int_column(table, "replica")
    time_s = float_column(table, "time_s")
    of = code_column(table, "of", tuple(of for of, _ in BOARDS.values()))
    names = np.array(table.column("entity").to_pylist(), dtype=object)
    states = np.array(table.column("state").to_pylist(), dtype=object)
    found: dict[int, dict[str, StateChanges]] = {}
    ids = (compiled.space_ids, compiled.gate_ids, roster.person_ids)
    for number in np.unique(replica).tolist():
        boards = {}
        for code, (field, (_, kind)) in enumerate(BOARDS.items()):
            rows = (replica == number) & (of == code)
            at = {name: n for n, name in enumerate(ids[code])}
            codes = {name: n for n, name in enumerate(words_of(kind))}
            boards[field] = StateChanges(
                time_s[rows],
                np.array([at[name] for name in names[rows]], dtype=np.int64),
                np.array([codes[name] for name in states[rows]], dtype=np.int64),
            )
        found[number] = boards
    return found

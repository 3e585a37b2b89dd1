"""What we ask of a building: scenario files, ensembles and the command line.

The names below are imported when they are first used, so that ``hallways --help`` answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.assembled import Assembled, assemble
    from scenarios.batch import ReplicaError, run_ensemble
    from scenarios.ensemble import Ensemble
    from scenarios.find_scenario import load_scenario, scenario_from
    from scenarios.hazard_alternatives import hazard_alternatives
    from scenarios.intervals import central_interval, interval_covers, median
    from scenarios.law_in_words import law_words
    from scenarios.paired import PairedDifference, compare_ensembles, paired_difference
    from scenarios.protocol_outcome import ProtocolOutcome
    from scenarios.protocol_picture import curve_figure, room_figure
    from scenarios.replica_bar import replica_bar
    from scenarios.roster import build_roster
    from scenarios.run_folder import RunFolderError, load_run, write_run
    from scenarios.run_picture import queue_figure
    from scenarios.run_report import evacuates
    from scenarios.scenario import Scenario, ScenarioError
    from scenarios.scenario_library import builtin_scenarios
    from scenarios.summary import summarize
    from scenarios.traffic import CellTraffic, cell_occupancy, cell_traffic

_HOME = {
    "Assembled": "assembled",
    "CellTraffic": "traffic",
    "Ensemble": "ensemble",
    "PairedDifference": "paired",
    "ProtocolOutcome": "protocol_outcome",
    "ReplicaError": "batch",
    "RunFolderError": "run_folder",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "assemble": "assembled",
    "build_roster": "roster",
    "builtin_scenarios": "scenario_library",
    "cell_occupancy": "traffic",
    "cell_traffic": "traffic",
    "central_interval": "intervals",
    "hazard_alternatives": "hazard_alternatives",
    "compare_ensembles": "paired",
    "curve_figure": "protocol_picture",
    "evacuates": "run_report",
    "interval_covers": "intervals",
    "law_words": "law_in_words",
    "load_run": "run_folder",
    "load_scenario": "find_scenario",
    "median": "intervals",
    "paired_difference": "paired",
    "queue_figure": "run_picture",
    "room_figure": "protocol_picture",
    "replica_bar": "replica_bar",
    "run_ensemble": "batch",
    "scenario_from": "find_scenario",
    "summarize": "summary",
    "write_run": "run_folder",
}
"""The module of each public name."""

__all__ = [
    "Assembled",
    "CellTraffic",
    "Ensemble",
    "PairedDifference",
    "ProtocolOutcome",
    "ReplicaError",
    "RunFolderError",
    "Scenario",
    "ScenarioError",
    "assemble",
    "build_roster",
    "builtin_scenarios",
    "cell_occupancy",
    "cell_traffic",
    "central_interval",
    "compare_ensembles",
    "curve_figure",
    "evacuates",
    "hazard_alternatives",
    "interval_covers",
    "law_words",
    "load_run",
    "load_scenario",
    "median",
    "paired_difference",
    "queue_figure",
    "replica_bar",
    "room_figure",
    "run_ensemble",
    "scenario_from",
    "summarize",
    "write_run",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'scenarios' has no attribute {name!r}")
    value = getattr(import_module(f"scenarios.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, imported already or not."""
    return [*__all__]

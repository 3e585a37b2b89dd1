"""Write a building and a scenario as files, read them back, and run them as a user would."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import yaml
from numpy.typing import NDArray

from buildings import write_plan
from buildings.drawing import Drawing
from scenarios import CellTraffic, Ensemble, assemble, cell_traffic, load_scenario, run_ensemble

People: TypeAlias = Mapping[str, int | Mapping[str, Any]]
"""By room: a number of people, or what a scenario file says about the room."""


class _WithoutAliases(yaml.SafeDumper):
    """Writes what stands twice twice, as a person would: scenario files have no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def places(x0: float, y0: float, x1: float, y1: float, people: int) -> list[list[float]]:
    """Return places for so many people, spread over a box on a lattice of nearly square meshes.

    Examples
    --------
    >>> places(0, 0, 4, 2, 2)
    [[1.0, 1.0], [3.0, 1.0]]
    """
    columns = max(1, round(math.sqrt(people * (x1 - x0) / (y1 - y0))))
    rows = math.ceil(people / columns)
    return [
        [
            round(x0 + (n // rows + 0.5) * (x1 - x0) / columns, 3),
            round(y0 + (n % rows + 0.5) * (y1 - y0) / rows, 3),
        ]
        for n in range(people)
    ]


class Trial:
    """A building of a test with people in it, run from its files.

    Parameters
    ----------
    folder : Path
        Where the files are written: the plan as a folder, the scenario beside it.
    building : Drawing
        The building.
    people : mapping
        Who is where at the start; a bare number is that many adults.
    replicas : int
        How often to run; the measures below look at the first.
    events : bool
        Whether the event log of the first replica is wanted, for which it is run once more.
    **said
        Further keys of the scenario file, in place of the defaults here: everybody starts at once,
        each by themselves.

    Attributes
    ----------
    ensemble : Ensemble
        What came out, with the event log of the first replica if it is wanted.
    """

    def __init__(
        self,
        folder: Path,
        building: Drawing,
        people: People,
        *,
        replicas: int = 1,
        events: bool = True,
        **said: Any,
    ) -> None:
        number = len(list(folder.glob("*.yaml"))) + 1
        plan_folder = folder / f"building-{number}"
        write_plan(building.plan(f"building-{number}", "Building of a published test"), plan_folder)
        rooms = {
            room: {"visitors": who} if isinstance(who, int) else dict(who)
            for room, who in people.items()
        }
        content = {
            "kind": "scenario",
            "schema_version": 1,
            "name": "A published test",
            "plan": plan_folder.name,
            "seed": 1,
            "replicas": replicas,
            "population": {"rooms": rooms},
            "pre_movement": {"everyone": 0},
            "protocol": {"evacuate": {"class_release": "individual"}},
            **said,
        }
        path = folder / f"scenario-{number}.yaml"
        path.write_text(
            yaml.dump(content, Dumper=_WithoutAliases, sort_keys=False), encoding="utf-8"
        )
        ready = assemble(load_scenario(path))
        self.ensemble: Ensemble = run_ensemble(ready, workers=1, keep_events=int(events))

    @property
    def out_s(self) -> NDArray[np.float64]:
        """When each person was out, in the order of the roster; inf for never."""
        return self.ensemble.out_s[0]

    @property
    def last_out_s(self) -> float:
        """When the last person was out; inf if somebody never was."""
        return float(self.out_s.max())

    @property
    def all_out(self) -> bool:
        """Whether everybody came out."""
        return bool(np.isfinite(self.out_s).all())

    def left_by(self, exit_id: str) -> NDArray[np.bool_]:
        """Say of each person whether they left by an exit."""
        chosen: NDArray[np.bool_] = self.ensemble.exit_gate[0] == self.ensemble.compiled.gate_index(
            exit_id
        )
        return chosen

    def passed(self, portal: str) -> int:
        """Return how many people passed a door, both ways together."""
        side = self._side(portal)
        return int(self.ensemble.side_passed[0, side : side + 2].sum())

    def peak_queue(self, portal: str) -> int:
        """Return the most people who ever waited at a door on the side it is drawn from."""
        return int(self.ensemble.side_peak_queue[0, self._side(portal)])

    def headway_s(self, portal: str) -> float:
        """Return the mean time between two people through a door on the side it is drawn from."""
        side = self._side(portal)
        ensemble = self.ensemble
        span = ensemble.side_last_s[0, side] - ensemble.side_first_s[0, side]
        return float(span / (ensemble.side_passed[0, side] - 1))

    def in_cell(self, cell: str, *, from_s: float, until_s: float) -> CellTraffic:
        """Return density and speed in a piece of floor between two times."""
        kept = self.ensemble.kept[0]
        return cell_traffic(self.ensemble, kept, cell, from_s=from_s, until_s=until_s)

    def _side(self, portal: str) -> int:
        return 2 * self.ensemble.compiled.gate_index(portal)

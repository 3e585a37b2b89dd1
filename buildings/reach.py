"""How much of a building can be left: the share of it from which a confirmed exit is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from buildings.nav_graph import NavGraph


@dataclass(frozen=True, slots=True)
class Reach:
    """Walkable spaces and floor area, and how much of each reaches a confirmed exit indoors."""

    spaces: int
    spaces_out: int
    area_m2: float
    area_out_m2: float

    @classmethod
    def of(cls, nav: NavGraph) -> Reach:
        """Count over the cells of a walking graph."""
        lost = set(nav.unreachable_spaces())
        areas = {id_: nav.plan.spaces[id_].area_m2 for id_ in nav.cells_of}
        out = [id_ for id_ in areas if id_ not in lost]
        return cls(len(areas), len(out), sum(areas.values()), sum(areas[id_] for id_ in out))

    @property
    def share_of_spaces(self) -> float:
        """Share of the walkable spaces, 0 where there are none."""
        return self.spaces_out / self.spaces if self.spaces else 0.0

    @property
    def share_of_area(self) -> float:
        """Share of the walkable floor area, 0 where there is none."""
        return self.area_out_m2 / self.area_m2 if self.area_m2 else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return counts, areas and shares as plain values."""
        return {
            "spaces": self.spaces,
            "spaces_out": self.spaces_out,
            "share_of_spaces": round(self.share_of_spaces, 4),
            "area_m2": round(self.area_m2, 1),
            "area_out_m2": round(self.area_out_m2, 1),
            "share_of_area": round(self.share_of_area, 4),
        }

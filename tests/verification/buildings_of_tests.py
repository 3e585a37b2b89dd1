"""Draw the buildings of published tests: floors that touch, openings, ways out, straight stairs."""

from __future__ import annotations

import math
from typing import Final, Literal

from buildings import Level
from buildings.drawing import Drawing, Where
from buildings.drawing_floor import Box, Shape
from buildings.drawing_walls import Side, outside_wall
from buildings.plan import OUTSIDE, SpaceKind, StairFacts

UP_DEG: Final = {"N": 0.0, "E": 90.0, "S": 180.0, "W": 270.0}

RISER_M: Final = 0.168
TREAD_M: Final = 0.2635
STEP_M: Final = 0.3125
"""A step of 168 by 263.5 mm, within the range of built stairs, measures exactly 312.5 mm along the
slope: 32 of them are a stair of 10 m."""


class CaseBuilding(Drawing):
    """A drawing whose walls have no thickness, so that its metres are those of the test.

    Parameters
    ----------
    storeys : int
        Levels "L1", "L2", ... one above the other.
    storey_m : float
        Height from level to level.

    Examples
    --------
    >>> building = CaseBuilding()
    >>> building.floor("corridor", (0, 0, 40, 2), kind="corridor")
    'corridor'
    >>> building.way_out("corridor", "E", 2.0)
    'P-corridor-A'
    """

    def __init__(self, *, storeys: int = 1, storey_m: float = 3.0) -> None:
        names = ("Ground", "First", "Second", "Third")
        super().__init__(
            tuple(
                Level(f"L{n + 1}", n, names[n], round(n * storey_m, 6), storey_m, str(n + 1))
                for n in range(storeys)
            )
        )

    def floor(self, name: str, shape: Shape, *, kind: SpaceKind = "room", level: str = "L1") -> str:
        """Draw a floor by its published name."""
        use = "other" if kind in ("room", "hall") else "circulation"
        return self.space(name, level, kind, use, shape)

    def neck(self, first: str, second: str, width_m: float, *, at: Where = "middle") -> str:
        """Leave an opening without a leaf between two floors that touch; return its id."""
        return self.opening(first, second, width_m=width_m, at=at)

    def way_out(
        self,
        space: str,
        side: Side,
        width_m: float,
        *,
        at: Where = "middle",
        level: str = "",
        near: tuple[float, float] | None = None,
    ) -> str:
        """Leave an exit on one side of a floor, numbered in order of drawing; return its id.

        ``near`` is a point that tells which wall is meant where a side has several.
        """
        wall = outside_wall(self.polygon_of(space), side, 0.0, near=near)
        number = sum(portal.leads_outside for portal in self.portals.values()) + 1
        return self.portal(
            "exit", space, OUTSIDE, wall, wall.place(at, width_m, 0.0), width_m,
            level=level or None, is_exit="yes", exterior_no=str(number),
        )  # fmt: skip

    def flight(
        self,
        name: str,
        foot_xy: tuple[float, float],
        toward: Literal["N", "E", "S", "W"],
        *,
        width_m: float,
        steps: int,
        riser_m: float = RISER_M,
        tread_m: float = TREAD_M,
        lower: str = "L1",
        upper: str = "L2",
    ) -> str:
        """Draw a straight stair from the south-west corner of its foot; return its id.

        It runs ``steps * tread_m`` towards a side; the corner is the one with the smaller
        coordinates of the two at the foot.
        """
        x, y = foot_xy
        run_m = round(steps * tread_m, 6)
        boxes: dict[str, Box] = {
            "E": (x, y, x + run_m, y + width_m),
            "W": (x - run_m, y, x, y + width_m),
            "N": (x, y, x + width_m, y + run_m),
            "S": (x, y - run_m, x + width_m, y),
        }
        facts = StairFacts(riser_m, tread_m, steps, width_m, UP_DEG[toward], lower, upper)
        return self.space(name, lower, "stair", "circulation", boxes[toward], stair=facts)


def rise_of(steps: int, riser_m: float = RISER_M) -> float:
    """Return the height that a flight climbs, as the distance between two levels."""
    return round(steps * riser_m, 6)


def incline_of(steps: int, riser_m: float = RISER_M, tread_m: float = TREAD_M) -> float:
    """Return the length of a flight along its slope."""
    return steps * math.hypot(riser_m, tread_m)

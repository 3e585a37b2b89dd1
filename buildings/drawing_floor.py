"""The floor of a drawn space as one clean polygon on the millimetre grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias, cast

import shapely
from shapely import Polygon

Box: TypeAlias = tuple[float, float, float, float]
Shape: TypeAlias = Box | Polygon | Sequence[Box]

GRID_M: Final = 0.001


def floor_polygon(shape: Shape) -> Polygon:
    """Return a box, boxes that touch, or a polygon as one polygon.

    Corners lie on the millimetre grid, none of them on a straight edge, counter-clockwise from a
    fixed start, so that the same drawing always gives the same coordinates.

    Raises
    ------
    ValueError
        If the boxes do not make one piece.

    Examples
    --------
    >>> floor_polygon([(0, 0, 2, 1), (2, 0, 3, 4)]).area
    6.0
    """
    if isinstance(shape, Polygon):
        drawn = shape
    elif isinstance(shape[0], int | float):
        drawn = shapely.box(*cast("Box", shape))
    else:
        boxes = cast("Sequence[Box]", shape)
        drawn = shapely.union_all([shapely.box(*box) for box in boxes]).simplify(0.0)
    clean = shapely.set_precision(drawn, GRID_M)
    if not isinstance(clean, Polygon) or clean.is_empty:
        raise ValueError(f"shape {shape!r} is not one piece of floor")
    return shapely.orient_polygons(shapely.normalize(clean))

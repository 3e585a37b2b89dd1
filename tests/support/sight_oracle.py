"""Brute force for what can be seen: every point against every viewpoint, one segment at a time.

Shares no code with ``buildings.sightlines``: a point is seen if some segment from a viewpoint to
it crosses no wall and no furniture. Walls are given as segments; nothing is a polygon here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Segment = tuple[tuple[float, float], tuple[float, float]]


def ring_segments(corners: Sequence[tuple[float, float]]) -> list[Segment]:
    """Return the sides of a closed ring of corners."""
    return [(a, b) for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)]


def wall_with_gap(
    start: tuple[float, float], end: tuple[float, float], gaps: Sequence[tuple[Segment, Segment]]
) -> list[Segment]:
    """Return a wall from start to end with tunnels in it: what is left of it, and their sides.

    Each gap is (near face, far face), both from the end nearer to ``start``.
    """
    pieces: list[Segment] = []
    here = start
    for (near_a, near_b), (far_a, far_b) in gaps:
        pieces += [(here, near_a), (near_a, far_a), (near_b, far_b)]
        here = near_b
    pieces.append((here, end))
    return pieces


def seen_mask(
    points: NDArray[np.float64], viewpoints: NDArray[np.float64], segments: Sequence[Segment]
) -> NDArray[np.bool_]:
    """Tell for each point whether any viewpoint sees it."""
    a = np.array([s[0] for s in segments])
    b = np.array([s[1] for s in segments])
    seen = np.zeros(len(points), dtype=bool)
    for q in viewpoints:
        todo = np.flatnonzero(~seen)
        p = points[todo]
        blocked = np.zeros(len(todo), dtype=bool)
        for k in range(len(segments)):
            side_a = _cross(p - q, a[k] - q)
            side_b = _cross(p - q, b[k] - q)
            side_q = _cross(b[k] - a[k], q - a[k])
            side_p = _cross(b[k] - a[k], p - a[k])
            blocked |= (side_a * side_b < 0) & (side_q * side_p < 0)
        seen[todo[~blocked]] = True
    return seen


def _cross(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])

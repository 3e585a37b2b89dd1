"""What is used of a DXF drawing: lines, arcs and texts on layers, in the drawing's own unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAX_DXF_BYTES: Final = 32 * 2**20
"""A drawing larger than this is refused rather than read."""
MAX_THINGS: Final = 200_000
"""Lines, arcs, texts and blocks of one drawing, blocks taken apart."""
MAX_WALL_PIECES: Final = 40_000
"""Straight pieces of wall lines on one level."""

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLine:
    """A polyline as (n, 2) points; ``arc`` is the number of the arc that it flattens."""

    layer: str
    points: Vector
    closed: bool = False
    arc: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DrawnArc:
    """A part of a circle: its middle, its two ends, and how far it turns."""

    layer: str
    centre: Vector
    start: Vector
    end: Vector
    radius: float
    sweep_deg: float
    block: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnText:
    """A text: where it is inserted and, roughly, where its middle lies."""

    layer: str
    at: Vector
    middle: Vector
    text: str


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """A layer as the drawing names it; hidden if it is frozen or switched off."""

    name: str
    hidden: bool
    things: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """The model space of one DXF file with all blocks taken apart.

    ``layers`` is keyed by the name in small letters: DXF does not tell capitals. ``skipped`` counts
    what is not a line, arc or text, by its type; ``missing`` and ``external`` name blocks that
    have no content here; ``repairs`` counts faults that the reader mended.
    """

    name: str
    sha256: str
    version: str
    unit_code: int
    layers: Mapping[str, DrawnLayer]
    lines: tuple[DrawnLine, ...]
    arcs: tuple[DrawnArc, ...]
    texts: tuple[DrawnText, ...]
    skipped: Mapping[str, int]
    missing: tuple[str, ...]
    external: tuple[str, ...]
    damaged: int
    deep: int
    on_paper: int
    repairs: int
    heights: tuple[float, float]

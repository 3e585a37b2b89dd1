"""Words on a floor plan that fit inside the room they name, and never lie on one another."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings.picture_style import FONT, INK

LINE_PITCH: Final = 1.22
"""Distance between base lines over font size."""
SMALLEST_NAME_PT: Final = 4.4
SMALLEST_NUMBER_PT: Final = 3.4
_GRID: Final = 15
_PADDING_PT: Final = 1.2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label: words, size in points, and whether it is the bold number."""

    text: str
    size_pt: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A block of lines around a point; ``turned`` reads from bottom to top."""

    subject: str
    lines: tuple[Line, ...]
    x_m: float
    y_m: float
    box: Polygon
    turned: bool


@functools.lru_cache(maxsize=4096)
def text_width_pt(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Return the width of a line of text in points.

    Examples
    --------
    >>> text_width_pt("101", 8.0) < text_width_pt("101", 8.0, bold=True)
    True
    >>> text_width_pt("", 8.0)
    0.0
    """
    if not text.strip():
        return 0.0
    font = FontProperties(family=FONT, weight="bold" if bold else "normal")
    path = TextPath((0.0, 0.0), _literal(text), size=100.0, prop=font)
    return float(path.get_extents().x1) * size_pt / 100.0


def _literal(text: str) -> str:
    """Keep dollar signs from being read as formulas."""
    return text.replace("$", r"\$")


def block_size_pt(lines: Sequence[Line]) -> tuple[float, float]:
    """Return width and height of a block of lines in points, with a small margin around."""
    width = max(text_width_pt(line.text, line.size_pt, bold=line.bold) for line in lines)
    height = sum(line.size_pt * LINE_PITCH for line in lines)
    return width * 1.04 + _PADDING_PT, height + _PADDING_PT


def wrapped(words: str, rows: int) -> tuple[str, ...]:
    """Break words into at most ``rows`` lines of balanced length.

    Examples
    --------
    >>> wrapped("Main office and reception", 2)
    ('Main office', 'and reception')
    >>> wrapped("Gym", 2)
    ('Gym',)
    """
    parts = words.split()
    rows = min(rows, len(parts))
    if rows <= 1:
        return (" ".join(parts),) if parts else ()
    best: tuple[str, ...] = ()
    for split in range(1, len(parts)):
        candidate = (" ".join(parts[:split]), *wrapped(" ".join(parts[split:]), rows - 1))
        if not best or max(map(len, candidate)) < max(map(len, best)):
            best = candidate
    return best


def fit_label(
    subject: str,
    *,
    number: str | None,
    words: str,
    room: BaseGeometry,
    keep_clear: BaseGeometry | None,
    points_per_metre: float,
    largest_pt: float,
) -> Label | None:
    """Find the largest label that fits in a room, or None where not even its number does.

    Tried in this order: number and words level, the words in one, two or three lines; the same
    turned by a quarter; both again in small type; the number alone, level, then turned. Within
    one form the size falls until a place is found, and of the places that fit, the one nearest
    the middle is taken.

    Parameters
    ----------
    subject : str
        Id of what is labelled.
    number : str or None
        The door plate, set in bold.
    words : str
        Name or use; may be empty.
    room : geometry
        Floor the label must stay on.
    keep_clear : geometry or None
        Door swings, furniture and marks that the label avoids if it can.
    points_per_metre : float
        Scale of the drawing.
    largest_pt : float
        Font size of the number in a room with space to spare.
    """
    if not (number or words) or room.is_empty:
        return None
    grounds = [room] if keep_clear is None else [room.difference(keep_clear), room]
    for ground in grounds:
        free = _largest_part(ground)
        if free is None:
            continue
        spots = _spots(room, free)
        for sizes, turns, rows in _forms(number, words, largest_pt):
            for turned in turns:
                for size_pt in sizes:
                    for lines in _layouts(number, words, rows, size_pt):
                        label = _place(subject, lines, turned, free, spots, points_per_metre)
                        if label is not None:
                            return label
    return None


def _forms(
    number: str | None, words: str, largest_pt: float
) -> Iterable[tuple[tuple[float, ...], tuple[bool, ...], int]]:
    steps = (1.0, 0.88, 0.78, 0.7, 0.62, 0.55, 0.5)
    names = tuple(largest_pt * step for step in steps if largest_pt * step >= SMALLEST_NAME_PT)
    numbers = tuple(largest_pt * step for step in steps if largest_pt * step >= SMALLEST_NUMBER_PT)
    if words:
        names = names or (SMALLEST_NAME_PT,)
        for sizes in (names[:5], names[5:]):
            yield sizes, (False,), 3
            yield sizes, (True,), 3
    if number:
        yield (*numbers, SMALLEST_NUMBER_PT), (False, True), 0


def _layouts(
    number: str | None, words: str, rows: int, size_pt: float
) -> Iterable[tuple[Line, ...]]:
    """Yield the ways to set a label at one size; ``rows`` 0 leaves the words out."""
    head = (Line(number, size_pt, bold=True),) if number else ()
    if rows == 0:
        yield head
        return
    small = max(size_pt * 0.8, SMALLEST_NAME_PT * 0.9)
    seen: set[tuple[str, ...]] = set()
    for count in range(1, rows + 1):
        broken = wrapped(words, count)
        if broken not in seen:
            seen.add(broken)
            yield (*head, *(Line(text, small) for text in broken))


def _largest_part(ground: BaseGeometry) -> Polygon | None:
    parts = [part for part in shapely.get_parts(ground) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area) if parts else None


def _spots(room: BaseGeometry, free: Polygon) -> NDArray[np.float64]:
    """Return the places where a label may be centred, from the visual middle outwards."""
    centre = room.centroid
    if not room.contains(centre.buffer(0.3)):
        circle = shapely.maximum_inscribed_circle(_largest_part(room) or free)
        centre = shapely.Point(circle.coords[0])
    min_x, min_y, max_x, max_y = free.bounds
    pole = shapely.Point(shapely.maximum_inscribed_circle(free).coords[0])
    steps = (np.arange(_GRID) + 0.5) / _GRID
    grid_x, grid_y = np.meshgrid(min_x + steps * (max_x - min_x), min_y + steps * (max_y - min_y))
    spots = np.vstack(
        [
            [[centre.x, centre.y], [pole.x, pole.y]],
            np.column_stack([np.full(_GRID, centre.x), min_y + steps * (max_y - min_y)]),
            np.column_stack([min_x + steps * (max_x - min_x), np.full(_GRID, centre.y)]),
            np.column_stack([grid_x.ravel(), grid_y.ravel()]),
        ]
    )
    away = np.hypot(spots[:, 0] - centre.x, spots[:, 1] - centre.y)
    return spots[np.argsort(away, kind="stable")]


def _place(
    subject: str,
    lines: tuple[Line, ...],
    turned: bool,
    free: Polygon,
    spots: NDArray[np.float64],
    points_per_metre: float,
) -> Label | None:
    width_pt, height_pt = block_size_pt(lines)
    if turned:
        width_pt, height_pt = height_pt, width_pt
    half_x, half_y = width_pt / points_per_metre / 2, height_pt / points_per_metre / 2
    min_x, min_y, max_x, max_y = free.bounds
    if max_x - min_x < 2 * half_x or max_y - min_y < 2 * half_y:
        return None
    boxes = shapely.box(
        spots[:, 0] - half_x, spots[:, 1] - half_y, spots[:, 0] + half_x, spots[:, 1] + half_y
    )
    shapely.prepare(free)
    fits = np.flatnonzero(shapely.covers(free, boxes))
    if fits.size == 0:
        return None
    best = int(fits[0])
    return Label(subject, lines, float(spots[best, 0]), float(spots[best, 1]), boxes[best], turned)


def draw_label(
    ax: Axes, label: Label, *, points_per_metre: float, color: str = INK, zorder: float = 8.0
) -> None:
    """Write a label on the Axes; each line carries the gid ``label:<subject>``."""
    heights = [line.size_pt * LINE_PITCH / points_per_metre for line in label.lines]
    offset = sum(heights) / 2
    for line, height in zip(label.lines, heights, strict=True):
        offset -= height / 2
        dx, dy = (-offset, 0.0) if label.turned else (0.0, offset)
        offset -= height / 2
        text = ax.text(
            label.x_m + dx,
            label.y_m + dy,
            line.text,
            fontsize=line.size_pt,
            fontfamily=FONT,
            fontweight="bold" if line.bold else "normal",
            color=color,
            rotation=90 if label.turned else 0,
            ha="center",
            va="center",
            rotation_mode="default",
            parse_math=False,
            zorder=zorder,
            clip_on=True,
        )
        text.set_gid(f"label:{label.subject}")

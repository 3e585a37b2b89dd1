"""The levels of an IMDF folder in one order, although every building counts its own way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings.ifc_names import shared_labels
from buildings.imdf_features import Feature, Folder, label
from buildings.import_report import ImportFault, MessageLog
from buildings.local_metres import LocalMetres
from buildings.map_records import ASSUMED_STOREY_M, MAX_LEVELS
from buildings.plan import Level


def levels_of(folder: Folder, log: MessageLog) -> tuple[tuple[Level, ...], dict[str, str]]:
    """Return the levels of the plan, lowest first, and the level of each level feature.

    A building whose ordinals begin above 0 is moved down, so that the ground floors of all
    buildings are one level.

    Raises
    ------
    ImportFault
        If there is no level, or more than an import takes.
    """
    features = [one for one in folder.features["level"] if _is_whole(one.properties["ordinal"])]
    for one in folder.features["level"]:
        if one not in features:
            log.error("LEVEL", f"{one.place}: ordinal should be a whole number; left out")
    if not features:
        raise ImportFault("level.geojson: 0 levels with an ordinal, expected at least one")
    lowest: dict[str, int] = {}
    for one in features:
        key = _building(one)
        lowest[key] = min(lowest.get(key, one.properties["ordinal"]), one.properties["ordinal"])
    shift = {key: max(0, low) for key, low in lowest.items()}
    names = {one.id: label(one.properties["name"], folder.language) for one in features}
    _say_ordinals(features, names, lowest, log)
    at: dict[int, list[Feature]] = {}
    for one in features:
        at.setdefault(one.properties["ordinal"] - shift[_building(one)], []).append(one)
    if len(at) > MAX_LEVELS or max(map(abs, at)) > MAX_LEVELS:
        raise ImportFault(
            f"level.geojson: {len(at)} levels with ordinals {min(at)} to {max(at)}, expected at "
            f"most {MAX_LEVELS}"
        )
    levels: list[Level] = []
    level_of: dict[str, str] = {}
    taken: set[str] = set()
    for number, ordinal in enumerate(sorted(at), start=1):
        found = list(dict.fromkeys(names[one.id] or "" for one in at[ordinal]))
        name = " / ".join(text for text in found if text)[:150] or f"Level {ordinal}"
        if name in taken:
            name = f"{name} (ordinal {ordinal})"
        taken.add(name)
        short = label(at[ordinal][0].properties["short_name"], folder.language) or str(ordinal)
        levels.append(
            Level(f"L{number}", ordinal, name, ordinal * ASSUMED_STOREY_M, ASSUMED_STOREY_M, short)
        )
        level_of |= {one.id: f"L{number}" for one in at[ordinal]}
    log.warning(
        "LEVEL",
        f"storey heights are not on the map; {ASSUMED_STOREY_M} m assumed for each. Set elevation "
        "and height in building.yaml",
    )
    return tuple(levels), level_of


def level_shape(feature: Feature, place: LocalMetres) -> tuple[BaseGeometry, int]:
    """Return the outline of a level, and how many parts of it were stored as holes.

    A ring that is written as a hole but lies outside the shell is a part of its own.

    Examples
    --------
    >>> square = ((0.0, 0.0), (1e-4, 0.0), (1e-4, 1e-4), (0.0, 1e-4), (0.0, 0.0))
    >>> beside = tuple((x + 2e-4, y) for x, y in square)
    >>> one = Feature("a", "here", {}, ((square, beside),))
    >>> shape, detached = level_shape(one, LocalMetres(0.0, 0.0))
    >>> round(shape.area), detached
    (246, 1)
    """
    parts: list[BaseGeometry] = []
    detached = 0
    for shell, *holes in feature.parts:
        whole = _area(shell, place)
        for hole in holes:
            ring = _area(hole, place)
            if whole.covers(ring.representative_point()):
                whole = whole.difference(ring)
            else:
                detached += 1
                parts.append(ring)
        parts.append(whole)
    return shapely.union_all(parts), detached


def _area(ring: tuple[tuple[float, float], ...], place: LocalMetres) -> BaseGeometry:
    return shapely.make_valid(Polygon(place.to_metres(np.array(ring))))


def _building(level: Feature) -> str:
    """Return the building that a level belongs to, by id."""
    ids = level.properties["building_ids"]
    return ";".join(sorted(str(i) for i in ids)) if isinstance(ids, list) else ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _say_ordinals(
    features: list[Feature],
    names: Mapping[str, str | None],
    lowest: Mapping[str, int],
    log: MessageLog,
) -> None:
    """Say which buildings count from above 0, and which level names stand for two heights."""
    for key, low in sorted(lowest.items()):
        if low > 0:
            log.note(
                "LEVEL", f"ordinals of building {key[:8] or '1'} begin at {low}; set to begin at 0"
            )
    for name in shared_labels(names.values()):
        here = sorted(one.properties["ordinal"] for one in features if names[one.id] == name)
        if len(set(here)) > 1:
            moved = sorted(
                one.properties["ordinal"] - max(0, lowest[_building(one)])
                for one in features
                if names[one.id] == name
            )
            log.warning(
                "LEVEL",
                f'{len(here)} levels named "{name}" at ordinals {", ".join(map(str, here))}; '
                f"ordinals set {', '.join(map(str, moved))}",
            )

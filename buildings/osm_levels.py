"""The levels of an OpenStreetMap file: numbers, ranges, repeats and names in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from shapely import Polygon

from buildings.import_report import MessageLog, counted
from buildings.map_records import ASSUMED_STOREY_M
from buildings.osm_tags import levels_said
from buildings.plan import Level

Tagged: TypeAlias = tuple[str, Mapping[str, str], Polygon | None]


class OsmLevels:
    """Which levels the parts and doors of a map lie on.

    Parameters
    ----------
    parts : sequence of tuple
        Key, tags and shape of every room and outline.
    edges : sequence of tuple
        Those that are outlines of a level: a room without a level takes that of the outline that
        it lies in.
    log : MessageLog
        Where is noted what could not be read.
    """

    def __init__(self, parts: Sequence[Tagged], edges: Sequence[Tagged], log: MessageLog) -> None:
        self._unread: list[str] = []
        inherited: list[str] = []
        guessed: list[str] = []
        said: dict[str, tuple[float | str, ...]] = {}
        self._repeats: set[str] = set()
        for key, tags, shape in parts:
            own = self._said(key, tags, "level")
            if own is None:
                around = next(
                    (
                        self._said(edge, edge_tags, "level")
                        for edge, edge_tags, outline in edges
                        if shape is not None and outline is not None and _lies_in(shape, outline)
                    ),
                    None,
                )
                (guessed if around is None else inherited).append(key)
                own = around or (0.0,)
            more = self._said(key, tags, "repeat_on") or ()
            if more:
                self._repeats.add(key)
            said[key] = (*own, *more)
        numbers = sorted({v for values in said.values() for v in values if isinstance(v, float)})
        words = sorted({v for values in said.values() for v in values if isinstance(v, str)})
        top = (numbers[-1] if numbers else -1.0) + 1.0
        order: list[tuple[float, float | str]] = [(number, number) for number in numbers]
        order += [(top + k, word) for k, word in enumerate(words)]
        ground = next((k for k, (at, _) in enumerate(order) if at >= 0), len(order) - 1)
        self._id: dict[float | str, str] = {}
        levels = []
        for k, (at, value) in enumerate(order):
            self._id[value] = f"L{k + 1}"
            short = value if isinstance(value, str) else f"{value:g}"
            above = order[k + 1][0] if k + 1 < len(order) else at + 1.0
            levels.append(
                Level(
                    id=f"L{k + 1}",
                    ordinal=k - ground,
                    name=value if isinstance(value, str) else f"Level {value:g}",
                    elevation_m=round(at * ASSUMED_STOREY_M, 3),
                    height_m=round(min(1.0, above - at) * ASSUMED_STOREY_M, 3),
                    short=short,
                )
            )
        self.levels = tuple(levels)
        self._of = {
            key: tuple(sorted({self._id[v] for v in values}, key=self._rank))
            for key, values in said.items()
        }
        _say(log, inherited, guessed, words, self._unread)

    def of(self, key: str) -> tuple[str, ...]:
        """Return the levels of a part, lowest first."""
        return self._of[key]

    def repeated(self, key: str) -> bool:
        """Whether a part says that it repeats on other levels."""
        return key in self._repeats

    def of_door(self, key: str, tags: Mapping[str, str], beside: Sequence[str]) -> tuple[str, ...]:
        """Return the levels of a door: as tagged, else those of the rooms beside it.

        Levels that no room lies on are left out.
        """
        own = self._said(key, tags, "level")
        more = self._said(key, tags, "repeat_on") or ()
        if own is not None:
            found = {self._id[value] for value in (*own, *more) if value in self._id}
            return tuple(sorted(found, key=self._rank))
        return tuple(sorted(beside, key=self._rank)) or (self.levels[0].id,)

    def _rank(self, level: str) -> int:
        return int(level[1:])

    def _said(self, key: str, tags: Mapping[str, str], name: str) -> tuple[float | str, ...] | None:
        text = tags.get(name)
        if not text:
            return None
        found = levels_said(text)
        if found is None:
            self._unread.append(f"{key} {name}={text[:40]!r}")
        return found


def _lies_in(shape: Polygon, outline: Polygon) -> bool:
    """Whether most of a room lies in an outline."""
    return bool(outline.contains(shape.representative_point()))


def _say(
    log: MessageLog,
    inherited: Sequence[str],
    guessed: Iterable[str],
    words: Sequence[str],
    unread: Sequence[str],
) -> None:
    """Note how levels were found."""
    without = list(guessed)
    if inherited:
        log.note(
            "LEVEL", f"{counted(len(inherited), 'room')} without a level take that of the outline"
        )
    if without:
        log.warning("LEVEL", f"{counted(len(without), 'room')} without a level; put on level 0")
    if words:
        log.warning(
            "LEVEL",
            f"levels without a number: {', '.join(words)}; put above the others. Set ordinal and "
            "elevation in building.yaml",
        )
    for text in dict.fromkeys(unread):
        log.error("LEVEL", f"{text}: expected levels such as 0, 0;1, -1-1 or a name; not used")
    log.warning(
        "LEVEL",
        f"storey heights are not on the map; {ASSUMED_STOREY_M} m assumed for each. Set elevation "
        "and height in building.yaml",
    )

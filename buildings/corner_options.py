"""What would give a room a hard corner: covers, glass, furniture, the room next door."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from buildings.apertures import Aperture, covered, place_tunnel
from buildings.door_hardware import LATCH_STILE_M
from buildings.hard_corner import HardCorner, RoomView
from buildings.plan import Plan, Portal, Space

Change: TypeAlias = Literal[
    "shut doors", "close cover", "take out furniture", "cover glass", "change glass", "several"
]

EFFORT: Final[Mapping[Change, int]] = {
    "shut doors": 0,
    "close cover": 1,
    "take out furniture": 2,
    "cover glass": 3,
    "change glass": 5,
}
"""What comes first where two options do as much: by hand, then material, then work."""
NARROW_GLASS_M: Final = 0.10
"""Width of a narrow glass panel beside the latch."""
WORTH_M2: Final = 0.5
"""An option that wins less usable floor than this and no place for anybody is not shown."""
COMBINED: Final = 3
"""At most so many covers are combined in search of the fewest that are enough."""
MANY_GROUPS: Final = 8
"""With more covers than this only single ones and whole groups are tried."""


@dataclass(frozen=True, slots=True, eq=False)
class CornerOption:
    """One change to a room, and the hard corner it would then have."""

    words: str
    change: Change
    effort: int
    corner: HardCorner

    @property
    def enough(self) -> bool:
        """Whether everybody in the room would find a place."""
        return bool(self.corner.hidden.parts) and self.corner.shortfall("roomy") == 0


@dataclass(frozen=True, slots=True)
class _Step:
    """A change before it is tried: words, kind, what becomes of apertures, what is taken out."""

    words: str
    change: Change
    effort: int
    alter: Callable[[Sequence[Aperture]], list[Aperture]]
    without: frozenset[str] = frozenset()
    covers: frozenset[str] = frozenset()


def corner_options(view: RoomView, base: HardCorner | None = None) -> tuple[CornerOption, ...]:
    """Return what would help a room, best first.

    Parameters
    ----------
    view : RoomView
        The room as it is looked into.
    base : HardCorner, optional
        Its hard corner as it is, if that was worked out already.

    Returns
    -------
    tuple of CornerOption
        Each worked out by the same code on the changed room. Ranked by how many people find no
        place, then by effort, then by usable floor. Empty where everybody has a place already or
        facts are missing.
    """
    base = base or view.corner()
    if base.verdict in ("enough", "not known"):
        return ()
    tried = [_try(view, base, step) for step in _steps(view, base)]
    if view.rules.doors == "open" and base.found.apertures:
        shut = RoomView(view.plan, view.room, view.people, replace(view.rules, doors="closed"))
        effort = EFFORT["shut doors"]
        tried.append(CornerOption("shut the doors", "shut doors", effort, shut.corner()))
    if not any(option.enough for option in tried):
        tried += [_try(view, base, step) for step in _after_covers(view, base)]
    worth = [option for option in tried if _helps(option, base)]
    return tuple(sorted(worth, key=_rank))


def _rank(option: CornerOption) -> tuple[int, int, int, float, str]:
    corner = option.corner
    return (
        corner.shortfall("roomy") if corner.people.total else int(not corner.hidden.parts),
        corner.shortfall("tight"),
        option.effort,
        -round(corner.hidden.usable_m2, 3),
        option.words,
    )


def _helps(option: CornerOption, base: HardCorner) -> bool:
    won_m2 = option.corner.hidden.usable_m2 - base.hidden.usable_m2
    fewer = option.corner.shortfall("roomy") < base.shortfall("roomy")
    return option.corner.known and (won_m2 >= WORTH_M2 or (won_m2 > 0.0 and fewer))


def _try(view: RoomView, base: HardCorner, step: _Step) -> CornerOption:
    corner = view.corner(step.alter(base.found.apertures), without=step.without)
    return CornerOption(step.words, step.change, step.effort, corner)


def _steps(view: RoomView, base: HardCorner) -> Iterator[_Step]:
    """Yield every change that is tried on its own, and covers together."""
    groups = _open_glass(base.found.apertures)
    covers = [_cover([group]) for group in groups]
    covers += _cover_groups(groups)
    if len(groups) <= MANY_GROUPS:
        for count in range(2, COMBINED + 1):
            covers += [_cover(some) for some in itertools.combinations(groups, count)]
    tried: set[frozenset[str]] = set()
    for step in covers:  # the same glass may be a group and a combination: the first words stand
        if step.covers not in tried:
            tried.add(step.covers)
            yield step
    yield from _furniture(base)
    yield from _glass(view, base)


def _open_glass(apertures: Sequence[Aperture]) -> list[list[Aperture]]:
    """Return the glass that is not covered, the leaves of a pair together, in order of id."""
    found: dict[str, list[Aperture]] = {}
    for aperture in apertures:
        if aperture.can_be_covered and not aperture.covered:
            found.setdefault(aperture.portal_id, []).append(aperture)
    return [found[id_] for id_ in sorted(found)]


def _has_cover(group: Sequence[Aperture]) -> bool:
    return group[0].cover in ("blind", "film", "paper")


def _cover(groups: Sequence[Sequence[Aperture]], words: str = "") -> _Step:
    """Return the step that covers some glass."""
    portals = frozenset(group[0].portal_id for group in groups)
    closing = [group[0] for group in groups if _has_cover(group)]
    hanging = [group[0] for group in groups if not _has_cover(group)]
    said = []
    if closing:
        cover = "cover" if len(closing) == 1 else "covers"
        said.append(f"close the {cover} of " + _listed([a.portal_id for a in closing]))
    if hanging:
        said.append("cover the glass of " + _listed([a.portal_id for a in hanging]))
    effort = EFFORT["close cover"] * bool(closing) + len(hanging) * EFFORT["cover glass"]

    def alter(apertures: Sequence[Aperture]) -> list[Aperture]:
        return [covered(a) if a.portal_id in portals and a.can_be_covered else a for a in apertures]

    change: Change = "cover glass" if hanging else "close cover"
    return _Step(words or " and ".join(said), change, effort, alter, covers=portals)


def _cover_groups(groups: list[list[Aperture]]) -> Iterator[_Step]:
    """Yield the covering of whole groups: what has covers, towards inside, towards outside, all."""
    closing = [group for group in groups if _has_cover(group)]
    inside = [group for group in groups if not group[0].outward]
    outside = [group for group in groups if group[0].outward]
    for some, words in (
        (closing, "close every cover that is there"),
        (inside, "cover all glass towards the building"),
        (outside, "cover all windows to the open air"),
        (groups, "cover all glass"),
    ):
        if some:
            yield _cover(some, words)


def _furniture(base: HardCorner) -> Iterator[_Step]:
    pieces = (*base.floor.tall, *base.floor.low, *base.floor.unknown_height)
    effort = EFFORT["take out furniture"]
    for piece in sorted(pieces, key=lambda piece: piece.id):
        yield _Step(f"take out {_piece(piece)}", "take out furniture", effort, list,
                    frozenset({piece.id}))  # fmt: skip
    if len(pieces) > 1:
        gone = frozenset(piece.id for piece in pieces)
        yield _Step("take out all furniture", "take out furniture", effort * len(gone), list, gone)


def _piece(piece: Space) -> str:
    return f"{piece.name} ({piece.id})" if piece.name else piece.id


def _glass(view: RoomView, base: HardCorner) -> Iterator[_Step]:
    """Yield narrower glass, and glass at the other side of its leaf."""
    for aperture in base.found.apertures:
        portal = view.plan.portals[aperture.portal_id]
        if aperture.kind != "door glass" or aperture.covered or portal.leaves == 2:
            continue
        latch_m = _latch_offset_m(portal)
        width_m = aperture.tunnel.width_m
        effort = EFFORT["change glass"]
        if width_m > NARROW_GLASS_M + 1e-6:
            words = f"narrow the glass of {portal.id} to {NARROW_GLASS_M:.2f} m at the latch"
            yield _Step(words, "change glass", effort,
                        _swap(view, aperture, latch_m, NARROW_GLASS_M))  # fmt: skip
        if abs(aperture.offset_m) > 0.05:
            words = f"hang {portal.id} with its glass at the other side"
            yield _Step(words, "change glass", effort,
                        _swap(view, aperture, -aperture.offset_m, width_m))  # fmt: skip


def _latch_offset_m(portal: Portal) -> float:
    """Return where a narrow panel at the latch lies, from the middle of the door."""
    reach_m = max(0.0, portal.width_m / 2 - LATCH_STILE_M - NARROW_GLASS_M / 2)
    return {"left": reach_m, "right": -reach_m}.get(portal.hinge or "", 0.0)


def _swap(
    view: RoomView, old: Aperture, offset_m: float, width_m: float
) -> Callable[[Sequence[Aperture]], list[Aperture]]:
    line = view.plan.portals[old.portal_id].line
    tunnel = place_tunnel(view.room.polygon, line, offset_m, width_m, old.tunnel.depth_m)

    def alter(apertures: Sequence[Aperture]) -> list[Aperture]:
        if tunnel is None:
            return list(apertures)
        new = replace(old, tunnel=tunnel, offset_m=offset_m)
        return [new if aperture.id == old.id else aperture for aperture in apertures]

    return alter


def _after_covers(view: RoomView, base: HardCorner) -> Iterator[_Step]:
    """Yield each change together with the closing of every cover that is there."""
    closing = [group for group in _open_glass(base.found.apertures) if _has_cover(group)]
    if not closing:
        return
    first = _cover(closing, "close every cover that is there")
    others = [step for step in _steps(view, base) if step.change != "close cover"]
    for step in others:

        def alter(apertures: Sequence[Aperture], step: _Step = step) -> list[Aperture]:
            return first.alter(step.alter(apertures))

        words = f"{first.words} and {step.words}"
        if "close" not in step.words and step.words != "cover all glass":
            yield _Step(words, "several", first.effort + step.effort, alter, step.without)


def _listed(ids: Sequence[str]) -> str:
    """Return ids as words.

    Examples
    --------
    >>> _listed(["P-1", "P-2", "P-3"]), _listed(["P-1"])
    ('P-1, P-2 and P-3', 'P-1')
    """
    return f"{', '.join(ids[:-1])} and {ids[-1]}" if len(ids) > 1 else ids[0]


def adjoining_rooms(
    plan: Plan, corner: HardCorner, corners: Mapping[str, HardCorner]
) -> tuple[tuple[str, int], ...]:
    """Return rooms behind a door of this room that have places to spare for all left over here.

    Parameters
    ----------
    plan : Plan
        The building.
    corner : HardCorner
        The room that lacks places.
    corners : mapping of str to HardCorner
        The rooms that were judged, by id.

    Returns
    -------
    tuple of (room id, spare places), the most first
        Only rooms joined by a door or an opening, so that nobody walks through a corridor.
    """
    wanted = corner.shortfall("roomy")
    found = []
    for portal in plan.portals_of(corner.room.id):
        other_id = portal.to_space if portal.from_space == corner.room.id else portal.from_space
        other = corners.get(other_id)
        if other is None or portal.kind == "window" or not other.known or wanted == 0:
            continue
        spare = other.capacity("roomy") - other.people.total
        if spare >= wanted:
            found.append((other_id, spare))
    return tuple(sorted(set(found), key=lambda entry: (-entry[1], entry[0])))


def why_none(corner: HardCorner) -> str:
    """Say in a few words why a room has no hard corner as it is."""
    open_ways = [a for a in corner.found.apertures if not a.covered]
    doorways = sorted({a.portal_id for a in open_ways if a.kind in ("opening", "open door")})
    if doorways:
        return f"looked into through {_listed(_few(doorways))}, which nothing covers"
    glass = sorted({a.portal_id for a in open_ways})
    if not glass:
        return "no floor of it is wide enough to stand on"
    return f"seen through {_listed(_few(glass))}"


def _few(ids: list[str]) -> list[str]:
    return ids if len(ids) <= 4 else [*ids[:3], f"{len(ids) - 3} more"]

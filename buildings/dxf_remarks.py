"""What a planner should know about an imported drawing, in words and with places to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from shapely import LineString

from buildings.dxf_accept import Accepted
from buildings.dxf_choice import AGREE, Candidate, conflicts, unavailable, unknown_rows
from buildings.dxf_labels import Labels
from buildings.dxf_level import LevelWork
from buildings.dxf_options import DxfOptions
from buildings.dxf_records import Drawing, Vector
from buildings.dxf_walls import nearest_gap
from buildings.import_report import MessageLog, Place, counted
from buildings.plan import Level

_SHOWN: Final = 8
_STOREY_M: Final = 1.0
_SOLID_KINDS: Final = ("3DSOLID", "BODY", "REGION", "SURFACE", "ACAD_PROXY_ENTITY")
_AREA_OFF: Final = 0.05


def remark_drawing(drawing: Drawing, strays: int, log: MessageLog) -> None:
    """Say what of a drawing was not read: blocks, references, solids, paper, damage."""
    name = drawing.name
    if drawing.repairs:
        log.warning(
            "FILE", f"{name}: damaged, read with {counted(drawing.repairs, 'repair')}: compare the "
            "picture with the drawing"
        )  # fmt: skip
    if drawing.damaged:
        log.warning("FILE", f"{name}: {counted(drawing.damaged, 'thing')} unreadable, left out")
    for block in drawing.missing[:_SHOWN]:
        log.error("BLOCK", f"{name}: Block {block} missing: part of the plan is not here")
    for block in drawing.external[:_SHOWN]:
        log.error(
            "BLOCK",
            f"{name}: Block {block} is an external reference: part of the plan is not here. Bind "
            "it in the CAD program and save again",
        )
    for what, many in (("missing blocks", drawing.missing), ("references", drawing.external)):
        if len(many) > _SHOWN:
            log.error("BLOCK", f"{name}: and {len(many) - _SHOWN} more {what}")
    if drawing.deep:
        log.warning(
            "BLOCK", f"{name}: {drawing.deep} blocks nest too deep or in a circle, left out"
        )
    solids = {kind: count for kind, count in drawing.skipped.items() if kind.endswith(_SOLID_KINDS)}
    if solids:
        log.warning(
            "SOLID",
            f"{name}: {_counts(solids)} cannot be read: explode or flatten them in the CAD program "
            "if they are walls",
        )
    rest = {kind: count for kind, count in drawing.skipped.items() if kind not in solids}
    if rest:
        log.note("SKIPPED", f"{name}: not lines, arcs or texts: {_counts(rest)}")
    if drawing.on_paper:
        log.note("PAPER", f"{name}: {counted(drawing.on_paper, 'thing')} on paper sheets not read")
    if strays:
        log.warning("STRAY", f"{name}: {counted(strays, 'line')} far from the plan left out")
    low, high = drawing.heights
    if high - low > _STOREY_M and abs(high) < 1e6:
        log.warning(
            "HEIGHT",
            f"{name}: lines at heights from {low:g} to {high:g} units lie over each other: one "
            "level taken",
        )


def remark_level(work: LevelWork, labels: Labels, unclosed: int, log: MessageLog) -> None:
    """Say where walls end in the open, which swings are no doors, and what was put right."""
    where = f"on {work.level.name}"
    if work.copies:
        log.note("COPY", f"{counted(work.copies, 'line piece')} drawn more than once {where}")
    if work.bridged:
        log.note("GAP", f"{counted(work.bridged, 'wall end')} joined over at most 5 cm {where}")
    if work.leaves:
        log.note("DOOR", f"{counted(work.leaves, 'open door leaf line')} {where} read as no wall")
    double = sum(door.double for door in work.doors)
    if double:
        log.note("DOOR", f"{counted(double, 'double door')} {where}: two leaves that meet")
    if not work.doors:
        log.warning(
            "DOOR",
            f"no door swings {where}: doors drawn in another way are not seen. Draw them in "
            "portals.plan.geojson, or name their layer with --doors",
        )
    if len(work.loose_swings):
        log.note(
            "DOOR",
            f"{counted(len(work.loose_swings), 'arc')} like a door swing {where} touch no wall at "
            f"hinge and lock (furniture?), first at {_xy(work.loose_swings[0])}",
            at=_places(work, work.loose_swings[:_SHOWN]),
        )
    if len(work.open_ends):
        gap = nearest_gap(work.open_ends)
        text = (
            f"{counted(len(work.open_ends), 'open wall end')} {where}; "
            f"{counted(unclosed, 'room')} taken by closing alone"
        )
        if gap is not None:
            text += f", nearest gap {gap[0]:.2f} m at {_xy(gap[1])}"
        log.warning("GAP", text, at=_places(work, [gap[1]] if gap is not None else []))
    for what, many in (
        ("frame around the building", max(work.by_lines.frames, work.by_closing.frames)),
        ("outline of a column or obstacle", work.by_lines.solid),
    ):
        if many:
            log.note("FACE", f"{many} x {what} {where}: no room")
    if labels.unread():
        log.note(
            "TEXT",
            f"{counted(labels.unread(), 'text')} {where} dropped: no room number or word for a use "
            "inside a room",
        )


def remark_choice(chosen: Sequence[Candidate], options: DxfOptions, log: MessageLog) -> None:
    """Say how far the two ways agree, where a person should look, and what was accepted."""
    agree = [one for one in chosen if one.pair.agreement >= AGREE]
    taken = {way: sum(one.taken == way for one in chosen) for way in ("lines", "closing", "none")}
    log.note(
        "ROOM",
        f"{counted(len(chosen), 'room')} proposed: by lines and by closing alike for {len(agree)}; "
        f"{taken['lines']} taken by lines, {taken['closing']} by closing, {taken['none']} not. "
        "Compare rooms_found.png and accept with --accept or in rooms_found.csv",
    )
    for one in chosen:
        text = _doubt(one)
        if text is not None and one.take == "auto":
            log.warning("ROOM", f"{one.room} at {_xy(one.at.coords[0])}: {text}", at=[_place(one)])
        if len(one.label.numbers) > 1 and one.floor is not None and len(one.label.numbers) <= 4:
            log.warning(
                "ROOM",
                f"{one.room} at {_xy(one.at.coords[0])} holds {len(one.label.numbers)} numbers "
                f"({', '.join(one.label.numbers)}): one room?",
                at=[_place(one)],
            )
    inside = [one for one in chosen if one.pair.lines is None and one.taken == "none"]
    if inside:
        log.note(
            "ROOM",
            f"{counted(len(inside), 'part')} of rooms found by closing alone not taken: "
            f"{', '.join(one.room for one in inside[:_SHOWN])}{' ...' * (len(inside) > _SHOWN)}",
            at=[_place(one) for one in inside],
        )
    _say_accepted(chosen, options.accepted, log)
    stated = [
        one.label.stated_m2 / one.floor.area
        for one in chosen
        if one.floor is not None and one.label.stated_m2
    ]
    if stated and abs(float(np.median(stated)) - 1.0) > _AREA_OFF:
        log.note(
            "AREA",
            f"areas written in {counted(len(stated), 'room')} differ from the floor "
            f"({float(np.median(stated)) - 1.0:+.0%} in the middle): to wall centre, or another "
            "unit",
        )


def remark_opening(gap: LineString, rooms: Sequence[str], level: Level, log: MessageLog) -> None:
    """Say that a gap in a wall was closed to part rooms, and whether people walk through it."""
    middle = gap.interpolate(0.5, normalized=True)
    at = [Place(level.id, round(middle.x, 2), round(middle.y, 2))]
    where = f"{gap.length:.2f} m at {_xy(middle.coords[0])} on {level.name}"
    if len(rooms) > 1:
        log.note(
            "OPENING",
            f"opening without door added between {rooms[0]} and {rooms[1]}, {where}",
            at=at,
        )
    else:
        beside = f"of {rooms[0]} " if rooms else ""
        log.warning(
            "GAP",
            f"gap in the wall {beside}with no room beyond, {where}: door or window not drawn? "
            "Nothing added",
            at=at,
        )


def remark_left_out(line: LineString, room: str, level: Level, log: MessageLog) -> None:
    """Say that a door leads into a room that a person did not accept."""
    middle = line.interpolate(0.5, normalized=True)
    log.note(
        "DOOR",
        f"door at {_xy(middle.coords[0])} on {level.name} left out: it leads into {room}, accepted "
        "as none",
        at=[Place(level.id, round(middle.x, 2), round(middle.y, 2))],
    )


def _doubt(one: Candidate) -> str | None:
    """Return why a person should look at a room, or None."""
    lines, closing = one.pair.lines, one.pair.closing
    if lines is not None and closing is not None:
        if one.pair.agreement >= AGREE:
            return None
        return (
            f"{lines.area:.1f} m2 by lines, {closing.area:.1f} m2 by closing "
            f"(agreement {one.pair.agreement:.2f}); {one.taken} taken"
        )
    if closing is not None and one.taken == "closing":
        return f"{closing.area:.1f} m2, only by closing; taken"
    if lines is not None and one.taken == "none":
        return f"{lines.area:.1f} m2 by lines, parted by closing; not taken"
    return None


def _say_accepted(chosen: Sequence[Candidate], accepted: Accepted, log: MessageLog) -> None:
    said = [one for one in chosen if one.take != "auto"]
    if said:
        shown = ", ".join(f"{one.room} {one.take}" for one in said[:_SHOWN])
        more = " ..." if len(said) > _SHOWN else ""
        log.note("ACCEPT", f"{counted(len(said), 'choice')} of a person kept: {shown}{more}")
    for one in unavailable(chosen):
        log.error(
            "ACCEPT",
            f"{one.room} at {_xy(one.at.coords[0])}: {one.take} asked, but this way has not "
            "found it",
            at=[_place(one)],
        )
    for one, other, area in conflicts(chosen):
        log.error(
            "ACCEPT",
            f"{one.room} ({one.taken}) and {other.room} ({other.taken}) share {area:.1f} m2: set "
            "one of them to none",
            at=[_place(one), _place(other)],
        )
    for row in unknown_rows(chosen, accepted.rows):
        log.warning(
            "ACCEPT",
            f"{row.room}: {row.take} accepted before, no room at ({row.x_m:.2f}, {row.y_m:.2f}) on "
            f"{row.level} now; choice dropped",
        )


def _place(one: Candidate) -> Place:
    return Place(one.level, round(one.at.x, 2), round(one.at.y, 2))


def _places(work: LevelWork, points: Iterable[Vector]) -> list[Place]:
    return [Place(work.level.id, round(float(x), 2), round(float(y), 2)) for x, y in points]


def _xy(point: Sequence[float] | Vector) -> str:
    return f"({point[0]:.2f}, {point[1]:.2f})"


def _counts(counts: dict[str, int]) -> str:
    shown = [f"{many} {kind}" for kind, many in list(counts.items())[:_SHOWN]]
    return ", ".join(shown) + (" ..." if len(counts) > _SHOWN else "")

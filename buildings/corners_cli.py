"""The verb ``hallways plan corners``: which rooms have floor out of sight, for how many people."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from buildings.person_area import People
    from buildings.plan import Plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder, or builtin:<name>")
    parser.add_argument(
        "--room", action="append", metavar="ROOM", default=[],
        help="this room only (door number or id); may stand several times",
    )  # fmt: skip
    parser.add_argument(
        "--covers", choices=("as-found", "closed", "open"), default="as-found",
        help="blinds, film and paper: as the plan says they usually are, or all closed or open",
    )  # fmt: skip
    parser.add_argument("--doors", choices=("closed", "open"), default="closed")
    parser.add_argument(
        "--roster", type=Path, metavar="CSV",
        help="who is in which room: columns room, adults, children, wheelchair",
    )  # fmt: skip
    parser.add_argument(
        "--people", choices=("adult", "child"), default="adult",
        help="what the plan's usual people are: adults and older pupils, or children up to 10",
    )  # fmt: skip
    parser.add_argument(
        "--beside", type=int, default=1, metavar="N",
        help="adults beside the plan's usual people of a room (1)",
    )  # fmt: skip
    parser.add_argument(
        "--glass-depth", type=float, metavar="M",
        help="depth of the glass of doors in metres, where less than the wall's thickness",
    )  # fmt: skip
    parser.add_argument(
        "--without-upper-windows", action="store_true",
        help="leave out windows to the open air on levels above the ground",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write corners.json and pictures there"
    )
    parser.add_argument(
        "--format", choices=("png", "svg", "pdf"), default="png", help="of the pictures (png)"
    )


def run(asked: argparse.Namespace) -> int:
    """Print the table; 1 if some room has no place out of sight for all its people."""
    from buildings.apertures import SightRules
    from buildings.borders import InputError
    from buildings.corners_report import (
        as_json,
        has_place_for_all,
        judge_rooms,
        print_table,
        write_folder,
    )
    from buildings.plan_file import load_plan
    from buildings.sightlines import SHALLOWEST_M

    depth = asked.glass_depth
    if depth is not None and not SHALLOWEST_M <= depth <= 2.0:
        raise InputError(f"--glass-depth: {depth:g} m, expected {SHALLOWEST_M:g} to 2")
    if not 0 <= asked.beside <= 1000:
        raise InputError(f"--beside: {asked.beside}, expected 0 to 1000")
    plan = load_plan(asked.plan)
    rules = SightRules(
        doors=asked.doors,
        covers="as found" if asked.covers == "as-found" else asked.covers,
        glass_depth_m=depth,
        upper_windows=not asked.without_upper_windows,
    )
    results = judge_rooms(plan, _people(plan, asked), rules)
    if asked.json:
        print(json.dumps(as_json(results, plan, rules), indent=2))
    else:
        print_table(results, plan)
    if asked.out is not None:
        written = write_folder(results, plan, rules, asked.out, ending=asked.format)
        if not asked.json:
            print(f"Pictures: {len(written) - 1} in {asked.out}")
    return 0 if has_place_for_all(results) else 1


def _people(plan: Plan, asked: argparse.Namespace) -> Mapping[str, People]:
    """Return the rooms to judge and who is in them."""
    from buildings.borders import InputError
    from buildings.corner_people import read_roster, rooms_called, usual_people
    from buildings.hard_corner import rooms_with_people
    from buildings.person_area import People

    roster = read_roster(asked.roster, plan) if asked.roster is not None else None
    if asked.room:
        ids = dict.fromkeys(rooms_called(plan, asked.room, place="--room").values())
        for id_ in ids:
            space = plan.spaces[id_]
            if space.kind in ("void", "outdoor", "assembly", "hard_corner") or space.obstacle_of:
                raise InputError(f"--room: {id_} is {space.kind}, expected a room")
    else:
        ids = dict.fromkeys(space.id for space in rooms_with_people(plan))
        ids |= dict.fromkeys(roster or {})
    if not ids:
        raise InputError(f"{plan.id}: no rooms in which people stay, expected some, or --room")
    if roster is not None:
        return {id_: roster.get(id_, People()) for id_ in ids}
    return {
        id_: usual_people(plan.spaces[id_], kind=asked.people, beside=asked.beside) for id_ in ids
    }

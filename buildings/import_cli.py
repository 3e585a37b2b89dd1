"""The verb ``hallways plan import``: a plan folder made of another program's file."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="+",
        help="an .ifc, .osm or .wkt file, an IMDF folder, or .dxf drawings, one for each level",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the plan folder")
    parser.add_argument("--facts", type=Path, metavar="CSV", help="facts.csv to apply and keep")
    parser.add_argument(
        "--force", action="store_true", help="replace a plan folder; its facts.csv is kept"
    )
    parser.add_argument(
        "--json", action="store_true", help="print import_report.json, nothing else"
    )
    parser.add_argument(
        "--exit",
        action="append",
        default=[],
        dest="exits",
        metavar="WKT",
        help='walkable areas: an exit, "LINESTRING (x y, x y)" across it; may be repeated',
    )
    parser.add_argument(
        "--whole", action="store_true", help="walkable areas: do not part the floor into rooms"
    )
    parser.add_argument(
        "--building", metavar="ID", help="IMDF: which building of the archive, by id or name"
    )
    parser.add_argument(
        "--units",
        choices=("m", "cm", "mm", "in", "ft"),
        help="IFC and DXF: what one unit of the file is, where its own is missing or wrong",
    )
    _add_drawing_arguments(parser)


def _add_drawing_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what only drawings take."""
    dxf = parser.add_argument_group("for DXF drawings")
    for name, what in (
        ("walls", "a layer of walls and windows (again for more; * stands for any letters)"),
        ("doors", "a layer of door swings"),
        ("labels", "a layer of room numbers and names"),
    ):
        dxf.add_argument(f"--{name}", action="append", metavar="LAYER", help=what)
    dxf.add_argument(
        "--level",
        action="append",
        metavar="ID=ELEVATION",
        help="level of each drawing, in their order: L2=3.6, L2 or 3.6 (metres)",
    )
    dxf.add_argument(
        "--gap", type=float, metavar="METRES", help="widest gap that closing closes (1.3)"
    )
    dxf.add_argument(
        "--accept",
        action="append",
        metavar="ROOM=WAY",
        help="what to take for a room: lines, closing, none or auto (R-101=closing,R-102=none)",
    )


def run(asked: argparse.Namespace) -> int:
    """Import a building; 1 if something must be put right before the plan can be used."""
    from buildings.plan_import import import_to_folder

    names = (
        "exits", "whole", "building", "units", "walls", "doors", "labels", "level", "gap", "accept",
    )  # fmt: skip
    own = {
        name: value for name in names if (value := getattr(asked, name)) not in (None, [], False)
    }
    if len(asked.file) > 1:
        own["more"] = tuple(asked.file[1:])
    return import_to_folder(
        asked.file[0], asked.out, facts=asked.facts, force=asked.force, as_json=asked.json, own=own
    )

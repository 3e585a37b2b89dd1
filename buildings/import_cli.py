"""The verb ``hallways plan import``: a plan folder made of another program's file."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("file", type=Path, help="an .ifc, .osm or .wkt file or an IMDF folder")
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
        "--units",
        choices=("m", "cm", "mm", "in", "ft"),
        help="IFC: the length unit, where the file's own is missing or wrong",
    )
    parser.add_argument(
        "--building", metavar="ID", help="IMDF: which building of the archive, by id or name"
    )


def run(asked: argparse.Namespace) -> int:
    """Import a building; 1 if something must be put right before the plan can be used."""
    from buildings.plan_import import import_to_folder

    names = ("exits", "whole", "units", "building")
    own = {name: value for name in names if (value := getattr(asked, name))}
    return import_to_folder(
        asked.file, asked.out, facts=asked.facts, force=asked.force, as_json=asked.json, own=own
    )

"""The verbs ``hallways plan``: a table; each lives in a module that is loaded when it is asked."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import Final, NamedTuple


class Verb(NamedTuple):
    """Where a verb lives (a module with ``add_arguments`` and ``run``), and how it is shown."""

    module: str
    does: str
    example: str


VERBS: Final[dict[str, Verb]] = {
    "check": Verb(
        "buildings.check_cli", "name what is wrong or missing", "hallways plan check office"
    ),
    "import": Verb(
        "buildings.import_cli",
        "make a plan folder of an IFC, OpenStreetMap, IMDF, DXF or WKT file",
        "hallways plan import office.ifc --out office --facts facts.csv",
    ),
    "show": Verb(
        "buildings.show_cli",
        "draw a plan",
        "hallways plan show builtin:cedar-middle --out c.pdf",
    ),
    "corners": Verb(
        "buildings.corners_cli",
        "find the floor of each room that is out of sight, and for how many people",
        "hallways plan corners builtin:cedar-middle --covers closed --out corners",
    ),
    "diff": Verb(
        "buildings.diff_cli",
        "name exactly what changed between two plans",
        "hallways plan diff office office-retrofit",
    ),
    "edit": Verb(
        "buildings.edit_cli",
        "write a variant of a plan with some things changed",
        'hallways plan edit office --out office-b "widen P-3 1.2" "set P-101-A lock=inside"',
    ),
    "export": Verb(
        "buildings.export_cli",
        "write a plan for JuPedSim or jupedsim-network",
        "hallways plan export builtin:cedar-middle --to jupedsim-network --out cedar.json",
    ),
    "redact": Verb(
        "buildings.redact_cli",
        "write a version of a plan that can be shared",
        "hallways plan redact office --out office-public",
    ),
    "fmt": Verb(
        "buildings.fmt_cli",
        "write a plan folder in its canonical form",
        "hallways plan fmt office",
    ),
    "schema": Verb(
        "buildings.schema_cli",
        "print the JSON Schemas of the plan files",
        "hallways plan schema",
    ),
}
"""The verbs in the order in which help lists them."""


def main(argv: list[str] | None = None) -> int:
    """Run one of the plan verbs.

    Returns
    -------
    int
        0 done; 1 the question was answered with "no"; bad input raises InputError.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    asked = _parser(arguments[0] if arguments else "").parse_args(arguments)
    return int(import_module(VERBS[asked.verb].module).run(asked))


def _parser(verb: str) -> argparse.ArgumentParser:
    """Return the parser of all verbs; only the one that is asked for knows its arguments."""
    parser = argparse.ArgumentParser(
        prog="hallways plan", description="Plans of buildings: bring in, check, draw, change."
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB", dest="verb")
    for name, (module, does, example) in VERBS.items():
        sub = verbs.add_parser(
            name,
            help=does,
            description=does[0].upper() + does[1:] + ".",
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == verb:
            import_module(module).add_arguments(sub)
    return parser

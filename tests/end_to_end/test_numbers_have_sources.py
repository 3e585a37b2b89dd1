"""No number enters a result without a source: data files, constants, defaults, and formulas.

A constant or a default is sourced where its docstring, its comment or its field's description names
one (a year of publication, a chapter, or "ours" for a choice of this project), or where a constant
``SOURCE`` does so for the whole module. Codes that count up from 0 are no quantities. What else
needs no source, because it changes no result, is listed here with the reason.
"""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

ROOT = Path(__file__).parents[2]
FLOORS: Final = ("sim", "scenarios")
DATA: Final = (
    "sim/flow_laws.toml",
    "sim/measured.toml",
    "scenarios/population_defaults.toml",
    "scenarios/protocol_defaults.toml",
    "scenarios/assistance_defaults.toml",
    "scenarios/communication_defaults.toml",
    "scenarios/moment_defaults.toml",
    "scenarios/hazard_defaults.toml",
    "scenarios/accountability_defaults.toml",
    "scenarios/reunification_defaults.toml",
    "scenarios/responder_defaults.toml",
)
QUALITIES: Final = frozenset(
    {"read", "figure", "abstract", "derived", "recalled", "chosen", "ours"}
)

SOURCED: Final = re.compile(r"\b(1[89]|20)\d\d\b|\bours\b|\bed\., ch\. \d")
NEUTRAL: Final = frozenset({-1.0, 0.0, 1.0, math.inf})
"""Defaults that change nothing: no delay, factor one, no limit, none."""
NOTHING: Final = frozenset({0.0, math.inf})
"""Constants that are no quantity."""
PLAIN: Final = frozenset({0.0, 0.5, 1.0, 2.0, 4.0, 60.0})
"""Numbers that a formula may hold: halves, doubles, the 4 of a parabola's peak, a minute."""
ROUNDING: Final = 1e-6
"""Smaller numbers in formulas stand for rounding."""

MEMORY: Final = "how much room is made at first; it grows, and changes no result"
SPEED: Final = "which way of running is quicker; the results are the same"
SHOWN: Final = "how much is printed"
LOOKS = "how a picture looks"
LISTED: Final = {
    "sim/kernels/arrays.py NOBODY": "a code",
    "sim/kernels/arrays.py TOLD": "a code",
    "sim/hazard_exposure.py ANYWHERE": "a code",
    "sim/kernels/choice.py TO_PLACE": "a code",
    "sim/flow_laws.py _LIMITS": "bounds of what a scenario may say",
    "sim/flow_laws.py _critical_of 0.9": "where a peak is looked for, said beside it",
    "sim/kernels/movement.py SPARE_ROWS": MEMORY,
    "sim/keyed_draws.py _GOLDEN": "the random generator; any good mixer would do",
    "sim/keyed_draws.py _MIX_1": "the random generator; any good mixer would do",
    "sim/keyed_draws.py _MIX_2": "the random generator; any good mixer would do",
    "sim/movement.py EVENTS_PER_PERSON": MEMORY,
    "sim/movement.py ROWS_AT_ONCE": MEMORY,
    "sim/movement.py MOST_ROWS_AT_ONCE": "beyond it a run ends with an error",
    "sim/network.py UNLIMITED": "stands for no limit",
    "sim/simulation.py COMPILING_PAYS_FROM": SPEED,
    "sim/evacuation.py EvacuationOrders.end_s": "a run ends after an hour; who is not out is shown",
    "scenarios/scenario_file.py ScenarioFile.end_s": "the same",
    "scenarios/scenario_file.py ScenarioFile.replicas": "how often to ask; said in every result",
    "scenarios/batch.py CHUNK_PEOPLE": SPEED,
    "scenarios/batch.py ALONE_UP_TO": SPEED,
    "scenarios/cli.py OK": "an exit code",
    "scenarios/cli.py NO": "an exit code",
    "scenarios/cli.py BAD_INPUT": "an exit code",
    "scenarios/cli.py INTERRUPTED": "an exit code",
    "scenarios/run_cli.py STOPPED": "an exit code",
    "scenarios/intervals.py LEVEL": "which part of the replicas an interval holds; said beside it",
    "scenarios/summary.py SHARES": "which shares of the people are reported",
    "scenarios/summary.py _LEDGER_PARTS": "rounding of a mean",
    "scenarios/manifest.py MANIFEST_VERSION": "a version",
    "scenarios/summary.py SUMMARY_VERSION": "a version",
    "scenarios/readiness_report.py VERSION": "a version",
    "scenarios/reunification_runs.py SUMMARY_VERSION": "a version",
    "scenarios/roster.py ON_THE_LINE_M": "rounding of a drawing",
    "scenarios/run_report.py WORST_DOORS": SHOWN,
    "scenarios/run_report.py ROOMS_NAMED": SHOWN,
    "scenarios/notes.py ROOMS_NAMED": SHOWN,
    "scenarios/run_words.py ORDERS_SHOWN": SHOWN,
    "scenarios/table_columns.py FIRST_STATES": "a code",
    "scenarios/run_report.py PEOPLE_SHOWN": SHOWN,
    "scenarios/protocol_report.py ROOMS_SHOWN": SHOWN,
    "scenarios/protocol_picture.py POINTS": LOOKS,
    "scenarios/protocol_picture.py draw_rooms_done 1.02": LOOKS,
    "scenarios/protocol_picture.py draw_rooms_done 0.25": LOOKS,
    "scenarios/protocol_picture.py draw_rooms_done 1.8": LOOKS,
    "scenarios/protocol_picture.py draw_rooms_done 0.8": LOOKS,
    "scenarios/protocol_picture.py draw_rooms_done 1.12": LOOKS,
    "scenarios/protocol_picture.py draw_rooms_done 0.6": LOOKS,
    "scenarios/protocol_picture.py curve_figure 8.6": LOOKS,
    "scenarios/protocol_picture.py curve_figure 3.9": LOOKS,
}


# --- data files


def numbers_without_source(node: Any, place: str = "", *, sourced: bool = False) -> Iterator[str]:
    """Yield the places of numbers that lie in no table with a source and a quality."""
    if isinstance(node, dict):
        if "source" in node or "quality" in node:
            source, quality = node.get("source"), node.get("quality")
            sourced = bool(isinstance(source, str) and source.strip() and quality in QUALITIES)
        for key, value in node.items():
            if key != "schema_version":
                yield from numbers_without_source(value, f"{place}.{key}", sourced=sourced)
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from numbers_without_source(value, f"{place}[{i}]", sourced=sourced)
    elif isinstance(node, int | float) and not isinstance(node, bool) and not sourced:
        yield place.lstrip(".")


@pytest.mark.parametrize("name", DATA)
def test_every_number_in_a_data_file_has_a_source_and_a_quality(name: str):
    table = tomllib.loads((ROOT / name).read_text(encoding="utf-8"))
    assert not [*numbers_without_source(table)], name


def test_every_data_file_is_looked_at():
    found = {str(p.relative_to(ROOT)) for floor in FLOORS for p in (ROOT / floor).rglob("*.toml")}
    assert found == set(DATA)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("[a]\nvalue = 1.0", ["a.value"]),
        ('[a]\nvalue = 1.0\nsource = "Somebody 1999"', ["a.value"]),
        ('[a]\nvalue = 1.0\nsource = " "\nquality = "read"', ["a.value"]),
        ('[a]\nvalue = 1.0\nsource = "Somebody 1999"\nquality = "sure"', ["a.value"]),
        ('[a]\nx = {v = [1, 2]}\nsource = "Somebody 1999"\nquality = "read"', []),
        ('[a]\nsource = "Somebody 1999"\nquality = "read"\nb = {c = 1, source = ""}', ["a.b.c"]),
        ("schema_version = 1", []),
    ],
)
def test_a_number_without_source_is_found_in_data(text: str, places: list[str]):
    assert [*numbers_without_source(tomllib.loads(text))] == places


# --- constants, defaults and formulas


@dataclass(frozen=True)
class Number:
    """A number in the code: where, and what is written beside it."""

    key: str
    values: tuple[float, ...]
    words: str


def values_of(node: ast.AST) -> tuple[float, ...]:
    """Return the numbers that an expression spells out, whatever holds them."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return tuple(-value for value in values_of(node.operand))
    if isinstance(node, ast.Constant):
        plain = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return (float(node.value),) if plain else ()
    if isinstance(node, ast.Attribute | ast.Subscript | ast.Lambda | ast.JoinedStr):
        return ()
    if isinstance(node, ast.Call):  # what is called is no number, what it is given may be
        parts: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
    else:
        parts = [*ast.iter_child_nodes(node)]
    return tuple(value for part in parts for value in values_of(part))


def numbers_in(path: str, text: str) -> Iterator[Number]:
    """Yield module constants, defaults of fields and parameters, and floats in function bodies."""
    tree, comments = ast.parse(text), comments_of(text)
    codes = codes_of(tree)
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = [n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
            words = beside(node, comments) + docstring(after)
            for name in [] if node in codes else named:
                yield Number(f"{path} {name.id}", values_of(node.value), words)
    for owner in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for node in owner.body:
            if isinstance(node, ast.AnnAssign) and node.value is not None:
                name = ast.unparse(node.target)
                words = beside(node, comments) + described(node.value)
                yield Number(f"{path} {owner.name}.{name}", default_of(node.value), words)
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        args = function.args
        named_args = [*args.posonlyargs, *args.args]
        given = [
            *zip(named_args[len(named_args) - len(args.defaults) :], args.defaults, strict=True),
            *zip(args.kwonlyargs, args.kw_defaults, strict=True),
        ]
        for arg, default in given:
            if default is not None:
                key = f"{path} {function.name}({arg.arg})"
                yield Number(key, values_of(default), beside(default, comments))
        inside = [n for part in function.body for n in ast.walk(part)]
        literals = [n for n in inside if isinstance(n, ast.Constant)]
        for inner in sorted(literals, key=lambda n: (n.lineno, n.col_offset)):
            if isinstance(inner.value, float):
                if abs(inner.value) in PLAIN or abs(inner.value) < ROUNDING:
                    continue
                key = f"{path} {function.name} {inner.value:g}"
                yield Number(key, (inner.value,), beside(inner, comments))


def codes_of(tree: ast.Module) -> set[ast.stmt]:
    """Return the assignments of whole numbers that count up by one from 0, two at least."""
    runs: list[list[ast.stmt]] = [[]]
    for node in tree.body:
        if isinstance(node, ast.Expr):  # the docstring of the one before
            continue
        value = getattr(node, "value", None)
        code = value.value if isinstance(value, ast.Constant) else None
        if type(code) is int and code == len(runs[-1]):
            runs[-1].append(node)
        else:
            runs.append([node] if type(code) is int and code == 0 else [])
    return {node for run in runs if len(run) > 1 for node in run}


def default_of(node: ast.expr) -> tuple[float, ...]:
    """Return the numbers of a field's default, not those of its bounds."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Field", "field"):
        kept = [*node.args, *(k.value for k in node.keywords if k.arg == "default")]
        return tuple(value for part in kept for value in values_of(part))
    return values_of(node)


def described(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return " ".join(ast.unparse(k.value) for k in node.keywords if k.arg == "description")
    return ""


def docstring(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return str(node.value.value)
    return ""


def comments_of(text: str) -> dict[int, tuple[str, bool]]:
    """Return each line's comment, and whether the line holds nothing else."""
    found = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            found[token.start[0]] = (token.string, token.line.lstrip().startswith("#"))
    return found


def beside(node: ast.stmt | ast.expr, comments: dict[int, tuple[str, bool]]) -> str:
    """Return the comments on the lines of a node and in the block right above it."""
    lines = [*range(node.lineno, (node.end_lineno or node.lineno) + 1)]
    above = node.lineno - 1
    while above in comments and comments[above][1]:
        lines.append(above)
        above -= 1
    return " ".join(comments[line][0] for line in lines if line in comments)


def without_source(path: str, text: str) -> list[str]:
    """Return the numbers of a module that should name a source and do not."""
    lacking = []
    whole_module = re.search(r"^SOURCE: Final = (.*?)^\"\"\"", text, re.MULTILINE | re.DOTALL)
    if whole_module and SOURCED.search(whole_module[1]):
        return []
    for number in numbers_in(path, text):
        constant = "." not in number.key.split()[1] and "(" not in number.key
        neutral = all(v in (NOTHING if constant else NEUTRAL) for v in number.values)
        if number.values and not neutral and not SOURCED.search(number.words):
            lacking.append(number.key)
    return lacking


@cache
def all_without_source() -> tuple[str, ...]:
    lacking: list[str] = []
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            lacking += without_source(name, path.read_text(encoding="utf-8"))
    return tuple(lacking)


def test_every_number_in_the_code_names_its_source_or_is_listed():
    unlisted = [key for key in all_without_source() if key not in LISTED]
    assert not unlisted, "name the source in the docstring ('ours' is one), or list it here"


def test_nothing_is_listed_in_vain():
    assert not set(LISTED) - set(all_without_source()), "take them off the list"


EXAMPLE = '''
A: Final = 0.3
B: Final = 0.3
"""Somebody 1999, table 2."""
C: Final = 0.3  # ours
# From Somebody 2004.
D = (1, 2.5)
E: Final = {"x": -2.0}
NAME: Final = "words"
F: Final = other(3)
NO: Final = 0
YES: Final = 1
"""A code."""
STOREYS: Final = 3
AT_ONCE: Final = other(0.0)

class Part:
    a: float = 0.0
    b: float = 2.5
    c: float = 2.5  # ours
    d: float = Field(default=2.5, ge=7.0)
    e: float = Field(default=2.5, description="Somebody 1999.")
    f: float = Field(default=1.0, le=9.0)
    g: str = "0.3"

def work(x, y=0.25, *, z=1, w=0.5):
    return 0.266 * x + 0.5 * y + 1e-9 + 3 + 0.7  # Somebody 1999
'''


def test_a_number_without_source_is_found_in_code():
    assert without_source("m.py", EXAMPLE) == [
        "m.py A",
        "m.py E",
        "m.py F",
        "m.py STOREYS",
        "m.py Part.b",
        "m.py Part.d",
        "m.py work(y)",
        "m.py work(w)",
    ]
    bare = EXAMPLE.replace("  # Somebody 1999\n", "\n")
    assert without_source("m.py", bare)[-2:] == ["m.py work 0.266", "m.py work 0.7"]
    whole = 'SOURCE: Final = "Somebody 1999"\n"""Of all numbers."""\n'
    assert without_source("m.py", whole + bare) == []
    assert without_source("m.py", whole.replace("1999", "") + bare) != []

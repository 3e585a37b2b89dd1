"""Rules of the house: guardrails in every name, front doors that list what they offer."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("buildings", "sim", "scenarios", "debrief", "viz")
FORBIDDEN = re.compile(r"attacker|weapon|shooter|casualt|gunman|victim|wound|kill\b", re.IGNORECASE)


@pytest.mark.parametrize("floor", FLOORS)
def test_no_attacker_weapon_or_casualty_in_any_name_or_key(floor: str):
    for path in sorted((ROOT / floor).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [
                getattr(node, field)
                for field in ("id", "attr", "name", "arg")
                if isinstance(getattr(node, field, None), str)
            ]
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.append(node.value)
            for name in names:
                assert not FORBIDDEN.search(name), f"{path.name}: {name[:60]}"


@pytest.mark.parametrize("floor", FLOORS)
def test_a_front_door_offers_exactly_what_it_lists(floor: str):
    module = importlib.import_module(floor)
    listed = getattr(module, "__all__", [])
    assert list(listed) == sorted(listed, key=lambda n: (not n.isupper(), not n[0].isupper(), n))
    for name in listed:
        assert getattr(module, name) is not None


def test_help_answers_without_the_heavy_libraries():
    code = (
        "import sys; from scenarios.cli import main; main(['--help']);"
        "print([m for m in ('numpy', 'numba', 'matplotlib', 'arcade', 'pandas', 'shapely') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip().endswith("[]")


def test_no_path_of_one_machine_in_any_file():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".yaml", ".csv", ".json", ".geojson"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"/(root|home)/\w|/wo" + r"rk/", text), name

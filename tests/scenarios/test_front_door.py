"""The front door shows what it says, and opens without heavy imports."""

from __future__ import annotations

import subprocess
import sys

import pytest

import scenarios

HEAVY = ("numpy", "shapely", "pydantic", "yaml", "pyarrow", "numba", "pandas", "rich", "simpy")


def test_every_public_name_can_be_had():
    assert sorted(scenarios.__all__) == sorted(scenarios._HOME)
    for name in scenarios.__all__:
        assert getattr(scenarios, name) is not None
    assert dir(scenarios) == scenarios.__all__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = scenarios.nothing


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["run", "--help"], ["reunify", "--help"], ["unknown-verb"]],
    ids=" ".join,
)
def test_help_imports_nothing_heavy(arguments: list[str]):
    program = (
        "import sys\n"
        "from scenarios.cli import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"

"""The real public floor plans beside the repository, where they are present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PLANS = Path(__file__).resolve().parents[2].parent / "shared" / "plans"


def shared_plan(name: str) -> Path:
    """Return a real plan; skip the test where it is absent, but never in CI."""
    path = PLANS / name
    if path.is_file():
        return path
    if os.environ.get("CI"):
        pytest.fail(f"{path} is missing, and CI must run this test")
    pytest.skip(f"{name}: the shared plans are not beside this checkout")

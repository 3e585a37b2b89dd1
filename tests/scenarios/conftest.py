"""The hand-made building in the place of plan files, for tests of what stands above them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.two_rooms import PLAN, compiled_two_rooms

from buildings import Plan, write_private


@pytest.fixture
def hand_plan(monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Let every plan path lead to the two rooms, and compiling to their hand-made arrays."""

    def write_plan(plan: Plan, folder: Path) -> None:
        write_private(folder / "building.yaml", f"id: {plan.id}\n".encode())

    for module in ("scenarios.assembled", "scenarios.run_folder"):
        monkeypatch.setattr(f"{module}.load_plan", lambda source: PLAN)
        monkeypatch.setattr(f"{module}.compile_plan", lambda plan: compiled_two_rooms())
    monkeypatch.setattr("scenarios.run_folder.write_plan", write_plan)
    return PLAN

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

    monkeypatch.setattr("buildings.load_plan", lambda source: PLAN, raising=False)
    monkeypatch.setattr("buildings.compile_plan", lambda plan: compiled_two_rooms(), raising=False)
    monkeypatch.setattr("buildings.write_plan", write_plan, raising=False)
    return PLAN

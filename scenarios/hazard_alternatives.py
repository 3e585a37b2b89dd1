"""One scenario with other hazards in their place, each of them typed by a planner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scenarios.find_scenario import check_scenario
from scenarios.scenario import Scenario, ScenarioError
from sim import MOST_HAZARDS


def hazard_alternatives(
    scenario: Scenario, alternatives: Sequence[Sequence[Mapping[str, Any]]], *, folder: Path
) -> tuple[Scenario, ...]:
    """Return a scenario once for each alternative, to be run and compared like variants.

    There is no other way to vary a hazard: what is compared is a list that somebody typed.

    Parameters
    ----------
    scenario : Scenario
    alternatives : sequence of sequences of mappings
        What `hazards` of each says, as a scenario file would; an empty one for no hazard.
    folder : Path
        Where a relative plan path starts.

    Raises
    ------
    ScenarioError
        If there are more than 20 alternatives, or one of them is not as a file may say it.
    """
    if not isinstance(alternatives, list | tuple):
        kind = type(alternatives).__name__
        words = f"expected a typed list of alternatives, got {kind}"
        raise ScenarioError((scenario.fault(("hazards",), words),))
    if len(alternatives) > MOST_HAZARDS:
        words = (
            f"expected at most {MOST_HAZARDS} alternatives, each typed by a planner, got "
            f"{len(alternatives)}: hazards are not searched over"
        )
        raise ScenarioError((scenario.fault(("hazards",), words),))
    return tuple(
        check_scenario(
            scenario.file.with_value(
                ["hazards"], [dict(one) for one in typed], said_by=f"alternative {number}"
            ),
            folder=folder,
        )
        for number, typed in enumerate(alternatives)
    )

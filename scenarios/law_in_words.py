"""What a reader of results has to know of the flow law: whom it describes, changes, cautions."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.scenario import Scenario
from sim import flow_law_table, flow_preset


def law_words(scenario: Scenario) -> tuple[str, ...]:
    """Return the sentences that belong beside every result of a scenario.

    The first names the law and whom it describes; the second, if there is one, every number that
    the scenario changes; then the cautions of the preset, but those that are about numbers which
    the scenario changes all.
    """
    preset = flow_preset(scenario.law)
    lines = [f"Flow law {preset.name}: {preset.population}."]
    changed = changed_numbers(scenario.law, scenario.law_numbers)
    if changed:
        lines.append(f"Changed by the scenario: {'; '.join(changed)}.")
    said = scenario.law_numbers
    lines += [
        caution.words
        for caution in preset.cautions
        if not caution.about or any(name not in said for name in caution.about)
    ]
    return tuple(lines)


def changed_numbers(law: str, numbers: Mapping[str, float | str]) -> list[str]:
    """Return each number that a scenario changes, with its unit and the preset's own.

    Examples
    --------
    >>> changed_numbers("sfpe", {"door_boundary_m": 0.1, "storage_per_m2": float("inf")})
    ['door_boundary_m 0.1 m instead of 0.15', 'storage_per_m2 unlimited instead of 3.5']
    >>> changed_numbers("weidmann", {"speed_law": "none"})
    ['speed_law none instead of kladek']
    """
    preset, meanings = flow_preset(law), flow_law_table().fields
    lines = []
    for name, value in numbers.items():
        if isinstance(value, str):
            lines.append(f"{name} {value} instead of {preset.speed_law}")
        elif value == float("inf"):
            lines.append(f"{name} unlimited instead of {preset.values[name]:g}")
        else:
            unit = "" if meanings[name].unit == "1" else f" {meanings[name].unit}"
            lines.append(f"{name} {value:g}{unit} instead of {preset.values[name]:g}")
    return lines

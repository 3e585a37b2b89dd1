"""IFC models with their rooms taken out, as many programs export them."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def without_rooms(source: Path, target: Path, *, storey: str | None = None) -> Path:
    """Write a model without its IfcSpaces (only those of one storey if named), return its path."""
    import ifcopenshell

    model = ifcopenshell.open(str(source))
    for space in model.by_type("IfcSpace"):
        holders = [relation.RelatingObject.Name for relation in space.Decomposes]
        if storey is not None and storey not in holders:
            continue
        for relation in list(model.get_inverse(space)):
            _detach(model, relation, space)
        model.remove(space)
    model.write(str(target))
    return target


def _detach(model: Any, relation: Any, space: Any) -> None:
    """Take a space out of a relation; a relation of nothing else goes."""
    for place, value in enumerate(relation):
        if isinstance(value, tuple) and space in value:
            left = tuple(item for item in value if item != space)
            if left:
                relation[place] = left
                continue
        elif value != space:
            continue
        model.remove(relation)
        return

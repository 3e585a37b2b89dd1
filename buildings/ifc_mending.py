"""What is put right in an IFC model before its solids are built, and what makes that hopeless."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buildings.import_report import ImportFault


def refuse_loops(model: Any, path: str) -> None:
    """Refuse a model in which something contains itself or stands on its own place.

    Building solids would never end on it.

    Raises
    ------
    ImportFault
        Naming one record of the loop.
    """
    parents: dict[int, list[int]] = {}
    for kind in ("IfcRelAggregates", "IfcRelNests"):
        for relation in model.by_type(kind):
            for part in _all(relation.RelatedObjects):
                parents.setdefault(part.id(), []).extend(_ids([relation.RelatingObject]))
    for relation in model.by_type("IfcRelContainedInSpatialStructure"):
        for part in _all(relation.RelatedElements):
            parents.setdefault(part.id(), []).extend(_ids([relation.RelatingStructure]))
    places = {
        place.id(): _ids([place.PlacementRelTo]) for place in model.by_type("IfcLocalPlacement")
    }
    for what, graph in (("contains itself", parents), ("is placed on itself", places)):
        looped = _on_a_loop(graph)
        if looped is not None:
            raise ImportFault(
                f"{path}: is damaged IFC (#{looped} {what}), expected a whole file. Export it again"
            )


def state_length_unit(model: Any) -> bool:
    """Give a model without a length unit metres; return whether it had one of its own."""
    import ifcopenshell.util.unit

    if ifcopenshell.util.unit.get_project_unit(model, "LENGTHUNIT") is not None:
        return True
    for project in model.by_type("IfcProject"):
        metre = model.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")
        others = _all(project.UnitsInContext.Units) if project.UnitsInContext is not None else []
        project.UnitsInContext = model.create_entity("IfcUnitAssignment", Units=[metre, *others])
    return False


def _all(things: Any) -> list[Any]:
    return [thing for thing in things or () if thing is not None]


def _ids(things: Iterable[Any]) -> list[int]:
    return [thing.id() for thing in things if thing is not None]


def _on_a_loop(parents: dict[int, list[int]]) -> int | None:
    """Return the lowest node that leads back to itself, or None.

    Examples
    --------
    >>> _on_a_loop({1: [2], 2: [3], 4: [5], 5: [4]}), _on_a_loop({1: [2], 3: [2]})
    (4, None)
    """
    done: set[int] = set()
    for start in sorted(parents):
        here: list[int] = [start]
        open_: set[int] = set()
        while here:
            node = here[-1]
            if node in done:
                here.pop()
            elif node in open_:
                open_.discard(node)
                done.add(node)
                here.pop()
            else:
                open_.add(node)
                above = parents.get(node, ())
                back = [other for other in above if other in open_]
                if back:
                    return min(back)
                here.extend(other for other in above if other not in done)
    return None

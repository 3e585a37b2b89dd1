"""What an IFC file says about rooms, doors and stairs, in metres and without anything personal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from buildings.ifc_file import checked_bytes
from buildings.ifc_geometry import Mesh, joined_meshes, shift_to_origin
from buildings.ifc_mending import refuse_loops, state_length_unit
from buildings.ifc_records import (
    IfcBuilding,
    IfcFlight,
    IfcOpening,
    IfcRoom,
    IfcStairs,
    Storey,
)
from buildings.ifc_units import UNITS_M
from buildings.import_report import ImportFault

_DAMAGE: Final = (RuntimeError, ValueError, TypeError, LookupError, AttributeError, OSError)
LIMITS: Final = {"IfcSpace": 20_000, "IfcDoor": 40_000, "IfcWindow": 40_000, "IfcWall": 100_000}
"""More of a kind than this is more than one building."""
AREAS: Final = ("NetFloorArea", "GrossFloorArea", "Area")
"""Values that a file may write as the area of a room, in the order in which they are asked."""
HIGHEST_M: Final = 10_000.0
_DEEPEST: Final = 50
_PRIVATE: Final = ("IfcPerson", "IfcOrganization", "IfcPostalAddress", "IfcTelecomAddress")


def read_ifc(path: Path, *, units: str | None = None) -> IfcBuilding:
    """Read the rooms, doors, stairs and walls of an IFC file (STEP text, ``.ifc``).

    Parameters
    ----------
    path : Path
        The file.
    units : {"m", "cm", "mm", "in", "ft"}, optional
        The length unit, where a person knows better than the file.

    Raises
    ------
    ImportFault
        If the file is missing, not IFC, cut off or not readable.
    """
    content = checked_bytes(path)
    try:
        import ifcopenshell
        import ifcopenshell.geom
    except ImportError:
        raise ImportFault(
            f"{path}: reading IFC needs the package ifcopenshell: pip install 'hallways[ifc]'"
        ) from None
    try:
        model = ifcopenshell.open(str(path))
        return _Reader(path, model, hashlib.sha256(content).hexdigest(), units).building()
    except ImportFault:
        raise
    except (ifcopenshell.Error, *_DAMAGE) as error:
        reason = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
        raise ImportFault(f"{path}: is damaged IFC ({reason}), expected a whole file") from None


class _Reader:
    """Turns the entities of one model into records."""

    def __init__(self, path: Path, model: Any, sha256: str, units: str | None) -> None:
        import ifcopenshell.geom
        import ifcopenshell.util.unit

        self._path = path
        self._model = model
        self._sha256 = sha256
        refuse_loops(model, str(path))
        has_unit = state_length_unit(model)
        stated = float(ifcopenshell.util.unit.calculate_unit_scale(model))
        self._unit_m = UNITS_M[units] if units is not None else stated
        self._area_m2 = float(ifcopenshell.util.unit.calculate_unit_scale(model, "AREAUNIT"))
        self._stretch = self._unit_m / stated
        self._stated_unit_m = stated if has_unit else None
        self._whole = ifcopenshell.geom.settings()
        self._whole.set("use-world-coords", True)
        self._plain = ifcopenshell.geom.settings()
        self._plain.set("use-world-coords", True)
        self._plain.set("disable-opening-subtractions", True)
        self._shapeless: list[str] = []
        self._placeholders = 0
        self._shift = np.zeros(3)

    def building(self) -> IfcBuilding:
        """Return everything of the file that a plan needs."""
        for kind, most in LIMITS.items():
            many = len(self._model.by_type(kind))
            if many > most:
                raise ImportFault(
                    f"{self._path}: {many} {kind}, expected one building with at most {most}"
                )
        spaces = self._by_key("IfcSpace")
        meshes = [self._mesh(space, self._whole) for space in spaces]
        walls = list(self._walls())
        solid = [mesh for mesh in meshes if mesh is not None]
        self._shift = shift_to_origin(solid or walls)
        storeys_with_rooms = {self._storey_of(space) for space in spaces}
        bare = any(
            storey.GlobalId not in storeys_with_rooms
            for storey in self._model.by_type("IfcBuildingStorey")
        )
        return IfcBuilding(
            sha256=self._sha256,
            schema=str(self._model.schema),
            name=next(
                (n for b in self._model.by_type("IfcBuilding") for n in [_text(b.Name)] if n), None
            ),
            unit_m=self._unit_m,
            stated_unit_m=self._stated_unit_m,
            north_deg=self._north_deg(),
            moved_m=(float(-self._shift[0]), float(-self._shift[1])),
            storeys=tuple(self._storeys()),
            rooms=tuple(map(self._room, spaces, meshes)),
            openings=(*self._filled("door"), *self._holes(), *self._filled("window")),
            stairs=tuple(self._stairs()),
            walls=tuple(wall.moved(self._shift) for wall in walls),
            columns=tuple(self._solids("IfcColumn")) if bare or not solid else (),
            slabs=tuple(self._solids("IfcSlab")) if bare or not solid else (),
            ramps=len(self._model.by_type("IfcRamp")),
            shapeless=tuple(self._shapeless),
            private=sum(len(self._model.by_type(kind)) for kind in _PRIVATE),
            placeholders=self._placeholders,
        )

    def _by_key(self, kind: str) -> list[Any]:
        return sorted(self._model.by_type(kind), key=lambda entity: str(entity.GlobalId))

    def _mesh(self, product: Any, settings: Any) -> Mesh | None:
        """Return the solid of a product in world metres, or None if it has none."""
        import ifcopenshell.geom

        if product.Representation is None:
            return None
        try:
            shape = ifcopenshell.geom.create_shape(settings, product)
        except RuntimeError:
            self._shapeless.append(_title(product))
            return None
        vertices = np.asarray(shape.geometry.verts, dtype=np.float64).reshape(-1, 3)
        vertices = vertices * self._stretch
        triangles = np.asarray(shape.geometry.faces, dtype=np.int64).reshape(-1, 3)
        if not len(triangles) or not np.isfinite(vertices).all():
            return None
        return Mesh(vertices, triangles)

    def _shifted(self, mesh: Mesh | None) -> Mesh | None:
        return None if mesh is None else mesh.moved(self._shift)

    def _placement(self, product: Any) -> NDArray[np.float64]:
        """Return the 4 x 4 placement of a product, its origin in local metres."""
        import ifcopenshell.util.placement

        matrix = np.array(
            ifcopenshell.util.placement.get_local_placement(product.ObjectPlacement), dtype=float
        )
        matrix[:3, 3] = matrix[:3, 3] * self._unit_m + self._shift
        return matrix

    def _north_deg(self) -> float:
        """Return the bearing of true north, clockwise from the plan's +y axis."""
        for context in self._model.by_type("IfcGeometricRepresentationContext"):
            north = getattr(context, "TrueNorth", None)
            if north is not None and context.ContextType == "Model":
                x, y = north.DirectionRatios[:2]
                return round(float(np.degrees(np.arctan2(x, y))), 3) + 0.0
        return 0.0

    def _storeys(self) -> Iterator[Storey]:
        for storey in self._by_key("IfcBuildingStorey"):
            height = storey.Elevation
            if height is None and storey.ObjectPlacement is not None:
                height = self._placement(storey)[2, 3] / self._unit_m
            if height is None or not abs(float(height)) * self._unit_m <= HIGHEST_M:
                raise ImportFault(
                    f"{self._path}: storey {_title(storey)} has the elevation {height}, expected "
                    f"metres up to {HIGHEST_M:g}"
                )
            yield Storey(
                str(storey.GlobalId),
                _text(storey.Name) or "",
                round(float(height) * self._unit_m, 3),
            )

    def _storey_of(self, product: Any) -> str | None:
        import ifcopenshell.util.element

        holder = ifcopenshell.util.element.get_aggregate(
            product
        ) or ifcopenshell.util.element.get_container(product)
        for _ in range(_DEEPEST):  # a damaged file may hold a thing that contains itself
            if holder is None or holder.is_a("IfcBuildingStorey"):
                break
            holder = ifcopenshell.util.element.get_aggregate(
                holder
            ) or ifcopenshell.util.element.get_container(holder)
        found = holder is not None and holder.is_a("IfcBuildingStorey")
        return str(holder.GlobalId) if found else None

    def _published_m2(self, space: Any) -> float | None:
        """Return the area that the file writes beside a room; net before gross before any."""
        import ifcopenshell.util.element

        said: dict[str, Any] = {}
        for values in ifcopenshell.util.element.get_psets(space).values():
            said |= values
        for key in AREAS:
            value = said.get(key)
            if isinstance(value, float | int) and 0 < value < 1e9:
                return float(value) * self._area_m2
        return None

    def _room(self, space: Any, mesh: Mesh | None) -> IfcRoom:
        return IfcRoom(
            key=str(space.GlobalId),
            number=_text(space.Name),
            name=_text(space.LongName),
            storey=self._storey_of(space),
            mesh=self._shifted(mesh),
            published_m2=self._published_m2(space),
        )

    def _filled(self, kind: Literal["door", "window"]) -> Iterator[IfcOpening]:
        """Yield the doors or the windows that have a place."""
        for product in self._by_key("IfcDoor" if kind == "door" else "IfcWindow"):
            opening = self._opening(product, kind)
            if opening is None:
                self._shapeless.append(_title(product))
            else:
                yield opening

    def _opening(self, door: Any, kind: Literal["door", "window"]) -> IfcOpening | None:
        """Return a door or window, its place from its placement, its width written or drawn."""
        import ifcopenshell.util.element

        if door.ObjectPlacement is None:
            return None
        matrix = self._placement(door)
        along, across = _in_plan(matrix[:2, 0]), _in_plan(matrix[:2, 1])
        origin = matrix[:2, 3]
        if door.OverallWidth:
            width = float(door.OverallWidth) * self._unit_m
            middle = origin + along * width / 2
        else:
            mesh = self._shifted(self._mesh(door, self._whole))
            if mesh is None:
                return None
            reach = (mesh.vertices[:, :2] - origin) @ along
            width = float(np.ptp(reach))
            middle = origin + along * (reach.min() + reach.max()) / 2
        style = ifcopenshell.util.element.get_type(door)
        operation = getattr(door, "OperationType", None) or getattr(style, "OperationType", None)
        marks = ifcopenshell.util.element.get_psets(door)
        if kind == "door":
            self._placeholders += sum(
                _echoes(key, value) for values in marks.values() for key, value in values.items()
            )
        mark = next(
            (text for values in marks.values() for text in [_text(values.get("Mark"))] if text),
            None,
        )
        labels = tuple(text for text in (mark, _text(door.Tag)) if text)
        return IfcOpening(
            key=str(door.GlobalId),
            labels=labels,
            storey=self._storey_of(door),
            middle=middle,
            z_m=float(matrix[2, 3]),
            along=along,
            across=across,
            width_m=round(width, 3),
            height_m=float(door.OverallHeight or 0.0) * self._unit_m,
            operation=str(operation or ""),
            kind=kind,
        )

    def _holes(self) -> Iterator[IfcOpening]:
        """Yield the holes in walls that no door or window fills."""
        for opening in self._by_key("IfcOpeningElement"):
            if opening.HasFillings or not opening.VoidsElements:
                continue
            wall = opening.VoidsElements[0].RelatingBuildingElement
            mesh = self._shifted(self._mesh(opening, self._whole))
            if mesh is None or not wall.is_a("IfcWall") or wall.ObjectPlacement is None:
                continue
            matrix = self._placement(wall)
            along, across = _in_plan(matrix[:2, 0]), _in_plan(matrix[:2, 1])
            reach, depth = mesh.vertices[:, :2] @ along, mesh.vertices[:, :2] @ across
            yield IfcOpening(
                key=str(opening.GlobalId),
                labels=(),
                storey=self._storey_of(wall),
                middle=along * (reach.min() + reach.max()) / 2
                + across * (depth.min() + depth.max()) / 2,
                z_m=mesh.z_low_m,
                along=along,
                across=across,
                width_m=round(float(np.ptp(reach)), 3),
                height_m=mesh.z_high_m - mesh.z_low_m,
                operation="",
                kind="hole",
            )

    def _walls(self) -> Iterator[Mesh]:
        """Yield walls where the file has them, a wall of plates and mullions as one."""
        for kind in ("IfcWall", "IfcCurtainWall"):
            for wall in self._by_key(kind):
                mesh = self._mesh(wall, self._plain)
                if mesh is None:
                    pieces = [o for r in wall.IsDecomposedBy for o in r.RelatedObjects]
                    found = [self._mesh(p, self._plain) for p in pieces if p.is_a("IfcElement")]
                    parts = [part for part in found if part is not None]
                    mesh = joined_meshes(parts) if parts else None
                if mesh is not None:
                    yield mesh

    def _solids(self, kind: str) -> Iterator[Mesh]:
        for product in self._by_key(kind):
            mesh = self._shifted(self._mesh(product, self._whole))
            if mesh is not None:
                yield mesh

    def _stairs(self) -> Iterator[IfcStairs]:
        """Yield stairs with their flights; a flight that belongs to no stair is one of its own."""
        owned: set[str] = set()
        for stair in self._by_key("IfcStair"):
            pieces = [o for r in stair.IsDecomposedBy for o in r.RelatedObjects]
            flights = [piece for piece in pieces if piece.is_a("IfcStairFlight")]
            owned.update(flight.GlobalId for flight in flights)
            slabs = [self._shifted(self._mesh(p, self._whole)) for p in pieces if p.is_a("IfcSlab")]
            found = tuple(f for f in map(self._flight, flights) if f is not None)
            whole = not found
            if whole:
                found = tuple(f for f in [self._flight(stair)] if f is not None)
            if found:
                landings = tuple(mesh for mesh in slabs if mesh is not None)
                yield IfcStairs(str(stair.GlobalId), _text(stair.Tag), whole, found, landings)
            else:
                self._shapeless.append(_title(stair))
        for flight in self._by_key("IfcStairFlight"):
            alone = None if flight.GlobalId in owned else self._flight(flight)
            if alone is not None:
                yield IfcStairs(str(flight.GlobalId), _text(flight.Tag), False, (alone,), ())

    def _flight(self, piece: Any) -> IfcFlight | None:
        """Return a flight (or a stair drawn as one solid) with the numbers stored beside it."""
        mesh = self._shifted(self._mesh(piece, self._whole))
        if mesh is None:
            return None
        risers = getattr(piece, "NumberOfRisers", None) or getattr(piece, "NumberOfRiser", None)
        return IfcFlight(
            key=str(piece.GlobalId),
            risers=int(risers) if risers else None,
            riser_stored=_positive(getattr(piece, "RiserHeight", None)),
            tread_stored=_positive(getattr(piece, "TreadLength", None)),
            mesh=mesh,
        )


def _in_plan(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a plan vector of length 1; a vertical axis has no plan direction."""
    length = float(np.linalg.norm(vector))
    if length < 1e-6:
        raise ValueError("a door or wall lies flat")
    return np.asarray(vector / length, dtype=np.float64)


def _title(product: Any) -> str:
    """Return what a person finds a thing of the file by: its class and name or global id."""
    return f"{product.is_a()} {_text(product.Name) or product.GlobalId}"


def _positive(value: Any) -> float | None:
    return float(value) if value else None


def _echoes(key: str, value: Any) -> bool:
    """Return whether a value only repeats its key, which means that nobody filled it in.

    Examples
    --------
    >>> _echoes("FireRating", "Fire Rating"), _echoes("Mark", "117")
    (True, False)
    """
    return isinstance(value, str) and value.replace(" ", "").lower() == key.replace(" ", "").lower()


def _text(value: Any) -> str | None:
    """Return a label as one tidy line, or None if it is empty."""
    if value is None:
        return None
    tidy = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return tidy[:120] or None

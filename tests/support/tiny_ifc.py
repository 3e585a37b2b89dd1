"""Small IFC2x3 and IFC4 files written by hand: rooms and stairs as boxes, doors by placement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"


@dataclass(frozen=True)
class Room:
    """A room from (x, y) with a size, on a storey; several boxes make an L."""

    number: str
    name: str
    boxes: tuple[tuple[float, float, float, float], ...]
    storey: int = 0


@dataclass(frozen=True)
class Door:
    """A door whose placement begins at (x, y) and runs along a direction."""

    tag: str
    x: float
    y: float
    along: tuple[float, float] = (1.0, 0.0)
    width: float | None = 0.9
    storey: int = 0


@dataclass(frozen=True)
class Flight:
    """A straight flight towards +y: foot at (x, y), treads as boxes; numbers as they are stored."""

    x: float
    y: float
    z: float
    risers: int
    riser: float
    tread: float
    width: float
    riser_stored: float
    tread_stored: float
    turned: bool = False


@dataclass
class TinyIfc:
    """Collects entities and writes them as STEP text; lengths in metres times ``per_metre``."""

    storeys: Sequence[tuple[str, float]] = (("Ground", 0.0),)
    rooms: Sequence[Room] = ()
    doors: Sequence[Door] = ()
    stairs: Sequence[Sequence[Flight]] = ()
    walls: Sequence[tuple[float, ...]] = ()
    slabs: Sequence[tuple[float, float, float, float, float]] = ()
    panels: Sequence[tuple[float, float, float, float]] = ()
    windows: Sequence[Door] = ()
    holes: Sequence[tuple[float, float, float, float, float, float]] = ()
    per_metre: float = 1.0
    schema: str = "IFC2X3"
    offset: tuple[float, float] = (0.0, 0.0)
    _lines: list[str] = field(default_factory=list)
    _keys: int = 0

    def write(self, path: Path) -> Path:
        """Write the file and return its path."""
        path.write_text(self.text(), encoding="ascii")
        return path

    def text(self) -> str:
        """Return the file as text."""
        self._lines, self._keys = [], 0
        later = self.schema != "IFC2X3"
        east, north = self.offset
        unit = {1.0: "$", 1000.0: ".MILLI."}[self.per_metre]
        person = self._add("IFCPERSON($,'Surname','Given',$,$,$,$,$)")
        organization = self._add("IFCORGANIZATION($,'Studio',$,$,$)")
        both = self._add(f"IFCPERSONANDORGANIZATION({person},{organization},$)")
        application = self._add(f"IFCAPPLICATION({organization},'1','by hand','by hand')")
        self._owner = self._add(f"IFCOWNERHISTORY({both},{application},$,.ADDED.,$,$,$,0)")
        length = self._add(f"IFCSIUNIT(*,.LENGTHUNIT.,{unit},.METRE.)")
        units = self._add(f"IFCUNITASSIGNMENT(({length}))")
        self._up = self._add("IFCDIRECTION((0.,0.,1.))")
        world = self._place3(0, 0, 0)
        self._context = self._add(f"IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,{world},$)")
        project = self._root("IFCPROJECT", f"'Tiny',$,$,$,$,({self._context}),{units}")
        site = self._root("IFCSITE", "'Site',$,$,$,$,$,.ELEMENT.,$,$,$,$,$")
        building = self._root("IFCBUILDING", "'House',$,$,$,$,$,.ELEMENT.,$,$,$")
        storeys = [
            self._root(
                "IFCBUILDINGSTOREY",
                f"'{name}',$,$,{self._local(east, north, z)},$,$,.ELEMENT.,{self._m(z)}",
            )
            for name, z in self.storeys
        ]
        self._rel("IFCRELAGGREGATES", f"$,$,{project},({site})")
        self._rel("IFCRELAGGREGATES", f"$,$,{site},({building})")
        self._rel("IFCRELAGGREGATES", f"$,$,{building},({','.join(storeys)})")
        for room in self.rooms:
            z = self.storeys[room.storey][1]
            solid = self._solids([(x, y, z, dx, dy, 2.5) for x, y, dx, dy in room.boxes])
            space = self._root(
                "IFCSPACE",
                f"'{room.number}',$,$,{self._local(east, north, 0)},{solid},'{room.name}',"
                ".ELEMENT.,.INTERNAL.,$",
            )
            self._rel("IFCRELAGGREGATES", f"$,$,{storeys[room.storey]},({space})")
        for kind, doors in (("IFCDOOR", self.doors), ("IFCWINDOW", self.windows)):
            for door in doors:
                z = self.storeys[door.storey][1] + (0.9 if kind == "IFCWINDOW" else 0.0)
                place = self._local(door.x + east, door.y + north, z, door.along)
                width = "$" if door.width is None else self._m(door.width)
                solid = "$" if door.width else self._solids([(0, -0.05, 0, 0.95, 0.1, 2.1)])
                height = self._m(2.1 if kind == "IFCDOOR" else 1.2)
                item = self._root(
                    kind,
                    f"'{kind}',$,$,{place},{solid},'{door.tag}',{height},{width}"
                    + (",$,$,$" if later else ""),
                )
                storey = storeys[door.storey]
                self._rel("IFCRELCONTAINEDINSPATIALSTRUCTURE", f"$,$,({item}),{storey}")
        walls = []
        for x, y, dx, dy, *rest in self.walls:
            z, height = rest or (0.0, 2.8)
            solid = self._solids([(x, y, z, dx, dy, height)])
            place = self._local(east, north, 0)
            walls.append(
                self._root("IFCWALL", f"'Wall',$,$,{place},{solid},$" + (",$" if later else ""))
            )
        for x, y, dx, dy, top in self.slabs:
            solid = self._solids([(x, y, top - 0.2, dx, dy, 0.2)])
            self._root("IFCSLAB", f"'Slab',$,$,{self._local(east, north, 0)},{solid},$,.FLOOR.")
        for x, y, dx, dy in self.panels:
            place = self._local(east, north, 0)
            glazing = self._root(
                "IFCCURTAINWALL", f"'Glazing',$,$,{place},$,$" + (",$" if later else "")
            )
            solid = self._solids([(x, y, 0.0, dx, dy, 2.8)])
            plate = self._root(
                "IFCPLATE", f"'Plate',$,$,{place},{solid},$" + (",$" if later else "")
            )
            self._rel("IFCRELAGGREGATES", f"$,$,{glazing},({plate})")
        for hole in self.holes:
            place = self._local(east, north, 0)
            cut = self._root(
                "IFCOPENINGELEMENT",
                f"'Hole',$,$,{place},{self._solids([hole])},$" + (",$" if later else ""),
            )
            self._rel("IFCRELVOIDSELEMENT", f"$,$,{walls[0]},{cut}")
        for number, flights in enumerate(self.stairs, start=1):
            stair = self._root(
                "IFCSTAIR", f"'Stair',$,$,{self._local(east, north, 0)},$,'ST{number}',.NOTDEFINED."
            )
            pieces = [self._flight(flight) for flight in flights]
            self._rel("IFCRELAGGREGATES", f"$,$,{stair},({','.join(pieces)})")
        body = "\n".join(self._lines)
        return (
            "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n"
            "FILE_NAME('tiny','2026-01-01T00:00:00',(''),(''),'','','');\n"
            f"FILE_SCHEMA(('{self.schema}'));\nENDSEC;\nDATA;\n{body}\nENDSEC;\nEND-ISO-10303-21;\n"
        )

    def _flight(self, flight: Flight) -> str:
        boxes = []
        sign = -1 if flight.turned else 1
        for step in range(flight.risers - 1):
            near = flight.y + sign * step * flight.tread
            y = near if sign > 0 else near - flight.tread
            top = flight.z + (step + 1) * flight.riser
            boxes.append((flight.x, y, top - 0.05, flight.width, flight.tread, 0.05))
        return self._root(
            "IFCSTAIRFLIGHT",
            f"'Flight',$,$,{self._local(*self.offset, 0)},{self._solids(boxes)},$,{flight.risers},"
            f"{flight.risers - 1},{flight.riser_stored:.6f},{flight.tread_stored:.6f}"
            + (",$" if self.schema != "IFC2X3" else ""),
        )

    def _solids(self, boxes: Sequence[tuple[float, float, float, float, float, float]]) -> str:
        items = []
        for x, y, z, dx, dy, dz in boxes:
            middle = self._add(f"IFCCARTESIANPOINT(({self._m(dx / 2)},{self._m(dy / 2)}))")
            flat = self._add(f"IFCAXIS2PLACEMENT2D({middle},$)")
            profile = self._add(
                f"IFCRECTANGLEPROFILEDEF(.AREA.,$,{flat},{self._m(dx)},{self._m(dy)})"
            )
            place = self._place3(x, y, z)
            items.append(
                self._add(f"IFCEXTRUDEDAREASOLID({profile},{place},{self._up},{self._m(dz)})")
            )
        shape = self._add(
            f"IFCSHAPEREPRESENTATION({self._context},'Body','SweptSolid',({','.join(items)}))"
        )
        return self._add(f"IFCPRODUCTDEFINITIONSHAPE($,$,({shape}))")

    def _local(self, x: float, y: float, z: float, along: tuple[float, float] | None = None) -> str:
        return self._add(f"IFCLOCALPLACEMENT($,{self._place3(x, y, z, along)})")

    def _place3(
        self, x: float, y: float, z: float, along: tuple[float, float] | None = None
    ) -> str:
        point = self._add(f"IFCCARTESIANPOINT(({self._m(x)},{self._m(y)},{self._m(z)}))")
        if along is None:
            return self._add(f"IFCAXIS2PLACEMENT3D({point},$,$)")
        axis = self._add("IFCDIRECTION((0.,0.,1.))")
        run = self._add(f"IFCDIRECTION(({along[0]:.6f},{along[1]:.6f},0.))")
        return self._add(f"IFCAXIS2PLACEMENT3D({point},{axis},{run})")

    def _m(self, metres: float) -> str:
        return f"{metres * self.per_metre:.6f}"

    def _root(self, kind: str, rest: str) -> str:
        return self._add(f"{kind}('{self._key()}',{self._owner},{rest})")

    def _rel(self, kind: str, rest: str) -> str:
        return self._root(kind, rest)

    def _key(self) -> str:
        self._keys += 1
        return "0" * 20 + _DIGITS[self._keys // 64] + _DIGITS[self._keys % 64]

    def _add(self, entity: str) -> str:
        self._lines.append(f"#{len(self._lines) + 1}={entity};")
        return f"#{len(self._lines)}"

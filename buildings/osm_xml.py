"""The elements of an OpenStreetMap file, read without following anything outside of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

from buildings.import_report import ImportFault
from buildings.map_records import MAX_CORNERS, MAX_MAP_BYTES
from buildings.osm_tags import KEPT

_NOT_PERSONAL: Final = (
    "building",
    "building:levels",
    "source",
    "window",
    "breast",
    "connector:ids",
)


@dataclass(slots=True)
class OsmElement:
    """A node, way or relation: its tags that are kept, its nodes or members, and its line."""

    id: str
    line: int
    tags: dict[str, str] = field(default_factory=dict)
    lon_lat: tuple[float, float] | None = None
    refs: list[str] = field(default_factory=list)
    members: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OsmFile:
    """What a file holds, by id in the order of the file."""

    nodes: Mapping[str, OsmElement]
    ways: Mapping[str, OsmElement]
    relations: Mapping[str, OsmElement]
    sha256: str
    dropped: int
    faults: tuple[str, ...]


def read_osm(path: Path) -> OsmFile:
    """Read nodes, ways and relations of a file in OpenStreetMap XML.

    Document types and entities are refused, so nothing is expanded or fetched.

    Raises
    ------
    ImportFault
        If the file is missing, larger than 64 MiB, not well-formed (cut off), no OpenStreetMap
        file, or holds more than an import takes.
    """
    try:
        if path.is_dir():
            raise ImportFault(f"{path}: is a folder, expected an .osm file")
        size = path.stat().st_size
        if size > MAX_MAP_BYTES:
            raise ImportFault(
                f"{path}: {size / 2**20:.0f} MiB, expected a map of at most "
                f"{MAX_MAP_BYTES // 2**20} MiB"
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImportFault(f"{path}: no such file, expected an .osm file") from None
    except OSError as error:
        raise ImportFault(f"{path}: cannot be read ({error.strerror})") from None
    if not content.strip():
        raise ImportFault(f"{path}: is empty, expected OpenStreetMap XML")
    reading = _Reading(path)
    try:
        reading.parser.Parse(content, True)
    except expat.ExpatError as error:
        cut = " (cut off?)" if error.offset and reading.depth else ""
        raise ImportFault(
            f"{path}:{error.lineno}: not well-formed XML: {expat.ErrorString(error.code)}{cut}"
        ) from None
    except (ValueError, LookupError) as error:
        if isinstance(error, ImportFault):
            raise
        raise ImportFault(f"{path}: not readable as XML: {error}") from None
    return OsmFile(
        reading.nodes,
        reading.ways,
        reading.relations,
        hashlib.sha256(content).hexdigest(),
        sum(reading.dropped.values()),
        tuple(reading.faults),
    )


class _Reading:
    """One pass over a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.nodes: dict[str, OsmElement] = {}
        self.ways: dict[str, OsmElement] = {}
        self.relations: dict[str, OsmElement] = {}
        self.dropped: Counter[str] = Counter()
        self.faults: list[str] = []
        self.depth = 0
        self._here: OsmElement | None = None
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype

    def _doctype(self, *said: object) -> None:
        raise ImportFault(
            f"{self.path}:{self.parser.CurrentLineNumber}: has a document type or entities, "
            "expected plain OpenStreetMap XML"
        )

    def _start(self, name: str, given: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and name != "osm":
            raise ImportFault(f"{self.path}: begins with <{name[:40]}>, expected <osm>")
        if name in ("node", "way", "relation"):
            self._element(name, given)
        elif self._here is not None and name == "tag":
            self._tag(self._here, given.get("k", ""), given.get("v", ""))
        elif self._here is not None and name == "nd":
            self._counted()
            self._here.refs.append(given.get("ref", ""))
        elif self._here is not None and name == "member":
            self._counted()
            member = (given.get("type", ""), given.get("ref", ""), given.get("role", ""))
            self._here.members.append(member)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name in ("node", "way", "relation"):
            self._here = None

    def _element(self, name: str, given: dict[str, str]) -> None:
        self._counted()
        line = self.parser.CurrentLineNumber
        self._here = OsmElement(given.get("id", ""), line)
        if given.get("action") == "delete" or given.get("visible") == "false":
            return
        kept = {"node": self.nodes, "way": self.ways, "relation": self.relations}[name]
        if not self._here.id or self._here.id in kept:
            why = "stands twice" if self._here.id else "is missing"
            self.faults.append(f"{self.path.name}:{line}: the id of a {name} {why}")
            return
        if name == "node":
            try:
                lon, lat = float(given.get("lon", "")), float(given.get("lat", ""))
            except ValueError:
                self.faults.append(f"{self.path.name}:{line}: node without a place in degrees")
                return
            if not (abs(lon) <= 180 and abs(lat) <= 90):
                self.faults.append(
                    f"{self.path.name}:{line}: ({lon:g}, {lat:g}) is no longitude and latitude"
                )
                return
            self._here.lon_lat = (lon, lat)
        kept[self._here.id] = self._here

    def _tag(self, here: OsmElement, key: str, value: str) -> None:
        self._counted()
        if key in KEPT:
            here.tags[key] = "".join(c for c in value if c.isprintable()).strip()[:200]
        elif key not in _NOT_PERSONAL:
            self.dropped[key] += 1

    def _counted(self) -> None:
        self._count += 1
        if self._count > 4 * MAX_CORNERS:
            raise ImportFault(
                f"{self.path}: more than {4 * MAX_CORNERS} elements, expected one building"
            )

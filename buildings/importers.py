"""Which importer reads a file: one table, asked by the end of its name and by what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from buildings.borders import InputError
from buildings.dxf_marks import begins_like_dwg, begins_like_dxf
from buildings.import_report import ImportedPlan
from buildings.plan import Fact

_HEAD_BYTES: Final = 1024
_AREAS: Final = (b"POLYGON", b"MULTIPOLYGON", b"GEOMETRYCOLLECTION")


class Import(Protocol):
    """What every importer is: a function from a file and facts to a plan and a report."""

    def __call__(self, path: Path, *, facts: Sequence[Fact] = (), **own: Any) -> ImportedPlan:
        """Propose a plan for what the file describes; ``own`` are what `Importer.takes` names."""
        ...


@dataclass(frozen=True, slots=True)
class Importer:
    """One format: its name, the ends of its files, how it is known, and where its importer lives.

    ``mark`` takes the first 1024 bytes of a file; ``members`` are files of which one lies in a
    folder of this format; ``takes`` are the arguments that its function has beside facts, among
    them ``before``, the folder that is replaced, for one that keeps more than facts.
    """

    name: str
    suffixes: tuple[str, ...]
    mark: Callable[[bytes], bool]
    members: tuple[str, ...]
    module: str
    function: str
    takes: tuple[str, ...] = ()

    def load(self) -> Import:
        """Return the import function; its module is loaded only now."""
        found: Import = getattr(import_module(self.module), self.function)
        return found

    def reads(self, path: Path, head: bytes) -> bool:
        """Whether the content is of this format."""
        if path.is_dir():
            return any((path / member).is_file() for member in self.members)
        return self.mark(head)


IMPORTERS: Final = (
    Importer(
        "IFC",
        (".ifc",),
        lambda head: head.lstrip().startswith(b"ISO-10303-21"),
        (),
        "buildings.ifc_apart",
        "import_ifc_apart",
        takes=("units",),
    ),
    Importer(
        "OpenStreetMap XML",
        (".osm", ".xml"),
        lambda head: b"<osm" in head,
        (),
        "buildings.osm_import",
        "import_osm",
    ),
    Importer(
        "WKT walkable area",
        (".wkt",),
        lambda head: head.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(_AREAS),
        (),
        "buildings.wkt_import",
        "import_wkt",
        takes=("exits", "whole"),
    ),
    Importer(
        "IMDF folder",
        (),
        lambda head: False,
        ("unit.geojson", "level.geojson", "manifest.json"),
        "buildings.imdf_import",
        "import_imdf",
        takes=("building",),
    ),
    Importer(
        "DXF",
        (".dxf", ".dwg"),
        lambda head: begins_like_dxf(head) or begins_like_dwg(head),
        (),
        "buildings.dxf_import",
        "import_dxf",
        takes=("units", "walls", "doors", "labels", "more", "level", "gap", "accept", "before"),
    ),
)
"""Every format that ``hallways plan import`` reads, in the order in which they are tried."""


def find_importer(path: Path) -> Importer:
    """Return the importer for a file or folder: by its content, else by the end of its name.

    Raises
    ------
    InputError
        If no importer knows it.
    """
    head = b""
    if path.is_file():
        try:
            with path.open("rb") as stream:
                head = stream.read(_HEAD_BYTES)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    for importer in IMPORTERS:
        if importer.reads(path, head):
            return importer
    if not path.is_dir():
        for importer in IMPORTERS:
            if path.suffix.lower() in importer.suffixes:
                return importer
    if head.startswith(b"PK\x03\x04"):
        raise InputError(f"{path}: is a packed archive, expected its files: unpack it first")
    what = "is a folder without" if path.is_dir() else f"ends in {path.suffix or 'nothing'!r},"
    ends = ", ".join(end for importer in IMPORTERS for end in importer.suffixes)
    members = ", ".join(member for importer in IMPORTERS for member in importer.members)
    expected = members if path.is_dir() else f"expected {ends}, or an IMDF folder"
    raise InputError(f"{path}: {what} {expected}")

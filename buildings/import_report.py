"""What an import found, repaired and refused, in words a planner can act on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from shapely.geometry.base import BaseGeometry

from buildings.borders import InputError
from buildings.plan import Plan

REPORT_VERSION: Final = 1
Severity: TypeAlias = Literal["error", "warning", "note"]


class ImportFault(InputError):  # noqa: N818 - a fault of the file, not of the program
    """A file that cannot become a plan."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the plan to look at: a level by its id, metres east and north of the origin."""

    level: str
    x_m: float
    y_m: float

    @classmethod
    def inside(cls, level: str, shape: BaseGeometry) -> Place:
        """Return a point inside a shape on a level, to the centimetre."""
        point = shape.representative_point()
        return cls(level, round(point.x, 2), round(point.y, 2))


@dataclass(frozen=True, slots=True)
class ImportMessage:
    """One thing to know about an import.

    ``code`` is a short stable word for the kind of message (``STAIR``, ``DOOR``, ``OVERLAP``),
    ``subjects`` the ids in the plan that it speaks of, ``places`` where to look.
    """

    severity: Severity
    code: str
    text: str
    subjects: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    def line(self) -> str:
        """Return the message as one line.

        Examples
        --------
        >>> ImportMessage("warning", "EXIT", "6 doors lead outside").line()
        'warning EXIT: 6 doors lead outside'
        """
        return f"{self.severity} {self.code}: {self.text}"


@dataclass(frozen=True, slots=True, eq=False)
class ImportReport:
    """What was found in a file and what became of it.

    Parameters
    ----------
    source : str
        Name of the file, without its folder.
    sha256 : str
        Hash of the bytes that were read.
    file_format : str
        "IFC2X3", "IFC4", ...
    found, repaired, refused : mapping of str to int
        Counts by kind of thing, in a fixed order.
    connected : mapping of str to int
        Spaces of the file that reach an exit, in steps: through doors, with wall-free neighbours,
        with stairs; to any outside door and to a confirmed exit.
    messages : tuple of ImportMessage
        Errors first, then warnings, then notes; they are numbered from 1 in this order.
    proposals : tuple of mapping
        Where a format draws walls and not rooms: every room as it was found in more than one way,
        and which way was taken.
    """

    source: str
    sha256: str
    file_format: str
    found: Mapping[str, int]
    repaired: Mapping[str, int]
    refused: Mapping[str, int]
    connected: Mapping[str, int]
    messages: tuple[ImportMessage, ...]
    proposals: tuple[Mapping[str, Any], ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether something must be put right before the plan can be used."""
        return any(message.severity == "error" for message in self.messages)

    def lines(self) -> list[str]:
        """Return the report for a terminal: counts, connection, then every message."""
        spaces = self.connected["spaces"]
        rows = [
            f"{self.source} ({self.file_format}, sha256 {self.sha256[:12]})",
            f"found: {_counts(self.found)}",
            f"repaired: {_counts(self.repaired)}",
            f"refused: {_counts(self.refused)}",
            "connected to an outside door: "
            f"{self.connected['outside_by_doors']} of {spaces} spaces by doors, "
            f"{self.connected['outside_with_openings']} with openings, "
            f"{self.connected['outside_with_stairs']} with stairs",
            f"connected to a confirmed exit: {self.connected['exit']} of {spaces} spaces",
        ]
        return rows + [f"{n} {message.line()}" for n, message in enumerate(self.messages, 1)]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, keys in a fixed order."""
        return {
            "schema_version": REPORT_VERSION,
            "kind": "import_report",
            "source": self.source,
            "sha256": self.sha256,
            "format": self.file_format,
            "found": dict(self.found),
            "repaired": dict(self.repaired),
            "refused": dict(self.refused),
            "connected": dict(self.connected),
            "messages": [
                {
                    "number": number,
                    "severity": message.severity,
                    "code": message.code,
                    "text": message.text,
                    "subjects": list(message.subjects),
                    "places": [
                        {"level": at.level, "x_m": round(at.x_m, 2), "y_m": round(at.y_m, 2)}
                        for at in message.places
                    ],
                }
                for number, message in enumerate(self.messages, 1)
            ],
            **({"proposals": [dict(row) for row in self.proposals]} if self.proposals else {}),
        }

    def to_json(self) -> str:
        """Return the content of ``import_report.json``; the same import gives the same text."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True, eq=False)
class ImportedPlan:
    """A plan proposed by an import, and the report that says how far to trust it.

    ``beside`` holds further files of the importer for the plan folder, by name.
    """

    plan: Plan
    report: ImportReport
    beside: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


class MessageLog:
    """Collects messages while an import runs, and hands them out errors first."""

    def __init__(self) -> None:
        self._messages: list[ImportMessage] = []

    def error(self, code: str, text: str, *subjects: str, at: Iterable[Place] = ()) -> None:
        """Note something that must be put right."""
        self._messages.append(ImportMessage("error", code, text, subjects, tuple(at)))

    def warning(self, code: str, text: str, *subjects: str, at: Iterable[Place] = ()) -> None:
        """Note something that a person should confirm."""
        self._messages.append(ImportMessage("warning", code, text, subjects, tuple(at)))

    def note(self, code: str, text: str, *subjects: str, at: Iterable[Place] = ()) -> None:
        """Note what was done without being asked."""
        self._messages.append(ImportMessage("note", code, text, subjects, tuple(at)))

    def in_order(self) -> tuple[ImportMessage, ...]:
        """Return errors, then warnings, then notes, each in the order they were made."""
        rank = {"error": 0, "warning": 1, "note": 2}
        return tuple(sorted(self._messages, key=lambda message: rank[message.severity]))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one.

    Examples
    --------
    >>> counted(1, "door"), counted(2, "door")
    ('1 door', '2 doors')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _counts(counts: Mapping[str, int]) -> str:
    """Return "3 doors, 2 stairs", or "nothing"."""
    shown = [f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    return ", ".join(shown) or "nothing"

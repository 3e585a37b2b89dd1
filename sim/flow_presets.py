"""The flow laws as data: every number with unit, meaning, source, population and quality."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, get_args

SpeedLaw: TypeAlias = Literal["linear", "kladek", "none"]
Quality: TypeAlias = Literal["read", "abstract", "derived", "recalled", "ours"]

QUALITIES: Final[tuple[Quality, ...]] = get_args(Quality)
"""How far a number can be trusted, best first; `flow_laws.toml` says what each means."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where a number comes from, of whom it was measured, and how far it can be trusted."""

    source: str
    population: str
    quality: Quality
    note: str = ""

    @property
    def text(self) -> str:
        """All of it in one line."""
        note = f"; {self.note}" if self.note else ""
        return f"{self.source}; {self.population}{note} ({self.quality})"


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of a formula, the same for every preset."""

    value: float
    unit: str
    meaning: str
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number of a flow law says, and in which unit."""

    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Caution:
    """What a reader of results has to know of a preset.

    ``about`` names the numbers that the caution is about; none: it always holds.
    """

    words: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowPreset:
    """One named flow law of the table, complete.

    Attributes
    ----------
    name : str
    based_on : str or None
        The preset whose numbers it keeps where it gives none of its own.
    population : str
        Whom it describes.
    speed_law : {"linear", "kladek", "none"}
    values : mapping of field to number
    sources : mapping of field, ``speed_law`` among them, to where it comes from
    cautions : tuple of Caution
    """

    name: str
    based_on: str | None
    population: str
    speed_law: SpeedLaw
    values: Mapping[str, float]
    sources: Mapping[str, Sourced]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class FlowLawTable:
    """The file `flow_laws.toml`, checked."""

    constants: Mapping[str, Constant]
    fields: Mapping[str, Meaning]
    presets: Mapping[str, FlowPreset]


@cache
def flow_law_table() -> FlowLawTable:
    """Return the table that comes with the package.

    Examples
    --------
    >>> flow_law_table().constants["slowing_m2"].value
    0.266
    >>> flow_law_table().presets["children_5_6"].based_on
    'children_3_4'
    """
    with Path(__file__).with_name("flow_laws.toml").open("rb") as stream:
        return read_flow_laws(tomllib.load(stream))


def read_flow_laws(table: Mapping[str, Any]) -> FlowLawTable:
    """Check a table of flow laws and fill in what presets take from one another.

    Raises
    ------
    ValueError
        If a preset lacks a number or has one too many, or a number has no known source or quality.
    """
    sources = table["sources"]
    constants = {
        name: Constant(
            float(entry["value"]),
            entry["unit"],
            entry["meaning"],
            _sourced(f"constants.{name}", entry, sources),
        )
        for name, entry in table["constants"].items()
    }
    fields = {
        name: Meaning(entry["unit"], entry["meaning"]) for name, entry in table["fields"].items()
    }
    presets: dict[str, FlowPreset] = {}
    for name, entry in table["presets"].items():  # a preset comes after the one it is based on
        presets[name] = _preset(name, entry, presets, fields, sources)
    return FlowLawTable(
        MappingProxyType(constants), MappingProxyType(fields), MappingProxyType(presets)
    )


def _preset(
    name: str,
    entry: Mapping[str, Any],
    presets: Mapping[str, FlowPreset],
    fields: Mapping[str, Meaning],
    sources: Mapping[str, Any],
) -> FlowPreset:
    base = presets[entry["based_on"]] if "based_on" in entry else None
    values = dict(base.values) if base else {}
    sourced = dict(base.sources) if base else {}
    speed_law: SpeedLaw | None = base.speed_law if base else None
    for key, said in entry.items():
        if key in ("based_on", "population", "cautions"):
            continue
        sourced[key] = _sourced(f"presets.{name}.{key}", said, sources)
        if key == "speed_law":
            speed_law = said["value"]
        elif key in fields:
            values[key] = float(said["value"])
        else:
            raise ValueError(f"presets.{name}.{key}: not a number of a flow law")
    lacking = [key for key in fields if key not in values]
    if lacking or speed_law is None:
        raise ValueError(f"presets.{name}: lacks {', '.join(lacking or ['speed_law'])}")
    return FlowPreset(
        name=name,
        based_on=entry.get("based_on"),
        population=entry["population"],
        speed_law=speed_law,
        values=MappingProxyType({key: values[key] for key in fields}),
        sources=MappingProxyType(sourced),
        cautions=tuple(
            Caution(one["words"], tuple(one.get("about", ()))) for one in entry["cautions"]
        ),
    )


def _sourced(place: str, entry: Mapping[str, Any], sources: Mapping[str, Any]) -> Sourced:
    if entry.get("source") not in sources:
        raise ValueError(f"{place}: source {entry.get('source')!r}, expected one of {[*sources]}")
    if entry.get("quality") not in QUALITIES:
        raise ValueError(f"{place}: quality {entry.get('quality')!r}, expected {QUALITIES}")
    source = sources[entry["source"]]
    return Sourced(
        source["text"],
        entry.get("population", source["population"]),
        entry["quality"],
        entry.get("note", ""),
    )

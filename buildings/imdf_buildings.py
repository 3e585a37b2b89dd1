"""Which building of an IMDF archive becomes the plan, where the archive holds several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from buildings.borders import did_you_mean
from buildings.imdf_features import Feature, Folder, label
from buildings.import_report import ImportFault, MessageLog, counted

ALL: Final = "all"
"""What ``--building`` says to take every building of the archive as one plan."""


@dataclass(frozen=True, slots=True)
class ListedBuilding:
    """A building that levels of the archive belong to: its id, its name and what it holds."""

    id: str
    name: str | None
    levels: frozenset[str]
    units: int

    def __str__(self) -> str:
        """Return the building as a line of a list."""
        name = f' "{self.name}"' if self.name else ""
        levels = counted(len(self.levels), "level")
        return f"{self.id}{name} ({levels}, {counted(self.units, 'unit')})"


def listed_buildings(folder: Folder) -> tuple[ListedBuilding, ...]:
    """Return the buildings that levels belong to, in order of their ids."""
    names = {
        one.id: label(one.properties["name"], folder.language)
        for one in folder.features["building"]
    }
    levels: dict[str, set[str]] = {}
    for level in folder.features["level"]:
        for id_ in _ids(level):
            levels.setdefault(id_, set()).add(level.id)
    return tuple(
        ListedBuilding(
            id_,
            names.get(id_),
            frozenset(levels[id_]),
            sum(_level(unit) in levels[id_] for unit in folder.features["unit"]),
        )
        for id_ in sorted(levels)
    )


def chosen_building(
    folder: Folder, path: str, *, asked: str | None, log: MessageLog
) -> tuple[Folder, ListedBuilding | None]:
    """Return what an archive holds of one building.

    Parameters
    ----------
    folder : Folder
        The archive.
    path : str
        Its folder, for the message.
    asked : str, optional
        Id or name of a building, or "all". The only building need not be named.
    log : MessageLog
        Where is noted what was left out.

    Returns
    -------
    folder : Folder
        The same archive with the levels, units and openings of the building.
    building : ListedBuilding or None
        The building that was chosen out of several; None if all were taken, or there is one.

    Raises
    ------
    ImportFault
        If there are several and none was asked for, or the one asked for is not there; the
        message lists them.
    """
    there = listed_buildings(folder)
    if asked == ALL or (asked is None and len(there) <= 1):
        return folder, None
    shown = "; ".join(map(str, there)) or "none: no level belongs to a building"
    if asked is None:
        raise ImportFault(
            f"{path}: holds {len(there)} buildings, expected --building with an id or a name (or "
            f"all, for one plan of all of them): {shown}"
        )
    found = [one for one in there if one.id == asked]
    found = found or [one for one in there if (one.name or "").casefold() == asked.casefold()]
    if len(found) != 1:
        what = "several are called so" if found else "no such building"
        near = "" if found else did_you_mean(asked, _words(there))
        raise ImportFault(f"{path}: --building {asked!r}: {what}{near}, expected one of: {shown}")
    chosen = found[0]
    others = {id_ for one in there for id_ in one.levels} - chosen.levels
    loose = {level.id for level in folder.features["level"]} - others - chosen.levels
    if len(there) > 1:
        left = ", ".join(one.name or one.id for one in there if one is not chosen)
        log.note("BUILDING", f"only {chosen.name or chosen.id} of the archive; left out: {left}")
    if loose:
        log.warning("BUILDING", f"{counted(len(loose), 'level')} of no building left out")
    gone = others | loose
    kept: Mapping[str, tuple[Feature, ...]] = {
        "level": tuple(one for one in folder.features["level"] if one.id in chosen.levels),
        "unit": tuple(one for one in folder.features["unit"] if _level(one) not in gone),
        "opening": tuple(one for one in folder.features["opening"] if _level(one) not in gone),
        "building": tuple(one for one in folder.features["building"] if one.id == chosen.id),
    }
    return replace(folder, features=kept), chosen if len(there) > 1 else None


def _words(there: tuple[ListedBuilding, ...]) -> list[str]:
    return [word for one in there for word in (one.id, one.name) if word]


def _ids(level: Feature) -> list[str]:
    """Return the buildings that a level belongs to."""
    ids = level.properties["building_ids"]
    return [id_ for id_ in ids if isinstance(id_, str)] if isinstance(ids, list) else []


def _level(feature: Feature) -> str | None:
    level = feature.properties["level_id"]
    return level if isinstance(level, str) else None

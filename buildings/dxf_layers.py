"""Which layers of a drawing hold walls, doors and labels: as asked, else by their names."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from buildings.borders import did_you_mean
from buildings.dxf_records import Drawing, DrawnLayer
from buildings.import_report import ImportFault, MessageLog, counted

_WALL_WORDS: Final = (
    r"walls?|wand|waende|wände|mauer\w*|murs?|muri|muro\w*|parete|pareti|pared\w*|parois|vägg\w*|"
    r"seina|glaz\w*|windows?|wind|fenster\w*|finestr\w*|fen[eê]tre\w*|ventana\w*|curtain|cols?|"
    r"columns?|pillars?|st[uü]tzen?|pilastr\w*|wallsegment|walkablearea|obstacles?|"
    r"tragwerk|rohbau|muratur\w*|partition\w*"
)
_WALL_MARKS: Final = ("墙", "窗", "柱", "стен")
_DOOR_WORDS: Final = r"doors?|t[uü]r|t[uü]ren|tueren|port[ae]|portes?|puertas?|d[oö]rr\w*|deur\w*"
_DOOR_MARKS: Final = ("门", "двер")
_EXIT_WORDS: Final = r"exits?|ausgang|ausg[aä]nge|uscit[ae]|sorties?"
_SOLID_WORDS: Final = r"obstacles?|cols?|columns?|pillars?|st[uü]tzen?|pilastr\w*"
_NO_WALL_WORDS: Final = (
    r"dims?|dimension\w*|quot\w*|bema[sß]+ung|text\w*|anno\w*|label\w*|furn\w*|m[oö]bel|arred\w*|"
    r"mobil\w*|equip\w*|hatch\w*|schraffur|retin\w*|pattern|grid|axis|achsen?|assi|title\w*|frame|"
    r"cartiglio|sheet|defpoints|viewport\w*|plumb\w*|sanit\w*|elec\w*|light\w*|plants?|trees?|"
    r"ceil\w*|clng|roof|site|park\w*|distributions?|waypoints?|journeys?|stairs?|trepp\w*|scal[ae]"
)
_LISTED: Final = 40


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-zäöüß])(?:{words})(?![a-zäöüß])")


_WALL, _DOOR, _EXIT, _SOLID, _NO_WALL = (
    _pattern(words)
    for words in (_WALL_WORDS, _DOOR_WORDS, _EXIT_WORDS, _SOLID_WORDS, _NO_WALL_WORDS)
)


@dataclass(frozen=True, slots=True)
class LayerRoles:
    """Keys of the layers by what they are read for.

    ``solids`` are wall layers whose closed outlines have no floor inside (columns, obstacles).
    """

    walls: frozenset[str]
    doors: frozenset[str]
    exits: frozenset[str]
    solids: frozenset[str]
    labels: frozenset[str]
    hidden: frozenset[str]


def layer_roles(
    drawing: Drawing,
    *,
    walls: Sequence[str] = (),
    doors: Sequence[str] = (),
    labels: Sequence[str] = (),
    log: MessageLog,
) -> LayerRoles:
    """Return what each layer is read for, and say it aloud.

    Parameters
    ----------
    drawing : Drawing
        The drawing.
    walls, doors, labels : sequence of str
        Layers that a person named; ``*`` stands for any letters. A hidden layer that is named is
        read. Without names: by the words in the names of the visible layers, in several languages;
        if none says wall, the layer with most linework.
    log : MessageLog
        Where the choice is noted.

    Raises
    ------
    ImportFault
        If a named layer does not exist, or nothing is left to be a wall.
    """
    layers = drawing.layers
    asked = {
        "walls": named_layers(drawing, walls, option="--walls"),
        "doors": named_layers(drawing, doors, option="--doors"),
        "labels": named_layers(drawing, labels, option="--labels"),
    }
    wanted = frozenset().union(*asked.values())
    hidden = frozenset(k for k, layer in layers.items() if layer.hidden and k not in wanted)
    seen = {k: layer for k, layer in layers.items() if k not in hidden}
    length = _linework(drawing)
    if asked["walls"]:
        chosen, how = asked["walls"], "as asked"
    else:
        chosen, how = _guessed_walls(seen, length)
    chosen = frozenset(k for k in chosen if length.get(k, 0.0) > 0.0)
    if not chosen:
        raise ImportFault(
            f"{drawing.name}: no lines on {_list(asked['walls'], layers) or 'any visible layer'}, "
            f"expected walls. Layers: {_list(layers, layers)}"
        )
    roles = LayerRoles(
        walls=chosen,
        doors=asked["doors"] or frozenset(k for k in seen if _says(k, _DOOR, _DOOR_MARKS)),
        exits=frozenset(k for k in seen if _says(k, _EXIT, ())),
        solids=frozenset(k for k in chosen if _says(k, _SOLID, ())),
        labels=asked["labels"] or frozenset(seen),
        hidden=hidden,
    )
    _say(drawing, roles, how, length, log)
    return roles


def named_layers(drawing: Drawing, names: Sequence[str], *, option: str) -> frozenset[str]:
    """Return the keys of the layers that a person named.

    Raises
    ------
    ImportFault
        If a name fits no layer: with the closest one and a list of all.
    """
    found: set[str] = set()
    for name in names:
        fits = [k for k in drawing.layers if fnmatch.fnmatchcase(k, name.lower())]
        if not fits:
            known = [layer.name for layer in drawing.layers.values()]
            raise ImportFault(
                f"{drawing.name}: {option} {name!r}: no such layer{did_you_mean(name, known)}. "
                f"Layers: {_list(drawing.layers, drawing.layers)}"
            )
        found.update(fits)
    return frozenset(found)


def is_door_name(name: str) -> bool:
    """Return whether the name of a block or layer speaks of doors.

    Examples
    --------
    >>> is_door_name("Door-Single 0915"), is_door_name("A2-RI-B1"), is_door_name("Outdoor")
    (True, False, False)
    """
    return _says(name.lower(), _DOOR, _DOOR_MARKS)


def is_furniture_name(name: str) -> bool:
    """Return whether the name of a block or layer speaks of things that are not the building."""
    return _says(name.lower(), _NO_WALL, ())


def _guessed_walls(
    seen: Mapping[str, DrawnLayer], length: Mapping[str, float]
) -> tuple[frozenset[str], str]:
    """Return the layers that are walls by their names, else the one with most linework."""
    by_name = frozenset(
        k for k in seen if _says(k, _WALL, _WALL_MARKS) and not _says(k, _NO_WALL, ())
    )
    if any(length.get(k, 0.0) > 0.0 for k in by_name):
        return by_name, "by their names"
    left = {
        k: length.get(k, 0.0)
        for k in seen
        if not _says(k, _NO_WALL, ()) and not _says(k, _DOOR, _DOOR_MARKS)
        and not _says(k, _EXIT, ())
    }  # fmt: skip
    if not any(left.values()):
        return frozenset(), ""
    most = max(sorted(left), key=lambda k: round(left[k], 6))
    return frozenset({most}), "the layer with most linework"


def _linework(drawing: Drawing) -> dict[str, float]:
    """Return the length of the lines on each layer, in units of the drawing."""
    length: dict[str, float] = {}
    for line in drawing.lines:
        run = float(np.linalg.norm(np.diff(line.points, axis=0), axis=1).sum())
        length[line.layer] = length.get(line.layer, 0.0) + run
    return length


def _says(key: str, words: re.Pattern[str], marks: Sequence[str]) -> bool:
    """Return whether a layer's name holds one of the words.

    Examples
    --------
    >>> [_says(name, _WALL, ()) for name in ("a-wall-full", "wallpaper", "xref$0$mauern")]
    [True, False, True]
    """
    return bool(words.search(key)) or any(mark in key for mark in marks)


def _say(
    drawing: Drawing, roles: LayerRoles, how: str, length: Mapping[str, float], log: MessageLog
) -> None:
    layers = drawing.layers
    share = sum(length.get(k, 0.0) for k in roles.walls) / max(sum(length.values()), 1e-12)
    text = (
        f"{drawing.name}: walls are {_list(roles.walls, layers)} ({how}, {share:.0%} of the "
        "linework)"
    )
    if how == "the layer with most linework":
        log.warning(
            "LAYER", f"{text}; no layer is named like walls. Name the wall layers with --walls"
        )
    else:
        log.note("LAYER", text)
    if roles.doors:
        log.note("LAYER", f"{drawing.name}: doors are {_list(roles.doors, layers)}")
    else:
        log.note("LAYER", f"{drawing.name}: no door layer; swings looked for on every layer")
    used = roles.walls | roles.doors | roles.exits | roles.hidden
    unused = [k for k in layers if k not in used and layers[k].things]
    if unused:
        log.note("LAYER", f"{drawing.name}: not read for walls: {_list(unused, layers)}")
    hidden = [k for k in roles.hidden if layers[k].things]
    if hidden:
        log.warning(
            "LAYER",
            f"{drawing.name}: {counted(len(hidden), 'layer')} frozen or switched off, left out: "
            f"{_list(hidden, layers)}. Name it with --walls or --doors to read it",
        )


def _list(keys: Sequence[str] | frozenset[str] | Mapping[str, object],
          layers: Mapping[str, DrawnLayer]) -> str:  # fmt: skip
    """Return names of layers with their number of things, at most 40."""
    shown = [f"{layers[k].name} ({layers[k].things})" for k in sorted(keys)]
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    return ", ".join(shown[:_LISTED]) + more

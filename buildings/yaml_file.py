"""Read a YAML file so that every fault can be named by file, line and key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from buildings.borders import InputError, did_you_mean, read_text

KeyPath: TypeAlias = tuple[str | int, ...]

MAX_DEPTH: Final = 40
"""Nesting deeper than this is refused: no file of ours needs more than ten levels."""

LONGEST_NUMBER: Final = 30
"""Digits beyond this are taken as text, which a model that wants a number then refuses."""

_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")
)


class _PlainLoader(yaml.SafeLoader):
    """YAML with the few scalars of YAML 1.2: true, false, null, whole and decimal numbers.

    YAML 1.1 reads ``0102`` as 66, ``1:30`` as 90 and ``no`` as false; room numbers, clock times
    and answers would change on the way in. Here they stay text.
    """


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"^[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?"
        r"|(?:0|[1-9][0-9]*)[eE][-+]?[0-9]+)$",
        "-+0123456789.",
    ),
):
    _PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a YAML file says, and on which line it says it.

    Attributes
    ----------
    name : str
        The file as the user called it.
    value : dict
        The content; keys are text exactly as written.
    lines : mapping
        Line number of each key path, counted from 1.
    """

    name: str
    value: dict[str, Any]
    lines: Mapping[KeyPath, int]

    def place(self, path: KeyPath) -> str:
        r"""Return ``file:line: key.path`` for a key path, or for its nearest parent in the file.

        Examples
        --------
        >>> parse_yaml("a:\n  b: 1\n", name="x.yaml").place(("a", "b"))
        'x.yaml:2: a.b'
        >>> parse_yaml("a:\n  b: 1\n", name="x.yaml").place(("a", "c"))
        'x.yaml:1: a.c'
        """
        line = self.line(path)
        where = f"{self.name}:{line}" if line else self.name
        return f"{where}: {'.'.join(str(part) for part in path)}" if path else where

    def line(self, path: KeyPath) -> int:
        """Return the line of a key path or of its nearest parent; 0 if it is on none."""
        here = (path[:n] for n in range(len(path), -1, -1))
        return next((self.lines[part] for part in here if part in self.lines), 0)

    def with_value(self, path: Sequence[str], value: Any, *, said_by: str) -> YamlFile:
        """Return a copy in which one key path holds another value.

        Parameters
        ----------
        path : sequence of str
            Keys from the top; parts that are missing are made.
        value : object
            The new value.
        said_by : str
            What to name in an error about something that is not a mapping: "--set".

        Raises
        ------
        InputError
            If a part on the way is not a mapping.
        """
        top = dict(self.value)
        here = top
        for depth, key in enumerate(path[:-1]):
            below = here.get(key, {})
            if not isinstance(below, dict):
                raise InputError(
                    f"{said_by}: {'.'.join(path[: depth + 1])} is not a mapping, "
                    f"expected one that can hold {path[depth + 1]!r}"
                )
            here[key] = dict(below)
            here = here[key]
        here[path[-1]] = value
        gone = tuple(path)
        lines = {key: line for key, line in self.lines.items() if key[: len(gone)] != gone}
        lines[gone] = 0  # said on the command line, on no line of the file
        return replace(self, value=top, lines=lines)


def read_yaml(path: Path, *, kind: str) -> YamlFile:
    """Read one YAML file.

    Raises
    ------
    InputError
        If the file cannot be read, is not YAML, says a key twice, or is not a mapping.
    """
    return parse_yaml(read_text(path, kind=kind), name=str(path))


def parse_yaml(text: str, *, name: str) -> YamlFile:
    r"""Read YAML text; ``name`` stands for the file in messages.

    Raises
    ------
    InputError
        If the text is not one YAML document with a mapping at the top, repeats a key (all
        repetitions are listed), uses an alias, or is nested more than 40 deep.

    Examples
    --------
    >>> parse_yaml("room: 0102", name="x.yaml").value
    {'room': '0102'}
    >>> parse_yaml("a: 1\na: 2", name="x.yaml")
    Traceback (most recent call last):
    ...
    buildings.borders.InputError: x.yaml:2: a: said twice, first on line 1
    """
    loader = None
    try:
        loader = _PlainLoader(text)
        for event in yaml.parse(text, Loader=_PlainLoader):
            if isinstance(event, yaml.AliasEvent):
                at = f"{name}:{event.start_mark.line + 1}" if event.start_mark else name
                raise InputError(f"{at}: aliases (*{event.anchor}) are not read")
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = name if mark is None else f"{name}:{mark.line + 1}"
        raise InputError(f"{at}: not readable as YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise InputError(f"{name}: not readable as YAML: {error}".splitlines()[0]) from None
    except RecursionError:
        raise InputError(f"{name}: nested too deep, expected at most {MAX_DEPTH} levels") from None
    finally:
        if loader is not None:
            loader.dispose()
    if not isinstance(node, yaml.MappingNode):
        raise InputError(f"{name}:1: expected keys and values, found {_shape(node)}")
    reader = _Reader(name)
    value = reader.read(node, ())
    if reader.faults:
        raise InputError("\n".join(reader.faults))
    return YamlFile(name, value, reader.lines)


class _Reader:
    """Turns nodes into values, keeping lines and collecting keys that are said twice."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[KeyPath, int] = {}
        self.faults: list[str] = []

    def read(self, node: yaml.Node, path: KeyPath) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if len(path) > MAX_DEPTH:
            raise InputError(
                f"{self.name}:{line}: nested too deep, expected at most {MAX_DEPTH} levels"
            )
        if node.tag not in _TAGS:
            self.faults.append(f"{self.name}:{line}: tags such as {node.tag} are not read")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(f"{self.name}:{line}: a key should be one word")
                continue
            key = str(key_node.value)
            below = (*path, key)
            if key in value:
                dotted = ".".join(str(part) for part in below)
                first = self.lines[below]
                self.faults.append(
                    f"{self.name}:{line}: {dotted}: said twice, first on line {first}"
                )
                continue
            self.lines[below] = line
            value[key] = self.read(value_node, below)
        return value

    def _scalar(self, node: yaml.Node) -> Any:
        if node.tag == "tag:yaml.org,2002:bool":
            return str(node.value).lower() == "true"
        if node.tag == "tag:yaml.org,2002:null":
            return None
        number = {"tag:yaml.org,2002:int": int, "tag:yaml.org,2002:float": float}.get(node.tag)
        if number is not None and len(node.value) <= LONGEST_NUMBER:
            try:
                return number(node.value)
            except ValueError:  # text with an explicit number tag: stays text, the model refuses it
                return node.value
        return node.value


def _shape(node: yaml.Node | None) -> str:
    if node is None:
        return "nothing"
    return "a list" if isinstance(node, yaml.SequenceNode) else f"{node.value!r}"


def unknown_key(key: str, known: Sequence[str]) -> str:
    """Return the words for a key that a file format does not have.

    Examples
    --------
    >>> unknown_key("alarm", ["alarm_s", "seed"])
    "unknown key (did you mean 'alarm_s'?)"
    >>> unknown_key("zzz", ["alarm_s", "seed"])
    'unknown key, expected one of alarm_s, seed'
    """
    hint = did_you_mean(key, known)
    return f"unknown key{hint}" if hint else f"unknown key, expected one of {', '.join(known)}"

"""What every file of ours is checked with at the border, and how a fault is put into words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from buildings.yaml_file import KeyPath, YamlFile, unknown_key

Model = TypeVar("Model", bound=BaseModel)


class FilePart(BaseModel):
    """A mapping in a file: unknown keys are errors, numbers are finite and never text."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, hide_input_in_errors=True
    )


def _as_text(value: object) -> object:
    """Take a bare whole number for the text it was typed as: room 101, exit 3."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


Name = Annotated[
    str,
    BeforeValidator(_as_text, json_schema_input_type=str | int),
    Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
"""An id or a door-plate number."""

Seconds = Annotated[float, Field(ge=0.0, le=1e7)]
Count = Annotated[int, Field(ge=0, le=100_000)]


def check_file(file: YamlFile, model: type[Model]) -> tuple[Model | None, list[str]]:
    """Check the content of a file against its model.

    Returns
    -------
    model or None
        The checked content, None where there are faults.
    list of str
        One line for each fault: ``fire.yaml:12: protocol.evacuate.alarm_s: should be >= 0
        (got -5)``, in order of line.
    """
    checked, faults = check_value(file.value, model)
    placed = sorted((file.line(path), file.place(path), words) for path, words in faults)
    return checked, [f"{place}: {words}" for _, place, words in placed]


def check_value(value: Any, model: type[Model]) -> tuple[Model | None, list[tuple[KeyPath, str]]]:
    """Check a value against a model.

    Returns
    -------
    model or None
        The checked value, None where there are faults.
    list of tuple
        The key path of each fault and its words, ``(("width",), "should be > 0 (got -1)")``.
    """
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        words_at: dict[KeyPath, list[str]] = {}
        for detail in error.errors(include_url=False):
            path, found = _follow(value, detail["loc"], missing=detail["type"] == "missing")
            words = _words(detail, path, found, model)
            said = words_at.setdefault(path, [])
            if words not in said:
                said.append(words)
        return None, [(path, _either(words)) for path, words in words_at.items()]


def _either(words: list[str]) -> str:
    """Join what the members of a union wanted: "should be a number or 'never' (got 'nver')"."""
    if not all(text.startswith("should be ") and " (got " in text for text in words):
        return "; ".join(words)
    wanted = [text.removeprefix("should be ").rpartition(" (got ")[0] for text in words]
    return f"should be {' or '.join(wanted)} (got {words[0].rpartition(' (got ')[2]}"


def _follow(value: Any, loc: tuple[int | str, ...], *, missing: bool) -> tuple[KeyPath, Any]:
    """Walk a value along pydantic's location, leaving out the tags of unions that it puts in."""
    path: list[str | int] = []
    here = value
    for number, part in enumerate(loc):
        last = number == len(loc) - 1
        if isinstance(here, Mapping):
            if part in here:
                here = here[part]
                path.append(part)
            elif part == here.get("kind") or part == "[key]":
                continue
            elif last and missing:
                path.append(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            path.append(part)
    return tuple(path), here


def _words(detail: ErrorDetails, path: KeyPath, found: Any, model: type[BaseModel]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    got = f"(got {_short(found)})"
    bounds = {
        "greater_than_equal": (">=", "ge"),
        "greater_than": (">", "gt"),
        "less_than_equal": ("<=", "le"),
        "less_than": ("<", "lt"),
    }
    if kind == "missing":
        return "is required"
    if kind == "extra_forbidden":
        return unknown_key(str(path[-1]) if path else "", _keys_at(model, detail["loc"][:-1]))
    if kind == "literal_error" and detail["loc"][-1] == "[key]":
        return unknown_key(str(path[-1]), re.findall(r"'([^']+)'", context["expected"]))
    if kind in bounds:
        sign, key = bounds[kind]
        limit = context[key]
        limit = int(limit) if isinstance(limit, float) and limit.is_integer() else limit
        return f"should be {sign} {limit} {got}"
    if kind in ("int_type", "int_parsing", "int_from_float"):
        return f"should be a whole number {got}"
    if kind in ("float_type", "float_parsing", "finite_number"):
        return f"should be a number {got}"
    if kind == "string_type":
        return f"should be text {got}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"should be a mapping of keys and values {got}"
    if kind in ("list_type", "tuple_type"):
        return f"should be a list {got}"
    if kind == "bool_type":
        return f"should be true or false {got}"
    if kind == "literal_error":
        return f"should be {context['expected']} {got}"
    if kind == "union_tag_not_found":
        return f"should be a number, or a mapping with a kind {got}"
    if kind == "union_tag_invalid":
        return f"kind should be one of {context['expected_tags']} (got {context['tag']!r})"
    if kind in ("too_short", "too_long"):
        limit = context.get("min_length", context.get("max_length"))
        few = "at least" if kind == "too_short" else "at most"
        return f"should have {few} {limit} entries (got {context['actual_length']})"
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", detail["msg"]))
    return f"{detail['msg'][:1].lower()}{detail['msg'][1:]} {got}"


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the mapping at a location may have."""
    here: list[type[BaseModel]] = [model]
    for part in loc:
        below: list[type[BaseModel]] = []
        for candidate in here:
            if part in candidate.model_fields:
                below.extend(_models_in(candidate.model_fields[str(part)].annotation))
            elif _tag_of(candidate) == part:
                below.append(candidate)
        here = below or here  # a key of a free mapping, or the number of a list entry
    keys = {
        field.alias or key: None
        for candidate in here
        for key, field in candidate.model_fields.items()
    }
    return list(keys)


def _tag_of(model: type[BaseModel]) -> str | None:
    kind = model.model_fields.get("kind")
    arguments = get_args(kind.annotation) if kind is not None else ()
    return str(arguments[0]) if arguments else None


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]

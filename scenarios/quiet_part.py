"""Mappings of a file that leave out, when written again, the keys that say nothing."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import SerializerFunctionWrapHandler, model_serializer

from buildings import FilePart


class QuietPart(FilePart):
    """A mapping some of whose keys came later than others.

    A key in `quiet` is written only where it says something, so a scenario that does not use it
    has the same content, and the same hash, as before the key existed.
    """

    quiet: ClassVar[tuple[str, ...]] = ()

    @model_serializer(mode="wrap")
    def _without_what_says_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        return {
            key: value for key, value in written.items() if key not in self.quiet or _says(value)
        }


def _says(value: Any) -> bool:
    """Whether a plain value says anything: it is not nothing, false, zero or empty all through."""
    return any(map(_says, value.values())) if isinstance(value, dict) else bool(value)

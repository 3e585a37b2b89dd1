"""How a file says where an announcement is heard, and after how long."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from buildings import FilePart, Name, Seconds
from scenarios.scenario import NEVER

Heard = Seconds | Literal["never"]


class AnnouncementFile(FilePart):
    """Seconds from the alarm until it is heard, or `never`; space over zone over everywhere."""

    everywhere_s: Heard = 0.0
    zones: dict[Name, Heard] = Field(default_factory=dict)
    spaces: dict[Name, Heard] = Field(default_factory=dict)


def heard(delay: float | str) -> float:
    """Return a delay in seconds; infinity for `never`."""
    return NEVER if isinstance(delay, str) else float(delay)

"""What hangs in a door frame, as a door schedule lists it: lock, closer, glass, cover."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final, Literal

LATCH_STILE_M: Final = 0.10
"""Solid edge of a leaf between the latch and a narrow glass panel beside it."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """One hardware set; every field means what the field of a portal of that name means."""

    lock: Literal["inside", "outside", "both", "remote", "none", "unknown"] = "none"
    lock_key: Literal["none", "thumbturn", "key", "card"] = "none"
    lock_state: Literal["locked", "unlocked"] = "unlocked"
    auto_lock: Literal["yes", "no"] = "no"
    remote_group: str | None = None
    swing: Literal["in", "out", "both", "slide"] = "in"
    leaves: int = 1
    closer: Literal["yes", "no"] = "no"
    panic_bar: Literal["yes", "no"] = "no"
    alarmed: Literal["yes", "no"] = "no"
    barricade: str | None = None
    one_way: Literal["no", "out", "in"] = "no"
    glazing: Literal["none", "panel", "half", "full", "sidelight", "panel+sidelight"] = "none"
    glazing_w_m: float | None = None
    cover: Literal["none", "blind", "film", "paper", "unknown"] = "none"
    cover_default: Literal["open", "closed"] | None = None
    cover_close_s: float | None = None

    def facts(self, width_m: float, hinge: Literal["left", "right"] | None) -> dict[str, Any]:
        """Return the portal facts of a door of this width, hinged at this end.

        A narrow panel sits at the latch of a single leaf; larger glass sits in the middle. In a
        pair every leaf has its own glass, so no single offset is stated.

        Examples
        --------
        >>> Hardware(glazing="panel", glazing_w_m=0.10).facts(0.90, "left")["glazing_off_m"]
        0.3
        """
        given = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        if self.glazing_w_m is not None and hinge is not None:
            reach_m = 0.0
            if self.glazing in ("panel", "panel+sidelight"):
                reach_m = width_m / 2 - LATCH_STILE_M - self.glazing_w_m / 2
            given["glazing_off_m"] = round(reach_m if hinge == "left" else -reach_m, 3) + 0.0
        return given

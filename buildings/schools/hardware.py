"""Door hardware of the built-in schools, as on a door schedule: one name for each set."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from buildings.door_hardware import Hardware

CLASSROOM_TURN_PANEL: Final = Hardware(
    lock="inside", lock_key="thumbturn", closer="yes", glazing="panel", glazing_w_m=0.10
)
"""Turned by hand from inside, narrow glass at the latch: the door of a renovated classroom."""
CLASSROOM_TURN_BLIND: Final = replace(
    CLASSROOM_TURN_PANEL, cover="blind", cover_default="open", cover_close_s=6.0
)
CLASSROOM_TURN_FILM: Final = replace(CLASSROOM_TURN_PANEL, cover="film", cover_default="closed")
CLASSROOM_TURN_HALF: Final = replace(
    CLASSROOM_TURN_PANEL, glazing="half", glazing_w_m=0.60, cover="blind", cover_default="open",
    cover_close_s=9.0,
)  # fmt: skip
CLASSROOM_KEY_PANEL: Final = replace(CLASSROOM_TURN_PANEL, lock="outside", lock_key="key")
"""The classroom lock of older wings: whoever locks it must step into the corridor with a key."""
CLASSROOM_KEY_HALF: Final = replace(
    CLASSROOM_KEY_PANEL, glazing="half", glazing_w_m=0.60, cover="paper", cover_default="closed"
)
CLASSROOM_KEY_SIDELIGHT: Final = replace(
    CLASSROOM_KEY_PANEL, glazing="panel+sidelight", cover="none"
)
CLASSROOM_NO_LOCK: Final = replace(CLASSROOM_TURN_HALF, lock="none", lock_key="none", cover="none",
                                   cover_default=None, cover_close_s=None)  # fmt: skip
CLASSROOM_BOTH: Final = replace(
    CLASSROOM_TURN_PANEL, lock="both", lock_key="key", barricade="floor bolt"
)

OFFICE: Final = Hardware(lock="both", lock_key="key", closer="yes", glazing="half",
                         glazing_w_m=0.50, cover="blind", cover_default="open",
                         cover_close_s=5.0)  # fmt: skip
OFFICE_INNER: Final = Hardware(lock="inside", lock_key="thumbturn")
OFFICE_REMOTE: Final = Hardware(
    lock="remote", lock_key="card", lock_state="locked", auto_lock="yes", remote_group="entrance",
    closer="yes", glazing="half", glazing_w_m=0.50,
)  # fmt: skip
STORE: Final = Hardware(lock="outside", lock_key="key", lock_state="locked", closer="yes")
PLANT: Final = replace(STORE, swing="out")
TOILET: Final = Hardware(lock="none", closer="yes")
TOILET_SINGLE: Final = Hardware(lock="inside", lock_key="thumbturn", closer="yes")
INNER: Final = Hardware()

HALL_PAIR: Final = Hardware(
    lock="outside", lock_key="key", swing="out", leaves=2, closer="yes", panic_bar="yes",
    glazing="panel", glazing_w_m=0.15,
)  # fmt: skip
"""Pair of doors of a gym, cafeteria or auditorium towards the corridor."""
STAIR_PAIR: Final = replace(HALL_PAIR, lock="none", lock_key="none")
"""Fire doors of a stair core: they never lock."""
STAIR_SINGLE: Final = replace(STAIR_PAIR, leaves=1)

EXIT_PAIR: Final = Hardware(
    lock="outside", lock_key="key", lock_state="locked", swing="out", leaves=2, closer="yes",
    panic_bar="yes", glazing="panel", glazing_w_m=0.15,
)  # fmt: skip
"""Exterior pair: locked from outside, always open to the push of a panic bar."""
EXIT_SINGLE: Final = replace(EXIT_PAIR, leaves=1)
EXIT_ALARMED: Final = replace(EXIT_PAIR, alarmed="yes", one_way="out", glazing="none",
                              glazing_w_m=None)  # fmt: skip
EXIT_CARD: Final = replace(EXIT_PAIR, lock="remote", lock_key="card", auto_lock="yes",
                           remote_group="exterior")  # fmt: skip
EXIT_CLASSROOM: Final = Hardware(
    lock="both", lock_key="key", lock_state="locked", swing="out", closer="yes", panic_bar="yes",
    glazing="half", glazing_w_m=0.60, cover="blind", cover_default="open", cover_close_s=8.0,
)  # fmt: skip
ENTRANCE_OUTER: Final = Hardware(
    lock="remote", lock_key="card", lock_state="unlocked", remote_group="entrance", swing="out",
    leaves=2, closer="yes", panic_bar="yes", glazing="full", glazing_w_m=0.75,
)  # fmt: skip
ENTRANCE_INNER: Final = replace(ENTRANCE_OUTER, lock_state="locked", auto_lock="yes")
SERVICE_EXIT: Final = Hardware(
    lock="outside", lock_key="key", lock_state="locked", swing="out", closer="yes",
    panic_bar="yes",
)  # fmt: skip
LIFT_DOOR: Final = Hardware(swing="slide")

CLASSROOM_SETS: Final = (
    CLASSROOM_TURN_PANEL,
    CLASSROOM_TURN_BLIND,
    CLASSROOM_KEY_PANEL,
    CLASSROOM_TURN_HALF,
    CLASSROOM_TURN_FILM,
    CLASSROOM_KEY_SIDELIGHT,
    CLASSROOM_TURN_PANEL,
    CLASSROOM_KEY_HALF,
    CLASSROOM_TURN_BLIND,
    CLASSROOM_NO_LOCK,
    CLASSROOM_TURN_HALF,
    CLASSROOM_BOTH,
)
"""The sets found along a corridor that was renovated in stages; drawn room after room."""

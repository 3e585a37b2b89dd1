"""Why a room stays unsecured, as the times that were recorded of it say."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.protocol_outcome import ProtocolOutcome

Ints = NDArray[np.int64]

REASONS: Final = (
    "done", "not_announced", "never_heard", "left", "not_finished", "open_way", "no_lock",
    "no_key", "believed_locked", "lock_failed", "in_sight",
)  # fmt: skip
"""What became of a room, by code; all but the first say why it is not done."""

WORDS: Final = {
    "done": "done",
    "not_announced": "nothing was announced",
    "never_heard": "never heard",
    "left": "its people left",
    "not_finished": "not finished when the run ends or it is released",
    "open_way": "a way in has no door",
    "no_lock": "a door has no lock",
    "no_key": "nobody had the key",
    "believed_locked": "lock failed, unnoticed",
    "lock_failed": "lock failed, noticed",
    "in_sight": "locked, but people are in sight",
}
"""Each reason in words."""


def reasons(outcome: ProtocolOutcome) -> Ints:
    """Return what became of every room in every replica.

    Parameters
    ----------
    outcome : ProtocolOutcome

    Returns
    -------
    ndarray of int, shape (R, S')
        Index into `REASONS`; -1 for rooms that do not count. The first that is true is given, in
        the order in which a room gets there: nothing announced, never heard, its people left, not
        finished, a way without a door, a door without a lock, no key, a lock that failed without
        or with notice, somebody in sight.

    Notes
    -----
    A lock that was never thrown is said to have failed only where every way in has a door, every
    door has a lock and nobody lacked the key.
    """
    times, facts = outcome.times, outcome.facts
    done = np.isfinite(outcome.done_s)
    finished = np.isfinite(times.room_unsecured_s)
    unlocked = ~np.isfinite(times.room_locked_s)
    believed = unlocked & np.isfinite(times.room_believed_locked_s)
    everywhere = np.ones(done.shape, dtype=np.bool_)
    cases = (
        ("done", done),
        ("not_announced", everywhere & ~outcome.announced[:, None]),
        ("never_heard", ~np.isfinite(times.room_heard_s)),
        ("left", np.isfinite(times.room_left_s) & (times.room_left_s <= times.room_unsecured_s)),
        ("not_finished", ~finished),
        ("open_way", unlocked & ~facts.can_close),
        ("no_lock", unlocked & facts.no_lock & ~believed),
        ("no_key", unlocked & np.isfinite(times.room_no_key_s) & ~believed),
        ("believed_locked", believed),
        ("lock_failed", unlocked),
        ("in_sight", everywhere),
    )
    code = np.select([true for _, true in cases], [REASONS.index(name) for name, _ in cases])
    return np.where(outcome.counted, code, -1).astype(np.int64)


def main_reason(codes: Ints) -> str:
    """Return the reason that most often keeps one room from being done; empty where none does.

    Parameters
    ----------
    codes : ndarray of int, shape (R,)

    Examples
    --------
    >>> main_reason(np.array([0, 6, 8, 8])), main_reason(np.array([0, 0, -1]))
    ('believed_locked', '')
    """
    kept = codes[codes > 0]
    return REASONS[int(np.bincount(kept).argmax())] if len(kept) else ""

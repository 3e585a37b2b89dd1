"""Random numbers by key: who, for what, in which replica; nothing else ever moves a draw."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

_GOLDEN: Final = 0x9E3779B97F4A7C15
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB
_WORD: Final = 0xFFFFFFFFFFFFFFFF
"""All 64 bits of a word of SplitMix64 (Steele, Lea and Flood 2014)."""
_GOLDEN_64, _MIX_1_64, _MIX_2_64 = np.uint64(_GOLDEN), np.uint64(_MIX_1), np.uint64(_MIX_2)
_SHIFTS: Final = (np.uint64(30), np.uint64(27), np.uint64(31))
"""Shifts of the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""


def entity_keys(ids: Sequence[str]) -> NDArray[np.uint64]:
    """Return a 64-bit key for each id, the same on every machine and in every Python.

    Parameters
    ----------
    ids : sequence of str, length n
        Names of people, rooms, doors or purposes.

    Returns
    -------
    ndarray of uint64, shape (n,)
        The first eight bytes of BLAKE2b of each id.

    Examples
    --------
    >>> entity_keys(["S-101/student-01"]).tolist() == entity_keys(["S-101/student-01"]).tolist()
    True
    """
    digest = hashlib.blake2b
    return np.array(
        [int.from_bytes(digest(name.encode(), digest_size=8).digest(), "little") for name in ids],
        dtype=np.uint64,
    )


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit words (the finaliser of SplitMix64; Steele, Lea and Flood 2014)."""
    values = values + _GOLDEN_64
    values = (values ^ (values >> _SHIFTS[0])) * _MIX_1_64
    values = (values ^ (values >> _SHIFTS[1])) * _MIX_2_64
    return values ^ (values >> _SHIFTS[2])


def _mix_word(value: int) -> int:
    """Scramble one 64-bit word in the same way; for one number this is quicker."""
    value = (value + _GOLDEN) & _WORD
    value = ((value ^ (value >> 30)) * _MIX_1) & _WORD
    value = ((value ^ (value >> 27)) * _MIX_2) & _WORD
    return value ^ (value >> 31)


@cache
def _purpose_key(purpose: str) -> int:
    return int(entity_keys([purpose])[0])


def uniforms(
    seed: int, replica: int, purpose: str, entities: NDArray[np.uint64]
) -> NDArray[np.float64]:
    """Draw one uniform number in (0, 1) for each entity.

    A draw depends on its key alone, so adding a person, a door or a recorder moves nobody else's
    draws, and two variants of a layout share their randomness (common random numbers).

    Parameters
    ----------
    seed : int
        Seed of the scenario, 0 or more.
    replica : int
        Number of the replica, 0 or more.
    purpose : str
        What the number is for: "speed", "pre-movement".
    entities : ndarray of uint64, shape (n,)
        Keys from `entity_keys`.

    Returns
    -------
    ndarray, shape (n,)
        Uniform numbers, never exactly 0 or 1, with 52 random bits.

    Raises
    ------
    ValueError
        If seed or replica is negative.

    Examples
    --------
    >>> people = entity_keys(["a", "b", "c"])
    >>> all_three = uniforms(1, 0, "speed", people)
    >>> bool(uniforms(1, 0, "speed", people[1:2])[0] == all_three[1])
    True
    >>> uniforms(1, 0, "speed", entity_keys([])).tolist()
    []
    """
    if seed < 0 or replica < 0:
        raise ValueError(f"seed and replica must be >= 0, got {seed} and {replica}")
    run = _mix_word(_mix_word(_mix_word(seed & _WORD) ^ replica) ^ _purpose_key(purpose))
    words = _mix(_mix(entities ^ np.uint64(run)))
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52

"""Random numbers by key: who, for what, in which replica; nothing else ever moves a draw."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


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
    values = values + _GOLDEN
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))


@cache
def _purpose_key(purpose: str) -> NDArray[np.uint64]:
    return entity_keys([purpose])


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
    run = np.array([seed & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64)
    with np.errstate(over="ignore"):  # arithmetic modulo 2**64 is the point
        run = _mix(_mix(_mix(run) ^ np.uint64(replica)) ^ _purpose_key(purpose))
        words = _mix(_mix(entities ^ run[0]))
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52

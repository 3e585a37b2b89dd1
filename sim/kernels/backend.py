"""One kernel text, two ways to run it: interpreted over lists, or compiled by numba over arrays."""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from sim.kernels import (
    arrays,
    beliefs,
    choice,
    company,
    movement,
    passing,
    queues,
    rethinking,
    routes,
    stations,
    steps,
    walkers,
)

Backend: TypeAlias = Literal["python", "compiled"]

# callees before callers
_MODULES: Final = (
    stations,
    walkers,
    routes,
    beliefs,
    choice,
    steps,
    queues,
    passing,
    rethinking,
    company,
    movement,
)

# seldom called: a call costs less than a copy of them in every caller
_OUT_OF_LINE: Final = frozenset(
    {
        "find_routes", "mark_closed", "row_of", "known_sides", "with_knowledge", "with_goal",
        "look", "ask", "compare_ways", "part_for", "shortest_m", "find_ring", "turn_ring",
        "find_stander", "gets_on", "find_mover", "call_again", "let_others_pass", "squeeze_past",
        "move_held_up", "take_out", "turn_back", "turn_aside", "stop_without_way", "walk_inside",
        "rethink_all", "rethink_walkers", "turn_round", "rethink_queue", "change_gate", "tell",
        "redirect", "join", "part", "board", "alight",
    }
)  # fmt: skip


class Kernel(NamedTuple):
    """The entry points of the movement kernel in one way of running it."""

    backend: Backend
    advance: Callable[..., int]
    release: Callable[..., None]
    set_gate: Callable[..., None]
    inform: Callable[..., None]
    send: Callable[..., None]
    bind: Callable[..., None]
    unbind: Callable[..., None]
    take_aboard: Callable[..., None]
    set_down: Callable[..., None]
    find_all_routes: Callable[..., None]
    distance: Callable[..., float]
    waits_for_a_door: Callable[..., bool]
    close_accounts: Callable[..., None]


def source_stamp() -> str:
    """Return a name for exactly this text of the kernel.

    numba looks only at the file of an entry point to see whether its cache is stale; the kernel is
    spread over several files, so a change in any of them, and in how they are compiled, has to
    change the key of the cache.
    """
    sources = [arrays, *_MODULES]
    files = [Path(__file__), *(Path(str(module.__file__)) for module in sources)]
    texts = b"".join(file.read_bytes() for file in files)
    return hashlib.sha256(texts).hexdigest()[:12]


@cache
def load_kernel(backend: Backend) -> Kernel:
    """Return the movement kernel.

    Compiling the first time takes seconds; numba keeps the result beside the source, so that later
    processes load it. Both ways perform the same additions, multiplications, divisions and
    comparisons in the same order, and give the same bits.

    Parameters
    ----------
    backend : {"python", "compiled"}
        "python" works on a state of lists and needs no numba; "compiled" on a state of arrays.
    """
    if backend == "python":
        found = {name: getattr(movement, name) for name in Kernel._fields[1:]}
        return Kernel("python", **found)
    from numba import njit  # seconds to import: only when something is compiled

    compiled: dict[Any, Any] = {}
    stamp = source_stamp()
    for module in _MODULES:
        own = dict(vars(module))
        for name, value in list(own.items()):
            if isinstance(value, types.FunctionType) and value in compiled:
                own[name] = compiled[value]
        for value in vars(module).values():
            if isinstance(value, types.FunctionType) and value.__module__ == module.__name__:
                twin = types.FunctionType(value.__code__, own, value.__name__, value.__defaults__)
                twin.__qualname__ = f"{value.__qualname__}_{stamp}"  # part of the cache's key
                twin.__module__ = value.__module__
                entry = value.__name__ in Kernel._fields
                # only the entry points are called from Python: the others need no way in
                compiled[value] = own[value.__name__] = njit(
                    cache=entry,
                    error_model="numpy",
                    no_cpython_wrapper=not entry,
                    no_cfunc_wrapper=True,
                    forceinline=not entry and value.__name__ not in _OUT_OF_LINE,
                    _nrt=False,  # nothing is allocated: no reference counts on the way
                )(twin)
    return Kernel("compiled", **{n: compiled[getattr(movement, n)] for n in Kernel._fields[1:]})

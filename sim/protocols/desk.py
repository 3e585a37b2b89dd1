"""A staffed desk with one queue, whose staff may change while people wait."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import Event

UNLIMITED = math.inf
"""Staff of a desk at which nobody ever waits."""


@dataclass(frozen=True, slots=True, eq=False)
class DeskTimes:
    """What happened at one desk.

    Attributes
    ----------
    name : str
    served : int
        How many were served to the end.
    queue_max : int
        The longest queue, those at the desk not counted.
    queue_person_s : float
        Seconds that people spent in the queue, all together.
    busy_s : float
        Seconds that staff were busy, all together.
    staffed_s : float
        Seconds that staff were there, from the start until the last one served had left; inf at a
        desk with unlimited staff.
    waiting_at_end, busy_at_end : int
    staff_at_end : float
    log_s, log_queue : ndarray, shape (n,)
        The length of the queue from each time on; empty where it was not recorded.
    """

    name: str
    served: int
    queue_max: int
    queue_person_s: float
    busy_s: float
    staffed_s: float
    waiting_at_end: int
    busy_at_end: int
    staff_at_end: float
    log_s: NDArray[np.float64]
    log_queue: NDArray[np.int64]

    @property
    def utilisation(self) -> float:
        """Share of the staffed time that was busy; 0 where nobody was there, or staff no limit."""
        return self.busy_s / self.staffed_s if 0.0 < self.staffed_s < math.inf else 0.0


class Desk:
    """Staff who serve one at a time each, first come first served.

    When staff leave, those who are busy finish first; nobody is called until fewer are busy than
    there are staff. With no staff nobody is ever called.

    Parameters
    ----------
    env : simpy.Environment
    name : str
    staff : float
        A whole number, or `UNLIMITED`.
    record : bool
        Whether to log the length of the queue.

    Raises
    ------
    ValueError
        If the number of staff is negative or no whole number.

    Examples
    --------
    >>> env = simpy.Environment()
    >>> desk = Desk(env, "checkers", 1)
    >>> first, second = env.process(desk.serve(60.0)), env.process(desk.serve(60.0))
    >>> env.run()
    >>> env.now, desk.times().queue_max, desk.times().utilisation
    (120.0, 1, 1.0)
    """

    def __init__(
        self, env: simpy.Environment, name: str, staff: float, *, record: bool = False
    ) -> None:
        self.name = name
        self._env = env
        self._staff = require_staff(name, staff)
        self._busy = 0
        self._queue: deque[Event] = deque()
        self._record = record
        self._log: list[tuple[float, int]] = [(float(env.now), 0)] if record else []
        self._since = float(env.now)
        self._busy_s = self._there_s = self._staffed_s = self._queue_s = 0.0
        self._served = self._queue_max = 0

    @property
    def staff(self) -> float:
        """How many staff there are now."""
        return self._staff

    @property
    def busy(self) -> int:
        """How many are served now."""
        return self._busy

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._queue)

    def take(self) -> Generator[Event, Any, None]:
        """Wait until one of the staff is free, and keep that one busy until `leave`."""
        if self._busy < self._staff:
            self._pass_time()
            self._busy += 1
            return
        turn = self._env.event()
        self._pass_time()
        self._queue.append(turn)
        self._queue_max = max(self._queue_max, len(self._queue))
        self._note()
        yield turn

    def leave(self) -> None:
        """Let one of the staff serve the next."""
        self._pass_time()
        self._staffed_s = self._there_s
        self._busy -= 1
        self._served += 1
        self._call()

    def serve(self, seconds: float) -> Generator[Event, Any, None]:
        """Wait for one's turn and be served for a time."""
        yield from self.take()
        if seconds > 0.0:
            yield self._env.timeout(seconds)
        self.leave()

    def set_staff(self, staff: float) -> None:
        """Change the number of staff now."""
        self._pass_time()
        self._staff = require_staff(self.name, staff)
        self._call()

    def times(self) -> DeskTimes:
        """Return what has happened until now."""
        self._pass_time()
        still = self._busy or self._queue
        log = np.array(self._log, dtype=np.float64).reshape(-1, 2)
        return DeskTimes(
            name=self.name,
            served=self._served,
            queue_max=self._queue_max,
            queue_person_s=self._queue_s,
            busy_s=self._busy_s,
            staffed_s=self._there_s if still else self._staffed_s,
            waiting_at_end=len(self._queue),
            busy_at_end=self._busy,
            staff_at_end=self._staff,
            log_s=log[:, 0],
            log_queue=log[:, 1].astype(np.int64),
        )

    def _call(self) -> None:
        """Call those who wait, as long as there is somebody to serve them."""
        called = False
        while self._queue and self._busy < self._staff:
            self._busy += 1
            self._queue.popleft().succeed()
            called = True
        if called:
            self._note()

    def _pass_time(self) -> None:
        """Add up what has happened since the last change."""
        now = float(self._env.now)
        if now > self._since:
            passed = now - self._since
            self._busy_s += self._busy * passed
            self._there_s += max(self._staff, self._busy) * passed
            self._queue_s += len(self._queue) * passed
        self._since = now

    def _note(self) -> None:
        if not self._record:
            return
        now, length = float(self._env.now), len(self._queue)
        if self._log[-1][0] == now:
            self._log.pop()
        if not self._log or self._log[-1][1] != length:
            self._log.append((now, length))


def require_staff(name: str, staff: float) -> float:
    """Return a number of staff, refusing what is negative or no whole number.

    Examples
    --------
    >>> require_staff("checkers", 1.5)
    Traceback (most recent call last):
    ValueError: checkers: expected a whole number of staff >= 0, got 1.5
    """
    if staff == UNLIMITED or (staff >= 0 and float(staff).is_integer()):
        return staff
    raise ValueError(f"{name}: expected a whole number of staff >= 0, got {staff}")

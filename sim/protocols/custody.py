"""Who has each student, at every moment of a reunification, and which hand-overs are legal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

AT_SCHOOL: Final = 0
IN_TRANSIT: Final = 1
ASSEMBLY: Final = 2
CALLED: Final = 3
WITH_REUNIFIER: Final = 4
RELEASED: Final = 5
REFERRED: Final = 6
STUDENT_STATES: Final = (
    "at_school", "in_transit", "assembly", "called", "with_reunifier", "released", "referred",
)  # fmt: skip
"""Names of the states of a student, by code: at the school, on the way to the site, in its assembly
area, asked for by somebody whose identity and custody are verified, with the reunifier who walks
them over, handed over, in the care of the private desk."""

LEGAL: Final[Mapping[int, tuple[int, ...]]] = {
    AT_SCHOOL: (IN_TRANSIT, REFERRED),
    IN_TRANSIT: (ASSEMBLY, REFERRED),
    ASSEMBLY: (CALLED, REFERRED),
    CALLED: (WITH_REUNIFIER,),
    WITH_REUNIFIER: (RELEASED, REFERRED),
    RELEASED: (),
    REFERRED: (),
}
"""Which state may follow which. Nobody is handed over except by a reunifier, who has fetched them
after the check; whoever is handed over or referred stays so."""


class CustodyError(ValueError):
    """A student would change hands in a way that the procedure does not have."""


class Custody:
    """The state of every student, and when each state began.

    Parameters
    ----------
    n_students : int

    Attributes
    ----------
    state : ndarray of int8, shape (n_students,)
        Codes of `STUDENT_STATES`; all are at school at first.
    entered_s : ndarray, shape (7, n_students)
        When each state began; inf where it never did.
    counts : list of int, length 7
        How many students are in each state.

    Examples
    --------
    >>> custody = Custody(2)
    >>> custody.enter(0, IN_TRANSIT, 60.0)
    >>> custody.enter(0, RELEASED, 70.0)
    Traceback (most recent call last):
    sim.protocols.custody.CustodyError: student 0 cannot go from in_transit to released
    >>> custody.counts[:2]
    [1, 1]
    """

    def __init__(self, n_students: int) -> None:
        self.state: NDArray[np.int8] = np.zeros(n_students, dtype=np.int8)
        self.entered_s: NDArray[np.float64] = np.full((len(STUDENT_STATES), n_students), np.inf)
        self.entered_s[AT_SCHOOL] = 0.0
        self.counts = [n_students] + [0] * (len(STUDENT_STATES) - 1)

    def enter(self, student: int, state: int, time_s: float) -> None:
        """Note that a student is in another state from now on.

        Raises
        ------
        CustodyError
            If that state may not follow the present one.
        """
        before = int(self.state[student])
        if state not in LEGAL[before]:
            raise CustodyError(
                f"student {student} cannot go from {STUDENT_STATES[before]} to "
                f"{STUDENT_STATES[state]}"
            )
        self.state[student] = state
        self.entered_s[state, student] = time_s
        self.counts[before] -= 1
        self.counts[state] += 1

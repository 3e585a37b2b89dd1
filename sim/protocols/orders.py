"""What a planner settles about an incident with protocols: the timeline, the doors, the times."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledCorners
from sim.distributions import Distribution
from sim.protocols.accountability_orders import AccountabilityOrders
from sim.protocols.communication import Communication
from sim.protocols.directives import Action, Directive
from sim.protocols.locks import Doors
from sim.protocols.needs import SpecialNeeds
from sim.protocols.responders import Responders
from sim.protocols.reunion_orders import ReunionOrders
from sim.protocols.rules import ResponseRules
from sim.protocols.shelter_orders import ShelterOrders

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS: Final = (
    "recognise", "sweep", "close", "lights", "cover", "quiet", "react", "look_around", "unlock",
    "count", "seal", "ventilation", "drop", "cross_road", "board", "alight", "lift",
)  # fmt: skip
"""The steps of a procedure that take a time of their own.

recognise: from hearing the words to acting on them, for a room; sweep: looking up and down the
hall; close: closing one door; lights: lights out; cover: drawing one cover, where the plan does
not say; quiet: from out of sight to silence; react: from hearing to the first step, for somebody
without a room; look_around: at a door that turns out to be locked, until walking on; unlock:
unlocking one door; count: counting who is there; seal: closing windows and air inlets;
ventilation: switching it off from the office; drop: taking cover from an earthquake; cross_road:
waiting for and crossing one road with a class; board, alight: one person into a bus and out of it;
lift: one person in a wheelchair, into a bus with a lift and out of it.
"""


@dataclass(frozen=True, slots=True, eq=False)
class ProtocolOrders:
    """What is decided before an incident with protocols begins.

    S' spaces, G gates and P places outdoors of the compiled plan.

    Attributes
    ----------
    timeline : tuple of Directive
        What is announced, in order of time.
    hears_delay_s : ndarray, shape (S',)
        Seconds from the start of an announcement until it is understood in each space; inf never.
    hears_outdoors_s : ndarray, shape (P,)
        The same for people at each place outdoors.
    corners : CompiledCorners
        Rooms, their doors, what can be seen of them, and who fits out of sight.
    doors : Doors
    seconds : mapping of step to Distribution
        One for each of `STEPS`.
    rules : ResponseRules
        What people do by what they know; the traditional rule or options.
    covers_drawn : bool
        Whether people draw covers in a lockdown, where there are any.
    crowded : bool
        Whether people stand as close as the lower area per person allows.
    hold_door_s : float
        Longest time for which a door is held open for people who were called in from the hall.
    hold_outside_door_s : float
        Longest time for which an exterior door is kept open for people who are coming in.
    room_tries : int
        Doors that somebody in the hall tries before giving up.
    keys : ndarray of bool, shape (N,)
        Whether each person carries the keys.
    age_bands : tuple of str
        Age band of each person; empty where none is known.
    exterior_gates, exterior_slots : tuple of int
        The exterior doors, and for each the standing place from which it is locked.
    door_crew : tuple of int
        People who lock the exterior doors when that is asked for.
    needs : SpecialNeeds, optional
        Who needs more room, more time or somebody beside them; nobody where not given.
    communication : Communication, optional
        How announcements travel, instead of the plain delays.
    accountability : AccountabilityOrders, optional
        How people who belong to a class are accounted for after an evacuation; without it a class
        is counted once everybody of it is there, without errors.
    gather_s : float
        How long a class waits for the others once whoever calls its roll is there.
    shelter : ShelterOrders, optional
        The refuge areas; needed for a shelter from weather.
    wheelchairs : tuple of int
        People in wheelchairs, who board a bus by its lift.
    reunion : ReunionOrders, optional
        The reunification; needed where the timeline reunifies.
    stays_in_lockdown : float
        Probability that a room in lockdown stays when a fire alarm sounds without a word.
    in_sight_until_s : float
        For how long after the first lockdown the seconds in sight are counted.
    responders : Responders, optional
        Who comes to help, and who releases rooms door to door.
    """

    timeline: tuple[Directive, ...]
    hears_delay_s: Floats
    hears_outdoors_s: Floats
    corners: CompiledCorners
    doors: Doors
    seconds: Mapping[str, Distribution]
    rules: ResponseRules
    keys: NDArray[np.bool_]
    hold_door_s: float
    hold_outside_door_s: float
    room_tries: int
    in_sight_until_s: float
    covers_drawn: bool = True
    crowded: bool = False
    age_bands: tuple[str, ...] = ()
    exterior_gates: tuple[int, ...] = ()
    exterior_slots: tuple[int, ...] = ()
    door_crew: tuple[int, ...] = ()
    communication: Communication | None = None
    accountability: AccountabilityOrders | None = None
    gather_s: float = math.inf
    needs: SpecialNeeds | None = None
    shelter: ShelterOrders | None = None
    wheelchairs: tuple[int, ...] = ()
    reunion: ReunionOrders | None = None
    stays_in_lockdown: float = 1.0
    responders: Responders | None = None

    def __post_init__(self) -> None:
        missing = [step for step in STEPS if step not in self.seconds]
        if missing:
            raise ValueError(f"seconds: no time for {', '.join(missing)}")
        times = [one.at_s for one in self.timeline if not one.after_report]
        if times != sorted(times):
            raise ValueError(f"timeline: expected in order of time, got {times}")
        if np.isnan(self.hears_delay_s).any() or (self.hears_delay_s < 0).any():
            raise ValueError("hears_delay_s must be >= 0 for every space (inf: never heard)")
        if self.hold_door_s < 0 or self.room_tries < 1:
            raise ValueError("hold_door_s must be >= 0 and room_tries at least 1")
        if self.shelter is None and any(one.shelter == "weather" for one in self.timeline):
            raise ValueError("shelter: a shelter from weather needs refuge areas")
        reunifies = [one for one in self.timeline if one.action == Action.REUNIFY]
        if len(reunifies) > 1 or (reunifies and self.reunion is None):
            raise ValueError("reunion: one reunify at most, and it needs a reunification")

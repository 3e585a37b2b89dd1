"""What people do when something is announced: directives, states, procedures and their times."""

from sim.protocols.directives import NO_ACTION, Action, Directive
from sim.protocols.locks import Doors, LockKind
from sim.protocols.orders import STEPS, ProtocolOrders
from sim.protocols.rules import (
    OPTIONS,
    TRADITIONAL,
    Response,
    ResponseRules,
    Rule,
    Situation,
)
from sim.protocols.states import (
    DoorState,
    IllegalMoveError,
    PersonState,
    RoomState,
    StateBoard,
    legal_moves,
)
from sim.protocols.times import ProtocolTimes, StateChanges

__all__ = [
    "NO_ACTION",
    "OPTIONS",
    "STEPS",
    "TRADITIONAL",
    "Action",
    "Directive",
    "DoorState",
    "Doors",
    "IllegalMoveError",
    "LockKind",
    "PersonState",
    "ProtocolOrders",
    "ProtocolTimes",
    "Response",
    "ResponseRules",
    "RoomState",
    "Rule",
    "Situation",
    "StateBoard",
    "StateChanges",
    "legal_moves",
]

"""What people do when something is announced: directives, states, procedures and their times."""

from sim.protocols.announcement import Announcement, Misunderstood
from sim.protocols.bounded_times import BoundedTimes, latest
from sim.protocols.channels import App, Channel, PublicAddress, Radio, Signal
from sim.protocols.communication import Communication, Heard, reach
from sim.protocols.directives import NO_ACTION, Action, Directive
from sim.protocols.dispatch_alert import AlertTimes, AlertWay, DispatchAlert, alert_times
from sim.protocols.in_person import DirectCue, Runner
from sim.protocols.initiation import (
    Initiation,
    InitiationTimes,
    draw_initiation,
    initiate,
    initiation_times,
)
from sim.protocols.listeners import CommunicationDraws, Listeners
from sim.protocols.locks import Doors, LockKind
from sim.protocols.measures import (
    MARKS_S,
    SHARES,
    Measure,
    corner_coverage,
    hall_clearance,
    over_places,
    secured_time,
    share_by,
    time_to_share,
)
from sim.protocols.message_way import MessageWay
from sim.protocols.needs import SpecialNeeds
from sim.protocols.orders import STEPS, ProtocolOrders
from sim.protocols.responder_times import ResponderTimes
from sim.protocols.responders import (
    RESPONDER,
    DoorToDoor,
    ReleaseTeam,
    Responders,
    Unit,
)
from sim.protocols.rules import (
    OPTIONS,
    TRADITIONAL,
    Response,
    ResponseRules,
    Rule,
    Situation,
)
from sim.protocols.space_metres import next_to, space_metres, tour_metres
from sim.protocols.states import (
    DoorState,
    IllegalMoveError,
    PersonState,
    RoomState,
    StateBoard,
    legal_moves,
)
from sim.protocols.stranded import PLACE_KINDS, stranded
from sim.protocols.times import ProtocolTimes, StateChanges

__all__ = [
    "MARKS_S",
    "NO_ACTION",
    "OPTIONS",
    "PLACE_KINDS",
    "RESPONDER",
    "SHARES",
    "STEPS",
    "TRADITIONAL",
    "Action",
    "AlertTimes",
    "AlertWay",
    "Announcement",
    "App",
    "BoundedTimes",
    "Channel",
    "Communication",
    "CommunicationDraws",
    "DirectCue",
    "Directive",
    "DispatchAlert",
    "DoorState",
    "DoorToDoor",
    "Doors",
    "Heard",
    "IllegalMoveError",
    "Initiation",
    "InitiationTimes",
    "Listeners",
    "LockKind",
    "Measure",
    "MessageWay",
    "Misunderstood",
    "PersonState",
    "ProtocolOrders",
    "ProtocolTimes",
    "PublicAddress",
    "Radio",
    "ReleaseTeam",
    "ResponderTimes",
    "Responders",
    "Response",
    "ResponseRules",
    "RoomState",
    "Rule",
    "Runner",
    "Signal",
    "Situation",
    "SpecialNeeds",
    "StateBoard",
    "StateChanges",
    "Unit",
    "alert_times",
    "corner_coverage",
    "draw_initiation",
    "hall_clearance",
    "initiate",
    "initiation_times",
    "latest",
    "legal_moves",
    "next_to",
    "over_places",
    "reach",
    "secured_time",
    "share_by",
    "space_metres",
    "stranded",
    "time_to_share",
    "tour_metres",
]

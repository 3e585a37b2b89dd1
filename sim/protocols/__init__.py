"""What people do when something is announced: directives, states, procedures and their times."""

from sim.protocols.announcement import Announcement, Misunderstood
from sim.protocols.bounded_times import BoundedTimes, latest
from sim.protocols.bus_fleet import BusFleet
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
from sim.protocols.relocation_orders import Buses, OnFoot, Relocation
from sim.protocols.responder_times import ResponderTimes
from sim.protocols.responders import (
    RESPONDER,
    DoorToDoor,
    ReleaseTeam,
    Responders,
    Unit,
)
from sim.protocols.reunion_orders import ReunionOrders
from sim.protocols.rules import (
    OPTIONS,
    TRADITIONAL,
    Response,
    ResponseRules,
    Rule,
    Situation,
)
from sim.protocols.shelter_measures import area_margins, sheltered_by, without_place
from sim.protocols.shelter_orders import LEAD_TIMES_S, RefugePlaces, ShelterOrders
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
    "LEAD_TIMES_S",
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
    "BusFleet",
    "Buses",
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
    "OnFoot",
    "PersonState",
    "ProtocolOrders",
    "ProtocolTimes",
    "PublicAddress",
    "Radio",
    "RefugePlaces",
    "ReleaseTeam",
    "Relocation",
    "ResponderTimes",
    "Responders",
    "Response",
    "ResponseRules",
    "ReunionOrders",
    "RoomState",
    "Rule",
    "Runner",
    "ShelterOrders",
    "Signal",
    "Situation",
    "SpecialNeeds",
    "StateBoard",
    "StateChanges",
    "Unit",
    "alert_times",
    "area_margins",
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
    "sheltered_by",
    "space_metres",
    "stranded",
    "time_to_share",
    "tour_metres",
    "without_place",
]

"""What happens in a building: people, protocols, movement and results."""

from sim import hydraulic, hydraulic_imo, protocols
from sim.abilities import EXIT_CHOICES, LOCALLY_QUICKEST, NEAREST, Abilities
from sim.assistance import (
    BESIDE,
    CARRIED,
    CHAIR,
    LIFT,
    NO_HELP,
    WAYS_OUT,
    Assistance,
    HelpTask,
    HelpTimes,
    Means,
)
from sim.distributions import PARAMETERS, Distribution
from sim.evacuation import EvacuationOrders
from sim.flow_laws import NUMBERS, PRESETS, FlowLaw, flow_law, flow_preset
from sim.flow_presets import FlowPreset, flow_law_table
from sim.hazard_times import HazardTimes
from sim.hazards import HAZARD_KINDS, MOST_HAZARDS, Hazard, HazardKind, WayOut
from sim.keyed_draws import entity_keys, uniforms
from sim.lifts import Lift, Stop
from sim.measured import Measurements, measurements
from sim.movement import FrozenError
from sim.network import MovementError
from sim.orders import DirectionOrder, DoorOrder, Order, shut_sides
from sim.results import EVENT_KINDS, FINAL_STATES, Events, RunResult
from sim.roster import Groups, Roster
from sim.simulation import Simulation
from sim.start_places import start_places

__all__ = [
    "BESIDE",
    "CARRIED",
    "CHAIR",
    "EVENT_KINDS",
    "EXIT_CHOICES",
    "FINAL_STATES",
    "HAZARD_KINDS",
    "LIFT",
    "LOCALLY_QUICKEST",
    "MOST_HAZARDS",
    "NEAREST",
    "NO_HELP",
    "NUMBERS",
    "PARAMETERS",
    "PRESETS",
    "WAYS_OUT",
    "Abilities",
    "Assistance",
    "DirectionOrder",
    "Distribution",
    "DoorOrder",
    "EvacuationOrders",
    "Events",
    "FlowLaw",
    "FlowPreset",
    "FrozenError",
    "Groups",
    "Hazard",
    "HazardKind",
    "HazardTimes",
    "HelpTask",
    "HelpTimes",
    "Lift",
    "Means",
    "Measurements",
    "MovementError",
    "Order",
    "Roster",
    "RunResult",
    "Simulation",
    "Stop",
    "WayOut",
    "entity_keys",
    "flow_law",
    "flow_law_table",
    "flow_preset",
    "hydraulic",
    "hydraulic_imo",
    "measurements",
    "protocols",
    "shut_sides",
    "start_places",
    "uniforms",
]

"""What happens in a building: people, protocols, movement and results."""

from sim import hydraulic, hydraulic_imo
from sim.abilities import EXIT_CHOICES, LOCALLY_QUICKEST, NEAREST, Abilities
from sim.distributions import PARAMETERS, Distribution
from sim.evacuation import EvacuationOrders
from sim.flow_laws import NUMBERS, PRESETS, FlowLaw, flow_law, flow_preset
from sim.flow_presets import FlowPreset, flow_law_table
from sim.keyed_draws import entity_keys, uniforms
from sim.measured import Measurements, measurements
from sim.movement import FrozenError
from sim.network import MovementError
from sim.orders import DirectionOrder, DoorOrder, Order
from sim.results import EVENT_KINDS, FINAL_STATES, Events, RunResult
from sim.roster import Groups, Roster
from sim.simulation import Simulation

__all__ = [
    "EVENT_KINDS",
    "EXIT_CHOICES",
    "FINAL_STATES",
    "LOCALLY_QUICKEST",
    "NEAREST",
    "NUMBERS",
    "PARAMETERS",
    "PRESETS",
    "Abilities",
    "DirectionOrder",
    "Distribution",
    "DoorOrder",
    "EvacuationOrders",
    "Events",
    "FlowLaw",
    "FlowPreset",
    "FrozenError",
    "Groups",
    "Measurements",
    "MovementError",
    "Order",
    "Roster",
    "RunResult",
    "Simulation",
    "entity_keys",
    "flow_law",
    "flow_law_table",
    "flow_preset",
    "hydraulic",
    "hydraulic_imo",
    "measurements",
    "uniforms",
]

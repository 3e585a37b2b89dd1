"""What happens in a building: people, protocols, movement and results."""

from sim.distributions import PARAMETERS, Distribution
from sim.evacuation import EvacuationOrders
from sim.flow_laws import NUMBERS, PRESETS, FlowLaw, flow_law
from sim.keyed_draws import entity_keys, uniforms
from sim.network import MovementError
from sim.results import EVENT_KINDS, FINAL_STATES, Events, RunResult
from sim.roster import Groups, Roster
from sim.simulation import Simulation

__all__ = [
    "EVENT_KINDS",
    "FINAL_STATES",
    "NUMBERS",
    "PARAMETERS",
    "PRESETS",
    "Distribution",
    "EvacuationOrders",
    "Events",
    "FlowLaw",
    "Groups",
    "MovementError",
    "Roster",
    "RunResult",
    "Simulation",
    "entity_keys",
    "flow_law",
    "uniforms",
]

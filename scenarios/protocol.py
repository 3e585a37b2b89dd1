"""Bring announced actions and the plan together: doors and locks, who hears, who has keys."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from buildings import PERSON_AREAS, CompiledPlan, Plan, Portal, compile_corners
from scenarios.accountability import AccountabilitySaid, accountability_of
from scenarios.behaviour import Choice
from scenarios.chosen_numbers import chosen_numbers
from scenarios.communication import communication_of
from scenarios.find_place import spaces_or_faults
from scenarios.hears import hears_delay
from scenarios.protocol_said import (
    LOCKS,
    NEED_KEYS,
    DirectiveSaid,
    LockName,
    ProtocolSaid,
    protocol_defaults,
)
from scenarios.responders import responder_choices, responders_of, slot_at
from scenarios.reunion import reunion_of
from scenarios.scenario import NEVER, Scenario
from scenarios.shelter import WHEELCHAIRS, refuge_areas, shelter_orders, wheelchairs_of
from sim import Abilities, Roster, entity_keys, protocols, uniforms
from sim.protocols.accountability_orders import INSIDE, AccountabilityOrders

STAFF = frozenset({"teacher", "aide", "office"})
"""Roles that carry the keys of the building; substitutes may or may not."""


def protocol_of(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    roster: Roster | None,
    faults: list[str],
) -> tuple[protocols.ProtocolOrders | None, tuple[Choice, ...]]:
    """Return what is announced and how people act on it, and every number with its source.

    Parameters
    ----------
    scenario, plan, compiled
    roster : Roster or None
        None where there are faults already.
    faults : list of str
        Where unknown rooms and zones are noted.

    Returns
    -------
    ProtocolOrders or None
        None for a plain evacuation.
    tuple of Choice
    """
    said = scenario.protocol
    if not said.timeline:
        return None, ()
    timeline = tuple(
        protocols.Directive(
            at_s=step.at_s,
            action=protocols.Action[step.action.upper()],
            spaces=_meant(scenario, plan, compiled, number, faults),
            released_by=step.released_by,
            shelter=step.against,
            to_leave=step.to_leave,
            after_report=step.after_report,
            lasts_s=_lasts_s(step),
            relocation=step.relocation,
        )
        for number, step in enumerate(said.timeline)
    )
    hears = hears_delay(
        scenario,
        plan,
        compiled,
        ("protocol", "announcement"),
        said.heard_everywhere_s,
        said.heard_in_zones_s,
        said.heard_in_spaces_s,
        faults,
    )
    if not said.silent_spaces_hear:
        named = {*said.heard_in_spaces_s}
        for row, space_id in enumerate(compiled.space_ids):
            space = plan.spaces[space_id]
            if space.public_address == "no" and not named & {space.id, space.number}:
                hears[row] = NEVER
    communication = None
    spoken: tuple[Choice, ...] = ()
    if scenario.communication is not None:
        communication, spoken = communication_of(
            scenario.communication, scenario, plan, compiled, roster, faults
        )
    corners = None if roster is None or faults else compile_corners(plan, compiled)
    responders = responders_of(scenario, plan, compiled, roster, corners, faults)
    weather = any(step.against == "weather" for step in said.timeline)
    areas = refuge_areas(scenario, plan, compiled, faults) if weather else None
    if roster is None or corners is None or faults:
        return None, ()
    accountability, gather_s, counted = _accountability(scenario, roster)
    reunion = None
    if scenario.reunification is not None:
        reunion, handed_over = reunion_of(scenario.reunification, roster, seed=scenario.seed)
        spoken = (*spoken, *handed_over)
    choices = {one.name: one for one in chosen_numbers(protocol_defaults(), said.numbers)}
    value = {key: float(one.distribution.ppf(0.5)) for key, one in choices.items()}
    seconds = {step: choices[f"seconds.{step}"].distribution for step in protocols.STEPS}
    exits = compiled.exit_gates.tolist()
    return protocols.ProtocolOrders(
        timeline=timeline,
        hears_delay_s=hears,
        hears_outdoors_s=np.full(len(compiled.place_ids), said.heard_outdoors_s),
        corners=corners,
        doors=doors_of(plan, compiled, said),
        seconds=seconds,
        rules=protocols.OPTIONS if said.response == "options" else protocols.TRADITIONAL,
        keys=keys_of(roster, scenario.seed, value["shares.substitute_has_keys"]),
        covers_drawn=said.covers_drawn,
        crowded=said.crowded,
        hold_door_s=value["doors.hold_door_s"],
        hold_outside_door_s=value["doors.hold_outside_door_s"],
        room_tries=int(value["doors.room_tries"]),
        age_bands=roster.age_band,
        exterior_gates=tuple(exits),
        exterior_slots=tuple(slot_at(compiled, gate) for gate in exits),
        door_crew=tuple(
            person for person, role in enumerate(roster.role) if role in said.door_crew
        ),
        stays_in_lockdown=value["shares.stays_in_lockdown"],
        in_sight_until_s=value["shares.in_sight_until_s"],
        communication=communication,
        accountability=accountability,
        gather_s=gather_s,
        responders=responders,
        needs=_needs(roster, value, crowded=said.crowded),
        shelter=None
        if areas is None
        else shelter_orders(
            areas,
            compiled,
            roster,
            {key.removeprefix("shelter."): value[key] for key in value if key[:8] == "shelter."},
            said.shelter.lead_s,
        ),
        wheelchairs=wheelchairs_of(roster),
        reunion=reunion,
    ), (*choices.values(), *spoken, *counted, *responder_choices(scenario).values())


def _accountability(
    scenario: Scenario, roster: Roster
) -> tuple[AccountabilityOrders | None, float, tuple[Choice, ...]]:
    """Return how the classes are counted, how long they gather, and every number of it."""
    numbers = scenario.accountability
    if numbers is None:
        return None, math.inf, ()
    n = int((roster.group >= 0).sum())
    orders, choices = accountability_of(
        AccountabilitySaid(numbers),
        group=roster.group[roster.group >= 0],
        at_place_s=np.full(n, np.inf),
        whereabouts=np.full(n, INSIDE),
        stands_with=np.full(n, -1),
        surfaces_s=np.full(n, np.inf),
        roll_from_s=np.full(len(roster.groups.ids), np.inf),
    )
    number = {choice.name: choice.distribution for choice in choices}
    return orders, float(number["step.gather_s"].ppf(0.5)), choices


def _needs(roster: Roster, value: Mapping[str, float], *, crowded: bool) -> protocols.SpecialNeeds:
    """Return who needs more room, more time or somebody beside them, by mobility profile.

    A wheelchair user takes as many places of an adult as their floor at a hard corner holds, whole
    ones; of whoever walks only with help, those who can use stairs need somebody beside them.
    """
    able = roster.abilities or Abilities.plain(roster.n_people)
    density: Literal["tight", "roomy"] = "tight" if crowded else "roomy"
    area_m2 = {area.kind: area.at(density) for area in PERSON_AREAS}
    share = area_m2["wheelchair"] / area_m2["adult"]
    in_chair = np.array([profile in WHEELCHAIRS for profile in roster.profile], dtype=np.bool_)
    return protocols.SpecialNeeds(
        corner_places=np.where(in_chair, math.ceil(share), able.size),
        beside=(able.helpers_needed > 0) & ~able.level_only,
        sensory=np.array([profile == "sensory" for profile in roster.profile], dtype=np.bool_),
        beside_factor=value["special_needs.beside_factor"],
        recognise_factor=value["special_needs.recognise_factor"],
        react_factor=value["special_needs.react_factor"],
        quiet_factor=value["special_needs.quiet_factor"],
    )


def _meant(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, number: int, faults: list[str]
) -> tuple[int, ...] | None:
    rooms = scenario.protocol.timeline[number].rooms
    if not rooms:
        return None
    at = ("protocol", "timeline", number, "rooms")
    return spaces_or_faults(scenario, plan, compiled, at, rooms, faults)


def _lasts_s(step: DirectiveSaid) -> float:
    """Return how long the shaking lasts; 0 where it is no earthquake."""
    if step.against != "earthquake":
        return 0.0
    default, _ = protocol_defaults()["earthquake.lasts_s"]
    return step.lasts_s if step.lasts_s is not None else float(default)  # type: ignore[arg-type]


def keys_of(roster: Roster, seed: int, share: float) -> NDArray[np.bool_]:
    """Return who carries the keys: staff do, a substitute with a probability, nobody else.

    It belongs to the person, so it is drawn once for a scenario and not for each replica.
    """
    drawn = uniforms(seed, 0, "has keys", entity_keys(roster.person_ids))
    staff = np.array([role in STAFF for role in roster.role], dtype=np.bool_)
    substitute = np.array([role == "substitute" for role in roster.role], dtype=np.bool_)
    return np.asarray(staff | (substitute & (drawn < share)))


def lock_name(portal: Portal) -> LockName | None:
    """Return the kind of lock of a door by the facts of the plan; None where it has none.

    An unknown lock counts as none: what nobody has looked at is not taken to be lockable.
    """
    if portal.lock in (None, "none", "unknown"):
        return None
    if portal.auto_lock == "yes":
        return "automatic"
    if portal.lock == "remote":
        return "remote"
    if portal.lock_key == "card":
        return "card"
    if portal.lock == "outside":
        return "key_outside"
    if portal.lock_key == "key":
        return "key_inside"
    return "thumbturn_inside" if portal.lock_key == "thumbturn" else "push_button"


def doors_of(plan: Plan, compiled: CompiledPlan, said: ProtocolSaid) -> protocols.Doors:
    """Return the doors of a plan with the numbers of a scenario."""
    n_gates = compiled.n_gates
    chosen = chosen_numbers(protocol_defaults(), said.numbers)
    value = {choice.name: choice.distribution for choice in chosen}
    kinds = tuple(
        protocols.LockKind(
            name=name,
            seconds=value[f"locks.{name}.seconds"],
            fails=float(value[f"locks.{name}.fails"].ppf(0.5)),
            unnoticed=float(value[f"locks.{name}.unnoticed"].ppf(0.5)),
            needs_key=name in NEED_KEYS,
            automatic=name == "automatic",
            remote=name == "remote",
        )
        for name in LOCKS
    )
    kind = np.full(n_gates, -1, dtype=np.int64)
    can_close = np.zeros(n_gates, dtype=np.bool_)
    locked = np.zeros(n_gates, dtype=np.bool_)
    stands_open = np.zeros(n_gates)
    for gate, portal_id in enumerate(compiled.gate_portal):
        if not portal_id:
            continue
        portal = plan.portals[portal_id]
        if portal.kind not in ("door", "exit", "gate"):
            continue
        can_close[gate] = True
        name = lock_name(portal)
        kind[gate] = -1 if name is None else LOCKS.index(name)
        locked[gate] = portal.lock_state == "locked"
        habit = "stands_open_with_closer" if portal.closer == "yes" else "stands_open"
        habit = "exterior_propped" if portal.leads_outside else habit
        stands_open[gate] = float(value[f"doors.{habit}"].ppf(0.5))
    return protocols.Doors(
        kind=kind, kinds=kinds, can_close=can_close, stands_open=stands_open, locked=locked
    )

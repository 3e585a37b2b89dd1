"""Reunify: the site opens; without a relocation it is at the assembly areas of the school."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import simpy

from sim.protocols.directives import Action
from sim.protocols.hearing import Hearing
from sim.protocols.relocation import others_outdoors, outdoors_s, still_there, until_counted
from sim.protocols.reunion import Reunion, arrives_at_site
from sim.protocols.run import Procedure, ProtocolRun


def reunify_here(run: ProtocolRun, turn: int, heard: Hearing) -> None:
    """Open the site. Students are ready for it once they are there.

    Where the timeline relocates, that is when they arrive; else each class is at the site as soon
    as it hears of it and has been counted.
    """
    run.away.reunion = Reunion(run)
    timeline = run.orders.timeline
    if any(directive.action == Action.RELOCATE for directive in timeline):
        return
    groups, directive = run.roster.groups, timeline[turn]
    ready = [
        run.incident.process(_class(run, group, heard))
        for group in range(len(groups.ids))
        if (run.roster.group == group).any() and directive.concerns(int(groups.space[group]))
    ]
    if directive.spaces is None:
        run.incident.process(_others(run, ready, heard))


def _class(run: ProtocolRun, group: int, heard: Hearing) -> Procedure:
    yield from until_counted(run, group, heard)
    members = np.flatnonzero(run.roster.group == group)
    arrives_at_site(run, still_there(run, members))


def _others(run: ProtocolRun, classes: Sequence[simpy.Process], heard: Hearing) -> Procedure:
    yield run.incident.all_of(classes)
    hears_s = outdoors_s(run, -1, heard)
    if np.isfinite(hears_s):
        yield run.incident.timeout(max(0.0, hears_s - run.incident.now))
        arrives_at_site(run, others_outdoors(run))

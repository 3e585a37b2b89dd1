"""How an incident ends: who is accounted for, at the site, with the family, and when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios import assemble, load_scenario, run_ensemble, summarize
from scenarios.protocol_endings import _nth, _share_of_all, ending_words

TIMES = np.array([[3.0, 1.0, np.inf, 2.0], [np.inf, np.inf, np.inf, np.inf]])


def test_half_of_those_who_come_and_the_last_of_them():
    assert _nth(TIMES, 0.5).tolist() == [2.0, np.inf]
    assert _nth(TIMES, 1.0).tolist() == [3.0, np.inf]


def test_a_share_of_everybody_is_not_reached_where_somebody_never_is():
    assert _share_of_all(TIMES, 0.5).tolist() == [2.0, np.inf]
    assert _share_of_all(TIMES, 1.0).tolist() == [np.inf, np.inf]


def test_a_class_that_never_reports_leaves_the_school_unaccounted_for(tmp_path: Path):
    path = tmp_path / "counted.yaml"
    path.write_text(
        "based_on: builtin:maple-elementary-evacuation\nname: Counted\nend_s: 1200\n"
        "protocol:\n  timeline: [{at_s: 0, action: evacuate}]\n"
        "  announcement: {spaces: {A13: never}}\naccountability: {}\n"
    )
    protocol = summarize(run_ensemble(assemble(load_scenario(path)), replicas=2))["protocol"]
    assert protocol["accounted"]["all_accounted_s"]["median"] is None
    assert protocol["relocated"] is None
    assert protocol["reunified"] is None
    assert ending_words(protocol)[0] == "Everybody accounted for: not reached after the start."


def test_from_the_alarm_to_the_families_in_words():
    ready = assemble(load_scenario("builtin:cedar-middle-relocate-and-reunify"))
    protocol = summarize(run_ensemble(ready, replicas=2))["protocol"]
    families = protocol["reunified"]
    whole = sum(families[name]["mean"] for name in ("handed_over", "referred", "open"))
    assert whole == pytest.approx(families["students"])
    assert protocol["relocated"]["people"]["mean"] > 600
    words = " ".join(ending_words(protocol))
    assert "At the site" in words
    assert f"of {families['students']} students" in words

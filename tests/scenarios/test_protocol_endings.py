"""How an incident ends: who is accounted for, at the site, with the family, and when."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from rich.console import Console
from support.lockdown_runs import lockdown

from scenarios import (
    Ensemble,
    assemble,
    load_run,
    load_scenario,
    run_ensemble,
    summarize,
    write_run,
)
from scenarios.protocol_endings import _nth, _share_of_all, ending_numbers, ending_words
from scenarios.protocol_html import render_protocol
from scenarios.protocol_outcome import TIMES
from scenarios.protocol_page import write_page
from scenarios.run_report import print_report
from scenarios.schema import json_schema
from scenarios.summary_file import SummaryFile

ARRIVED = np.array([[3.0, 1.0, np.inf, 2.0], [np.inf, np.inf, np.inf, np.inf]])


def test_half_of_those_who_come_and_the_last_of_them():
    assert _nth(ARRIVED, 0.5).tolist() == [2.0, np.inf]
    assert _nth(ARRIVED, 1.0).tolist() == [3.0, np.inf]


def test_a_share_of_everybody_is_not_reached_where_somebody_never_is():
    assert _share_of_all(ARRIVED, 0.5).tolist() == [2.0, np.inf]
    assert _share_of_all(ARRIVED, 1.0).tolist() == [np.inf, np.inf]


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
    assert ending_words(protocol)[0] == "All classes accounted for: not reached."


@cache
def of_builtin(name: str, replicas: int = 2, workers: int = 1) -> Ensemble:
    ready = assemble(load_scenario(f"builtin:{name}"))
    return run_ensemble(ready, replicas=replicas, workers=workers)


STORM = "maple-elementary-shelter-weather"
FAMILIES = "cedar-middle-relocate-and-reunify"


def printed(ensemble: Ensemble) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, color_system=None)
    print_report(ensemble, summarize(ensemble), Path("runs/x"), console=console)
    return out.getvalue()


def test_from_the_alarm_to_the_families_in_words():
    protocol = summarize(of_builtin(FAMILIES))["protocol"]
    families, site = protocol["reunified"], protocol["relocated"]
    whole = sum(families[name]["mean"] for name in ("handed_over", "referred", "open"))
    assert whole == pytest.approx(families["students"])
    assert families["share_referred"] * families["students"] == pytest.approx(
        families["referred"]["mean"]
    )
    assert site["people"]["mean"] > 600
    halfway, most, last = (
        site[name]["median"] for name in ("classes_p50_s", "classes_p90_s", "last_s")
    )
    assert halfway <= most <= last
    assert len(site["per_class"]) == site["classes"] == 26
    assert max(one["median"] for one in site["per_class"].values()) <= last
    words = " ".join(ending_words(protocol))
    assert "At the site" in words
    assert "Classes at the site: half of 26 by" in words
    assert f"of {families['students']} students" in words


def same_times(one: Ensemble, two: Ensemble) -> bool:
    """Whether every array of what became of everybody is the same."""
    ours, theirs = one.protocol.times, two.protocol.times
    return all(np.array_equal(getattr(ours, name), getattr(theirs, name)) for name in TIMES)


@pytest.mark.parametrize("name", [STORM, FAMILIES])
def test_an_ending_comes_back_from_the_run_folder_as_it_was(name: str, tmp_path: Path):
    ensemble = of_builtin(name)
    read = load_run(write_run(ensemble, tmp_path / "run"))
    assert same_times(read, ensemble)
    assert summarize(read) == summarize(ensemble)
    jsonschema.validate(summarize(read), json_schema(SummaryFile))


def test_the_pool_stacks_shelter_like_one_process():
    assert same_times(of_builtin(STORM), of_builtin(STORM, workers=2))


def test_a_shelter_says_its_lead_time_its_areas_and_who_has_no_place():
    ensemble = of_builtin(STORM)
    shelter = summarize(ensemble)["protocol"]["shelter"]
    areas = shelter["areas"].values()
    assert shelter["lead"]["at_s"] == 420.0
    assert sum(area["people"]["mean"] for area in areas) == shelter["people"]["mean"]
    assert all(area["people"]["mean"] <= area["places"] for area in areas)
    words = printed(ensemble)
    assert "by 7:00, the lead time" in words
    assert "Best available refuge areas" in words
    assert "nobody is promised protection in them" in words
    assert "No place in a refuge area: 59.0 (59 to 59) people." in words
    assert "accounted for" not in words


def storm(m2_per_person: float) -> Ensemble:
    """Return a shelter from weather in one room of the wing, 11 people in each of four."""
    return lockdown(
        replicas=4,
        timeline=[{"at_s": 30, "action": "shelter", "against": "weather"}],
        shelter={"areas": ["N00"], "m2_per_person": m2_per_person, "m2_per_wheelchair": 100.0},
    )


def test_an_area_is_full_when_nobody_else_fits_and_the_others_have_no_place():
    floor_m2 = summarize(storm(1.0))["protocol"]["shelter"]["areas"]["N00"]["floor_m2"]
    shelter = summarize(storm(floor_m2 / 11.5))["protocol"]["shelter"]
    area = shelter["areas"]["N00"]
    assert (area["places"], area["people"]["mean"], area["full"]) == (11, 11.0, 1.0)
    assert area["full_s"]["median"] == shelter["last_s"]["median"]
    assert shelter["without_place"]["mean"] == 33.0
    assert shelter["lead"] is None


def counted() -> Ensemble:
    """Return an evacuation of the whole school whose classes are counted."""
    path = "builtin:maple-elementary-evacuation"
    timeline = 'protocol.timeline=[{"at_s": 0, "action": "evacuate"}]'
    ready = assemble(load_scenario(path, changes=[timeline, "accountability={}"]))
    return run_ensemble(ready, replicas=4, workers=1)


def test_all_present_that_was_false_is_told_with_how_often_and_how_long():
    ensemble = counted()
    assert "'All present'" not in printed(ensemble)
    times = replace(
        ensemble.protocol.times,
        hidden=np.array([[0], [2], [0], [1]]),
        all_present_false_s=np.array([[0.0], [60.0], [0.0], [180.0]]),
    )
    false = replace(ensemble, protocol=replace(ensemble.protocol, times=times))
    said = "'All present' was said while somebody was not, in 50% of the runs, for 2:00"
    assert said in printed(false)
    forever = replace(times, all_present_false_s=np.array([[0.0], [np.inf], [0.0], [np.inf]]))
    never = replace(ensemble, protocol=replace(ensemble.protocol, times=forever))
    assert "in 50% of the runs, to the end of the run." in printed(never)


def test_classes_report_more_and_more():
    entry = summarize(counted())["protocol"]["accounted"]
    by = [one["classes"]["mean"] for one in entry["reported_by"]]
    assert by == sorted(by)
    assert by[-1] == entry["classes"] == 16


def test_a_shelter_has_a_page_without_rooms_to_secure(tmp_path: Path):
    ensemble = of_builtin(STORM)
    summary = summarize(ensemble)
    page = write_page(ensemble, summary, tmp_path)
    words = page.read_text(encoding="utf-8")
    assert words == render_protocol(ensemble, summary)
    assert "83%" in words
    assert "Best available refuge areas" in words
    assert "secured" not in words
    assert "http" not in words
    assert words.count("<table>") == words.count("<caption>") == 2


def test_a_page_begins_with_three_numbers_at_most():
    numbers = ending_numbers(summarize(of_builtin(FAMILIES))["protocol"])
    assert [one["words"].partition(" (")[0] for one in numbers] == [
        "all classes accounted for",
        "the last at the site",
        "90 % of the students with their families",
    ]


def test_a_release_alone_has_no_page(tmp_path: Path):
    ensemble = lockdown(replicas=2, timeline=[{"at_s": 0, "action": "release"}])
    assert write_page(ensemble, summarize(ensemble), tmp_path) is None

"""People outdoors from the start are out at 0, keep nobody waiting, and break no table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.two_rooms import PLAN, compiled_two_rooms, two_rooms_scenario

from scenarios import assemble, load_run, run_ensemble, summarize, write_run
from scenarios.occupancy import occupancy_changes
from scenarios.run_report import not_out
from scenarios.run_tables import tables_of

pytestmark = pytest.mark.usefixtures("hand_plan")
CLASS = {"101": {"students": 3, "teachers": 1}}
OUTDOORS = {"assembly": {"students": 20, "teachers": 1}}


def ready(population=None, **changes):
    population = population or {
        "rooms": CLASS,
        "outdoors": OUTDOORS,
        "age_band": "grades_3_5",
    }
    return assemble(
        two_rooms_scenario(population=population, **changes), PLAN, compiled_two_rooms()
    )


def test_people_outdoors_are_out_from_the_start_and_the_rest_is_as_without_them():
    with_them, without = ready(), ready({"rooms": CLASS, "age_band": "grades_3_5"})
    result = with_them.simulation(seed=7).run(0)
    alone = without.simulation(seed=7).run(0)
    assert (result.out_s[4:] == 0.0).all()
    assert (result.assembled_s[4:] == 0.0).all()
    assert result.out_s[:4].tolist() == alone.out_s.tolist()
    assert result.group_accounted_s.tolist() == alone.group_accounted_s.tolist()
    assert "21 people are outdoors from the start, and count as out from 0 s on" in with_them.notes


def test_every_table_and_report_copes_with_people_outdoors(tmp_path: Path):
    ensemble = run_ensemble(ready(), replicas=2)
    tables = tables_of(ensemble)
    assert tables["people"].column("space").null_count == 2 * 21
    assert tables["rooms"].column("people").to_pylist() == [4, 4]
    times, _, people = occupancy_changes(ensemble, ensemble.kept[0])
    assert people[times == 0].tolist()[0] == 4
    summary = summarize(ensemble)
    assert summary["rooms"]["R1"]["people"] == 4
    assert not_out(ensemble) == []
    write_run(ensemble, tmp_path / "run")
    again = load_run(tmp_path / "run")
    assert again.roster.outdoors.tolist() == ensemble.roster.outdoors.tolist()
    assert again.out_s.tobytes() == ensemble.out_s.tobytes()


def test_a_class_at_recess_is_counted_where_it_is():
    population = {"rooms": CLASS, "age_band": "grades_3_5", "moment": "recess"}
    result = ready(population).simulation(seed=7).run(0)
    assert (result.out_s == 0.0).all()
    assert result.group_assembled_s.tolist() == [0.0]
    assert result.group_accounted_s.tolist() == [30.0]


def test_a_class_between_lessons_is_complete_when_its_last_member_has_come():
    population = {"rooms": {"101": {"students": 25, "teachers": 1}}, "age_band": "grades_3_5",
                  "moment": "passing", "moment_numbers": {"students_in_halls": 0.5}}  # fmt: skip
    made = ready(population)
    in_hall = made.roster.space != made.roster.groups.space[0]
    assert 0 < in_hall.sum() < 26
    result = made.simulation(seed=7).run(0)
    assert result.group_assembled_s[0] == result.assembled_s.max()
    assert np.isfinite(result.group_accounted_s).all()


def test_a_note_of_one_person_reads_well():
    made = ready({"rooms": CLASS, "age_band": "grades_3_5",
                  "outdoors": {"assembly": {"aides": 1}}})  # fmt: skip
    assert "1 person is outdoors from the start" in made.notes[0]

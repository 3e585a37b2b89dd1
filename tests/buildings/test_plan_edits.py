"""One-line changes of a plan: what they do, what they refuse, and what the variant remembers."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buildings import Fact, InputError, apply_facts, load_plan, write_plan
from buildings.cli import main
from buildings.plan_diff import plan_changes
from buildings.plan_edits import edited

PLAN = load_plan("builtin:cedar-middle")


def lines(*edits: str) -> list[str]:
    """Return what changed besides the record in building.yaml."""
    changes = plan_changes(PLAN, edited(PLAN, edits))
    assert changes[0].key == "sources"
    return [change.line() for change in changes[1:]]


def test_a_difference_of_parent_and_variant_names_exactly_the_edit():
    assert lines("set P-104-A lock=inside lock_key=thumbturn cover=blind") == [
        "portal P-104-A: cover paper -> blind",
        "portal P-104-A: lock outside -> inside",
        "portal P-104-A: lock_key key -> thumbturn",
    ]
    assert lines("set S-101 capacity=") == ["space S-101: capacity 36 -> not stated"]
    assert lines("widen P-101-A 1.05") == [
        "portal P-101-A: geometry about the same middle, 0.915 -> 1.050 m long",
        "portal P-101-A: width 0.915 -> 1.05 m",
    ]
    assert lines("close P-C1-C") == ["portal P-C1-C: removed"]
    assert lines("move S-101-F1 0 0.1", "move S-101-F1 0.2 0") == [
        "space S-101-F1: geometry moved by (0.200, 0.100) m"
    ]
    assert lines("set S-101 name='Big room'") == ["space S-101: name Maths 6 -> Big room"]


def test_the_variant_is_a_private_folder_that_names_its_parent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "b"
    edits = ["set P-104-A lock=inside", "widen P-101-A 1.05"]
    assert main(["edit", "builtin:cedar-middle", *edits, "--out", str(out)]) == 0
    assert "portal P-104-A: lock outside -> inside" in capsys.readouterr().out
    variant = load_plan(out)
    assert variant.sources == (
        *PLAN.sources,
        f"variant of cedar-middle version 1.0, sha256 {PLAN.sha256}",
        *(f"edit: {edit}" for edit in edits),
    )
    assert variant.portals["P-101-A"].line.length == pytest.approx(1.05)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    again = tmp_path / "c"
    main(["edit", "builtin:cedar-middle", *edits, "--out", str(again)])
    for path in out.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_a_fact_does_not_win_over_the_edit(tmp_path: Path):
    stated = apply_facts(PLAN, [Fact("P-101-A", "lock", "none", "survey", "2026-10-01")])
    write_plan(stated, tmp_path / "a")
    path = str(tmp_path / "a")
    main(["edit", path, "set P-101-A lock=both", "--out", str(tmp_path / "b")])
    variant = load_plan(tmp_path / "b")
    assert variant.portals["P-101-A"].lock == "both"
    (fact,) = variant.facts
    assert (fact.value, fact.source) == ("both", "edit: set P-101-A lock=both")


def test_an_edit_that_shuts_people_in_is_written_and_answered_with_no(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    words = ["close P-101-A", "--out", str(tmp_path / "b")]
    assert main(["edit", "builtin:cedar-middle", *words]) == 1
    assert "new error: 101 (S-101) has no way to an exit" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            "set P-101-B lock=inside",
            r"no space, portal or point 'P-101-B' \(did you mean 'P-101-A'",
        ),
        ("set P-101-A lokc=inside", r"unknown key \(did you mean 'lock'"),
        ("set P-101-A lock=insde", "should be 'inside', 'outside'"),
        ("set P-101-A lock", "expected KEY=VALUE"),
        ("set P-101-A", "expected set ID KEY=VALUE"),
        ("set P-101-A id=P-1", "cannot be changed"),
        ("set P-101-A from=S-1O1", "'S-1O1' is not in the plan"),
        ("set P-101-A width=2", "is said to be 2.00 m wide on a line of 0.92 m"),
        ("widen P-101-A 3", "runs past the end of its wall"),
        ("widen P-C4-B 3.5", "runs past the end of its wall"),
        ("widen P-101-A wide", "expected a number of metres"),
        ("widen P-101-A 0", "expected more than 0"),
        ("widen S-101 1", "no door, opening or window 'S-101'"),
        ("close", "expected close DOOR"),
        ("move S-103 -2 0", "101 and 103 overlap"),
        ("move S-103 nan 0", "expected a number of metres"),
        ("wide P-101-A 1", r"unknown verb 'wide' \(did you mean 'widen'"),
        ("set P-101-A name='x", "cannot be read"),
        ("", "cannot be read"),
        ("set P-101-A x_note=" + "a" * 500, "expected at most 500"),
    ],
)
def test_an_edit_that_cannot_be_done_is_refused_and_nothing_is_written(
    tmp_path: Path, edit: str, message: str
):
    with pytest.raises(InputError, match=message):
        main(["edit", "builtin:cedar-middle", edit, "--out", str(tmp_path / "b")])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "precious.txt").write_text("older")
    with pytest.raises(InputError, match="is not empty, nothing was written"):
        main(["edit", "builtin:cedar-middle", "close P-101-A", "--out", str(tmp_path)])
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(PLAN.portals)), st.integers(50, 300))
def test_a_widened_line_keeps_its_middle_and_its_walls_or_is_refused(id_: str, cm: int):
    try:
        changed = edited(PLAN, [f"widen {id_} {cm / 100}"])
    except InputError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert "runs past the end" in refused or "comes within" in refused
        return
    old, new = PLAN.portals[id_], changed.portals[id_]
    assert new.width_m == pytest.approx(new.line.length, abs=0.02)
    assert new.width_m == cm / 100
    assert old.midpoint.distance(new.midpoint) < 1e-9
    for space in (old.from_space, old.to_space):
        if space != "outside":
            wall = PLAN.spaces[space].polygon
            # no end lies past its wall: the nearest point of the wall is straight across
            ends = [wall.distance(part) for part in new.line.boundary.geoms]
            assert max(ends) <= wall.distance(old.midpoint) + 0.005

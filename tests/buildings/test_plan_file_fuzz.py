"""Damaged plan folders end in findings or in one clear error: never in a traceback or a hang."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from support.plan_folders import FILES, Folder

from buildings import borders
from buildings.borders import InputError
from buildings.plan_file import load_plan, read_plan

QUICK = settings(
    max_examples=60,
    deadline=10_000,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["L1", "S-101", "outside", "Polygon", "LineString", "yes", "stair", "1e999"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of a few features, which loads."""
    folder = Folder(tmp_path_factory.mktemp("plan") / "few")
    content: dict[str, Any] = {kind: folder.content[kind] for kind in FILES}
    portals = [p for p in content["portals"]["features"] if p["properties"]["to"] != "outside"][:3]
    named = {p["properties"][end] for p in portals for end in ("from", "to")}
    spaces = [s for s in content["spaces"]["features"] if s["properties"]["id"] in named]
    kept = {"spaces": spaces, "portals": portals, "points": content["points"]["features"][:0]}
    for kind, name in FILES.items():
        text = json.dumps({**content[kind], "features": kept[kind]}, indent=0)
        (folder.path / name).write_text(text, encoding="utf-8")
    assert len(load_plan(folder.path).portals) == 3
    return folder.path


def held(folder: Path) -> None:
    """Read a folder both ways; errors are for people, findings have words."""
    try:
        _, findings = read_plan(folder)
    except InputError:
        findings = ()
    assert all(finding.message for finding in findings)
    try:
        load_plan(folder)
    except InputError as error:
        assert str(folder) in str(error)  # noqa: PT017 - it may load as well


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[list[int], Any]]:
    """Return ways down into a file and what is put there."""
    one = st.tuples(st.lists(st.integers(0, 40), min_size=1, max_size=8), JSON)
    return draw(st.lists(one, min_size=1, max_size=3))


def changed(content: Any, steps: list[int], value: Any) -> None:
    here = content
    for place, step in enumerate(steps):
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            return
        key = keys[step % len(keys)]
        last = place == len(steps) - 1
        if last or not isinstance(here[key], dict | list) or not here[key]:
            here[key] = value
            return
        here = here[key]


@seed(20261124)
@QUICK
@given(kind=st.sampled_from(sorted(FILES)), edits=changes())
def test_values_of_any_kind_in_the_features(
    tmp_path: Path, few: Path, kind: str, edits: list[tuple[list[int], Any]]
) -> None:
    folder = tmp_path / "plan"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(few, folder)
    content = json.loads((folder / FILES[kind]).read_text(encoding="utf-8"))
    for steps, value in edits:
        changed(content, steps, copy.deepcopy(value))
    (folder / FILES[kind]).write_text(json.dumps(content), encoding="utf-8")
    held(folder)


@seed(20261124)
@QUICK
@given(
    name=st.sampled_from([*sorted(FILES.values()), "building.yaml", "facts.csv"]),
    cut=st.floats(0, 1),
    letters=st.text(max_size=4),
    rest=st.booleans(),
)
def test_files_cut_off_or_with_letters_put_in(
    tmp_path: Path, few: Path, name: str, cut: float, letters: str, rest: bool
) -> None:
    folder = tmp_path / "plan"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(few, folder)
    text = (folder / name).read_text(encoding="utf-8")
    at = int(cut * len(text))
    damaged = text[:at] + letters + (text[at:] if rest else "")
    (folder / name).write_bytes(damaged.encode("utf-8", "surrogatepass"))
    held(folder)


def test_files_that_are_far_too_large_are_refused(
    few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(borders, "MAX_TEXT_BYTES", 10)
    with pytest.raises(InputError, match=r"building\.yaml: 0 MiB, expected .* at most 0 MiB"):
        load_plan(few)

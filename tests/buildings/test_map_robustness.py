"""Damaged indoor maps end in an error or a report: never in a traceback, never in a hang."""

from __future__ import annotations

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from support.tiny_maps import TinyImdf, TinyOsm, rect

from buildings import borders, imdf_features, imdf_levels, osm_import, osm_xml
from buildings.borders import InputError
from buildings.imdf_import import import_imdf
from buildings.import_picture import draw_import
from buildings.import_places import located
from buildings.osm_import import import_osm
from buildings.plan_file import load_plan
from buildings.plan_writer import write_plan

QUICK = settings(
    max_examples=40,
    deadline=5000,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)


def small_osm() -> str:
    osm = TinyOsm()
    osm.way(rect(0, 0, 8, 6), indoor="room", level="0", ref="1", width="2m")
    osm.way(rect(0, 6.2, 20, 3), buildingpart="corridor", level="-1-1", repeat_on="2")
    osm.node((4.0, 6.0), door="yes", width="1m")
    return osm.text()


def small_imdf() -> dict[str, Any]:
    imdf = TinyImdf()
    imdf.level("L0", 0, rect(0, 0, 20, 9))
    imdf.unit("a", "L0", rect(0, 0, 8, 6), "classroom", name={"en": "Room 1"}, alt_name=None)
    imdf.unit("b", "L0", rect(0, 6, 20, 3), "stairs")
    imdf.opening("o", "L0", (3.0, 6.0), (4.0, 6.0))
    return {
        kind: {"type": "FeatureCollection", "features": features}
        for kind, features in imdf.files.items()
    }


OSM, IMDF = small_osm(), small_imdf()
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["L0", "a", "Polygon", "LineString", "MultiPolygon"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@seed(20261124)
@QUICK
@given(cut=st.integers(0, len(OSM)))
def test_a_truncated_map_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.osm"
    path.write_text(OSM[:cut], encoding="utf-8")
    with contextlib.suppress(InputError):
        import_osm(path)
        assert cut >= len(OSM.rstrip())


@seed(20261124)
@QUICK
@given(
    places=st.lists(
        st.tuples(st.integers(0, len(OSM) - 1), st.text(min_size=1, max_size=4)),
        min_size=1,
        max_size=6,
    )
)
def test_changed_letters_end_in_an_error_or_a_report(
    tmp_path: Path, places: list[tuple[int, str]]
) -> None:
    text = OSM
    for at, letters in places:
        text = text[:at] + letters + text[at + len(letters) :]
    path = tmp_path / "changed.osm"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(InputError):
        assert import_osm(path).report.found["spaces"] > 0


@seed(20261124)
@QUICK
@given(
    number=st.sampled_from(["nan", "inf", "-1e308", "1e-320", "90", "180.0000001", "x", ""]),
    at=st.integers(0, 11),
)
def test_strange_numbers_in_nodes(tmp_path: Path, number: str, at: int) -> None:
    parts = OSM.split("lat='")
    at = 1 + at % (len(parts) - 1)
    parts[at] = number + parts[at][parts[at].index("'") :]
    path = tmp_path / "numbers.osm"
    path.write_text("lat='".join(parts), encoding="utf-8")
    with contextlib.suppress(InputError):
        assert import_osm(path).report.found["spaces"] > 0


@seed(20261124)
@QUICK
@given(
    tags=st.dictionaries(
        st.sampled_from(
            ["level", "repeat_on", "width", "height", "ref", "name", "indoor", "room", "stairs"]
        ),
        st.text(max_size=12)
        | st.sampled_from(["0", "-1-1", "0;1", "yes", "room", "area", "1e9", "5-99999999", "-"]),
    )
)
def test_any_text_may_stand_in_tags(tmp_path: Path, tags: dict[str, str]) -> None:
    osm = TinyOsm()
    clean = {k: "".join(c for c in v if c.isprintable()) for k, v in tags.items()}
    osm.way(rect(0, 0, 8, 6), **clean)
    osm.way(rect(0, 6.2, 20, 3), indoor="corridor", level="0")
    osm.node((4.0, 6.0), **{"door": "yes", **clean})
    with contextlib.suppress(InputError):
        assert import_osm(osm.write(tmp_path / "tags.osm")).report.found["spaces"] > 0


@st.composite
def damaged_imdf(draw: st.DrawFn) -> dict[str, Any]:
    content = copy.deepcopy(IMDF)
    for _ in range(draw(st.integers(1, 3))):
        here: Any = content
        for _ in range(draw(st.integers(1, 9))):
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if not isinstance(here[key], dict | list) or not here[key] or draw(st.booleans()):
                here[key] = draw(JSON)
                break
            here = here[key]
    return content


@seed(20261124)
@settings(QUICK, max_examples=100)
@given(content=damaged_imdf())
def test_damaged_features_end_in_an_error_or_a_report(
    tmp_path: Path, content: dict[str, Any]
) -> None:
    folder = tmp_path / "imdf"
    folder.mkdir(exist_ok=True)
    for kind, value in content.items():
        (folder / f"{kind}.geojson").write_text(json.dumps(value), encoding="utf-8")
    with contextlib.suppress(InputError):
        assert import_imdf(folder).report.found["spaces"] > 0


@seed(20261124)
@QUICK
@given(text=st.text(max_size=40), kind=st.sampled_from(["unit", "level", "opening"]))
def test_any_text_instead_of_a_file(tmp_path: Path, text: str, kind: str) -> None:
    folder = tmp_path / "imdf"
    folder.mkdir(exist_ok=True)
    for name, value in IMDF.items():
        (folder / f"{name}.geojson").write_text(json.dumps(value), encoding="utf-8")
    (folder / f"{kind}.geojson").write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(InputError):
        import_imdf(folder)


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    bomb = "<!DOCTYPE osm [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]><osm>&b;</osm>"
    outside = "<!DOCTYPE osm SYSTEM 'file:///etc/hostname'><osm/>"
    for text in (bomb, outside):
        path = tmp_path / "bomb.osm"
        path.write_text(text, encoding="utf-8")
        try:
            import_osm(path)
        except InputError as error:
            assert "document type" in str(error)  # noqa: PT017 - both must be refused alike
        else:
            raise AssertionError("a document type was accepted")


def with_limit(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, limit: int, read: Any, words: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, name, limit)
        with pytest.raises(InputError, match=words):
            read()


def test_maps_that_are_too_large_are_refused_with_what_was_found_and_what_is_the_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small.osm"
    path.write_text(OSM, encoding="utf-8")

    def osm() -> None:
        import_osm(path)

    with_limit(monkeypatch, osm_xml, "MAX_MAP_BYTES", 10, osm, r"small.osm: .* MiB, expected a map")
    with_limit(monkeypatch, osm_xml, "MAX_CORNERS", 3, osm, "more than 12 elements, expected one")
    with_limit(monkeypatch, osm_import, "MAX_ROOMS", 1, osm, "2 rooms, expected at most 1")
    with_limit(monkeypatch, osm_import, "MAX_DOORS", 0, osm, "1 doors, expected at most 0")
    folder = tmp_path / "imdf"
    folder.mkdir()
    for kind, value in IMDF.items():
        (folder / f"{kind}.geojson").write_text(json.dumps(value), encoding="utf-8")

    def imdf() -> None:
        import_imdf(folder)

    with_limit(monkeypatch, borders, "MAX_TEXT_BYTES", 10, imdf, "MiB, expected a IMDF")
    with_limit(monkeypatch, imdf_features, "MAX_ROOMS", 1, imdf, "2 features, expected at most 1")
    with_limit(monkeypatch, imdf_features, "MAX_DOORS", 0, imdf, "1 features, expected at most 0")
    with_limit(monkeypatch, imdf_features, "MAX_CORNERS", 5, imdf, "more than 5 corners")
    with_limit(monkeypatch, imdf_levels, "MAX_LEVELS", 0, imdf, "expected at most 0")


@seed(20261124)
@QUICK
@given(content=damaged_imdf(), asked=st.none() | st.sampled_from(["B", "all", "x"]))
def test_choosing_a_building_of_a_damaged_archive(
    tmp_path: Path, content: dict[str, Any], asked: str | None
) -> None:
    folder = tmp_path / "imdf"
    folder.mkdir(exist_ok=True)
    for kind, value in content.items():
        (folder / f"{kind}.geojson").write_text(json.dumps(value), encoding="utf-8")
    try:
        result = import_imdf(folder, building=asked)
    except InputError:
        return
    write_plan(result.plan, tmp_path / "plan")
    draw_import(result.plan, located(result.report, result.plan))
    load_plan(tmp_path / "plan")

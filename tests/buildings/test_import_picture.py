"""The picture of an import circles what the report says, under the same numbers."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from support.tiny_ifc import Door, Room, TinyIfc
from support.tiny_maps import TinyImdf, TinyOsm, rect

from buildings.cli import main
from buildings.import_picture import draw_import
from buildings.import_places import MOST_PLACES, located
from buildings.import_report import ImportedPlan, ImportMessage, Place
from buildings.importers import find_importer
from buildings.picture_file import figure_bytes


def flawed_ifc(folder: Path) -> Path:
    """Return a model with overlapping rooms, a door far away, a partition and doors outside."""
    rooms = [
        Room("101", "CLASSROOM", ((0, 0, 6, 5),)),
        Room("102", "OFFICE", ((4, 0, 4, 5),)),
        Room("H1", "CORRIDOR", ((0, 5.2, 12, 2.4),)),
        Room("201", "ATTIC", ((0, 0, 12, 8),), storey=1),
    ]
    doors = [
        Door("11", 4, 5.1),
        Door("14", -0.1, 6, along=(0, 1)),
        Door("77", 40, 20),
        Door("T1", 2, 2.5),
    ]
    model = TinyIfc(storeys=(("Ground", 0.0), ("Upper", 3.0)), rooms=rooms, doors=doors)
    return model.write(folder / "flawed.ifc")


def flawed_osm(folder: Path) -> Path:
    """Return a map with a door far from every room and a stair that leads nowhere."""
    osm = TinyOsm()
    osm.way(rect(0, 0, 8, 6), indoor="room", level="0", ref="1")
    osm.way(rect(8.2, 0, 4, 6), indoor="room", level="0", stairs="yes")
    osm.node((4.0, 26.0), door="yes", level="0")
    return osm.write(folder / "flawed.osm")


def flawed_imdf(folder: Path) -> Path:
    """Return a map with two rooms over each other."""
    imdf = TinyImdf()
    imdf.level("L0", 0, rect(0, 0, 20, 9))
    imdf.unit("a", "L0", rect(0, 0, 8, 6), "classroom", name={"en": "Room 1"})
    imdf.unit("b", "L0", rect(4, 0, 8, 6), "office", name={"en": "Room 2"})
    imdf.opening("o", "L0", (3.0, 6.0), (4.0, 6.0))
    return imdf.write(folder / "flawed")


def imported(source: Path) -> ImportedPlan:
    return find_importer(source).load()(source)


def gids(figure: Figure, kind: str) -> set[str]:
    found = (str(artist.get_gid() or "") for artist in figure.findobj())
    return {gid for gid in found if gid.startswith(f"{kind}:")}


@pytest.mark.parametrize("made", [flawed_ifc, flawed_osm, flawed_imdf])
def test_every_message_with_a_place_is_circled_and_every_message_is_listed(
    tmp_path: Path, made: object
) -> None:
    result = imported(made(tmp_path))  # type: ignore[operator]
    report = located(result.report, result.plan)
    figure = draw_import(result.plan, report)
    circled: dict[tuple[str, int], int] = {}
    for gid in gids(figure, "ring"):
        _, level, numbers = gid.split(":")
        for number in numbers.split(", "):
            circled[level, int(number)] = 1
    wanted = {
        (place.level, number)
        for number, message in enumerate(report.messages, 1)
        for place in message.places
    }
    assert wanted
    assert set(circled) == wanted
    assert {gid.replace("badge", "ring") for gid in gids(figure, "badge")} == gids(figure, "ring")
    numbers = {f"message:{number}" for number in range(1, len(report.messages) + 1)}
    assert gids(figure, "message") == numbers


def test_the_numbers_are_those_of_the_report_file_and_of_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "plan"
    assert main(["import", str(flawed_ifc(tmp_path)), "--out", str(out)]) == 1
    report = json.loads((out / "import_report.json").read_text(encoding="utf-8"))
    said = capsys.readouterr().out
    assert [m["number"] for m in report["messages"]] == list(range(1, len(report["messages"]) + 1))
    for message in report["messages"]:
        line = f"{message['number']} {message['severity']} {message['code']}: {message['text']}"
        assert line in said.splitlines()
    overlap = next(m for m in report["messages"] if m["code"] == "OVERLAP")
    assert overlap["places"] == [{"level": "L1", "x_m": 5.0, "y_m": 2.5}]


def test_errors_look_unlike_warnings_and_notes_without_any_colour(tmp_path: Path) -> None:
    result = imported(flawed_ifc(tmp_path))
    report = located(result.report, result.plan)
    looks = {}
    rings = [
        ring
        for ring in draw_import(result.plan, report).findobj(Circle)
        if str(ring.get_gid()).startswith("ring:")
    ]
    for ring in rings:
        first = int(str(ring.get_gid()).split(":")[2].split(", ")[0])
        severity = report.messages[first - 1].severity
        looks.setdefault(severity, (ring.get_linewidth(), str(ring.get_linestyle())))
    assert set(looks) == {"error", "warning", "note"}
    assert len(set(looks.values())) == 3


def test_numbers_lie_beside_rings_and_words_not_on_them(tmp_path: Path) -> None:
    result = imported(flawed_ifc(tmp_path))
    figure = draw_import(result.plan, located(result.report, result.plan))
    figure.canvas.draw()
    texts = [
        text
        for text in figure.findobj(match=lambda a: hasattr(a, "get_text"))
        if str(text.get_gid() or "").partition(":")[0] in ("badge", "label")
    ]
    boxes = [(str(text.get_gid()), text.get_window_extent()) for text in texts]
    for (first, a), (second, b) in itertools.combinations(boxes, 2):
        if "badge" in first + second:
            assert not a.overlaps(b), (first, second)


def test_the_same_import_gives_the_same_picture(tmp_path: Path) -> None:
    result = imported(flawed_osm(tmp_path))
    first = figure_bytes(draw_import(result.plan, result.report), ".png")
    assert figure_bytes(draw_import(result.plan, result.report), ".png") == first


def test_a_message_about_very_many_things_speaks_of_no_place(tmp_path: Path) -> None:
    result = imported(flawed_ifc(tmp_path))
    many = tuple(Place("L1", float(k), 0.0) for k in range(MOST_PLACES + 1))
    message = ImportMessage("warning", "X", "many", (), many)
    few = ImportMessage("warning", "X", "few", (), many[:MOST_PLACES])
    lost = ImportMessage("warning", "X", "a level that was left out", (), (Place("L9", 0, 0),))
    import dataclasses

    report = dataclasses.replace(result.report, messages=(message, few, lost))
    counts = [len(m.places) for m in located(report, result.plan).messages]
    assert counts == [0, MOST_PLACES, 0]


def test_a_building_of_kilometres_is_still_drawn(tmp_path: Path) -> None:
    osm = TinyOsm()
    osm.way(rect(0, 0, 8, 6), indoor="room", level="0", ref="1")
    osm.way(rect(9000, 9000, 8, 6), indoor="room", level="0", ref="2")
    result = imported(osm.write(tmp_path / "wide.osm"))
    assert figure_bytes(draw_import(result.plan, result.report), ".png")[:4] == b"\x89PNG"

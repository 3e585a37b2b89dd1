"""What a person reads of a lockdown: a calm table, a page, a picture, an exit code."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import yaml
from rich.console import Console
from support.lockdown_runs import lockdown

from buildings.share_map import STEPS
from scenarios import room_figure, summarize
from scenarios.cli import main
from scenarios.protocol_html import render_protocol
from scenarios.protocol_picture import room_shares
from scenarios.run_report import print_report

SURE = {"thumbturn_inside": {"fails": 0}}


def printed(ensemble) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, color_system=None)
    print_report(ensemble, summarize(ensemble), Path("runs/x"), console=console)
    return out.getvalue()


def test_a_lockdown_is_told_in_rooms_and_not_in_people_out():
    words = printed(lockdown({"N00": "no_lock"}, locks=SURE))
    assert "Rooms secured after the announcement" in words
    assert "rooms of 4" in words
    assert re.search(r"by 5:00 +3\.0 \(3 to 3\) +75% +75%", words)
    assert re.search(r"a door has no lock +1\.00 \(1 to 1\)", words)
    assert re.search(r"N00 +11 +not reached +0% +\d+ s +a door has no lock", words)
    assert "Believed locked but not locked: 0.00 (0 to 0) rooms." in words
    assert "not everybody is out" not in words
    assert "Time until out" not in words


def test_a_hold_is_told_as_rooms_that_settle():
    words = printed(lockdown(timeline=[{"at_s": 0, "action": "hold"}]))
    assert "Rooms settled after the announcement" in words
    assert "secured" not in words


def test_an_evacuation_among_the_steps_is_told_too():
    timeline = [{"at_s": 0, "action": "lockdown"}, {"at_s": 200, "action": "evacuate"}]
    words = printed(lockdown(timeline=timeline, locks=SURE))
    assert "3:20 evacuate" in words
    assert "Rooms secured" in words
    assert "Time until out" in words


def test_a_shelter_is_told_in_people_by_lead_time():
    timeline = [{"at_s": 0, "action": "shelter", "against": "hazardous_material"}]
    ensemble = lockdown(timeline=timeline)
    words = printed(ensemble)
    shelter = summarize(ensemble)["protocol"]["shelter"]
    by = [entry["people"]["mean"] for entry in shelter["by_lead_time"]]
    assert by == sorted(by)
    assert by[-1] == 44
    assert re.search(r"by 13:00 +44\.0 \(44 to 44\) +100%", words)
    assert "secured" not in words


def test_words_stay_calm():
    words = printed(lockdown({"N00": "no_lock"})).lower()
    for word in ("attacker", "shooter", "weapon", "casualt", "victim", "kill", "threat"):
        assert word not in words


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.alts: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        said = dict(attrs)
        if tag == "img":
            self.alts.append(said["alt"])
            self.sources.append(said["src"])


def test_the_page_stands_alone_and_is_the_same_every_time():
    ensemble = lockdown({"N00": "no_lock"})
    page = render_protocol(ensemble, summarize(ensemble))
    assert page == render_protocol(ensemble, summarize(ensemble))
    read = _Page()
    read.feed(page)
    assert read.tags.count("h1") == 1
    assert read.tags.count("table") == read.tags.count("caption")
    assert all(read.alts)
    assert all(source.startswith("data:image/png;base64,") for source in read.sources)
    assert "http" not in page
    assert "a door has no lock" in page
    assert "planning estimate" in page.lower()


def test_rooms_are_shaded_by_the_share_in_which_they_are_secured():
    ensemble = lockdown({"N00": "no_lock"}, locks=SURE)
    shares = room_shares(ensemble.protocol, ensemble.compiled.space_ids)
    assert shares == {"N00": 0.0, "N01": 1.0, "S00": 1.0, "S01": 1.0}
    figure = room_figure(ensemble)
    fills = {
        patch.get_gid(): patch.get_facecolor()
        for ax in figure.axes for patch in ax.get_children()
        if (patch.get_gid() or "").startswith("share")
    }  # fmt: skip
    assert set(fills) == {f"share:{room}" for room in shares}
    grey = {gid: float(np.dot(color[:3], (0.299, 0.587, 0.114))) for gid, color in fills.items()}
    assert grey["share:N00"] < 0.5 < grey["share:N01"]


def test_steps_of_the_picture_stay_apart_in_grey():
    rgb = [[int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5)] for _, fill, _ in STEPS]
    grey = np.array(rgb) @ (0.299, 0.587, 0.114)
    assert (np.diff(grey) < -0.1).all()


def test_a_run_without_a_lockdown_has_no_such_picture():
    with pytest.raises(ValueError, match="nothing is asked of rooms"):
        room_figure(lockdown(timeline=[{"at_s": 0, "action": "evacuate"}]))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def maple(here: Path, action: str) -> str:
    rooms = {"A13": {"students": 3, "teachers": 1}, "C11": {"students": 3, "teachers": 1}}
    said = {
        "kind": "scenario", "schema_version": 1, "name": "Two rooms at Maple",
        "plan": "builtin:maple-elementary", "seed": 1, "replicas": 2, "end_s": 600,
        "population": {"age_band": "grades_3_5", "rooms": rooms},
        "protocol": {"timeline": [{"at_s": 0, "action": action}]},
    }  # fmt: skip
    (here / "maple.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    return "maple.yaml"


def test_the_verb_says_no_where_a_room_stays_unsecured(here: Path, capsys):
    assert main(["run", maple(here, "lockdown"), "--out", "run"]) == 1
    words = capsys.readouterr().out
    assert "a door has no lock" in words
    assert "Page to read: run/protocol.html" in words
    assert (here / "run/protocol.html").stat().st_mode & 0o777 == 0o600
    assert main(["show", "run"]) == 0
    assert sorted(path.name for path in (here / "run").glob("*.png")) == [
        "rooms_curve.png", "rooms_on_plan.png",
    ]  # fmt: skip
    assert main(["run", "maple.yaml", "--out", "run", "--json"]) == 1


def test_the_verb_says_yes_where_everything_settles(here: Path, capsys):
    assert main(["run", maple(here, "hold"), "--out", "run"]) == 0
    assert "Rooms settled" in capsys.readouterr().out

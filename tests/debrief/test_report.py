"""The debrief of the built-in drill: what it must find, and a page that stands on its own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape as html_text
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from support.ensembles import cedar

from debrief.cli import comparison_json, main, write_debrief
from debrief.comparison import Comparison, compare
from debrief.drill_folder import load_drill
from debrief.findings import findings
from debrief.report import render_report
from debrief.synthetic import FOLDER
from scenarios import law_words, write_run


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    ensemble = cedar(200)
    return compare(load_drill(FOLDER, ensemble.plan), ensemble)


def test_the_planted_effects_are_found(comparison: Comparison):
    assert comparison.shift.factor > 1.05
    assert comparison.shift.factor_p <= 0.05
    worst = comparison.worst
    assert worst is not None
    assert worst.observation.place.label == "204"
    assert comparison.shift.worst_p <= 0.05
    by_place = {(p.observation.event, p.observation.place.label): p for p in comparison.placements}
    assert by_place["exit_last", "exit 4"].verdict == "cannot tell"
    assert by_place["exit_last", "exit 11"].verdict == "not observed"
    assert by_place["accounted", "204"].verdict == "later"


def test_the_findings_begin_with_the_whole_drill(comparison: Comparison):
    lines = findings(comparison)
    assert lines[0].startswith("The drill as a whole ran")
    assert "room 204" in lines[1]
    assert all(len(line) < 400 for line in lines)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_stands_on_its_own_and_reads_aloud(comparison: Comparison):
    html = render_report(comparison)
    page = _Page()
    page.feed(html)
    names = [name for name, _ in page.tags]
    assert names.count("h1") == 1
    assert dict(page.tags)["html"]["lang"] == "en"
    levels = [int(name[1]) for name in names if re.fullmatch(r"h[1-6]", name)]
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert names.count("caption") == names.count("table") >= 5
    images = [attrs for name, attrs in page.tags if name == "img"]
    assert images
    for attrs in images:
        assert (attrs["alt"] or "").endswith(".")
        assert (attrs["src"] or "").startswith("data:image/png;base64,")
    assert all(attrs.get("scope") for name, attrs in page.tags if name == "th")
    assert not re.search(r"(src|href)=\"(https?:)?//", html)
    for words in ("Synthetic example", "Planning estimate", "In drill conditions"):
        assert words in html


def test_calm_words_only(comparison: Comparison):
    text = re.sub(r"base64,[^\"]+", "", render_report(comparison)).lower()
    for word in ("shooter", "attacker", "weapon", "casualt", "victim", "kill", "threat"):
        assert word not in text


def test_the_same_drill_gives_the_same_bytes(comparison: Comparison, tmp_path: Path):
    write_debrief(comparison, tmp_path / "a")
    write_debrief(comparison, tmp_path / "b")
    for name in ("report.html", "comparison.json", "comparison.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert (tmp_path / "a" / name).stat().st_mode & 0o777 == 0o600


def test_the_comparison_is_plain_json(comparison: Comparison):
    content = json.loads(json.dumps(comparison_json(comparison), allow_nan=False))
    assert sum(content["verdicts"].values()) == len(content["observations"])


def test_the_verb_reads_a_run_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_run(cedar(40), tmp_path / "run")
    out = tmp_path / "report"
    assert main([str(FOLDER), "--run", str(tmp_path / "run"), "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert shown.rstrip().endswith(f"Report: {out / 'report.html'}")
    assert (out / "report.html").exists()


def test_no_cell_shows_the_inside_of_the_program(comparison: Comparison):
    text = re.sub(r"base64,[^\"]+", "", render_report(comparison))
    assert "built-in" not in text
    assert "object at" not in text
    assert ">None<" not in text
    assert ">nan<" not in text


def test_the_flow_law_is_named_with_its_limits_and_every_number(comparison: Comparison):
    html = render_report(comparison)
    for line in law_words(comparison.ensemble.scenario):
        assert html_text(line) in html
    assert "conservative at narrow doors" in html
    assert "most people per second through a metre of effective door width" in html
    scenario = comparison.ensemble.scenario
    changed = replace(scenario, law_numbers={"door_boundary_m": 0.1})
    again = replace(comparison, ensemble=replace(comparison.ensemble, scenario=changed))
    html = render_report(again)
    assert "Changed by the scenario: door_boundary_m 0.1 m instead of 0.15." in html
    assert "scenario, instead of 0.15: Gwynne and Rosenbaum" in html

"""Pictures of a run folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from support.ensembles import cedar

from scenarios import queue_figure, write_run
from viz.clearance_curve import draw_clearance
from viz.cli import main


def test_the_curve_begins_with_everybody_and_ends_with_nobody():
    figure = Figure()
    FigureCanvasAgg(figure)
    ax = draw_clearance(figure.add_subplot(), cedar())
    line = ax.get_lines()[0]
    assert line.get_ydata()[0] == cedar().n_people
    assert line.get_ydata()[-1] == 0


def test_the_queue_map_names_the_longest_waits_and_every_used_exit():
    figure = queue_figure(cedar())
    gids = [text.get_gid() or "" for ax in figure.axes for text in ax.texts]
    assert sum(gid.startswith("wait:") for gid in gids) == 5
    assert sum(gid.startswith("out:") for gid in gids) >= 5


def test_the_verb_writes_both_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_run(cedar(), tmp_path / "run")
    assert main([str(tmp_path / "run"), "--out", str(tmp_path), "--format", "svg"]) == 0
    assert capsys.readouterr().out.count("Picture:") == 2
    assert (tmp_path / "plan_queues.svg").read_text().startswith("<?xml")

"""The report in a real browser, on the screen and on paper."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support.ensembles import cedar

from debrief.comparison import compare
from debrief.drill_folder import load_drill
from debrief.report import render_report
from debrief.synthetic import FOLDER

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(
    BROWSER is None and "CI" not in os.environ, reason="chromium is not installed"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ensemble = cedar(40)
    comparison = compare(load_drill(FOLDER, ensemble.plan), ensemble)
    path = tmp_path_factory.mktemp("browser") / "report.html"
    path.write_text(render_report(comparison), encoding="utf-8")
    return path


def browse(page: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    assert BROWSER is not None, "chromium is not installed"
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", f"--user-data-dir={page.parent / 'profile'}", *words, page.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, check=True, timeout=120)


@needs_browser
def test_the_page_opens_and_shows_its_pictures(page: Path):
    picture = page.with_suffix(".png")
    browse(page, "--window-size=1000,3000", f"--screenshot={picture}")
    from matplotlib.image import imread

    pixels = imread(picture)
    assert pixels.shape[:2] == (3000, 1000)
    inked = (pixels[..., :3].mean(axis=2) < 0.9).mean(axis=1)
    assert (inked > 0.01).mean() > 0.25, "the page looks empty"


@needs_browser
def test_the_page_prints(page: Path):
    paper = page.with_suffix(".pdf")
    browse(page, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    content = paper.read_bytes()
    assert content.startswith(b"%PDF")
    assert 3 <= content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") <= 20

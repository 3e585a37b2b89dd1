"""The documents are true: the quick start runs as written, the reference follows the code."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HALLWAYS = Path(sys.executable).parent / "hallways"


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(HALLWAYS), *words[1:]] if words[0] == "hallways" else words
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_quick_start_runs_as_written(tmp_path: Path):
    text = (ROOT / "docs" / "quick-start.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    assert len(lines) >= 5
    for line in lines:
        done = run(shlex.split(line), tmp_path)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    for name in (
        "report.html", "plan_queues.png", "arrival_curve.png", "summary.json", "people.parquet",
        "doors.parquet", "manifest.json",
    ):  # fmt: skip
        assert (tmp_path / "demo-run" / name).stat().st_size > 500, name
    assert (tmp_path / "cedar.png").exists()


def test_the_hand_calculation_comes_out_as_written():
    page = ROOT / "docs" / "explanation" / "hand-calculation.md"
    done = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert done.attempted > 10
    assert done.failed == 0


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="help is laid out by Python 3.11")
def test_the_reference_is_up_to_date(tmp_path: Path):
    code = (
        "import sys; sys.path.insert(0, 'docs'); import make_reference as m; from pathlib import "
        f"Path; m.FOLDER = Path({str(tmp_path)!r}); m.main()"
    )
    done = run([sys.executable, "-c", code], ROOT)
    assert done.returncode == 0, done.stderr
    for page in sorted(tmp_path.glob("*.md")):
        published = (ROOT / "docs" / "reference" / page.name).read_text(encoding="utf-8")
        assert page.read_text(encoding="utf-8") == published, f"run `make docs`: {page.name}"


def test_scenarios_in_how_to_pages_fit_the_plan_they_speak_of():
    from buildings import parse_yaml
    from scenarios import assemble, load_scenario, scenario_from
    from scenarios.find_reunification import check_reunification

    usual = load_scenario("builtin:cedar-middle-evacuation").resolved
    shown = 0
    for page in sorted((ROOT / "docs" / "how-to").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL):
            file = parse_yaml(block, name=page.name)
            said = file.value
            if said.get("kind") == "reunification":
                check_reunification(file)
                continue
            whole = said if "kind" in said else {**usual, **said}
            scenario = scenario_from(whole, name=page.name, folder=ROOT)
            if scenario.plan_at.startswith("builtin:"):
                assemble(scenario)
            shown += 1
    assert shown >= 10


def test_links_in_documents_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_plan_schemas_are_up_to_date():
    from buildings.schema import schema_files

    for name, content in schema_files().items():
        assert (ROOT / "docs" / "schema" / name).read_text(encoding="utf-8") == content

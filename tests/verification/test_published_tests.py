"""The published verification tests, by their published names, and the page that shows them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from verification.all_tests import CASES, by_name
from verification.page import page
from verification.published import Case, Claim, Outcome, outcome_of, published_test

from scenarios.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "verification.md"


def _parameters() -> list[Any]:
    made = []
    for name, case in by_name().items():
        marks: list[pytest.MarkDecorator] = []
        if case.not_applicable:
            marks.append(pytest.mark.skip(reason=f"not applicable: {case.not_applicable}"))
        if case.expected_failure:
            marks.append(
                pytest.mark.xfail(raises=AssertionError, strict=True, reason=case.expected_failure)
            )
        made.append(pytest.param(case, id=name, marks=marks))
    return made


@pytest.mark.parametrize("case", _parameters())
def test_published(case: Case) -> None:
    outcome = outcome_of(case)
    assert outcome is not None
    assert not outcome.unmet, f"{case.name}: got {outcome.got}; not met: {'; '.join(outcome.unmet)}"


def test_the_page_says_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs` and read what changed"


def test_every_test_is_held_to_something_and_named_once() -> None:
    names = [name for case in CASES for name in case.names]
    assert len(names) == len(set(names))
    with pytest.raises(ValueError, match="held to something"):
        Outcome("nothing", ())


def test_a_test_is_measured_or_says_why_not() -> None:
    with pytest.raises(ValueError, match="either measure or the reason"):
        Case(name="IMO 99", title="", checks="", expected="", source="recalled")
    decorate = published_test("Guess 1", "", checks="", expected="", source="recalled")
    with pytest.raises(ValueError, match="'Guess 1' should be one of RiMEA, IMO"):
        decorate(lambda folder: Outcome("", (Claim("", True),)))


def test_the_files_of_a_test_run_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(PAGE.parent))
    make = importlib.import_module("make_verification")
    make.main(["--files", str(tmp_path), "IMO 1"])
    scenario = tmp_path / "IMO-1" / "scenario-1.yaml"
    assert (tmp_path / "IMO-1" / "building-1" / "portals.plan.geojson").is_file()
    assert main(["run", str(scenario), "--out", str(tmp_path / "run")]) == 0
    summary = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    assert summary["clearance_s"]["p100"]["median"] == pytest.approx(40.0)
    with pytest.raises(SystemExit):
        make.main(["--files", str(tmp_path), "IMO 99"])
    assert "no test 'IMO 99'; there are RiMEA 1, " in capsys.readouterr().err

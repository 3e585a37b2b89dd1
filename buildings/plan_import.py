"""From another program's file to a plan folder with report and picture; nothing lost on the way."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from buildings.borders import InputError, private_folder, write_private
from buildings.facts import read_facts
from buildings.plan import Fact, PlanError
from buildings.plan_file import load_plan
from buildings.plan_writer import BUILDING_FILE, FACTS_FILE, write_plan

REPORT_FILE: Final = "import_report.json"
PICTURE_FILE: Final = "plan.png"
OWN_OPTIONS: Final[Mapping[str, str]] = {
    "exits": "--exit",
    "whole": "--whole",
    "units": "--units",
    "building": "--building",
    "walls": "--walls",
    "doors": "--doors",
    "labels": "--labels",
    "more": "more than one file",
    "level": "--level",
    "gap": "--gap",
    "accept": "--accept",
}
"""Options of the command that only some importers take, by the argument that each becomes."""


def import_to_folder(
    file: Path,
    folder: Path,
    *,
    facts: Path | None,
    force: bool,
    as_json: bool,
    own: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """Import a building into a plan folder.

    Parameters
    ----------
    file : Path
        The file or folder to import; `importers.IMPORTERS` lists the formats.
    folder : Path
        Where the plan goes. A plan folder that is there is replaced only with ``force``, and its
        facts are kept.
    facts : Path, optional
        More facts; they win over those in the folder.
    force, as_json : bool
        Replace; print the report as JSON instead of lines.
    own : mapping
        What was asked that only some importers take, by argument (`Importer.takes`).

    Returns
    -------
    int
        1 if the import found errors that a person must put right, 0 otherwise.

    Raises
    ------
    InputError
        If the file cannot be imported or the folder must not be written; nothing is changed then.
    """
    from buildings.import_picture import draw_import
    from buildings.import_places import located
    from buildings.importers import IMPORTERS, find_importer
    from buildings.picture_file import save_figure

    importer = find_importer(file)
    for name in own:
        if name not in importer.takes:
            option = OWN_OPTIONS[name]
            able = ", ".join(other.name for other in IMPORTERS if name in other.takes)
            raise InputError(f"{option}: only for {able}, and {file} is read as {importer.name}")
    kept = _facts_there(folder, force=force)
    stated = _merged(kept, read_facts(facts) if facts is not None else ())
    before = {"before": folder} if "before" in importer.takes else {}
    imported = importer.load()(file, facts=stated, **own, **before)
    plan, told = imported.plan, located(imported.report, imported.plan)
    parent = private_folder(folder.resolve().parent)
    with tempfile.TemporaryDirectory(dir=parent, prefix=f".{folder.name}.") as scratch:
        made = Path(scratch, "plan")
        write_plan(plan, made)
        try:
            load_plan(made)
        except PlanError as error:
            words = str(error).replace(str(made), str(folder))
            raise InputError(
                f"{file}: the plan made of it does not load, nothing was written; {words}"
            ) from None
        report = told.to_json()
        write_private(made / REPORT_FILE, report.encode())
        save_figure(draw_import(plan, told), made / PICTURE_FILE)
        for name, content in imported.beside.items():
            write_private(made / name, content)
        if folder.exists():
            folder.rename(Path(scratch, "old"))
        shutil.move(made, folder)
    if as_json:
        sys.stdout.write(report)
    else:
        lines = [
            *told.lines(),
            f"Plan: {folder} (picture: {folder / PICTURE_FILE})",
            *(f"Look at: {folder / name}" for name in imported.beside),
            f"Next: hallways plan check {folder}",
        ]
        sys.stdout.write("\n".join(lines) + "\n")
    return 1 if told.has_errors else 0


def _facts_there(folder: Path, *, force: bool) -> tuple[Fact, ...]:
    """Return the facts of a folder that may be replaced, or say why it may not."""
    if not folder.exists():
        return ()
    if not folder.is_dir():
        raise InputError(f"{folder}: is a file, expected a folder to write the plan to")
    if not any(folder.iterdir()):
        return ()
    if not (folder / BUILDING_FILE).is_file():
        raise InputError(
            f"{folder}: is not empty and holds no {BUILDING_FILE}; nothing was written. "
            "Expected a new or empty folder"
        )
    if not force:
        raise InputError(
            f"{folder}: holds a plan already; nothing was written. "
            "Add --force to replace it and keep its facts.csv"
        )
    path = folder / FACTS_FILE
    return read_facts(path) if path.exists() else ()


def _merged(kept: tuple[Fact, ...], new: tuple[Fact, ...]) -> tuple[Fact, ...]:
    facts = {(fact.id, fact.key): fact for fact in (*kept, *new)}
    return tuple(facts[key] for key in sorted(facts))

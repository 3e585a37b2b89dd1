"""IFC files read in a process of their own, so that a file that breaks the reader breaks nothing.

ifcopenshell is compiled code: there are damaged files on which it ends its whole process. The
command line therefore reads IFC in a second process and tells what became of it.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from buildings.ifc_import import import_ifc
from buildings.ifc_reading import read_ifc
from buildings.ifc_records import IfcBuilding
from buildings.import_report import ImportedPlan, ImportFault
from buildings.plan import Fact

READING_S: Final = 600.0
"""A file that takes longer to read is given up."""
_BY_THE_SYSTEM: Final = 9
"""The signal with which a system short of memory ends a process."""


def import_ifc_apart(
    path: Path, *, facts: Sequence[Fact] = (), units: str | None = None
) -> ImportedPlan:
    """Do what `import_ifc` does, the file read in a process of its own.

    Raises
    ------
    ImportFault
        As `import_ifc`; also if the reader breaks down or takes longer than ten minutes.
    """
    return import_ifc(path, facts=facts, units=units, read=read_apart)


def read_apart(path: Path, *, units: str | None = None, seconds: float = READING_S) -> IfcBuilding:
    """Read an IFC file in a second process and return what it found.

    Raises
    ------
    ImportFault
        What reading raises, or what ended the process.
    """
    with tempfile.TemporaryDirectory(prefix="hallways-ifc-") as scratch:
        answer = Path(scratch, "answer")
        command = [sys.executable, "-P", "-m", "buildings.ifc_apart", str(path), str(answer)]
        above = str(Path(__file__).resolve().parents[1])
        paths = os.pathsep.join(filter(None, [above, os.environ.get("PYTHONPATH")]))
        try:
            done = subprocess.run(
                [*command, units or ""],
                env={**os.environ, "PYTHONPATH": paths},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ImportFault(
                f"{path}: not read after {seconds:g} s; the file is damaged or far larger than one "
                "building. Export it again"
            ) from None
        if done.returncode != 0 or not answer.is_file():
            raise ImportFault(_breakdown(path, done.returncode))
        found = pickle.loads(answer.read_bytes())
    if isinstance(found, IfcBuilding):
        return found
    raise ImportFault(str(found))


def _breakdown(path: Path, code: int) -> str:
    """Return what to say of a reading process that ended by itself."""
    how = f"exit code {code}"
    if code == -_BY_THE_SYSTEM:
        how = "ended by the system, perhaps out of memory"
    elif code < 0:
        names = {int(number): number.name for number in signal.Signals}
        how = names.get(-code, f"signal {-code}")
    return (
        f"{path}: ifcopenshell broke down on this file ({how}); it is damaged, or has something "
        "that cannot be read. Export it again, as IFC4 if you can"
    )


def _answer(path: str, answer: str, units: str) -> None:
    """Read a file and leave what was found, or what was wrong, for the first process."""
    found: IfcBuilding | str
    try:
        found = read_ifc(Path(path), units=units or None)
    except ImportFault as fault:
        found = str(fault)
    Path(answer).write_bytes(pickle.dumps(found))


if __name__ == "__main__":
    _answer(*sys.argv[1:4])

"""Damaged IFC files, many of them: what becomes of each when it is imported, written and drawn.

Run as ``python -m support.step_fuzz SEED COUNT``; prints the counts as JSON. Every file is tried in
a process of its own, since compiled code may end on it.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import ifcopenshell.geom  # noqa: F401 - loaded once, before the processes part
from support.tiny_ifc import Door, Flight, Room, TinyIfc

from buildings.borders import InputError
from buildings.ifc_import import import_ifc
from buildings.import_picture import draw_import
from buildings.import_places import located
from buildings.picture_file import figure_bytes
from buildings.plan_file import load_plan
from buildings.plan_writer import write_plan

WALLS = (
    (0, 0, 10, 0.2),
    (0, 7.8, 10, 0.2),
    (0, 0.2, 0.2, 7.6),
    (9.8, 0.2, 0.2, 7.6),
    (0.2, 5.0, 9.6, 0.2),
)
TOKENS = (
    "$", "*", "#1", "#999999", "()", "''", "'x'", "1.E400", "-1.", "0.", "1", "NAN", "1.E308",
    "-1.E308", ".T.", "(#1,#2)", "(1.,2.)", "#5", "#20", "#40", "*,*", "(((((", "\x00", "\\X2\\ZZ",
    "IFCWALL", "1E-320", "99999999999999999999",
)  # fmt: skip
"""What is put in place of a value."""
SECONDS = 20


def house(*, rooms: bool) -> str:
    """Return a small model as STEP text, with rooms and a stair, or with walls only."""
    if not rooms:
        doors = (Door("1", 3, 5.1), Door("2", 0.1, 6, along=(0, 1)))
        return TinyIfc(walls=WALLS, doors=doors, slabs=((0, 0, 10, 8, 0.0),)).text()
    return TinyIfc(
        storeys=(("Ground", 0.0), ("Upper", 3.0)),
        rooms=(
            Room("101", "CLASSROOM", ((0, 0, 6, 5),)),
            Room("H1", "CORRIDOR", ((0, 5.2, 12, 2.4),)),
            Room("H2", "CORRIDOR", ((0, 5.2, 12, 2.4), (9, 7.6, 3, 5)), storey=1),
            Room("S1", "STAIR", ((9, 7.8, 3, 5),)),
        ),
        doors=(Door("11", 4, 5.1), Door("14", -0.1, 6, along=(0, 1), width=None)),
        stairs=((Flight(9.5, 8.5, 0, 16, 3 / 16, 0.25, 1.2, 0.615, 0.82),),),
        walls=WALLS,
        holes=((2.0, 5.0, 0.0, 1.2, 0.2, 2.2),),
        windows=(Door("w", 2, 0),),
    ).text()


def damaged(text: str, rng: random.Random) -> str:
    """Return STEP text with one to five things changed: values, letters, lines, pieces cut out."""
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        how = rng.randrange(6)
        lines = text.split("\n")
        if how == 0:
            lines[rng.randrange(len(lines))] = lines[rng.randrange(len(lines))]
            text = "\n".join(lines)
        elif how == 3:
            at = rng.randrange(len(text))
            text = text[:at] + chr(rng.randrange(1, 255)) + text[at + 1 :]
        elif how == 4:
            at = rng.randrange(len(text))
            text = text[:at] + text[min(len(text) - 40, at + rng.randrange(1, 40)) :]
        else:
            row = rng.randrange(min(7, len(lines) - 1), len(lines))
            parts = re.split(r"([(),])", lines[row])
            if len(parts) > 2:
                parts[rng.randrange(1, len(parts))] = rng.choice(TOKENS)
            lines[row] = "".join(parts)
            text = "\n".join(lines)
    return text


def outcome(path: Path) -> str:
    """Import a file, write and draw the plan and read it again; say how far it came."""
    try:
        result = import_ifc(path)
    except InputError as error:
        return "error" if "\n" not in str(error) else f"error of two lines: {error}"
    report = located(result.report, result.plan)
    json.loads(report.to_json())
    write_plan(result.plan, path.with_suffix(""))
    figure_bytes(draw_import(result.plan, report), ".png", dpi=20)
    load_plan(path.with_suffix(""))
    return "report"


def run(first: int, count: int) -> Counter[str]:
    """Try files with these seeds and count what became of them."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            text = damaged(house(rooms=bool(number % 2)), random.Random(number))
            path = Path(folder, f"damaged-{number}.ifc")
            path.write_bytes(text.encode("latin-1", "replace"))
            reading, writing = os.pipe()
            child = os.fork()
            if child == 0:
                signal.alarm(SECONDS)
                try:
                    words = outcome(path)
                except BaseException:  # noqa: BLE001 - that is what is looked for
                    words = f"traceback {number}: {traceback.format_exc()[-2000:]}"
                with contextlib.suppress(OSError):
                    os.write(writing, words.encode())
                os._exit(0)
            os.close(writing)
            with os.fdopen(reading, "rb") as stream:
                words = stream.read().decode()
            _, status = os.waitpid(child, 0)
            if os.WIFSIGNALED(status):
                number_of = os.WTERMSIG(status)
                words = "hang" if number_of == signal.SIGALRM else "crash"
            found[words] += 1
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))

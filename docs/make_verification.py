"""Write the page of published tests from what they give: ``make docs`` runs this.

With ``--files FOLDER`` the plan folders and scenario files of the tests are kept instead, to look
at, to run with ``hallways run`` or to rebuild in another program; names after it choose some.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main(words: Sequence[str] | None = None) -> None:
    """Run the published tests and write what came out, or the files they run from."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from verification.all_tests import by_name
    from verification.page import page

    parser = argparse.ArgumentParser(prog="make_verification.py")
    parser.add_argument("--files", type=Path, metavar="FOLDER", help="keep the files of the tests")
    parser.add_argument("names", nargs="*", metavar="NAME", help='such as "RiMEA 9"; none: all')
    said = parser.parse_args(words)
    if said.files is None:
        if said.names:
            parser.error("the page is made of all tests: names choose among --files")
        (ROOT / "docs" / "verification.md").write_text(page(), encoding="utf-8")
        sys.stdout.write("docs/verification.md\n")
        return
    found = by_name()
    unknown = [name for name in said.names if name not in found]
    if unknown:
        parser.error(f"no test {unknown[0]!r}; there are {', '.join(found)}")
    for case in dict.fromkeys(found[name] for name in said.names or found):
        if case.measure is not None:
            folder = said.files / case.name.replace(" ", "-")
            folder.mkdir(parents=True, exist_ok=False)
            case.measure(folder)
            sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()

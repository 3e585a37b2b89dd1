"""Write the page of published tests from what they give: ``make docs`` runs this."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run every published test and write what came out."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from verification.page import page

    (ROOT / "docs" / "verification.md").write_text(page(), encoding="utf-8")
    sys.stdout.write("docs/verification.md\n")


if __name__ == "__main__":
    main()

"""Put the page of a run with announced actions into its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from buildings import write_private
from scenarios.ensemble import Ensemble

PAGE: Final = "protocol.html"


def write_page(ensemble: Ensemble, summary: dict[str, Any], folder: Path) -> Path | None:
    """Write the page of a lockdown, hold or secure; nothing for other runs.

    Returns
    -------
    Path or None
        The page.
    """
    if ensemble.protocol is None or ensemble.protocol.aim is None:
        return None
    from scenarios.protocol_html import render_protocol  # matplotlib: only where there is a page

    path = folder / PAGE
    write_private(path, render_protocol(ensemble, summary).encode())
    return path

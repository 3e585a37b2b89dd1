"""Put the page of a run with announced actions into its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from buildings import write_private
from scenarios.ensemble import Ensemble

PAGE: Final = "protocol.html"


def has_page(part: dict[str, Any]) -> bool:
    """Whether there is something to read: rooms that are asked about, or an ending."""
    endings = ("aim", "shelter", "accounted", "relocated", "reunified")
    return any(part[name] is not None for name in endings)


def write_page(ensemble: Ensemble, summary: dict[str, Any], folder: Path) -> Path | None:
    """Write the page of a run with announced actions; nothing for a plain evacuation.

    Returns
    -------
    Path or None
        The page.
    """
    if ensemble.protocol is None or not has_page(summary["protocol"]):
        return None
    from scenarios.protocol_html import render_protocol  # matplotlib: only where there is a page

    path = folder / PAGE
    write_private(path, render_protocol(ensemble, summary).encode())
    return path

"""Pictures as files: the same figure gives the same bytes, readable by its owner only."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from buildings.borders import InputError, write_private

PNG_DPI: Final = 160

_DATELESS: Final = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None},
}


def save_figure(fig: Figure, path: str | Path, *, dpi: float = PNG_DPI) -> Path:
    """Write a figure as PNG, SVG or PDF, by the ending of its name, and return the path.

    The bytes depend on the figure alone: no date, no random ids. The file is written whole or
    not at all, with mode 0600.

    Parameters
    ----------
    fig : Figure
        What to write.
    path : str or Path
        Where; the ending says the format.
    dpi : float
        Dots per inch of a PNG; the other formats are drawn with strokes.

    Raises
    ------
    InputError
        If the ending is none of .png, .svg, .pdf, or the file cannot be written.
    """
    path = Path(path)
    write_private(path, figure_bytes(fig, path.suffix.lower(), name=str(path), dpi=dpi))
    return path


def figure_bytes(fig: Figure, ending: str, *, name: str = "picture", dpi: float = PNG_DPI) -> bytes:
    """Return a figure as the bytes of a PNG, SVG or PDF file (``ending`` with its dot).

    Raises
    ------
    InputError
        If the ending is none of .png, .svg, .pdf.
    """
    if ending not in _DATELESS:
        raise InputError(f"{name}: ends in {ending or 'nothing'!r}, expected .png, .svg or .pdf")
    buffer = io.BytesIO()
    own_canvas = fig.canvas
    canvas_type = {".png": FigureCanvasAgg, ".svg": FigureCanvasSVG, ".pdf": FigureCanvasPdf}
    settings = {"svg.hashsalt": "hallways", "svg.fonttype": "path", "pdf.fonttype": 42}
    with mpl.rc_context(settings):
        canvas = canvas_type[ending](fig)
        try:
            canvas.print_figure(
                buffer,
                format=ending[1:],
                dpi=dpi if ending == ".png" else 72,
                metadata=_DATELESS[ending],
                facecolor=fig.get_facecolor(),
            )
        finally:
            fig.set_canvas(own_canvas)
    return buffer.getvalue()

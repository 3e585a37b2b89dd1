"""Whether a file can be a DXF drawing at all, and the drawing that ezdxf reads in it."""

from __future__ import annotations

import logging
import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from buildings.dxf_marks import BINARY, begins_like_dwg, begins_like_dxf
from buildings.dxf_records import MAX_DXF_BYTES
from buildings.import_report import ImportFault

if TYPE_CHECKING:
    from ezdxf.document import Drawing as Document

DAMAGE: Final = (
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    OSError,
    EOFError,
    StopIteration,
    struct.error,
)
"""What a reader raises on bytes that no CAD program wrote."""
_TAIL: Final = 512


def checked_dxf(path: Path) -> bytes:
    """Return the bytes of a file that begins and ends like DXF, as text or binary.

    Raises
    ------
    ImportFault
        If it is missing, a folder, too large, empty, a DWG, something else or cut off.
    """
    if path.is_dir():
        raise ImportFault(f"{path}: is a folder, expected a .dxf file")
    try:
        size = path.stat().st_size
        if size > MAX_DXF_BYTES:
            raise ImportFault(
                f"{path}: {size / 2**20:.0f} MiB, expected a drawing of at most "
                f"{MAX_DXF_BYTES // 2**20} MiB: save one storey without furniture and hatches"
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImportFault(f"{path}: no such file, expected a .dxf file") from None
    except OSError as error:
        raise ImportFault(f"{path}: cannot be read ({error.strerror})") from None
    if not content.strip():
        raise ImportFault(f"{path}: is empty, expected a .dxf file")
    if begins_like_dwg(content):
        raise ImportFault(
            f"{path}: is a DWG file ({content[:6].decode()}), expected DXF: open it in the CAD "
            "program and save it as DXF"
        )
    if content.startswith(BINARY):
        if b"EOF" not in content[-_TAIL:]:
            raise _cut_off(path, content)
        return content
    if not begins_like_dxf(content):
        raise ImportFault(
            f"{path}: does not begin with a SECTION of group code 0, so it is not DXF"
        )
    if not any(line.strip() == b"EOF" for line in content[-_TAIL:].splitlines()):
        raise _cut_off(path, content)
    return content


def open_dxf(path: Path) -> tuple[Document, int]:
    """Return the document and the number of faults that had to be mended to read it.

    Raises
    ------
    ImportFault
        If ezdxf is not there, or nothing can be read even with repairs.
    """
    try:
        import ezdxf
        from ezdxf import recover
    except ImportError:
        raise ImportFault(
            f"{path}: reading DXF needs the package ezdxf: pip install 'hallways[dxf]'"
        ) from None
    logging.getLogger("ezdxf").addHandler(logging.NullHandler())  # faults are counted, not printed
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return ezdxf.readfile(path), 0  # type: ignore[attr-defined]
        except (ezdxf.DXFError, *DAMAGE):  # type: ignore[attr-defined]
            pass
        try:
            document, auditor = recover.readfile(path)
        except (ezdxf.DXFError, *DAMAGE) as error:  # type: ignore[attr-defined]
            reason = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
            raise ImportFault(f"{path}: is damaged DXF ({reason}), expected a whole file") from None
    return document, len(auditor.errors) + len(auditor.fixes)


def _cut_off(path: Path, content: bytes) -> ImportFault:
    return ImportFault(
        f"{path}: ends after {len(content):,} bytes without EOF; it was cut off. "
        "Save or copy it again"
    )
